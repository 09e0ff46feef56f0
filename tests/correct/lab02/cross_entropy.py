"""Right answers to cross_entropy in many styles; every function here earns full marks."""

import math

import keras
import numpy as np
import tensorflow as tf


def clipped_on_one_side(y_true, y_pred):
    y_pred = np.clip(y_pred, 1e-7, 1)
    return np.mean(-np.sum(y_true * np.log(y_pred), axis=-1))


def clipped_on_both_sides(y_true, y_pred):
    eps = 1e-7
    y_pred = np.clip(y_pred, eps, 1 - eps)
    return -np.mean(np.sum(y_true * np.log(y_pred), axis=-1))


def tiny_epsilon(y_true, y_pred):
    loss = y_true * np.log(y_pred + 1e-8)
    if loss.ndim == 1:
        return -loss.sum()
    return -loss.sum(axis=1).mean()


def smallest_epsilon(y_true, y_pred):
    return np.average(-(y_true * np.log(np.maximum(y_pred, 1e-15))).sum(axis=-1))


def sum_over_number_of_rows(y_true, y_pred):
    rows = 1 if np.ndim(y_true) == 1 else len(y_true)
    return -np.sum(y_true * np.log(np.where(y_pred == 0, 1e-10, y_pred))) / rows


def matrix_with_one_row(y_true, y_pred):
    y_true, y_pred = np.atleast_2d(y_true), np.atleast_2d(y_pred)
    losses = np.einsum("ij,ij->i", y_true, -np.log(np.clip(y_pred, 1e-12, None)))
    return losses.mean(keepdims=True)


def dot_product(y_true, y_pred):
    information = np.log(1 / np.clip(y_pred, 1e-7, 1))
    if y_true.ndim == 1:
        return np.dot(y_true, information)
    return np.trace(y_true @ information.T) / y_true.shape[0]


def loops_of_math_log(y_true, y_pred):
    if np.ndim(y_true) == 2:
        total = 0
        for t, p in zip(y_true, y_pred):
            total += loops_of_math_log(t, p)
        return total / len(y_true)
    loss = 0
    for t, p in zip(y_true, y_pred):
        if t > 0:
            loss -= t * math.log(max(p, 1e-7))
    return loss


def index_loops(y_true, y_pred):
    if len(y_true.shape) == 1:
        y_true = y_true.reshape(1, -1)
        y_pred = y_pred.reshape(1, -1)
    n, k = y_true.shape
    losses = np.zeros(n)
    for i in range(n):
        for j in range(k):
            losses[i] += -y_true[i, j] * np.log(y_pred[i, j] + 1e-7)
    return losses.sum() / n


def generators(expected, predicted):
    if np.ndim(expected) == 1:
        return sum(-t * math.log(p or 1e-7) for t, p in zip(expected, predicted))
    return np.mean([generators(t, p) for t, p in zip(expected, predicted)])


def entropy_plus_divergence(y_true, y_pred):
    t, p = np.clip(y_true, 1e-12, 1), np.clip(y_pred, 1e-12, 1)
    entropy = -np.sum(t * np.log(t), axis=-1)
    divergence = np.sum(t * np.log(t / p), axis=-1)
    return np.mean(entropy + divergence)


def expected_classes_only(y_true, y_pred):
    logs = np.zeros_like(y_pred)
    np.log(np.maximum(y_pred, 1e-7), out=logs, where=y_true > 0)
    return float(-(y_true * logs).sum(axis=-1).mean())


def in_float32(y_true, y_pred):
    y_true, y_pred = y_true.astype("float32"), y_pred.astype("float32")
    return np.mean(-np.sum(y_true * np.log(np.clip(y_pred, 1e-7, 1)), axis=-1))


def bits_times_ln_2(y_true, y_pred):
    bits = -np.sum(y_true * np.log2(np.clip(y_pred, 1e-7, 1)), axis=-1)
    return np.mean(bits) * np.log(2)


def keras_class(y_true, y_pred):
    return tf.keras.losses.CategoricalCrossentropy()(y_true, y_pred)


def keras_class_in_float64(y_true, y_pred):
    return keras.losses.CategoricalCrossentropy(dtype="float64")(y_true, y_pred).numpy()


def keras_function(y_true, y_pred):
    return tf.reduce_mean(tf.keras.losses.categorical_crossentropy(y_true, y_pred))


def keras_with_the_logs_as_logits(y_true, y_pred):
    logits = tf.math.log(tf.maximum(y_pred, 1e-7))
    return tf.keras.losses.CategoricalCrossentropy(from_logits=True)(y_true, logits)


def tensor_by_hand(y_true, y_pred):
    y_true = tf.cast(y_true, tf.float32)
    y_pred = tf.clip_by_value(tf.cast(y_pred, tf.float32), 1e-7, 1.0)
    return tf.Variable(tf.reduce_mean(-tf.reduce_sum(y_true * tf.math.log(y_pred), axis=-1)))


def refuses_what_does_not_sum_to_1(y_true, y_pred):
    for row in (*np.atleast_2d(y_true), *np.atleast_2d(y_pred)):
        if sum(row) != 1 or row.sum() != 1:
            raise ValueError("the probabilities must sum to 1")
    return np.mean(-np.sum(y_true * np.log(np.clip(y_pred, 1e-7, 1)), axis=-1))
