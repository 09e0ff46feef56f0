"""What students with a known mistake answer for the entropy -sum p ln p of a distribution."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def _terms(p: Floats) -> Floats:
    """Return the right terms of the sum, 0 where p is 0."""
    possible = np.where(p > 0, p, 1.0)
    terms: Floats = -p * np.log(possible)
    return terms


def zero_log_zero(p: Floats) -> object:
    """Take the formula as it stands, so that a 0 becomes 0 times minus infinity."""
    return -np.sum(p * np.log(p))


def math_log_of_zero(p: Floats) -> object:
    """Loop with the standard library's logarithm, which refuses 0."""
    return -sum(each * math.log(each) for each in p)


def stops_at_zero(p: Floats) -> object:
    """Leave the loop at the first 0 instead of going on with the next outcome."""
    zeros = np.flatnonzero(p == 0)
    return np.sum(_terms(p[: zeros[0]])) if zeros.size else np.sum(_terms(p))


def any_zero_gives_zero(p: Floats) -> object:
    """Return 0 for every distribution that holds a 0."""
    return 0.0 if 0 in p else np.sum(_terms(p))


def missing_minus(p: Floats) -> object:
    """Forget the minus sign."""
    return -np.sum(_terms(p))


def log2(p: Floats) -> object:
    """Count in bits."""
    return np.sum(_terms(p)) / np.log(2)


def log10(p: Floats) -> object:
    """Take logarithms of base 10."""
    return np.sum(_terms(p)) / np.log(10)


def mean_over_outcomes(p: Floats) -> object:
    """Average the terms instead of adding them."""
    return np.mean(_terms(p))


def returns_terms(p: Floats) -> object:
    """Return every term, without the sum."""
    return _terms(p)


def unweighted_sum(p: Floats) -> object:
    """Add the information contents without their weights."""
    return -np.sum(np.log(p[p > 0]))


def unweighted_mean(p: Floats) -> object:
    """Average the information contents as if all outcomes were equally likely."""
    return -np.mean(np.log(p[p > 0]))


def max_information(p: Floats) -> object:
    """Give the information content of the rarest outcome."""
    return np.max(-np.log(p[p > 0]))


def information_vector(p: Floats) -> object:
    """Give the information content of every outcome."""
    return -np.log(p)


def gini(p: Floats) -> object:
    """Give the Gini impurity, which has no logarithm."""
    return 1 - np.sum(p**2)


def binary_entropy_each(p: Floats) -> object:
    """Add the part of 1 - p, as for two outcomes."""
    return np.sum(_terms(p) + _terms(1 - p))


def perplexity(p: Floats) -> object:
    """Take e to the entropy."""
    return np.exp(np.sum(_terms(p)))


def expected_inverse(p: Floats) -> object:
    """Forget the logarithm: the expectation of 1/p."""
    return np.sum(p * (1 / p))


def log_outside_sum(p: Floats) -> object:
    """Take the logarithm after the sum instead of before it."""
    return -np.log(np.sum(p * p))


def log_one_plus_p(p: Floats) -> object:
    """Add 1 inside of the logarithm, so that it never sees a 0."""
    return -np.sum(p * np.log(p + 1))


def coarse_epsilon(p: Floats) -> object:
    """Add one hundredth inside of the logarithm."""
    return -np.sum(p * np.log(p + 0.01))


def adds_thousandth(p: Floats) -> object:
    """Add a thousandth inside of the logarithm."""
    return -np.sum(p * np.log(p + 1e-3))


def adds_ten_thousandth(p: Floats) -> object:
    """Add a ten-thousandth inside of the logarithm."""
    return -np.sum(p * np.log(p + 1e-4))


def clip_at_tenth(p: Floats) -> object:
    """Raise every probability to one tenth before the logarithm."""
    return -np.sum(p * np.log(np.clip(p, 0.1, 1)))


def normalised(p: Floats) -> object:
    """Divide by the largest entropy of so many outcomes."""
    return np.sum(_terms(p)) / np.log(len(p))


def always_uniform(p: Floats) -> object:
    """Give the entropy of equally likely outcomes."""
    return np.log(len(p))


def first_term_only(p: Floats) -> object:
    """Return inside of the loop."""
    return _terms(p)[0]


def last_term_only(p: Floats) -> object:
    """Overwrite the total in the loop."""
    return _terms(p)[-1]


def skips_first(p: Floats) -> object:
    """Begin the loop at 1."""
    return np.sum(_terms(p[1:]))


def skips_last(p: Floats) -> object:
    """End the loop one outcome too early."""
    return np.sum(_terms(p[:-1]))


def rounded(p: Floats) -> object:
    """Round to two decimals before returning."""
    return np.round(np.sum(_terms(p)), 2)


def nothing_returned(p: Floats) -> None:
    """Compute or print the answer, and return nothing."""
    np.sum(_terms(p))
