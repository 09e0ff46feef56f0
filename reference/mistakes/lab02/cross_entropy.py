"""What students with a known mistake answer for the cross-entropy -sum y_true ln y_pred, the mean over rows."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def _safe(y_pred: Floats) -> Floats:
    """Return the predictions, none below 1e-7."""
    safe: Floats = np.clip(y_pred, 1e-7, 1)
    return safe


def _terms(y_true: Floats, y_pred: Floats) -> Floats:
    """Return the right terms of the sum."""
    terms: Floats = -y_true * np.log(_safe(y_pred))
    return terms


def _loss(terms: Floats) -> object:
    """Return the sum over classes and the mean over rows."""
    return np.mean(np.sum(terms, axis=-1))


def _softmax(z: Floats) -> Floats:
    powers = np.exp(z - np.max(z, axis=-1, keepdims=True))
    shares: Floats = powers / np.sum(powers, axis=-1, keepdims=True)
    return shares


def no_clip(y_true: Floats, y_pred: Floats) -> object:
    """Take the formula as it stands, so that a 0 becomes 0 times minus infinity."""
    return _loss(-y_true * np.log(y_pred))


def math_log_of_zero(y_true: Floats, y_pred: Floats) -> object:
    """Loop with the standard library's logarithm, which refuses 0."""
    if y_true.ndim > 1:
        return _loss(-y_true * np.log(y_pred))
    return -sum(expected * math.log(predicted) for expected, predicted in zip(y_true, y_pred, strict=True))


def infinite_penalty(y_true: Floats, y_pred: Floats) -> object:
    """Leave out the classes with an expected 0, and nothing else."""
    return _loss(-np.where(y_true > 0, y_true * np.log(y_pred), 0))


def predicted_zeros_skipped(y_true: Floats, y_pred: Floats) -> object:
    """Leave out the classes with a predicted 0, and their penalty with them."""
    return _loss(-np.where(y_pred > 0, y_true * np.log(y_pred), 0))


def finite_in_name_only(y_true: Floats, y_pred: Floats) -> object:
    """Replace NaN by 0 and infinity by the largest float, term by term."""
    return _loss(-np.nan_to_num(y_true * np.log(y_pred)))


def nan_total_made_zero(y_true: Floats, y_pred: Floats) -> object:
    """Replace a NaN by 0 after the sum."""
    return np.nan_to_num(np.mean(np.sum(-y_true * np.log(y_pred), axis=-1)))


def expected_clipped(y_true: Floats, y_pred: Floats) -> object:
    """Raise the zeros of the expected vector instead of the predicted one."""
    return _loss(-_safe(y_true) * np.log(y_pred))


def clip_at_hundredth(y_true: Floats, y_pred: Floats) -> object:
    """Raise predictions to 0.01, which swallows most of the penalty."""
    return _loss(-y_true * np.log(np.clip(y_pred, 0.01, 1)))


def clip_at_thousandth(y_true: Floats, y_pred: Floats) -> object:
    """Raise predictions to 0.001, which swallows a part of the penalty."""
    return _loss(-y_true * np.log(np.clip(y_pred, 0.001, 1)))


def batch_sum(y_true: Floats, y_pred: Floats) -> object:
    """Add up the losses of all rows."""
    return np.sum(_terms(y_true, y_pred))


def batch_mean_over_all(y_true: Floats, y_pred: Floats) -> object:
    """Average over rows and classes alike where there are rows."""
    terms = _terms(y_true, y_pred)
    return np.sum(terms) if terms.ndim == 1 else np.mean(terms)


def row_losses(y_true: Floats, y_pred: Floats) -> object:
    """Return the loss of every row."""
    return np.sum(_terms(y_true, y_pred), axis=-1)


def builtin_sum_on_batch(y_true: Floats, y_pred: Floats) -> object:
    """Add up with Python's sum, or in a loop, which adds row to row."""
    return sum(_terms(y_true, y_pred))


def axis0_in_batch(y_true: Floats, y_pred: Floats) -> object:
    """Add up along the columns and average over the classes."""
    return np.mean(np.sum(_terms(y_true, y_pred), axis=0))


def first_row_only(y_true: Floats, y_pred: Floats) -> object:
    """Return inside of the loop over the rows."""
    return np.ravel(np.sum(_terms(y_true, y_pred), axis=-1))[0]


def last_row_only(y_true: Floats, y_pred: Floats) -> object:
    """Overwrite the loss in the loop over the rows."""
    return np.ravel(np.sum(_terms(y_true, y_pred), axis=-1))[-1]


def math_log_on_rows(y_true: Floats, y_pred: Floats) -> object:
    """Loop over numbers with the standard library's logarithm; in a matrix these are rows."""
    return -sum(expected * math.log(predicted) for expected, predicted in zip(y_true, _safe(y_pred), strict=True))


def builtin_max_on_rows(y_true: Floats, y_pred: Floats) -> object:
    """Keep away from 0 with Python's max, which cannot compare a row with a number."""
    pairs = zip(y_true, y_pred, strict=True)
    return -sum(expected * math.log(max(predicted, 1e-7)) for expected, predicted in pairs)


def axis1_on_vector(y_true: Floats, y_pred: Floats) -> object:
    """Add up along axis 1, which a vector does not have."""
    return np.mean(np.sum(_terms(y_true, y_pred), axis=1))


def mean_over_classes(y_true: Floats, y_pred: Floats) -> object:
    """Average where a sum is asked, or divide by the length of y_true."""
    return np.mean(_terms(y_true, y_pred))


def missing_minus(y_true: Floats, y_pred: Floats) -> object:
    """Forget the minus sign."""
    return _loss(-_terms(y_true, y_pred))


def swapped_arguments(y_true: Floats, y_pred: Floats) -> object:
    """Take the logarithm of the expected vector."""
    return _loss(_terms(y_pred, y_true))


def log2(y_true: Floats, y_pred: Floats) -> object:
    """Count in bits."""
    return _loss(_terms(y_true, y_pred) / np.log(2))


def log10(y_true: Floats, y_pred: Floats) -> object:
    """Take logarithms of base 10."""
    return _loss(_terms(y_true, y_pred) / np.log(10))


def entropy_of_true(y_true: Floats, y_pred: Floats) -> object:
    """Use the expected vector in both places."""
    del y_pred
    return _loss(_terms(y_true, y_true))


def entropy_of_pred(y_true: Floats, y_pred: Floats) -> object:
    """Use the predicted vector in both places."""
    del y_true
    return _loss(_terms(y_pred, y_pred))


def kl_divergence(y_true: Floats, y_pred: Floats) -> object:
    """Subtract the entropy."""
    return _loss(_terms(y_true, y_pred) - _terms(y_true, y_true))


def binary_cross_entropy(y_true: Floats, y_pred: Floats) -> object:
    """Average the binary cross-entropy of every class, as the loss of that name does."""
    return np.mean(_terms(y_true, y_pred) + _terms(1 - y_true, 1 - y_pred))


def binary_terms_added(y_true: Floats, y_pred: Floats) -> object:
    """Add the part of 1 - y, as for two classes."""
    return _loss(_terms(y_true, y_pred) + _terms(1 - y_true, 1 - y_pred))


def log_one_minus(y_true: Floats, y_pred: Floats) -> object:
    """Take the logarithm of 1 - y_pred."""
    return _loss(_terms(y_true, 1 - y_pred))


def unweighted(y_true: Floats, y_pred: Floats) -> object:
    """Add up the logarithms without their weights."""
    return _loss(_terms(np.ones_like(y_true), y_pred))


def log_of_product(y_true: Floats, y_pred: Floats) -> object:
    """Multiply inside of the logarithm."""
    return _loss(-np.log(_safe(y_true * y_pred)))


def log_outside_sum(y_true: Floats, y_pred: Floats) -> object:
    """Take the logarithm after the sum instead of before it."""
    return np.mean(-np.log(_safe(np.sum(y_true * y_pred, axis=-1))))


def no_log(y_true: Floats, y_pred: Floats) -> object:
    """Forget the logarithm."""
    return _loss(-y_true * y_pred)


def one_minus_dot(y_true: Floats, y_pred: Floats) -> object:
    """Subtract the probability of the right class from 1."""
    return np.mean(1 - np.sum(y_true * y_pred, axis=-1))


def mse_instead(y_true: Floats, y_pred: Floats) -> object:
    """Give the mean squared error."""
    return np.mean((y_true - y_pred) ** 2)


def hinge(y_true: Floats, y_pred: Floats) -> object:
    """Give the categorical hinge loss."""
    right = np.sum(y_true * y_pred, axis=-1)
    wrong = np.max((1 - y_true) * y_pred, axis=-1)
    return np.mean(np.maximum(wrong - right + 1, 0))


def softmax_again(y_true: Floats, y_pred: Floats) -> object:
    """Treat the predicted probabilities as logits."""
    return _loss(_terms(y_true, _softmax(y_pred)))


def softmax_on_both(y_true: Floats, y_pred: Floats) -> object:
    """Apply softmax to both vectors."""
    return _loss(_terms(_softmax(y_true), _softmax(y_pred)))


def label_smoothing(y_true: Floats, y_pred: Floats) -> object:
    """Mix a tenth of the uniform distribution into the expected one."""
    return _loss(_terms(0.9 * y_true + 0.1 / y_true.shape[-1], y_pred))


def likeliest_class_only(y_true: Floats, y_pred: Floats) -> object:
    """Count the class with the largest expectation alone, as if every label were one-hot."""
    likeliest = np.argmax(y_true, axis=-1)[..., np.newaxis]
    return np.mean(-np.log(_safe(np.take_along_axis(y_pred, likeliest, axis=-1))))


def largest_prediction_only(y_true: Floats, y_pred: Floats) -> object:
    """Count the largest prediction alone, whatever is expected."""
    del y_true
    return np.mean(-np.log(np.max(y_pred, axis=-1)))


def expected_as_index(y_true: Floats, y_pred: Floats) -> object:
    """Use the expected vector as an index into the prediction."""
    return -np.mean(np.log(y_pred[y_true.astype(int)]))


def expected_as_integers(y_true: Floats, y_pred: Floats) -> object:
    """Turn the expected vector into whole numbers, so that all below 1 becomes 0."""
    return _loss(_terms(y_true.astype(int), y_pred))


def log_one_plus_prediction(y_true: Floats, y_pred: Floats) -> object:
    """Add 1 inside of the logarithm."""
    return _loss(-y_true * np.log(y_pred + 1))


def adds_tenth(y_true: Floats, y_pred: Floats) -> object:
    """Add 0.1 inside of the logarithm."""
    return _loss(-y_true * np.log(y_pred + 0.1))


def adds_hundredth(y_true: Floats, y_pred: Floats) -> object:
    """Add 0.01 inside of the logarithm."""
    return _loss(-y_true * np.log(y_pred + 0.01))


def adds_thousandth(y_true: Floats, y_pred: Floats) -> object:
    """Add 0.001 inside of the logarithm."""
    return _loss(-y_true * np.log(y_pred + 1e-3))


def adds_ten_thousandth(y_true: Floats, y_pred: Floats) -> object:
    """Add 0.0001 inside of the logarithm."""
    return _loss(-y_true * np.log(y_pred + 1e-4))


def clip_at_tenth(y_true: Floats, y_pred: Floats) -> object:
    """Raise predictions to 0.1, which changes ordinary ones too."""
    return _loss(-y_true * np.log(np.clip(y_pred, 0.1, 1)))


def rounded_prediction(y_true: Floats, y_pred: Floats) -> object:
    """Round the prediction to two decimals before the logarithm."""
    return _loss(_terms(y_true, np.round(y_pred, 2)))


def rounded(y_true: Floats, y_pred: Floats) -> object:
    """Round the loss to two decimals before returning."""
    return np.round(np.mean(np.sum(_terms(y_true, y_pred), axis=-1)), 2)


def returns_terms(y_true: Floats, y_pred: Floats) -> object:
    """Return every term, without the sum."""
    return _terms(y_true, y_pred)


def first_term_only(y_true: Floats, y_pred: Floats) -> object:
    """Return inside of the loop over the classes."""
    return np.mean(_terms(y_true, y_pred)[..., 0])


def last_term_only(y_true: Floats, y_pred: Floats) -> object:
    """Overwrite the total in the loop over the classes."""
    return np.mean(_terms(y_true, y_pred)[..., -1])


def skips_first(y_true: Floats, y_pred: Floats) -> object:
    """Begin the loop over the classes at 1."""
    return _loss(_terms(y_true, y_pred)[..., 1:])


def skips_last(y_true: Floats, y_pred: Floats) -> object:
    """End the loop over the classes one too early."""
    return _loss(_terms(y_true, y_pred)[..., :-1])


def perplexity(y_true: Floats, y_pred: Floats) -> object:
    """Take e to the cross-entropy."""
    return np.mean(np.exp(np.sum(_terms(y_true, y_pred), axis=-1)))


def nothing_returned(y_true: Floats, y_pred: Floats) -> None:
    """Compute or print the answer, and return nothing."""
    _loss(_terms(y_true, y_pred))
