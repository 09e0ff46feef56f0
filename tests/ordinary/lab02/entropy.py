import math

import numpy as np


def no_weights(p):
    return -np.sum(np.log(p))


def averaged(p):
    return -np.mean(np.log(p))


def mean_of_terms(p):
    return -np.mean(p * np.log(p))


def bits(p):
    return -np.sum(p * np.log2(p))


def plus(p):
    return np.sum(p * np.log(p))


def epsilon_ten_thousandth(p):
    return -np.sum(p * np.log(p + 1e-4))


def epsilon_thousandth(p):
    return -np.sum(p * np.log(p + 1e-3))


def epsilon_outside(p):
    return -np.sum(p * np.log(p)) + 1e-3


def zeros_to_one(p):
    q = p.copy()
    q[q == 0] = 1
    return -np.sum(q * np.log(q)) + np.sum(p == 0)


def guard_any_zero(p):
    if 0 in p:
        return 0.0
    return -np.sum(p * np.log(p))


def guard_none(p):
    if p.any() == 0:
        return 0
    return -np.sum(p * np.log(p))


def guard_array(p):
    if p > 0:
        return -np.sum(p * np.log(p))


def loop_math(p):
    h = 0
    for x in p:
        h -= x * math.log(x)
    return h


def loop_early(p):
    h = 0
    for x in p:
        if x == 0:
            continue
        h = -x * math.log(x)
    return h


def loop_break(p):
    h = 0
    for x in p:
        if x == 0:
            break
        h -= x * math.log(x)
    return h


def drops_small(p):
    q = p[p > 0.1]
    return -np.sum(q * np.log(q))


def renormalised(p):
    q = np.exp(p) / np.sum(np.exp(p))
    return -np.sum(q * np.log(q))


def nan_to_zero(p):
    return np.nan_to_num(-np.sum(p * np.log(p)))


def of_largest(p):
    return -np.log(np.max(p))


def p_squared(p):
    return -np.sum(p**2 * np.log(p))


def scaled(p):
    return -np.sum(p * np.log(p)) / np.log(len(p))


def log_of_sum(p):
    return -np.log(np.sum(p * p))


def one_minus_sum(p):
    return 1 - np.sum(p * np.log(p))


def always_zero(p):
    h = 0.0
    for x in p:
        h + x * np.log(x + 1e-12)
    return h


def pair(p):
    return -np.sum(p * np.log(p)), len(p)
