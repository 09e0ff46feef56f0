"""What the lab about a network's parameters answers: dicts of arrays with the keys W1, b1, W2 …"""

import numpy as np


def initialize_parameters(sizes):
    """Return small random weights and zeros, drawn from np.random layer by layer."""
    parameters = {}
    for layer in range(1, len(sizes)):
        parameters[f"W{layer}"] = np.random.randn(sizes[layer], sizes[layer - 1]) * 0.01
        parameters[f"b{layer}"] = np.zeros((sizes[layer], 1))
    return parameters


def update_parameters(parameters, grads, learning_rate):
    """Return the parameters after one step downhill."""
    return {name: value - learning_rate * grads[f"d{name}"] for name, value in parameters.items()}


def norms(parameters):
    """Return the length of each array as a number."""
    return {name: float(np.sqrt((value**2).sum())) for name, value in parameters.items()}


def step(rng):
    """Make parameters, their gradients and a learning rate."""
    parameters = {"W1": rng.normal(size=(2, 3)), "b1": rng.normal(size=(2, 1))}
    return {
        "parameters": parameters,
        "grads": {f"d{name}": rng.normal(size=value.shape) for name, value in parameters.items()},
        "learning_rate": float(rng.uniform(0.1, 0.5)),
    }


def only_parameters(rng):
    """Make parameters."""
    return {"parameters": step(rng)["parameters"]}
