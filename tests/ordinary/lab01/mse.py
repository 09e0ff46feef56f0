import math

import numpy as np


def rmse(y_true, y_pred):
    return np.sqrt(np.mean((y_true - y_pred) ** 2))


def mae(y_true, y_pred):
    return np.mean(np.abs(y_true - y_pred))


def half(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2) / 2


def summed(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2)


def by_length(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2) / len(y_true)


def by_n_minus_one(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2) / (y_true.size - 1)


def by_ten(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2) / 10


def by_three(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2) / 3


def mean_then_square(y_true, y_pred):
    return np.mean(y_true - y_pred) ** 2


def no_square(y_true, y_pred):
    return np.mean(y_true - y_pred)


def squares_apart(y_true, y_pred):
    return np.mean(y_true**2) - np.mean(y_pred**2)


def rows(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2, axis=-1)


def columns(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2, axis=0)


def loop_on_rows(y_true, y_pred):
    total = 0
    for i in range(len(y_true)):
        total += (y_true[i] - y_pred[i]) ** 2
    return total / len(y_true)


def if_inside(y_true, y_pred):
    total = 0
    for t, p in zip(y_true, y_pred):
        if t > p:
            total += (t - p) ** 2
    return total / y_true.size


def precedence(y_true, y_pred):
    return 1 / len(y_true) * np.sum(y_true - y_pred) ** 2


def whole_division(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2) // y_true.size


def relative(y_true, y_pred):
    return np.mean(((y_true - y_pred) / y_true) ** 2)


def median(y_true, y_pred):
    return np.median((y_true - y_pred) ** 2)


def variance(y_true, y_pred):
    return np.var(y_true - y_pred)


def math_fsum(y_true, y_pred):
    return math.fsum((y_true - y_pred) ** 2) / len(y_true)


def one_minus(y_true, y_pred):
    return 1 - np.mean((y_true - y_pred) ** 2)


def log_error(y_true, y_pred):
    return np.mean((np.log1p(y_true) - np.log1p(y_pred)) ** 2)
