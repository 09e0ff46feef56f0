import math

import numpy as np


def squares_of_each(y_true, y_pred):
    return np.sum(y_true**2 - y_pred**2)


def dot_of_both(y_true, y_pred):
    return np.dot(y_true, y_pred)


def absolute_errors(y_true, y_pred):
    return np.sum(np.abs(y_true - y_pred))


def cubes(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 3)


def times_two(y_true, y_pred):
    return np.sum((y_true - y_pred) * 2)


def square_of_the_sum(y_true, y_pred):
    return np.sum(y_true - y_pred) ** 2


def sum_is_added(y_true, y_pred):
    return np.sum((y_true + y_pred) ** 2)


def loop_returns_early(y_true, y_pred):
    total = 0
    for t, p in zip(y_true, y_pred):
        total += (t - p) ** 2
        return total


def loop_overwrites(y_true, y_pred):
    for t, p in zip(y_true, y_pred):
        total = (t - p) ** 2
    return total


def loop_from_one(y_true, y_pred):
    total = 0
    for i in range(1, len(y_true)):
        total += (y_true[i] - y_pred[i]) ** 2
    return total


def loop_one_too_far(y_true, y_pred):
    total = 0
    for i in range(len(y_true) + 1):
        total += (y_true[i] - y_pred[i]) ** 2
    return total


def squared_differences(y_true, y_pred):
    return (y_true - y_pred) ** 2


def variance_like(y_true, y_pred):
    d = y_true - y_pred
    return np.sum((d - d.mean()) ** 2)


def caret(y_true, y_pred):
    return sum((y_true - y_pred) ^ 2)


def integers(y_true, y_pred):
    return np.sum((y_true.astype(int) - y_pred.astype(int)) ** 2)


def rounds_first(y_true, y_pred):
    return np.sum((np.round(y_true, 1) - np.round(y_pred, 1)) ** 2)


def starts_at_one(y_true, y_pred):
    total = 1
    for t, p in zip(y_true, y_pred):
        total = total + (t - p) ** 2
    return total


def divided_by_n_minus_one(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2) / (len(y_true) - 1)


def math_pow(y_true, y_pred):
    return math.pow(y_true - y_pred, 2)


def norm(y_true, y_pred):
    return np.linalg.norm(y_true - y_pred)


def negative(y_true, y_pred):
    return -np.sum(np.square(y_true - y_pred))


def only_first_three(y_true, y_pred):
    return (y_true[0] - y_pred[0]) ** 2 + (y_true[1] - y_pred[1]) ** 2 + (y_true[2] - y_pred[2]) ** 2
