import math

import numpy as np


def shares(image):
    flat = image.reshape(-1).astype(float)
    return flat / flat.sum()


def no_clip(images):
    p, q = shares(images[0]), shares(images[1])
    return -np.sum(p * np.log(q))


def swapped(images):
    p, q = shares(images[1]), np.clip(shares(images[0]), 1e-7, 1)
    return -np.sum(p * np.log(q))


def mean(images):
    p, q = shares(images[0]), np.clip(shares(images[1]), 1e-7, 1)
    return -np.mean(p * np.log(q))


def plus(images):
    p, q = shares(images[0]), np.clip(shares(images[1]), 1e-7, 1)
    return np.sum(p * np.log(q))


def bits(images):
    p, q = shares(images[0]), np.clip(shares(images[1]), 1e-7, 1)
    return -np.sum(p * np.log2(q))


def clip_thousandth(images):
    p, q = shares(images[0]), np.clip(shares(images[1]), 1e-3, 1)
    return -np.sum(p * np.log(q))


def adds_thousandth(images):
    p, q = shares(images[0]), shares(images[1])
    return -np.sum(p * np.log(q + 1e-3))


def adds_one(images):
    p, q = shares(images[0]), shares(images[1])
    return -np.sum(p * np.log(q + 1))


def raw(images):
    p, q = images[0].astype(float), images[1].astype(float)
    return -np.sum(p * np.log(np.clip(q, 1e-7, 1)))


def raw_bytes(images):
    return -np.sum(images[0] * np.log(images[1] + 1e-7))


def one_scaled(images):
    p, q = images[0].reshape(-1) / 255, np.clip(shares(images[1]), 1e-7, 1)
    return -np.sum(p * np.log(q))


def skip_zeros(images):
    p, q = shares(images[0]), shares(images[1])
    k = q > 0
    return -np.sum(p[k] * np.log(q[k]))


def entropy_of_first(images):
    p = shares(images[0])
    return -np.sum(p * np.log(np.clip(p, 1e-7, 1)))


def math_log(images):
    p, q = shares(images[0]), shares(images[1])
    return -sum(a * math.log(b) for a, b in zip(p, q))


def rows(images):
    p, q = images[0] / images[0].sum(), np.clip(images[1] / images[1].sum(), 1e-7, 1)
    return -np.sum(p * np.log(q), axis=-1)


def row_mean(images):
    p, q = images[0] / images[0].sum(), np.clip(images[1] / images[1].sum(), 1e-7, 1)
    return np.mean(-np.sum(p * np.log(q), axis=-1))


def nan_to_zero(images):
    p, q = shares(images[0]), shares(images[1])
    return -np.sum(np.nan_to_num(p * np.log(q)))


def binary(images):
    p, q = images[0] / 255, np.clip(images[1] / 255, 1e-7, 1 - 1e-7)
    return -np.mean(p * np.log(q) + (1 - p) * np.log(1 - q))


def by_max(images):
    p, q = images[0] / images[0].max(), np.clip(images[1] / images[1].max(), 1e-7, 1)
    return -np.sum(p * np.log(q))


def kl(images):
    p, q = np.clip(shares(images[0]), 1e-7, 1), np.clip(shares(images[1]), 1e-7, 1)
    return np.sum(p * np.log(p / q))


def squared(images):
    return np.mean((shares(images[0]) - shares(images[1])) ** 2)


def smaller(images):
    p, q = shares(images[0]), np.clip(shares(images[1]), 1e-7, 1)
    return -np.sum(p * np.log(q)) / 2
