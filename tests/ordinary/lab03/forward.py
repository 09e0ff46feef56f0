import numpy as np


def relu(h):
    return np.maximum(h, 0)


def relu_everywhere(x, layers):
    for W, b in layers:
        x = relu(x @ W + b)
    return x


def relu_nowhere(x, layers):
    for W, b in layers:
        x = x @ W + b
    return x


def no_bias(x, layers):
    for W, b in layers[:-1]:
        x = relu(x @ W)
    return x @ layers[-1][0]


def bias_taken_away(x, layers):
    for W, b in layers[:-1]:
        x = relu(x @ W - b)
    W, b = layers[-1]
    return x @ W - b


def transposed(x, layers):
    for W, b in layers:
        x = relu(W @ x + b)
    return x


def dot_of_transposed(x, layers):
    for W, b in layers:
        x = np.dot(W.T, x) + b
    return x


def only_first(x, layers):
    W, b = layers[0]
    return x @ W + b


def x_each_time(x, layers):
    for W, b in layers:
        h = x @ W + b
    return h


def returns_early(x, layers):
    for W, b in layers:
        x = x @ W + b
        return x


def without_last(x, layers):
    for W, b in layers[:-1]:
        x = relu(x @ W + b)
    return x


def with_softmax(x, layers):
    for W, b in layers[:-1]:
        x = relu(x @ W + b)
    z = x @ layers[-1][0] + layers[-1][1]
    e = np.exp(z - z.max())
    return e / e.sum()


def sigmoid(x, layers):
    for W, b in layers[:-1]:
        x = 1 / (1 + np.exp(-(x @ W + b)))
    return x @ layers[-1][0] + layers[-1][1]


def tanh(x, layers):
    for W, b in layers[:-1]:
        x = np.tanh(x @ W + b)
    return x @ layers[-1][0] + layers[-1][1]


def elementwise(x, layers):
    for W, b in layers:
        x = np.sum(x * W) + b
    return x


def relu_before(x, layers):
    for W, b in layers:
        x = relu(x) @ W + b
    return x


def absolute(x, layers):
    for W, b in layers[:-1]:
        x = np.abs(x @ W + b)
    return x @ layers[-1][0] + layers[-1][1]


def leaky(x, layers):
    for W, b in layers[:-1]:
        x = x @ W + b
        x = np.where(x > 0, x, 0.01 * x)
    return x @ layers[-1][0] + layers[-1][1]


def relu_of_max(x, layers):
    for W, b in layers[:-1]:
        x = max(0, x @ W + b)
    return x @ layers[-1][0] + layers[-1][1]


def sums(x, layers):
    for W, b in layers[:-1]:
        x = relu(x @ W + b)
    return np.sum(x @ layers[-1][0] + layers[-1][1])


def argmax(x, layers):
    for W, b in layers[:-1]:
        x = relu(x @ W + b)
    return np.argmax(x @ layers[-1][0] + layers[-1][1])


def row(x, layers):
    x = x.reshape(1, -1)
    for W, b in layers[:-1]:
        x = relu(x @ W + b)
    return x @ layers[-1][0] + layers[-1][1]


def bias_first(x, layers):
    for W, b in layers[:-1]:
        x = relu((x + b) @ W)
    return x @ layers[-1][0] + layers[-1][1]
