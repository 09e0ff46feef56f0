"""Right solutions of sum_of_squared_errors, in the styles that students write."""

import math
from fractions import Fraction

import keras
import numpy as np
import tensorflow as tf


def the_formula(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2)


def plain_loop(y_true, y_pred):
    total = 0
    for i in range(len(y_true)):
        total += (y_true[i] - y_pred[i]) ** 2
    return total


def zip_and_builtin_sum(y_true, y_pred):
    return sum((a - b) ** 2 for a, b in zip(y_true, y_pred))


def while_loop_of_products(expected, predicted):
    i, total = 0, 0.0
    while i < expected.shape[0]:
        error = predicted[i] - expected[i]
        total = total + error * error
        i += 1
    return float(total)


def dot_product(y_true, y_pred):
    error = y_true - y_pred
    return error @ error


def einsum(y_true, y_pred):
    return np.einsum("i,i->", y_true - y_pred, y_true - y_pred)


def squared_norm(y_true, y_pred):
    return np.linalg.norm(y_true - y_pred) ** 2


def mean_times_n(y_true, y_pred):
    return np.mean(np.square(y_true - y_pred)) * y_true.size


def expanded_square(y_true, y_pred):
    return np.sum(y_true**2) - 2 * np.sum(y_true * y_pred) + np.sum(y_pred**2)


def exact_sum(y_true, y_pred):
    return math.fsum(math.pow(a - b, 2) for a, b in zip(y_true.tolist(), y_pred.tolist()))


def fractions(y_true, y_pred):
    return sum((Fraction(a) - Fraction(b)) ** 2 for a, b in zip(y_true.tolist(), y_pred.tolist()))


def in_float32(y_true, y_pred):
    errors = y_true.astype("float32") - y_pred.astype("float32")
    return np.sum(errors**2)


def list_of_one(y_true, y_pred):
    return [((y_true - y_pred) ** 2).sum()]


def keepdims(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2, keepdims=True)


def column_times_row(y_true, y_pred):
    error = (y_true - y_pred).reshape(-1, 1)
    return error.T @ error


def tensorflow(y_true, y_pred):
    return tf.reduce_sum(tf.square(y_true - y_pred))


def tensorflow_variable(y_true, y_pred):
    total = tf.Variable(0.0, dtype=tf.float64)
    for a, b in zip(y_true, y_pred):
        total.assign_add((a - b) ** 2)
    return total


def keras_mean_times_n(y_true, y_pred):
    return keras.losses.MeanSquaredError()(y_true, y_pred) * len(y_true)


def l2_loss(y_true, y_pred):
    return 2 * tf.nn.l2_loss(tf.constant(y_true, tf.float32) - tf.constant(y_pred, tf.float32))
