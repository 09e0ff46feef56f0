"""What wrong solutions of network_loss give: one function per known mistake, named by its id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Layers: TypeAlias = Sequence[tuple[Floats, Floats]]

CLIP = 1e-7


def logits_for_probabilities(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Compare the logits themselves: no softmax."""
    return _loss(y_true, _forward(x, layers), loss)


def logits_for_probabilities_clipped(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Compare the logits themselves, raised to at least 1e-7 within the log."""
    logits = _forward(x, layers)
    return _mse(y_true, logits) if loss == "mse" else _cross_entropy(y_true, np.clip(logits, CLIP, None))


def logits_in_the_mse(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Apply softmax for the cross-entropy only."""
    logits = _forward(x, layers)
    return _mse(y_true, logits) if loss == "mse" else _cross_entropy(y_true, _softmax(logits))


def always_cross_entropy(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Give the cross-entropy, whatever the argument says."""
    del loss
    return _cross_entropy(y_true, _p(x, layers))


def always_mse(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Give the MSE, whatever the argument says."""
    del loss
    return _mse(y_true, _p(x, layers))


def losses_exchanged(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Give the MSE for "cross_entropy" and the cross-entropy for "mse"."""
    p = _p(x, layers)
    return _cross_entropy(y_true, p) if loss == "mse" else _mse(y_true, p)


def both_losses_added(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Add both losses up."""
    del loss
    p = _p(x, layers)
    return _mse(y_true, p) + _cross_entropy(y_true, p)


def nothing_for_cross_entropy(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Compare with another word than "cross_entropy": None comes back for it."""
    return _mse(y_true, _p(x, layers)) if loss == "mse" else None


def nothing_for_mse(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Compare with another word than "mse": None comes back for it."""
    return _cross_entropy(y_true, _p(x, layers)) if loss == "cross_entropy" else None


def returns_nothing(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Print the loss, or forget the return."""
    del x, y_true, layers, loss
    return None


def sum_for_mean_in_the_mse(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Add the squared errors up without dividing."""
    p = _p(x, layers)
    return np.sum((y_true - p) ** 2) if loss == "mse" else _cross_entropy(y_true, p)


def mean_for_sum_in_the_cross_entropy(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Divide the cross-entropy by the number of classes."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else -np.mean(y_true * np.log(p))


def half_mse(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Put a factor 1/2 before the MSE."""
    p = _p(x, layers)
    return 0.5 * _mse(y_true, p) if loss == "mse" else _cross_entropy(y_true, p)


def root_of_the_mse(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the root of the MSE."""
    p = _p(x, layers)
    return np.sqrt(_mse(y_true, p)) if loss == "mse" else _cross_entropy(y_true, p)


def absolute_errors_in_the_mse(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take absolute errors for squared ones."""
    p = _p(x, layers)
    return np.mean(np.abs(y_true - p)) if loss == "mse" else _cross_entropy(y_true, p)


def no_square_in_the_mse(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Leave the square out: the errors of a distribution cancel."""
    p = _p(x, layers)
    return np.mean(y_true - p) if loss == "mse" else _cross_entropy(y_true, p)


def difference_of_squares(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the difference of the squares for the square of the difference."""
    p = _p(x, layers)
    return np.mean(y_true**2 - p**2) if loss == "mse" else _cross_entropy(y_true, p)


def divided_by_three(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Divide the squared errors by 3, the lecture's number of classes."""
    p = _p(x, layers)
    return np.sum((y_true - p) ** 2) / 3 if loss == "mse" else _cross_entropy(y_true, p)


def minus_left_out(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Leave the minus of the cross-entropy out."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else np.sum(y_true * np.log(p))


def log2(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the logarithm to the base 2."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else -np.sum(y_true * np.log2(p))


def log10(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the logarithm to the base 10."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else -np.sum(y_true * np.log10(p))


def log_of_one_more(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the logarithm of 1 + p."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else -np.sum(y_true * np.log1p(p))


def adds_thousandth(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Add 0.001 to each probability before the logarithm."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else _cross_entropy(y_true, p + 1e-3)


def adds_ten_thousandth(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Add 0.0001 to each probability before the logarithm."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else _cross_entropy(y_true, p + 1e-4)


def log_of_one_less(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the logarithm of 1 - p."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else -np.sum(y_true * np.log(1 - p))


def no_log(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take 1 - p of the expected class for the cross-entropy."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else 1 - np.sum(y_true * p)


def swapped_arguments(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Put the expected vector into the log, whose zeros make the loss infinite."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else -np.sum(p * np.log(y_true))


def swapped_arguments_clipped(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Put the expected vector into the log, raised to at least 1e-7."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else _cross_entropy(p, np.clip(y_true, CLIP, 1))


def one_hot_as_index(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Use the one-hot vector as an index: each 0 and each 1 picks a probability."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else -np.mean(np.log(p[y_true.astype(int)]))


def log_of_the_expected_vector(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the logarithm of the expected vector, weighted by itself: entropy or KL divergence, 0 times infinity."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else np.sum(y_true * np.log(y_true / p))


def log_of_every_class(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Leave the expected vector out of the cross-entropy: all logarithms are added up."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else -np.sum(np.log(p))


def entropy_of_the_prediction(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Weight the logarithms by the prediction itself."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else _cross_entropy(p, p)


def loss_of_the_largest(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the predicted class for the expected one."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else -np.log(np.max(p))


def class_for_prediction(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Make the prediction one-hot at its largest logit before it is compared."""
    logits = _forward(x, layers)
    p = np.eye(len(logits))[np.argmax(logits)]
    return _mse(y_true, p) if loss == "mse" else _cross_entropy(y_true, np.clip(p, CLIP, 1))


def binary_cross_entropy_mean(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the mean of the binary cross-entropies of all classes."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else np.mean(_binary(y_true, p))


def binary_cross_entropy_sum(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the sum of the binary cross-entropies of all classes."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else np.sum(_binary(y_true, p))


def hinge(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the categorical hinge loss for the cross-entropy."""
    p = _p(x, layers)
    return _mse(y_true, p) if loss == "mse" else max(0.0, np.max((1 - y_true) * p) - np.sum(y_true * p) + 1)


def terms_not_added(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Give a number for every class: the last sum or mean is missing."""
    p = _p(x, layers)
    return (y_true - p) ** 2 if loss == "mse" else -y_true * np.log(p)


def softmax_twice(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Apply softmax to what has been through one."""
    return _loss(y_true, _softmax(_p(x, layers)), loss)


def sigmoid_for_softmax(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Apply the sigmoid for softmax."""
    return _loss(y_true, 1 / (1 + np.exp(-_forward(x, layers))), loss)


def exponentials_not_divided(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the exponentials, and do not divide by their sum."""
    return _loss(y_true, np.exp(_forward(x, layers)), loss)


def divided_by_the_sum_of_logits(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Divide the exponentials by the sum of the logits."""
    logits = _forward(x, layers)
    return _loss(y_true, np.exp(logits) / np.sum(logits), loss)


def logits_divided_by_their_sum(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Divide the logits by their sum, without exponentials."""
    logits = _forward(x, layers)
    return _loss(y_true, logits / np.sum(logits), loss)


def largest_subtracted_once(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Subtract the largest logit in the numerator of softmax and not in its sum."""
    logits = _forward(x, layers)
    return _loss(y_true, np.exp(logits - np.max(logits)) / np.sum(np.exp(logits)), loss)


def log_softmax_for_softmax(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Use log-softmax as the prediction."""
    return _loss(y_true, np.log(_p(x, layers)), loss)


def network_without_relu(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the logits of a network without ReLU."""
    for weights, bias in layers:
        x = x @ weights + bias
    return _loss(y_true, _softmax(x), loss)


def network_with_relu_at_its_end(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the logits of a network with ReLU after its last layer, too."""
    return _loss(y_true, _softmax(_relu(_forward(x, layers))), loss)


def network_without_bias(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Take the logits of a network without biases."""
    return _loss(y_true, _p(x, [(weights, 0 * bias) for weights, bias in layers]), loss)


def prediction_rounded_to_three_decimals(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Round the prediction to three decimals before the loss, as the lecture's slide does."""
    return _loss(y_true, np.round(_p(x, layers), 3), loss)


def prediction_rounded_to_two_decimals(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Round the prediction to two decimals before the loss."""
    return _loss(y_true, np.round(_p(x, layers), 2), loss)


def result_rounded_to_two_decimals(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Round the loss to two decimals."""
    return round(float(_loss(y_true, _p(x, layers), loss)), 2)


def result_rounded_to_three_decimals(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Round the loss to three decimals."""
    return round(float(_loss(y_true, _p(x, layers), loss)), 3)


def second_class_expected(x: Floats, y_true: Floats, layers: Layers, loss: str) -> object:
    """Expect the lecture's class, the second one, for every question."""
    p = _p(x, layers)
    return _loss(np.eye(len(y_true))[1], p, loss)


def _loss(y_true: Floats, p: Floats, loss: str) -> np.float64:
    return _mse(y_true, p) if loss == "mse" else _cross_entropy(y_true, p)


def _mse(y_true: Floats, p: Floats) -> np.float64:
    return np.float64(np.mean((y_true - p) ** 2))


def _cross_entropy(y_true: Floats, p: Floats) -> np.float64:
    return np.float64(-np.sum(y_true * np.log(p)))


def _binary(y_true: Floats, p: Floats) -> Floats:
    terms: Floats = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    return terms


def _p(x: Floats, layers: Layers) -> Floats:
    return _softmax(_forward(x, layers))


def _forward(x: Floats, layers: Layers) -> Floats:
    *hidden, (last_weights, last_bias) = layers
    for weights, bias in hidden:
        x = _relu(x @ weights + bias)
    return x @ last_weights + last_bias


def _relu(z: Floats) -> Floats:
    return np.maximum(0, z)


def _softmax(z: Floats) -> Floats:
    powers = np.exp(z - np.max(z))
    shares: Floats = powers / np.sum(powers)
    return shares
