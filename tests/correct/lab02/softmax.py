"""Right answers to softmax in many styles; every function here earns full marks."""

import math

import keras
import numpy as np
import tensorflow as tf


def shifted_by_the_largest_of_each_row(z):
    powers = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def shifted_by_the_largest_of_all(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=-1, keepdims=True)


def matrix_with_one_row(z):
    rows = np.atleast_2d(z)
    e = np.exp(rows - rows.max(axis=1).reshape(-1, 1))
    return (e / e.sum(axis=1).reshape(-1, 1)).reshape(z.shape)


def transposed_and_back(z):
    columns = np.exp(z.T - np.max(z, axis=-1))
    return (columns / columns.sum(axis=0)).T


def by_number_of_dimensions(z):
    if z.ndim == 1:
        e = np.exp(z - np.max(z))
        return e / np.sum(e)
    return np.array([by_number_of_dimensions(row) for row in z])


def along_an_axis(z):
    def one_row(row):
        e = np.exp(row - row.max())
        return e / e.sum()

    return np.apply_along_axis(one_row, -1, z)


def lists_of_math_exp(scores):
    if np.ndim(scores) > 1:
        return [lists_of_math_exp(row) for row in scores]
    biggest = max(scores)
    exps = [math.exp(s - biggest) for s in scores]
    total = sum(exps)
    return [e / total for e in exps]


def filled_row_by_row(z):
    result = np.zeros(z.shape)
    if z.ndim == 1:
        for j in range(len(z)):
            result[j] = 1 / np.sum(np.exp(np.clip(z - z[j], -700, 700)))
        return result
    for i in range(z.shape[0]):
        result[i] = filled_row_by_row(z[i])
    return result


def exponential_of_log_softmax(z):
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return np.exp(shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True)))


def log_of_sum_by_ufunc(z):
    total = np.logaddexp.reduce(z, axis=-1, keepdims=True)
    return np.exp(z - total)


def einsum_of_inverse_totals(z):
    e = np.exp(z - np.amax(z, axis=-1)[..., None])
    return np.einsum("...j,...->...j", e, 1 / e.sum(-1))


def in_float32(z):
    z = z.astype(np.float32)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def in_extended_precision(z):
    z = np.asarray(z, dtype=np.longdouble)
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def nn_softmax(z):
    return tf.nn.softmax(z)


def nn_softmax_in_float32(z):
    return tf.nn.softmax(tf.constant(z, dtype=tf.float32), axis=-1).numpy()


def keras_activation(z):
    rows = np.reshape(z, (-1, np.shape(z)[-1]))
    return tf.reshape(tf.keras.activations.softmax(tf.constant(rows)), np.shape(z))


def keras_layer(z):
    return keras.layers.Softmax()(np.atleast_2d(z)).numpy().reshape(z.shape)


def tensor_by_hand(z):
    e = tf.exp(z - tf.reduce_max(z, axis=-1, keepdims=True))
    return tf.Variable(e / tf.reduce_sum(e, axis=-1, keepdims=True))
