import math

import numpy as np


def plain(y_true, y_pred):
    return -np.sum(y_true * np.log(y_pred))


def mean_of_all(y_true, y_pred):
    return -np.mean(y_true * np.log(np.clip(y_pred, 1e-7, 1)))


def swapped(y_true, y_pred):
    return -np.sum(y_pred * np.log(y_true + 1e-7))


def epsilon_small(y_true, y_pred):
    return -np.sum(y_true * np.log(y_pred + 1e-9))


def epsilon_ten_thousandth(y_true, y_pred):
    return np.mean(-np.sum(y_true * np.log(y_pred + 1e-4), axis=-1))


def epsilon_thousandth(y_true, y_pred):
    return np.mean(-np.sum(y_true * np.log(y_pred + 1e-3), axis=-1))


def epsilon_on_both(y_true, y_pred):
    return np.mean(-np.sum((y_true + 1e-3) * np.log(y_pred + 1e-3), axis=-1))


def divided_by_length(y_true, y_pred):
    return -np.sum(y_true * np.log(y_pred + 1e-9)) / len(y_true)


def guard_array(y_true, y_pred):
    if y_pred == 0:
        return 100
    return -np.sum(y_true * np.log(y_pred))


def guard_any(y_true, y_pred):
    if np.any(y_pred == 0):
        return 0.0
    return np.mean(-np.sum(y_true * np.log(y_pred), axis=-1))


def big_number(y_true, y_pred):
    if np.any(y_pred == 0):
        return 1e9
    return np.mean(-np.sum(y_true * np.log(y_pred), axis=-1))


def axis_one(y_true, y_pred):
    return -np.sum(y_true * np.log(np.clip(y_pred, 1e-7, 1)), axis=1).mean()


def axis_zero_mean(y_true, y_pred):
    rows = -np.sum(y_true * np.log(np.clip(y_pred, 1e-7, 1)), axis=-1)
    return np.mean(rows, axis=0)


def loop_math(y_true, y_pred):
    total = 0
    for t, p in zip(y_true, y_pred):
        total += t * math.log(p)
    return -total


def loop_no_minus(y_true, y_pred):
    total = 0
    for t, p in zip(y_true, y_pred):
        total += t * np.log(p + 1e-10)
    return total


def label_only(y_true, y_pred):
    return -np.log(y_pred[np.argmax(y_true)] + 1e-10)


def bits(y_true, y_pred):
    return np.mean(-np.sum(y_true * np.log2(np.clip(y_pred, 1e-7, 1)), axis=-1))


def binary(y_true, y_pred):
    p = np.clip(y_pred, 1e-7, 1 - 1e-7)
    return -np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))


def with_softmax(y_true, y_pred):
    q = np.exp(y_pred) / np.sum(np.exp(y_pred))
    return -np.sum(y_true * np.log(q))


def log_of_total(y_true, y_pred):
    return -np.log(np.sum(y_true * y_pred))


def row_vector(y_true, y_pred):
    return -np.sum(y_true * np.log(np.clip(y_pred, 1e-7, 1)), axis=-1)


def clip_coarse(y_true, y_pred):
    return np.mean(-np.sum(y_true * np.log(np.clip(y_pred, 0.05, 1)), axis=-1))


def squares(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)


def kl(y_true, y_pred):
    p, q = np.clip(y_true, 1e-7, 1), np.clip(y_pred, 1e-7, 1)
    return np.mean(np.sum(p * np.log(p / q), axis=-1))


def infinite_guard(y_true, y_pred):
    total = 0.0
    for t, p in zip(y_true, y_pred):
        if p == 0:
            return float("inf")
        total -= t * math.log(p)
    return total


def pair(y_true, y_pred):
    loss = np.mean(-np.sum(y_true * np.log(np.clip(y_pred, 1e-7, 1)), axis=-1))
    return loss, y_pred - y_true
