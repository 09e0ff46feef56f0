"""Right solutions of mse, in the styles that students write: for vectors and for matrices."""

import math
import statistics

import keras
import numpy as np
import tensorflow as tf


def the_formula(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)


def sum_over_size(y_true, y_pred):
    return np.sum(np.square(y_pred - y_true)) / y_true.size


def average(y_true, y_pred):
    return np.average((y_true - y_pred) ** 2)


def plain_loop_over_flat_arrays(y_true, y_pred):
    a, b = y_true.flatten(), y_pred.flatten()
    total = 0
    for i in range(len(a)):
        total += (a[i] - b[i]) ** 2
    return total / len(a)


def loop_over_rows(y_true, y_pred):
    if y_true.ndim == 1:
        return sum((a - b) ** 2 for a, b in zip(y_true, y_pred)) / len(y_true)
    return sum(loop_over_rows(a, b) for a, b in zip(y_true, y_pred)) / len(y_true)


def nested_loops(y_true, y_pred):
    total, count = 0.0, 0
    for row_true, row_pred in zip(np.atleast_2d(y_true), np.atleast_2d(y_pred)):
        for a, b in zip(row_true, row_pred):
            total += (a - b) ** 2
            count += 1
    return total / count


def running_mean(expected, predicted):
    mean = 0.0
    for k, error in enumerate((expected - predicted).ravel(), start=1):
        mean += (error**2 - mean) / k
    return mean


def lists_and_statistics(y_true, y_pred):
    a, b = np.ravel(y_true).tolist(), np.ravel(y_pred).tolist()
    return statistics.fmean((x - y) ** 2 for x, y in zip(a, b))


def exact_sum(y_true, y_pred):
    squares = [d * d for d in np.nditer(y_true - y_pred)]
    return math.fsum(squares) / len(squares)


def squared_norm(y_true, y_pred):
    return np.linalg.norm(y_true - y_pred) ** 2 / np.prod(y_true.shape)


def vdot(y_true, y_pred):
    return np.vdot(y_true - y_pred, y_true - y_pred) / y_true.size


def einsum(y_true, y_pred):
    error = y_true - y_pred
    return np.einsum("...i,...i->...", error, error).mean() / error.shape[-1]


def mean_of_row_means(y_true, y_pred):
    return np.mean(np.mean((y_true - y_pred) ** 2, axis=-1))


def variance_and_square_of_mean(y_true, y_pred):
    error = y_true - y_pred
    return np.var(error) + np.mean(error) ** 2


def in_float32(y_true, y_pred):
    return np.mean((y_true.astype(np.float32) - y_pred.astype(np.float32)) ** 2)


def in_float16(y_true, y_pred):
    return np.mean((y_true.astype(np.float16) - y_pred.astype(np.float16)) ** 2)


def list_of_one(y_true, y_pred):
    return [float(((y_true - y_pred) ** 2).mean())]


def keepdims(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2, keepdims=True)


def tensorflow(y_true, y_pred):
    return tf.reduce_mean(tf.math.squared_difference(y_true, y_pred))


def tensorflow_variable(y_true, y_pred):
    return tf.Variable(tf.reduce_mean((y_true - y_pred) ** 2))


def keras_class(y_true, y_pred):
    return keras.losses.MeanSquaredError()(y_true, y_pred)


def keras_class_float64(y_true, y_pred):
    return tf.keras.losses.MeanSquaredError(dtype="float64")(y_true, y_pred).numpy()


def keras_function(y_true, y_pred):
    return tf.reduce_mean(tf.keras.losses.MSE(y_true, y_pred))


def keras_metric(y_true, y_pred):
    metric = keras.metrics.MeanSquaredError()
    metric.update_state(y_true, y_pred)
    return metric.result()
