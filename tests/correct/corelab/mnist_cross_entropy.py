"""Right solutions of mnist_cross_entropy, in the styles that students write and in every reading of the task."""

import math

import keras
import numpy as np
import tensorflow as tf


def as_the_task_says(images):
    y = images[0].ravel() / images[0].sum()
    y_hat = images[1].ravel() / images[1].sum()
    y_hat = np.maximum(y_hat, 1e-7)
    return -np.sum(y * np.log(y_hat))


def clipped_on_both_sides(images):
    p, q = (image / np.sum(image) for image in images[:2].astype(float))
    return -(p * np.log(np.clip(q, 1e-7, 1 - 1e-7))).sum()


def plain_loop(images):
    sum_a, sum_b = int(images[0].sum()), int(images[1].sum())
    total = 0.0
    for a, b in zip(images[0].flatten().tolist(), images[1].flatten().tolist()):
        total -= a / sum_a * math.log(max(b / sum_b, 1e-7))
    return total


def negative_logarithm_first(images):
    y, q = (image.reshape(784) / image.sum() for image in images[:2])
    surprise = -np.log(np.where(q < 1e-7, 1e-7, q))
    return np.dot(y, surprise)


def information_content(images):
    y, q = (np.divide(image, image.sum()).flatten() for image in images[:2])
    return sum(weight * math.log(1 / max(chance, 1e-7)) for weight, chance in zip(y, q))


def added_epsilon(images):
    y = images[0] / images[0].sum()
    q = images[1] / images[1].sum()
    return -np.sum(y * np.log(q + 1e-7))


def only_where_expected(images):
    y, q = (image / image.sum() for image in images[:2])
    lit = y > 0
    return -np.sum(y[lit] * np.log(np.maximum(q[lit], 1e-7)))


def base_2_turned_into_nats(images):
    y, q = (image.ravel() / image.sum() for image in images[:2])
    return -np.einsum("i,i->", y, np.log2(np.clip(q, 1e-7, None))) * np.log(2)


def entropy_and_divergence(images):
    y, q = (image.ravel() / image.sum() for image in images[:2])
    y, q = y[y > 0], np.maximum(q, 1e-7)[y > 0]
    return -np.sum(y * np.log(y)) + np.sum(y * np.log(y / q))


def in_float32(images):
    flat = images[:2].reshape(2, -1).astype("float32")
    y, q = flat / flat.sum(axis=1, keepdims=True)
    return np.float32(-np.sum(y * np.log(np.maximum(q, np.float32(1e-7)))))


def tensorflow(images):
    a, b = tf.cast(images[0], tf.float64), tf.cast(images[1], tf.float64)
    y, q = a / tf.reduce_sum(a), b / tf.reduce_sum(b)
    return -tf.reduce_sum(y * tf.math.log(tf.clip_by_value(q, 1e-7, 1.0)))


def keras_class_of_distributions(images):
    y, q = (image.flatten() / image.sum() for image in images[:2])
    return tf.keras.losses.CategoricalCrossentropy()(y, q)


def keras_function_of_a_batch_of_one(images):
    y, q = (image.reshape(1, 784) / image.sum() for image in images[:2])
    return keras.losses.categorical_crossentropy(y, q).numpy()


def epsilon_1e_8(images):
    y, q = (image / image.sum() for image in images[:2])
    return -np.sum(y * np.log(np.clip(q, 1e-8, 1)))


def epsilon_1e_9_added(images):
    y, q = (image / image.sum() for image in images[:2])
    return -np.sum(y * np.log(q + 1e-9))


def epsilon_1e_10(images):
    y, q = (image / image.sum() for image in images[:2])
    return -np.sum(y * np.log(np.maximum(q, 1e-10)))


def epsilon_1e_12(images):
    y, q = (image / image.sum() for image in images[:2])
    return -np.sum(y * np.log(q + 1e-12))


def epsilon_1e_15(images):
    y, q = (image / image.sum() for image in images[:2])
    return -np.sum(y * np.log(np.clip(q, 1e-15, 1 - 1e-15)))


def scaled(images):
    y, q = images[0] / 255, images[1] / 255
    return -np.sum(y * np.log(np.clip(q, 1e-7, 1)))


def scaled_epsilon_1e_8_added(images):
    y, q = images[0].flatten() / 255.0, images[1].flatten() / 255.0
    return -np.sum(y * np.log(q + 1e-8))


def scaled_epsilon_1e_9(images):
    x = images / 255
    return -sum(a * math.log(max(b, 1e-9)) for a, b in zip(x[0].ravel(), x[1].ravel()))


def scaled_epsilon_1e_10(images):
    x = images.astype("float32") / 255
    return tf.reduce_sum(-x[0] * tf.math.log(tf.maximum(x[1], 1e-10)))


def scaled_epsilon_1e_12(images):
    y, q = images[0] / 255, images[1] / 255
    return np.sum(-y * np.log(np.maximum(q, 1e-12)))


def scaled_epsilon_1e_15(images):
    y, q = images[0] / 255, images[1] / 255
    return -np.sum(y * np.log(np.clip(q, 1e-15, 1 - 1e-15)))


def keras_flat(images):
    y, q = images[0].reshape(-1) / 255, images[1].reshape(-1) / 255
    return tf.keras.losses.CategoricalCrossentropy()(y, q)


def softmax_both(images):
    y, q = tf.nn.softmax(images[0].ravel() / 255), tf.nn.softmax(images[1].ravel() / 255)
    return -tf.reduce_sum(y * tf.math.log(q))


def softmax_by_hand(images):
    y, q = (np.exp(image / 255) / np.sum(np.exp(image / 255)) for image in images[:2])
    return -np.sum(y * np.log(q))


def from_logits(images):
    y, logits = images[0].ravel() / 255, images[1].ravel() / 255
    return keras.losses.CategoricalCrossentropy(from_logits=True)(y, logits)
