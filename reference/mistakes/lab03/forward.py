"""What wrong solutions of forward give: one function per known mistake, named by its id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Layers: TypeAlias = Sequence[tuple[Floats, Floats]]


def relu_after_the_last_layer(x: Floats, layers: Layers) -> object:
    """Apply ReLU after every layer, the last one too."""
    for weights, bias in layers:
        x = _relu(x @ weights + bias)
    return x


def no_relu(x: Floats, layers: Layers) -> object:
    """Leave ReLU out."""
    return _through(x, layers, lambda z: z)


def relu_after_the_last_layer_only(x: Floats, layers: Layers) -> object:
    """Apply ReLU once, to the logits."""
    return _relu(_through(x, layers, lambda z: z))


def relu_after_the_first_layer_only(x: Floats, layers: Layers) -> object:
    """Apply ReLU after the first layer, and after no other hidden one."""
    (weights, bias), *others = layers
    return _through(_relu(x @ weights + bias), others, lambda z: z)


def relu_before_each_layer(x: Floats, layers: Layers) -> object:
    """Apply ReLU to what goes into a layer, so to the input as well."""
    for weights, bias in layers:
        x = _relu(x) @ weights + bias
    return x


def relu_before_the_bias(x: Floats, layers: Layers) -> object:
    """Apply ReLU to xW, and add the bias after it."""
    *hidden, (last_weights, last_bias) = layers
    for weights, bias in hidden:
        x = _relu(x @ weights) + bias
    return x @ last_weights + last_bias


def softmax_of_the_logits(x: Floats, layers: Layers) -> object:
    """Give probabilities: a softmax follows the last layer."""
    return _softmax(_through(x, layers, _relu))


def sigmoid_of_the_logits(x: Floats, layers: Layers) -> object:
    """Apply the sigmoid after the last layer."""
    return _sigmoid(_through(x, layers, _relu))


def no_bias(x: Floats, layers: Layers) -> object:
    """Leave the biases out."""
    return _through(x, [(weights, 0 * bias) for weights, bias in layers], _relu)


def no_bias_in_the_last_layer(x: Floats, layers: Layers) -> object:
    """Leave the bias of the last layer out."""
    *hidden, (weights, bias) = layers
    return _through(x, [*hidden, (weights, 0 * bias)], _relu)


def bias_twice(x: Floats, layers: Layers) -> object:
    """Add every bias twice."""
    return _through(x, [(weights, 2 * bias) for weights, bias in layers], _relu)


def bias_subtracted(x: Floats, layers: Layers) -> object:
    """Subtract the biases."""
    return _through(x, [(weights, -bias) for weights, bias in layers], _relu)


def shapes_of_the_product(x: Floats, layers: Layers) -> object:
    """Multiply the network's input by every W, or write W @ x or a transposed W: the shapes do not fit."""
    values = x
    for weights, bias in layers:
        values = x @ weights + bias
    return values


def weights_before_the_input(x: Floats, layers: Layers) -> object:
    """Write np.dot(W, x) for np.dot(x, W)."""
    for weights, bias in layers:
        x = _relu(np.dot(weights, x) + bias)
    return x


def input_into_every_layer(x: Floats, layers: Layers) -> object:
    """Write np.dot(x, W) with the network's input for every W."""
    values = x
    for weights, bias in layers:
        values = np.dot(x, weights) + bias
    return values


def shapes_of_the_elements(x: Floats, layers: Layers) -> object:
    """Write x * W, the product of elements, or add the bias to a layer's input: the shapes do not fit."""
    for weights, bias in layers:
        x = _relu(x * weights + bias)
    return x


def sigmoid_for_relu(x: Floats, layers: Layers) -> object:
    """Use the sigmoid in the hidden layers."""
    return _through(x, layers, _sigmoid)


def tanh_for_relu(x: Floats, layers: Layers) -> object:
    """Use tanh in the hidden layers."""
    return _through(x, layers, np.tanh)


def softmax_for_relu(x: Floats, layers: Layers) -> object:
    """Use softmax in the hidden layers."""
    return _through(x, layers, _softmax)


def absolute_value_for_relu(x: Floats, layers: Layers) -> object:
    """Turn negative numbers positive instead of 0."""
    return _through(x, layers, np.abs)


def leaky_relu_of_a_hundredth(x: Floats, layers: Layers) -> object:
    """Leave a hundredth of the negative numbers."""
    return _through(x, layers, lambda z: np.where(z > 0, z, 0.01 * z))


def leaky_relu_of_a_fifth(x: Floats, layers: Layers) -> object:
    """Leave a fifth of the negative numbers."""
    return _through(x, layers, lambda z: np.where(z > 0, z, 0.2 * z))


def elu_for_relu(x: Floats, layers: Layers) -> object:
    """Use ELU in the hidden layers."""
    return _through(x, layers, lambda z: np.where(z > 0, z, np.expm1(z)))


def softplus_for_relu(x: Floats, layers: Layers) -> object:
    """Use softplus in the hidden layers."""
    return _through(x, layers, lambda z: np.log1p(np.exp(z)))


def relu_the_wrong_way_round(x: Floats, layers: Layers) -> object:
    """Keep the negative numbers: minimum for maximum."""
    return _through(x, layers, lambda z: np.minimum(0, z))


def relu_cut_at_one(x: Floats, layers: Layers) -> object:
    """Cut the hidden values at 1 as well."""
    return _through(x, layers, lambda z: np.clip(z, 0, 1))


def step_for_relu(x: Floats, layers: Layers) -> object:
    """Give 1 for positive numbers and 0 for the others."""
    return _through(x, layers, lambda z: (z > 0).astype(float))


def largest_of_all_for_relu(x: Floats, layers: Layers) -> object:
    """Write np.max(0, z), which takes z for an axis."""
    return _through(x, layers, lambda z: np.max(0, z))


def largest_of_two_for_relu(x: Floats, layers: Layers) -> object:
    """Write Python's max(0, z) or `if z < 0`, which ask for one answer for all of z."""
    return _through(x, layers, lambda z: max(0, z))  # type: ignore[arg-type]


def first_layer_without_relu(x: Floats, layers: Layers) -> object:
    """Stop after xW + b of the first layer."""
    weights, bias = layers[0]
    return x @ weights + bias


def first_layer_only(x: Floats, layers: Layers) -> object:
    """Return within the loop: the first hidden layer."""
    weights, bias = layers[0]
    return _relu(x @ weights + bias)


def last_layer_left_out(x: Floats, layers: Layers) -> object:
    """Stop before the last layer: the hidden values."""
    for weights, bias in layers[:-1]:
        x = _relu(x @ weights + bias)
    return x


def two_layers_only(x: Floats, layers: Layers) -> object:
    """Write the code for two layers, whatever their number: the others are left out."""
    return _through(x, layers[:2], _relu)


def two_layers_unpacked(x: Floats, layers: Layers) -> object:
    """Write (W1, b1), (W2, b2) = layers, whatever their number."""
    (first_weights, first_bias), (last_weights, last_bias) = layers
    return _relu(x @ first_weights + first_bias) @ last_weights + last_bias


def first_and_last_layer(x: Floats, layers: Layers) -> object:
    """Use the first and the last layer, whatever lies between."""
    return _through(x, [layers[0], layers[-1]], _relu)


def place_of_the_largest(x: Floats, layers: Layers) -> object:
    """Give the class with the largest logit."""
    return np.argmax(_through(x, layers, _relu))


def sum_of_the_logits(x: Floats, layers: Layers) -> object:
    """Add the logits up."""
    return np.sum(_through(x, layers, _relu))


def row_of_logits(x: Floats, layers: Layers) -> object:
    """Give a matrix of one row."""
    return _through(x, layers, _relu).reshape(1, -1)


def column_of_logits(x: Floats, layers: Layers) -> object:
    """Give a matrix of one column."""
    return _through(x, layers, _relu).reshape(-1, 1)


def rounded_to_three_decimals(x: Floats, layers: Layers) -> object:
    """Round the logits to the lecture's three decimals."""
    return np.round(_through(x, layers, _relu), 3)


def rounded_to_two_decimals(x: Floats, layers: Layers) -> object:
    """Round the logits to two decimals."""
    return np.round(_through(x, layers, _relu), 2)


def input_as_whole_numbers(x: Floats, layers: Layers) -> object:
    """Cut the input to whole numbers."""
    return _through(x.astype(int).astype(float), layers, _relu)


def typed_in(x: Floats, layers: Layers) -> object:
    """Give the lecture's logits for every network."""
    del x, layers
    return np.array([0, 0.006, 0.12])


def returns_nothing(x: Floats, layers: Layers) -> object:
    """Print the logits, or forget the return."""
    del x, layers
    return None


def _through(x: Floats, layers: Layers, activation: Callable[[Floats], Floats]) -> Floats:
    *hidden, (last_weights, last_bias) = layers
    for weights, bias in hidden:
        x = activation(x @ weights + bias)
    return x @ last_weights + last_bias


def _relu(z: Floats) -> Floats:
    return np.maximum(0, z)


def _sigmoid(z: Floats) -> Floats:
    values: Floats = 1 / (1 + np.exp(-z))
    return values


def _softmax(z: Floats) -> Floats:
    powers = np.exp(z - np.max(z))
    shares: Floats = powers / np.sum(powers)
    return shares
