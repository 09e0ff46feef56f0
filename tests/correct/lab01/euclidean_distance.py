"""Right solutions of euclidean_distance, in the styles that students write."""

import cmath
import math

import keras
import numpy as np
import tensorflow as tf


def the_formula(y_true, y_pred):
    return np.sqrt(np.sum((y_true - y_pred) ** 2))


def half_as_exponent(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2) ** 0.5


def norm(y_true, y_pred):
    return np.linalg.norm(y_true - y_pred)


def python_distance(a, b):
    return math.dist(a, b)


def hypotenuse(y_true, y_pred):
    return math.hypot(*(y_true - y_pred))


def plain_loop(y_true, y_pred):
    total = 0.0
    for i in range(len(y_true)):
        total += (y_true[i] - y_pred[i]) ** 2
    return math.sqrt(total)


def one_side_after_the_other(y_true, y_pred):
    length = 0.0
    for a, b in zip(y_true, y_pred):
        length = math.sqrt(length**2 + (a - b) ** 2)
    return length


def list_comprehension(y_true, y_pred):
    return sum([abs(a - b) ** 2 for a, b in zip(y_true, y_pred)]) ** (1 / 2)


def dot_product(y_true, y_pred):
    error = y_pred - y_true
    return np.sqrt(np.dot(error, error))


def root_of_mean_times_n(y_true, y_pred):
    return np.sqrt(np.mean((y_true - y_pred) ** 2) * len(y_true))


def newton(y_true, y_pred):
    total = float(np.sum((y_true - y_pred) ** 2))
    root = max(total, 1.0)
    for _ in range(60):
        root = (root + total / root) / 2
    return root


def real_part_of_a_complex_root(y_true, y_pred):
    return cmath.sqrt(np.sum((y_true - y_pred) ** 2)).real


def in_float32(y_true, y_pred):
    return np.linalg.norm(np.float32(y_true) - np.float32(y_pred))


def column_vectors(y_true, y_pred):
    error = (y_true - y_pred)[:, np.newaxis]
    return np.sqrt(error.T @ error)


def tensorflow_norm(y_true, y_pred):
    return tf.norm(y_true - y_pred)


def tensorflow_float32(y_true, y_pred):
    errors = tf.cast(y_true, tf.float32) - tf.cast(y_pred, tf.float32)
    return tf.sqrt(tf.reduce_sum(tf.square(errors))).numpy()


def keras_operations(y_true, y_pred):
    return keras.ops.norm(keras.ops.subtract(y_true, y_pred))
