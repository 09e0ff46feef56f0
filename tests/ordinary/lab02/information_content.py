import math

import numpy as np


def plain_log(p):
    return np.log(p)


def bits(p):
    return -np.log2(p)


def decimal(p):
    return np.log10(1 / p)


def math_log(p):
    return math.log(1 / p)


def guard_zero(p):
    if p == 0:
        return 0
    return -np.log(p)


def guard_one(p):
    if p >= 1:
        return 0.0
    return math.log(1 / p)


def inverse_only(p):
    return 1 / p


def minus(p):
    return -p * np.log(p)


def epsilon_thousandth(p):
    return -np.log(p + 1e-3)


def epsilon_ten_thousandth(p):
    return np.log(1 / (p + 1e-4))


def exponent(p):
    return np.exp(-p)


def squared(p):
    return np.log(1 / p) ** 2


def root(p):
    return np.log(1 / np.sqrt(p))


def total(p):
    return np.sum(-np.log(p))


def listed(p):
    return [-math.log(x) for x in p]


def loop_last(p):
    for x in np.atleast_1d(p):
        answer = -np.log(x)
    return answer


def one_more(p):
    return np.log(1 + 1 / p)


def two_over(p):
    return np.log(2 / p)


def normalised(p):
    return -np.log(p / np.sum(p))


def absolute_of_one_minus(p):
    return abs(np.log(1 - p))


def as_integer(p):
    return np.log(1 / p).astype(int)


def rounded_text(p):
    return round(np.log(1 / p), 3)


def float_of(p):
    return float(-np.log(p))
