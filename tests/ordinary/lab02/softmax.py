import math

import numpy as np


def plain(z):
    return np.exp(z) / np.sum(np.exp(z))


def plain_axis(z):
    return np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True)


def axis_zero(z):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=0)


def axis_one(z):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=1)


def axis_one_kept(z):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=1, keepdims=True)


def numerator_only(z):
    return np.exp(z)


def divides_by_n(z):
    return np.exp(z) / len(z)


def no_exponential(z):
    return z / np.sum(z)


def shifted_by_sum(z):
    e = np.exp(z - np.sum(z))
    return e / np.sum(e)


def max_of_matrix_rows(z):
    m = max(z)
    e = np.exp(z - m)
    return e / sum(e)


def two_to_the(z):
    return 2**z / np.sum(2**z)


def minus(z):
    e = np.exp(-z)
    return e / e.sum(axis=-1, keepdims=True)


def rounds(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.round(e / e.sum(axis=-1, keepdims=True), 2)


def list_of_math(z):
    e = [math.exp(x) for x in z]
    return [x / sum(e) for x in e]


def clip(z):
    e = np.exp(np.clip(z, -100, 100))
    return e / e.sum(axis=-1, keepdims=True)


def epsilon(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1e-3)


def epsilon_small(z):
    e = np.exp(z)
    return e / (e.sum(axis=-1, keepdims=True) + 1e-8)


def log_of(z):
    return np.log(np.exp(z) / np.sum(np.exp(z)))


def max_only(z):
    return z == np.max(z)


def mean_shift(z):
    e = np.exp(z - np.mean(z))
    return e / np.sum(e)


def nan_zero(z):
    with np.errstate(all="ignore"):
        e = np.exp(z)
        return np.nan_to_num(e / np.sum(e))


def sorted_first(z):
    z = np.sort(z)
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


def changes_in_place(z):
    z -= np.max(z)
    z = np.exp(z)
    for i in range(len(z)):
        z[i] = z[i] / np.sum(z)
    return z


def uniform(z):
    return np.ones_like(z) / len(z)


def temperature(z):
    e = np.exp((z - np.max(z)) / 2)
    return e / np.sum(e)
