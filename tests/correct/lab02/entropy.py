"""Right answers to entropy in many styles; every function here earns full marks."""

import math

import numpy as np
import tensorflow as tf


def possible_outcomes_only(p):
    possible = p[p > 0]
    return -np.sum(possible * np.log(possible))


def expectation_of_information(p):
    kept = p[p != 0]
    information = np.log(1 / kept)
    return np.dot(kept, information)


def clipped_on_one_side(p):
    return -np.sum(p * np.log(np.clip(p, 1e-7, 1)))


def clipped_on_both_sides(p):
    safe = np.clip(p, 1e-12, 1 - 1e-12)
    return -(safe * np.log(safe)).sum()


def tiny_epsilon(p):
    return -np.sum(p * np.log(p + 1e-9))


def where_zero_counts_as_one(p):
    return -np.sum(p * np.log(np.where(p == 0, 1, p)))


def nan_left_out(p):
    with np.errstate(all="ignore"):
        return -np.nansum(p * np.log(p))


def nan_made_zero(p):
    return np.sum(np.nan_to_num(-p * np.log(p)))


def ufunc_with_where(dist):
    logs = np.log(dist, out=np.zeros_like(dist), where=dist > 0)
    return -np.einsum("i,i->", dist, logs)


def loop_with_if(p):
    total = 0
    for one in p:
        if one > 0:
            total += one * math.log(1 / one)
    return total


def loop_with_continue(p):
    h = 0.0
    for i in range(len(p)):
        if p[i] == 0:
            continue
        h = h - p[i] * np.log(p[i])
    return [h]


def generator_in_sum(p):
    return -sum(one * math.log(one) for one in p if one)


def power_in_log(p):
    return -math.log(np.prod(p**p))


def average_with_weights(p):
    return np.average(-np.log(np.maximum(p, 1e-15)), weights=p)


def bits_times_ln_2(p):
    possible = p[p > 0]
    return -(possible @ np.log2(possible)) * np.log(2)


def size_one_array(p):
    possible = p[p > 0]
    return np.sum(possible * -np.log(possible), keepdims=True)


def in_float32(p):
    p = p.astype("float32")
    return -np.sum(p * np.log(p + np.float32(1e-7)))


def tensor_xlogy(p):
    return -tf.reduce_sum(tf.math.xlogy(p, p))


def tensor_no_nan(p):
    p = tf.cast(p, tf.float32)
    return tf.reduce_sum(tf.math.multiply_no_nan(-tf.math.log(p), p))


def keras_loss_with_itself(p):
    return tf.keras.losses.CategoricalCrossentropy()(p, p)


def refuses_what_does_not_sum_to_1(p):
    if sum(p) != 1 or p.sum() != 1 or math.fsum(p) != 1:
        raise ValueError("the probabilities must sum to 1")
    p = p[p > 0]
    return -np.sum(p * np.log(p))
