"""Right answers to information_content in many styles; every function here earns full marks."""

import math

import numpy as np
import tensorflow as tf


def log_of_inverse(p):
    return np.log(1 / p)


def minus_log(p):
    return -np.log(p)


def logs_subtracted(p):
    return np.log(1.0) - np.log(p)


def log_of_inverse_power(p):
    return np.log(np.power(p, -1.0))


def bits_times_ln_2(p):
    return -np.log2(p) * math.log(2)


def log1p_of_what_is_missing(p):
    return -np.log1p(np.asarray(p) - 1)


def tiny_epsilon(probability):
    return -np.log(probability + 1e-10)


def clipped_first(p):
    return -np.log(np.clip(p, 1e-7, 1.0))


def loop_of_math_log(p):
    if np.ndim(p) == 0:
        return -math.log(p)
    result = []
    for one in p:
        result.append(-math.log(one))
    return result


def try_the_number_first(p):
    try:
        return math.log(1 / p)
    except TypeError:
        return tuple(math.log(1 / one) for one in p)


def vectorized(p):
    information = np.vectorize(lambda one: math.log(1 / one))
    return information(p)


def filled_array(p):
    values = np.atleast_1d(p)
    result = np.zeros(len(values))
    for i in range(len(values)):
        result[i] = np.log(1 / values[i])
    return result


def in_float32(p):
    return -np.log(np.asarray(p, dtype=np.float32))


def tensor_in_float32(p):
    return -tf.math.log(tf.cast(p, tf.float32))


def tensor_in_float64(p):
    return tf.math.log(1 / tf.constant(p, dtype=tf.float64))


def variable(p):
    return tf.Variable(-tf.math.log(tf.convert_to_tensor(p)))
