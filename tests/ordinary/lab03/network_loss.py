import numpy as np


def forward(x, layers):
    for W, b in layers[:-1]:
        x = np.maximum(x @ W + b, 0)
    return x @ layers[-1][0] + layers[-1][1]


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


def logits_in_mse(x, y_true, layers, loss):
    z = forward(x, layers)
    if loss == "mse":
        return np.mean((y_true - z) ** 2)
    return -np.sum(y_true * np.log(softmax(z)))


def logits_in_both(x, y_true, layers, loss):
    z = forward(x, layers)
    if loss == "mse":
        return np.mean((y_true - z) ** 2)
    return -np.sum(y_true * np.log(z))


def always_mse(x, y_true, layers, loss):
    return np.mean((y_true - softmax(forward(x, layers))) ** 2)


def always_cross_entropy(x, y_true, layers, loss):
    return -np.sum(y_true * np.log(softmax(forward(x, layers))))


def other_way_round(x, y_true, layers, loss):
    p = softmax(forward(x, layers))
    if loss != "mse":
        return np.mean((y_true - p) ** 2)
    return -np.sum(y_true * np.log(p))


def misspelled(x, y_true, layers, loss):
    p = softmax(forward(x, layers))
    if loss == "MSE":
        return np.mean((y_true - p) ** 2)
    if loss == "cross_entropy":
        return -np.sum(y_true * np.log(p))


def raises_for_the_other(x, y_true, layers, loss):
    p = softmax(forward(x, layers))
    if loss == "mse":
        return np.mean((y_true - p) ** 2)
    raise ValueError("unknown loss")


def summed_mse(x, y_true, layers, loss):
    p = softmax(forward(x, layers))
    return np.sum((y_true - p) ** 2) if loss == "mse" else -np.sum(y_true * np.log(p))


def averaged_cross_entropy(x, y_true, layers, loss):
    p = softmax(forward(x, layers))
    return np.mean((y_true - p) ** 2) if loss == "mse" else -np.mean(y_true * np.log(p))


def both_added(x, y_true, layers, loss):
    p = softmax(forward(x, layers))
    return np.mean((y_true - p) ** 2) - np.sum(y_true * np.log(p))


def epsilon_thousandth(x, y_true, layers, loss):
    p = softmax(forward(x, layers))
    return np.mean((y_true - p) ** 2) if loss == "mse" else -np.sum(y_true * np.log(p + 1e-3))


def epsilon_ten_thousandth(x, y_true, layers, loss):
    p = softmax(forward(x, layers))
    return np.mean((y_true - p) ** 2) if loss == "mse" else -np.sum(y_true * np.log(p + 1e-4))


def swapped(x, y_true, layers, loss):
    p = softmax(forward(x, layers))
    return np.mean((y_true - p) ** 2) if loss == "mse" else -np.sum(p * np.log(y_true + 1e-7))


def bits(x, y_true, layers, loss):
    p = softmax(forward(x, layers))
    return np.mean((y_true - p) ** 2) if loss == "mse" else -np.sum(y_true * np.log2(p))


def softmax_twice(x, y_true, layers, loss):
    p = softmax(softmax(forward(x, layers)))
    return np.mean((y_true - p) ** 2) if loss == "mse" else -np.sum(y_true * np.log(p))


def rooted(x, y_true, layers, loss):
    p = softmax(forward(x, layers))
    return np.sqrt(np.mean((y_true - p) ** 2)) if loss == "mse" else -np.sum(y_true * np.log(p))


def relu_at_the_end(x, y_true, layers, loss):
    p = softmax(np.maximum(forward(x, layers), 0))
    return np.mean((y_true - p) ** 2) if loss == "mse" else -np.sum(y_true * np.log(p))


def returns_probabilities(x, y_true, layers, loss):
    return softmax(forward(x, layers))


def text(x, y_true, layers, loss):
    return loss


def first_layer(x, y_true, layers, loss):
    p = softmax(x @ layers[0][0] + layers[0][1])
    return np.mean((y_true - p) ** 2) if loss == "mse" else -np.sum(y_true * np.log(p))


def minus_missing(x, y_true, layers, loss):
    p = softmax(forward(x, layers))
    return np.mean((y_true - p) ** 2) if loss == "mse" else np.sum(y_true * np.log(p))


def half(x, y_true, layers, loss):
    p = softmax(forward(x, layers))
    return np.mean((y_true - p) ** 2) / 2 if loss == "mse" else -np.sum(y_true * np.log(p))
