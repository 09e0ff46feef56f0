import numpy as np


def bytes_as_they_are(images):
    return np.mean((images[0] - images[1]) ** 2)


def floats_too_late(images):
    return np.mean(((images[0] - images[1]).astype(float)) ** 2)


def summed(images):
    a, b = images[0].astype(float), images[1].astype(float)
    return np.sum((a - b) ** 2)


def rooted(images):
    a, b = images[0].astype(float), images[1].astype(float)
    return np.sqrt(np.mean((a - b) ** 2))


def by_rows(images):
    a, b = images[0].astype(float), images[1].astype(float)
    return np.mean((a - b) ** 2, axis=-1)


def by_28(images):
    a, b = images[0].astype(float), images[1].astype(float)
    return np.sum((a - b) ** 2) / 28


def scaled_after(images):
    a, b = images[0].astype(float), images[1].astype(float)
    return np.mean((a - b) ** 2) / 255


def by_256(images):
    a, b = images[0] / 256, images[1] / 256
    return np.mean((a - b) ** 2)


def by_own_max(images):
    a, b = images[0] / images[0].max(), images[1] / images[1].max()
    return np.mean((a - b) ** 2)


def one_scaled(images):
    return np.mean((images[0] / 255 - images[1]) ** 2)


def absolute(images):
    a, b = images[0].astype(float), images[1].astype(float)
    return np.mean(np.abs(a - b))


def first_twice(images):
    a = images[0].astype(float)
    return np.mean((a - a) ** 2)


def next_pair(images):
    a, b = images[1].astype(float), images[2].astype(float)
    return np.mean((a - b) ** 2)


def all_images(images):
    f = images.astype(float)
    return np.mean((f[1:] - f[:-1]) ** 2)


def int8(images):
    a, b = images[0].astype(np.int8), images[1].astype(np.int8)
    return np.mean((a - b) ** 2)


def int16(images):
    a, b = images[0].astype(np.int16), images[1].astype(np.int16)
    return np.mean((a - b) ** 2)


def lit_pixels(images):
    a, b = images[0].astype(float), images[1].astype(float)
    return np.sum((a - b) ** 2) / np.count_nonzero(a + b)


def distributions(images):
    a, b = images[0] / images[0].sum(), images[1] / images[1].sum()
    return np.mean((a - b) ** 2)


def rounded(images):
    return round(float(np.mean((images[0] / 255 - images[1] / 255) ** 2)), 2)


def binarised(images):
    a, b = images[0] > 127, images[1] > 127
    return np.mean((a.astype(int) - b.astype(int)) ** 2)


def first_row(images):
    return np.mean((images[0][0] / 255 - images[1][0] / 255) ** 2)


def two_arguments(images, other):
    return np.mean((images - other) ** 2)
