"""What the lab about layers answers: forward returns (out, cache), backward takes (dout, cache)."""

import numpy as np


def affine_forward(x, w, b):
    """Return x w + b, and what backward needs."""
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w, b)


def affine_backward(dout, cache):
    """Return the gradients of x, w and b."""
    x, w, _ = cache
    rows = x.reshape(len(x), -1)
    return (dout @ w.T).reshape(x.shape), rows.T @ dout, dout.sum(axis=0)


def relu_forward(x):
    """Return max(0, x), and x."""
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    """Return the gradient of x."""
    return dout * (cache > 0)


def layer(rng):
    """Make inputs of an affine layer."""
    return {"x": rng.normal(size=(3, 2, 2)), "w": rng.normal(size=(4, 2)), "b": rng.normal(size=2)}


def layer_and_gradient(rng):
    """Make inputs of an affine layer, and the gradient that comes back to it."""
    return {**layer(rng), "dout": rng.normal(size=(3, 2))}


def relu_and_gradient(rng):
    """Make inputs of a ReLU, and the gradient that comes back to it."""
    return {"x": rng.normal(size=(3, 4)), "dout": rng.normal(size=(3, 4))}
