"""Right answers to softmax_cross_entropy in many styles; every function here earns full marks."""

import math

import keras
import numpy as np
import tensorflow as tf


def _softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


def softmax_then_cross_entropy(y_true, logits):
    return -np.sum(y_true * np.log(_softmax(logits)))


def softmax_then_clip(y_true, logits):
    p = np.clip(_softmax(logits), 1e-7, 1 - 1e-7)
    return -np.dot(y_true, np.log(p))


def softmax_then_epsilon(y_true, logits):
    return np.sum(-y_true * np.log(_softmax(logits) + 1e-9))


def log_of_the_sum_of_powers(y_true, logits):
    m = logits.max()
    log_total = m + np.log(np.exp(logits - m).sum())
    return np.sum(y_true * (log_total - logits))


def log_total_less_expected_logit(y_true, logits):
    shifted = logits - np.max(logits)
    return np.log(np.sum(np.exp(shifted))) - y_true @ shifted


def log_sum_by_ufunc(y_true, logits):
    return np.logaddexp.reduce(logits) - np.sum(y_true * logits)


def loops_of_math(y_true, logits):
    biggest = max(logits)
    total = 0
    for z in logits:
        total += math.exp(z - biggest)
    loss = 0
    for t, z in zip(y_true, logits):
        probability = math.exp(z - biggest) / total
        if t > 0:
            loss = loss - t * math.log(probability)
    return loss


def list_comprehensions(labels, scores):
    top = np.max(scores)
    powers = [math.exp(s - top) for s in scores]
    shares = [power / sum(powers) for power in powers]
    return [-sum(t * math.log(max(s, 1e-7)) for t, s in zip(labels, shares))]


def einsum_of_differences(y_true, logits):
    differences = logits[None, :] - logits[:, None]
    information = np.log(np.exp(differences).sum(axis=1))
    return np.einsum("i,i", y_true, information)


def in_float32(y_true, logits):
    z = logits.astype(np.float32)
    e = np.exp(z - z.max())
    return -np.sum(y_true.astype(np.float32) * np.log(e / e.sum()))


def size_one_array(y_true, logits):
    return -np.sum(y_true * np.log(_softmax(logits)), keepdims=True)


def nn_loss(y_true, logits):
    return tf.nn.softmax_cross_entropy_with_logits(labels=y_true, logits=logits)


def nn_log_softmax(y_true, logits):
    return -tf.reduce_sum(y_true * tf.nn.log_softmax(logits))


def nn_softmax_then_log(y_true, logits):
    shares = tf.nn.softmax(tf.cast(logits, tf.float32))
    return -tf.reduce_sum(tf.cast(y_true, tf.float32) * tf.math.log(shares + 1e-7))


def log_sum_exp_of_tensorflow(y_true, logits):
    return tf.Variable(tf.reduce_logsumexp(logits) - tf.tensordot(y_true, logits, axes=1))


def keras_class_from_logits(y_true, logits):
    return tf.keras.losses.CategoricalCrossentropy(from_logits=True)(y_true, logits)


def keras_function_from_logits(y_true, logits):
    return keras.losses.categorical_crossentropy(y_true, logits, from_logits=True).numpy()


def softmax_then_keras_class(y_true, logits):
    return keras.losses.CategoricalCrossentropy()(y_true, tf.nn.softmax(logits))


def refuses_what_does_not_sum_to_1(y_true, logits):
    if sum(y_true) != 1 or y_true.sum() != 1:
        raise ValueError("the expected probabilities must sum to 1")
    shifted = logits - logits.max()
    return np.log(np.sum(np.exp(shifted))) - y_true @ shifted
