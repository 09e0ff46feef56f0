"""What students with a known mistake answer for the cross-entropy of softmax(logits)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def _softmax(z: Floats) -> Floats:
    powers = np.exp(z - np.max(z))
    shares: Floats = powers / np.sum(powers)
    return shares


def _terms(y_true: Floats, y_pred: Floats) -> Floats:
    """Return the right terms of the cross-entropy of two distributions."""
    terms: Floats = -y_true * np.log(np.clip(y_pred, 1e-7, 1))
    return terms


def overflow(y_true: Floats, logits: Floats) -> object:
    """Take the softmax as it stands: e^1000 is infinite and e^-1000 is 0."""
    return np.sum(_terms(y_true, np.exp(logits) / np.sum(np.exp(logits))))


def math_exp_overflow(y_true: Floats, logits: Floats) -> object:
    """Take the softmax as it stands with the standard library's exponential, which refuses 1000."""
    powers = [math.exp(each) for each in logits]
    shares = [power / sum(powers) for power in powers]
    return -sum(expected * math.log(share) for expected, share in zip(y_true, shares, strict=True))


def log_sum_overflow(y_true: Floats, logits: Floats) -> object:
    """Join the two formulas on paper, and take the exponentials as they are."""
    return np.log(np.sum(np.exp(logits))) - np.sum(y_true * logits)


def nan_made_zero(y_true: Floats, logits: Floats) -> object:
    """Replace the NaN of the softmax by 0, which the clip then raises."""
    return np.sum(_terms(y_true, np.nan_to_num(np.exp(logits) / np.sum(np.exp(logits)))))


def nan_loss_made_zero(y_true: Floats, logits: Floats) -> object:
    """Replace the NaN of the loss by 0."""
    return np.nan_to_num(np.sum(_terms(y_true, np.exp(logits) / np.sum(np.exp(logits)))))


def clipped_logits(y_true: Floats, logits: Floats) -> object:
    """Cut the logits off at some hundred, so that large ones become equal."""
    return np.sum(_terms(y_true, _softmax(np.clip(logits, -500, 500))))


def likeliest_class_only(y_true: Floats, logits: Floats) -> object:
    """Count the class with the largest expectation alone, as if every label were one-hot."""
    return -np.log(_softmax(logits)[np.argmax(y_true)])


def log_outside_sum(y_true: Floats, logits: Floats) -> object:
    """Take the logarithm after the sum instead of before it."""
    return -np.log(np.sum(y_true * _softmax(logits)))


def no_softmax(y_true: Floats, logits: Floats) -> object:
    """Hand the logits to the cross-entropy as if they were probabilities."""
    return np.sum(_terms(y_true, logits))


def log_of_logits(y_true: Floats, logits: Floats) -> object:
    """Take the logarithm of the logits, of 0 and of negative numbers too."""
    return -np.sum(y_true * np.log(logits))


def logits_divided_by_sum(y_true: Floats, logits: Floats) -> object:
    """Divide the logits by their sum, as Keras does with what it takes for probabilities."""
    return np.sum(_terms(y_true, np.clip(logits / np.sum(logits), 1e-7, 1 - 1e-7)))


def softmax_twice(y_true: Floats, logits: Floats) -> object:
    """Apply softmax to the softmax, or call a loss for logits with probabilities."""
    return np.sum(_terms(y_true, _softmax(_softmax(logits))))


def softmax_on_both(y_true: Floats, logits: Floats) -> object:
    """Apply softmax to the expected distribution too."""
    return np.sum(_terms(_softmax(y_true), _softmax(logits)))


def swapped_in_loss(y_true: Floats, logits: Floats) -> object:
    """Take the logarithm of the expected distribution, weighted with the softmax."""
    return np.sum(_terms(_softmax(logits), y_true))


def swapped_arguments(y_true: Floats, logits: Floats) -> object:
    """Take the softmax of the expected distribution, and the logits for the expectation."""
    return np.sum(_terms(logits, _softmax(y_true)))


def missing_minus(y_true: Floats, logits: Floats) -> object:
    """Forget the minus sign."""
    return -np.sum(_terms(y_true, _softmax(logits)))


def mean_over_classes(y_true: Floats, logits: Floats) -> object:
    """Average where a sum is asked."""
    return np.mean(_terms(y_true, _softmax(logits)))


def log2(y_true: Floats, logits: Floats) -> object:
    """Count in bits."""
    return np.sum(_terms(y_true, _softmax(logits))) / np.log(2)


def log10(y_true: Floats, logits: Floats) -> object:
    """Take logarithms of base 10."""
    return np.sum(_terms(y_true, _softmax(logits))) / np.log(10)


def rounded_softmax(y_true: Floats, logits: Floats) -> object:
    """Round the softmax to two decimals before the logarithm."""
    return np.sum(_terms(y_true, np.round(_softmax(logits), 2)))


def rounded_softmax_3(y_true: Floats, logits: Floats) -> object:
    """Round the softmax to three decimals before the logarithm, as the slide does."""
    return np.sum(_terms(y_true, np.round(_softmax(logits), 3)))


def adds_thousandth(y_true: Floats, logits: Floats) -> object:
    """Add a thousandth to the softmax before the logarithm."""
    return -np.sum(y_true * np.log(_softmax(logits) + 1e-3))


def adds_ten_thousandth(y_true: Floats, logits: Floats) -> object:
    """Add a ten-thousandth to the softmax before the logarithm."""
    return -np.sum(y_true * np.log(_softmax(logits) + 1e-4))


def rounded(y_true: Floats, logits: Floats) -> object:
    """Round the loss to two decimals before returning."""
    return np.round(np.sum(_terms(y_true, _softmax(logits))), 2)


def returns_softmax(y_true: Floats, logits: Floats) -> object:
    """Stop after the softmax."""
    del y_true
    return _softmax(logits)


def returns_terms(y_true: Floats, logits: Floats) -> object:
    """Return every term, without the sum."""
    return _terms(y_true, _softmax(logits))


def first_term_only(y_true: Floats, logits: Floats) -> object:
    """Return inside of the loop."""
    return _terms(y_true, _softmax(logits))[0]


def last_term_only(y_true: Floats, logits: Floats) -> object:
    """Overwrite the total in the loop."""
    return _terms(y_true, _softmax(logits))[-1]


def shift_not_undone(y_true: Floats, logits: Floats) -> object:
    """Subtract the largest logit in the logarithm of the sum of powers, and not from the logit of the label."""
    return np.log(np.sum(np.exp(logits - np.max(logits)))) - np.sum(y_true * logits)


def hard_prediction(y_true: Floats, logits: Floats) -> object:
    """Turn the softmax into a prediction of 1 for the likeliest class and 0 for the others."""
    return np.sum(_terms(y_true, np.eye(len(logits))[np.argmax(logits)]))


def entropy_of_softmax(y_true: Floats, logits: Floats) -> object:
    """Use the softmax in both places."""
    del y_true
    return np.sum(_terms(_softmax(logits), _softmax(logits)))


def largest_prediction_only(y_true: Floats, logits: Floats) -> object:
    """Count the largest probability alone, whatever is expected."""
    del y_true
    return -np.log(np.max(_softmax(logits)))


def no_log(y_true: Floats, logits: Floats) -> object:
    """Forget the logarithm."""
    return -np.sum(y_true * _softmax(logits))


def one_minus_dot(y_true: Floats, logits: Floats) -> object:
    """Subtract the probability of the right class from 1."""
    return 1 - np.sum(y_true * _softmax(logits))


def log_one_minus(y_true: Floats, logits: Floats) -> object:
    """Take the logarithm of 1 minus the softmax."""
    return np.sum(_terms(y_true, 1 - _softmax(logits)))


def binary_cross_entropy(y_true: Floats, logits: Floats) -> object:
    """Average the binary cross-entropy of every class."""
    shares = _softmax(logits)
    return np.mean(_terms(y_true, shares) + _terms(1 - y_true, 1 - shares))


def mse_instead(y_true: Floats, logits: Floats) -> object:
    """Give the mean squared error of the softmax."""
    return np.mean((y_true - _softmax(logits)) ** 2)


def sigmoid(y_true: Floats, logits: Floats) -> object:
    """Squeeze every logit alone."""
    return np.sum(_terms(y_true, 1 / (1 + np.exp(-logits))))


def no_denominator(y_true: Floats, logits: Floats) -> object:
    """Forget to divide the exponentials by their sum, so that logarithm and exponential cancel."""
    return -np.sum(y_true * logits)


def base_2(y_true: Floats, logits: Floats) -> object:
    """Take powers of 2 in the softmax."""
    return np.sum(_terms(y_true, _softmax(logits * np.log(2))))


def negated_logits(y_true: Floats, logits: Floats) -> object:
    """Take e^-z in the softmax."""
    return np.sum(_terms(y_true, _softmax(-logits)))


def axis1_on_vector(y_true: Floats, logits: Floats) -> object:
    """Add up along axis 1, which a vector does not have."""
    powers = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    shares = powers / np.sum(powers, axis=1, keepdims=True)
    return np.sum(_terms(y_true, shares))


def nothing_returned(y_true: Floats, logits: Floats) -> None:
    """Compute or print the answer, and return nothing."""
    np.sum(_terms(y_true, _softmax(logits)))
