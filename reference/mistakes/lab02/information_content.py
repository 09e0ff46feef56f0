"""What students with a known mistake answer for the information content ln(1/p)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def log_p(p: float | Floats) -> object:
    """Take the logarithm of p instead of that of 1/p."""
    return np.log(p)


def log2(p: float | Floats) -> object:
    """Count in bits."""
    return np.log2(1 / p)


def log10(p: float | Floats) -> object:
    """Take the logarithm of base 10."""
    return np.log10(1 / p)


def entropy_term(p: float | Floats) -> object:
    """Weight the information by p, as inside of an entropy."""
    return -p * np.log(p)


def no_log(p: float | Floats) -> object:
    """Stop at 1/p."""
    return 1 / p


def one_minus_p(p: float | Floats) -> object:
    """Take rareness for 1 - p."""
    return 1 - p


def log_of_complement(p: float | Floats) -> object:
    """Take the information of the event that does not happen."""
    return -np.log(1 - p)


def log_one_plus_p(p: float | Floats) -> object:
    """Add 1 inside of the logarithm, by log1p or by hand."""
    return -np.log1p(p)


def log_one_plus_inverse(p: float | Floats) -> object:
    """Add 1 to 1/p inside of the logarithm."""
    return np.log1p(1 / p)


def adds_thousandth(p: float | Floats) -> object:
    """Add a thousandth inside of the logarithm."""
    return -np.log(p + 1e-3)


def adds_ten_thousandth(p: float | Floats) -> object:
    """Add a ten-thousandth inside of the logarithm."""
    return -np.log(p + 1e-4)


def inverse_of_log(p: float | Floats) -> object:
    """Take 1/ln(p) for ln(1/p)."""
    return 1 / np.log(p)


def inverse_of_log_guarded(p: float | Floats) -> object:
    """Take 1/ln(p), and 0 for a certain event, by a comparison that an array does not pass."""
    return 1 / np.log(p) if p < 1 else 0.0


def integer_division(p: float | Floats) -> object:
    """Divide with //."""
    return np.log(1 // p)


def rounded(p: float | Floats) -> object:
    """Round to two decimals before returning."""
    return np.round(np.log(1 / p), 2)


def math_log_on_array(p: float | Floats) -> object:
    """Use the standard library's logarithm, which takes one number."""
    return math.log(1 / p)


def array_summed(p: float | Floats) -> object:
    """Add up the information of all events of an array."""
    return np.sum(np.log(1 / p))


def array_averaged(p: float | Floats) -> object:
    """Average the information of all events of an array."""
    return np.mean(np.log(1 / p))


def array_as_entropy(p: float | Floats) -> object:
    """Take an array for a distribution, and give its entropy."""
    return np.log(1 / p) if np.ndim(p) == 0 else np.sum(p * np.log(1 / p))


def only_first(p: float | Floats) -> object:
    """Return inside of the loop over an array."""
    return np.log(1 / np.ravel(p)[0])


def only_last(p: float | Floats) -> object:
    """Overwrite the result in a loop over an array."""
    return np.log(1 / np.ravel(p)[-1])


def nothing_returned(p: float | Floats) -> None:
    """Compute or print the answer, and return nothing."""
    np.log(1 / p)
