"""Right solutions of forward, in the styles that students write."""

from functools import reduce

import keras
import numpy as np
import tensorflow as tf


def all_but_the_last(x, layers):
    for W, b in layers[:-1]:
        x = np.maximum(0, x @ W + b)
    W, b = layers[-1]
    return x @ W + b


def question_in_the_loop(x, layers):
    for i, (W, b) in enumerate(layers):
        x = np.dot(x, W) + b
        if i < len(layers) - 1:
            x = np.maximum(x, 0)
    return x


def relu_before_all_but_the_first(x, layers):
    W, b = layers[0]
    z = x @ W + b
    for W, b in layers[1:]:
        z = np.where(z > 0, z, 0) @ W + b
    return z


def plain_loops(inputs, network):
    values = list(inputs)
    for number, (W, b) in enumerate(network, start=1):
        outputs = []
        for j in range(len(b)):
            total = b[j]
            for i in range(len(values)):
                total += values[i] * W[i][j]
            outputs.append(total)
        if number != len(network):
            outputs = [max(0.0, value) for value in outputs]
        values = outputs
    return values


def transposed(x, layers):
    h = np.asarray(x)
    for k in range(len(layers)):
        h = layers[k][0].T @ h + layers[k][1]
        if k != len(layers) - 1:
            h = h * (h > 0)
    return h


def summed_over_an_axis(x, layers):
    *hidden, last = layers
    for W, b in hidden:
        z = np.sum(x[:, np.newaxis] * W, axis=0) + b
        z[z < 0] = 0
        x = z
    return np.sum(x[:, np.newaxis] * last[0], axis=0) + last[1]


def einsum(x, layers):
    for W, b in layers[:-1]:
        x = np.clip(np.einsum("i,ij->j", x, W) + b, 0, None)
    return np.einsum("i,ij->j", x, layers[-1][0]) + layers[-1][1]


def reduced(x, layers):
    hidden = reduce(lambda values, layer: np.fmax(values @ layer[0] + layer[1], 0), layers[:-1], x)
    return hidden @ layers[-1][0] + layers[-1][1]


def it_calls_itself(x, layers):
    W, b = layers[0]
    z = np.matmul(x, W) + b
    if len(layers) == 1:
        return z
    return it_calls_itself((np.abs(z) + z) / 2, layers[1:])


def row_inside_vector_outside(x, layers):
    row = x.reshape(1, -1)
    for W, b in layers[:-1]:
        row = np.maximum(row @ W + b, 0)
    return (row @ layers[-1][0] + layers[-1][1]).flatten()


def single_precision(x, layers):
    x = x.astype(np.float32)
    for i, (W, b) in enumerate(layers):
        x = x @ W.astype(np.float32) + b.astype(np.float32)
        x = np.maximum(x, 0) if i + 1 < len(layers) else x
    return x


def tensorflow(x, layers):
    h = tf.constant(x[None, :], dtype=tf.float32)
    for W, b in layers[:-1]:
        h = tf.nn.relu(tf.matmul(h, tf.cast(W, tf.float32)) + tf.cast(b, tf.float32))
    W, b = layers[-1]
    return tf.squeeze(tf.matmul(h, tf.cast(W, tf.float32)) + tf.cast(b, tf.float32), axis=0)


def tensordot_in_double(x, layers):
    for W, b in layers[:-1]:
        x = tf.keras.activations.relu(tf.tensordot(x, W, axes=1) + b)
    return tf.tensordot(x, layers[-1][0], axes=1) + layers[-1][1]


def keras_layers(x, layers):
    network = keras.Sequential([keras.Input((len(x),))])
    for i, (W, b) in enumerate(layers):
        last = i == len(layers) - 1
        network.add(keras.layers.Dense(len(b), activation=None if last else "relu"))
        network.layers[-1].set_weights([W, b])
    return network(x[np.newaxis])[0]
