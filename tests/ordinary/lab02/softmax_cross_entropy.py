import math

import numpy as np


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


def plain(y_true, logits):
    q = np.exp(logits) / np.sum(np.exp(logits))
    return -np.sum(y_true * np.log(q))


def plain_epsilon(y_true, logits):
    q = np.exp(logits) / np.sum(np.exp(logits))
    return -np.sum(y_true * np.log(q + 1e-9))


def epsilon_ten_thousandth(y_true, logits):
    return -np.sum(y_true * np.log(softmax(logits) + 1e-4))


def epsilon_thousandth(y_true, logits):
    return -np.sum(y_true * np.log(softmax(logits) + 1e-3))


def no_softmax(y_true, logits):
    return -np.sum(y_true * np.log(logits))


def softmax_of_label(y_true, logits):
    return -np.sum(softmax(y_true) * np.log(softmax(logits)))


def twice(y_true, logits):
    return -np.sum(y_true * np.log(softmax(softmax(logits))))


def mean(y_true, logits):
    return -np.mean(y_true * np.log(softmax(logits)))


def bits(y_true, logits):
    return -np.sum(y_true * np.log2(softmax(logits)))


def label_only(y_true, logits):
    return -np.log(softmax(logits)[np.argmax(y_true)])


def rounded(y_true, logits):
    return -np.sum(y_true * np.log(np.round(softmax(logits), 3)))


def log_sum_only(y_true, logits):
    return np.log(np.sum(np.exp(logits)))


def minus_missing(y_true, logits):
    return np.sum(y_true * np.log(softmax(logits) + 1e-10))


def sigmoid(y_true, logits):
    q = 1 / (1 + np.exp(-logits))
    return -np.sum(y_true * np.log(q))


def math_exp(y_true, logits):
    e = [math.exp(x) for x in logits]
    return -sum(t * math.log(x / sum(e)) for t, x in zip(y_true, e))


def returns_probabilities(y_true, logits):
    return softmax(logits)


def list_times(y_true, logits):
    return -sum(list(y_true) * list(logits))


def clips_to_hundred(y_true, logits):
    return -np.sum(y_true * np.log(softmax(np.clip(logits, -100, 100))))


def mse(y_true, logits):
    return np.mean((y_true - softmax(logits)) ** 2)


def axis_one(y_true, logits):
    e = np.exp(logits - np.max(logits))
    return -np.sum(y_true * np.log(e / np.sum(e, axis=1)))


def forgets_the_log(y_true, logits):
    return -np.sum(y_true * softmax(logits))


def divides_logits(y_true, logits):
    return -np.sum(y_true * np.log(np.abs(logits) / np.sum(np.abs(logits))))


def swapped(y_true, logits):
    return -np.sum(softmax(logits) * np.log(y_true + 1e-7))


def shifted_wrongly(y_true, logits):
    s = logits - np.max(logits)
    return -np.sum(y_true * s) + np.log(np.sum(np.exp(logits)))
