import math

import numpy as np


def no_root(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2)


def root_of_each(y_true, y_pred):
    return np.sum(np.sqrt((y_true - y_pred) ** 2))


def root_of_mean(y_true, y_pred):
    return np.sqrt(np.mean((y_true - y_pred) ** 2))


def root_without_squares(y_true, y_pred):
    return np.sqrt(np.sum(y_true - y_pred))


def root_of_dot(y_true, y_pred):
    return np.sqrt(np.dot(y_true, y_pred))


def halved_instead_of_root(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2) / 2


def power_one_half_precedence(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2) ** 1 / 2


def integer_half(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2) ** (1 // 2)


def difference_of_norms(y_true, y_pred):
    return np.linalg.norm(y_true) - np.linalg.norm(y_pred)


def largest_difference(y_true, y_pred):
    return np.max(np.abs(y_true - y_pred))


def manhattan(y_true, y_pred):
    return np.linalg.norm(y_true - y_pred, ord=1)


def math_sqrt_of_vector(y_true, y_pred):
    return math.sqrt((y_true - y_pred) ** 2)


def loop_roots_inside(y_true, y_pred):
    total = 0
    for t, p in zip(y_true, y_pred):
        total = np.sqrt(total + (t - p) ** 2)
    return total


def two_coordinates(y_true, y_pred):
    return math.sqrt((y_true[0] - y_pred[0]) ** 2 + (y_true[1] - y_pred[1]) ** 2)


def square_of_sum(y_true, y_pred):
    return np.sqrt(np.sum(y_true - y_pred) ** 2)


def axis_one(y_true, y_pred):
    return np.linalg.norm(y_true - y_pred, axis=1)


def cube_root(y_true, y_pred):
    return np.cbrt(np.sum((y_true - y_pred) ** 2))


def epsilon_in_root(y_true, y_pred):
    return np.sqrt(np.sum((y_true - y_pred) ** 2) + 0.001)


def rounded(y_true, y_pred):
    return round(float(np.linalg.norm(y_true - y_pred)), 1)


def added(y_true, y_pred):
    return np.linalg.norm(y_true + y_pred)


def typed(y_true, y_pred):
    return 0.8674675786448737


def cosine(y_true, y_pred):
    return 1 - np.dot(y_true, y_pred) / (np.linalg.norm(y_true) * np.linalg.norm(y_pred))
