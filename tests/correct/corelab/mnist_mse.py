"""Right solutions of mnist_mse, in the styles that students write: on pixels of 0 to 255 or of 0 to 1."""

import keras
import numpy as np
import tensorflow as tf


def floats_first(images):
    a = images[0].astype(float)
    b = images[1].astype(float)
    return np.mean((a - b) ** 2)


def scaled(images):
    return np.mean((images[0] / 255 - images[1] / 255) ** 2)


def all_images_scaled(x):
    x = x.astype("float32") / 255.0
    return np.mean(np.square(x[0] - x[1]))


def whole_numbers(images):
    difference = images[0].astype(int) - images[1].astype(int)
    return (difference**2).sum() / difference.size


def int32(images):
    a, b = images[:2].astype(np.int32)
    return np.mean((a - b) ** 2)


def one_of_two_becomes_float(images):
    return ((images[0] - images[1].astype(float)) ** 2).mean()


def nested_loops(images):
    total = 0
    for i in range(28):
        for j in range(28):
            total += (int(images[0][i][j]) - int(images[1][i][j])) ** 2
    return total / (28 * 28)


def flat_zip(images):
    pairs = zip(images[0].flatten().tolist(), images[1].flatten().tolist())
    return sum((a - b) ** 2 for a, b in pairs) / 784


def subtract_with_a_dtype(images):
    return np.mean(np.subtract(images[0], images[1], dtype=np.float32) ** 2)


def absolute_difference_first(images):
    larger, smaller = np.maximum(images[0], images[1]), np.minimum(images[0], images[1])
    return np.mean((larger - smaller).astype(np.uint32) ** 2)


def squared_norm(images):
    return np.linalg.norm(images[0].astype(float) - images[1]) ** 2 / 784


def divided_after_the_mean(images):
    return np.mean((images[0].astype(float) - images[1]) ** 2) / 255**2


def mean_of_row_means(images):
    return np.mean(np.mean((images[0] / 255 - images[1] / 255) ** 2, axis=1))


def tensorflow(images):
    a, b = tf.cast(images[0], tf.float32), tf.cast(images[1], tf.float32)
    return tf.reduce_mean(tf.square(a - b))


def keras_class_of_uint8(images):
    return tf.keras.losses.MeanSquaredError()(images[0], images[1])


def keras_class_scaled(images):
    return keras.losses.MeanSquaredError()(images[0] / 255, images[1] / 255)


def keras_function_of_flat_pictures(images):
    return keras.losses.mean_squared_error(images[0].reshape(-1) / 255.0, images[1].reshape(-1) / 255.0)


def keras_one_batch(images):
    a, b = images[0].reshape(1, 784) / 255, images[1].reshape(1, 784) / 255
    return tf.keras.losses.MSE(a, b)


def keras_metric(images):
    metric = keras.metrics.MeanSquaredError()
    metric.update_state(images[0].astype("float32"), images[1].astype("float32"))
    return metric.result().numpy()
