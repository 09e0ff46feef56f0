"""What students with a known mistake answer for the softmax of a vector, or of each row of a matrix."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def _powers(z: Floats) -> Floats:
    """Return e^z, less the largest exponent of each row."""
    powers: Floats = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return powers


def _totals(powers: Floats) -> Floats:
    totals: Floats = np.sum(powers, axis=-1, keepdims=True)
    return totals


def _softmax(z: Floats) -> Floats:
    """Return the right answer."""
    powers = _powers(z)
    return powers / _totals(powers)


def no_shift(z: Floats) -> object:
    """Take the formula as it stands: e^1000 is infinite and e^-1000 is 0."""
    return np.exp(z) / _totals(np.exp(z))


def math_exp_overflow(z: Floats) -> object:
    """Take the formula as it stands with the standard library's exponential, which refuses 1000."""
    if z.ndim > 1:
        return [math_exp_overflow(row) for row in z]
    powers = [math.exp(each) for each in z]
    return [power / sum(powers) for power in powers]


def clipped_inputs(z: Floats) -> object:
    """Cut the inputs off at some hundred, so that large ones become equal."""
    return _softmax(np.clip(z, -500, 500))


def epsilon_in_denominator(z: Floats) -> object:
    """Add a tiny number to the denominator against the division by 0."""
    return np.exp(z) / (_totals(np.exp(z)) + 1e-7)


def nan_made_zero(z: Floats) -> object:
    """Replace NaN by 0 at the end."""
    return np.nan_to_num(np.exp(z) / _totals(np.exp(z)))


def shift_by_mean(z: Floats) -> object:
    """Subtract the mean instead of the largest number."""
    powers = np.exp(z - np.mean(z, axis=-1, keepdims=True))
    return powers / _totals(powers)


def shift_by_smallest(z: Floats) -> object:
    """Subtract the smallest number instead of the largest one."""
    powers = np.exp(z - np.min(z, axis=-1, keepdims=True))
    return powers / _totals(powers)


def shift_by_size(z: Floats) -> object:
    """Subtract the largest absolute value instead of the largest number."""
    powers = np.exp(z - np.max(np.abs(z), axis=-1, keepdims=True))
    return powers / _totals(powers)


def whole_matrix_total(z: Floats) -> object:
    """Divide by the total of the whole matrix."""
    powers = np.exp(z - np.max(z))
    return powers / np.sum(powers)


def axis0_on_batch(z: Floats) -> object:
    """Add up along the columns."""
    powers = np.exp(z - np.max(z))
    return powers / np.sum(powers, axis=0)


def totals_lose_axis(z: Floats) -> object:
    """Divide a matrix by a vector of row totals, which do not fit together."""
    powers = np.exp(z - np.max(z))
    return powers / np.sum(powers, axis=-1)


def builtin_max_on_matrix(z: Floats) -> object:
    """Look for the largest number with Python's max, which cannot compare rows."""
    powers = np.exp(z - max(z))
    return powers / np.sum(powers)


def math_exp_on_rows(z: Floats) -> object:
    """Loop over numbers with the standard library's exponential; in a matrix these are rows."""
    largest = np.max(z)
    powers = [math.exp(each - largest) for each in z]
    return [power / sum(powers) for power in powers]


def first_row_only(z: Floats) -> object:
    """Return inside of the loop over the rows."""
    return _softmax(z) if z.ndim == 1 else _softmax(z)[0]


def rows_in_one_list(z: Floats) -> object:
    """Append the numbers of all rows to a single list."""
    return _softmax(z).ravel()


def transposed_batch(z: Floats) -> object:
    """Turn the matrix over, and not back again."""
    return _softmax(z).T


def axis1_on_vector(z: Floats) -> object:
    """Add up along axis 1, which a vector does not have."""
    powers = np.exp(z - np.max(z, axis=1, keepdims=True))
    return powers / np.sum(powers, axis=1, keepdims=True)


def slide_index_typo(z: Floats) -> object:
    """Read the slide's denominator literally: K times e^z_j."""
    return np.exp(z) / (z.shape[-1] * np.exp(z))


def no_division(z: Floats) -> object:
    """Stop at the exponentials."""
    return np.exp(z)


def largest_is_1(z: Floats) -> object:
    """Divide by the largest exponential, or subtract the largest number and forget the division."""
    return _powers(z)


def no_exp(z: Floats) -> object:
    """Divide the inputs by their sum, without exponentials."""
    return z / _totals(z)


def raw_sum_in_denominator(z: Floats) -> object:
    """Divide the exponentials by the sum of the inputs."""
    return np.exp(z) / _totals(z)


def exp_of_sum(z: Floats) -> object:
    """Divide by the exponential of the sum."""
    return np.exp(z) / np.exp(_totals(z))


def shift_in_numerator_only(z: Floats) -> object:
    """Subtract the largest number in the numerator and not in the denominator."""
    return _powers(z) / _totals(np.exp(z))


def divide_by_n(z: Floats) -> object:
    """Divide by the number of inputs."""
    return np.exp(z) / len(z)


def mean_in_denominator(z: Floats) -> object:
    """Divide by the mean of the exponentials."""
    powers = _powers(z)
    return powers / np.mean(powers, axis=-1, keepdims=True)


def unit_length(z: Floats) -> object:
    """Divide by the length of the vector of exponentials."""
    powers = _powers(z)
    return powers / np.sqrt(_totals(powers**2))


def others_in_denominator(z: Floats) -> object:
    """Leave the own exponential out of the denominator."""
    powers = _powers(z)
    return powers / (_totals(powers) - powers)


def running_denominator(z: Floats) -> object:
    """Divide inside of the loop that adds up the denominator."""
    powers = np.exp(z)
    return powers / np.cumsum(powers, axis=-1)


def last_in_denominator(z: Floats) -> object:
    """Overwrite the denominator in the loop."""
    powers = np.exp(z)
    return powers / powers[..., -1:]


def denominator_without_last(z: Floats) -> object:
    """End the loop of the denominator one number too early."""
    powers = np.exp(z)
    return powers / _totals(powers[..., :-1])


def sigmoid(z: Floats) -> object:
    """Take every number alone."""
    return 1 / (1 + np.exp(-z))


def twice(z: Floats) -> object:
    """Apply softmax to the softmax."""
    return _softmax(_softmax(z))


def integer_input(z: Floats) -> object:
    """Turn the inputs into whole numbers first."""
    return _softmax(z.astype(int))


def min_max_scaled(z: Floats) -> object:
    """Stretch the inputs to the range from 0 to 1."""
    smallest, largest = np.min(z, axis=-1, keepdims=True), np.max(z, axis=-1, keepdims=True)
    return (z - smallest) / (largest - smallest)


def log_softmax(z: Floats) -> object:
    """Give the logarithms of the probabilities."""
    return np.log(_softmax(z))


def base_2(z: Floats) -> object:
    """Take powers of 2."""
    return _softmax(z * np.log(2))


def base_10(z: Floats) -> object:
    """Take powers of 10."""
    return _softmax(z * np.log(10))


def negated_input(z: Floats) -> object:
    """Take e^-z."""
    return _softmax(-z)


def abs_input(z: Floats) -> object:
    """Lose the sign of the inputs."""
    return _softmax(np.abs(z))


def scaled_by_largest(z: Floats) -> object:
    """Divide the inputs by the largest one instead of subtracting it."""
    return _softmax(z / np.max(z, axis=-1, keepdims=True))


def hardmax(z: Floats) -> object:
    """Give 1 to the largest input and 0 to the others."""
    return np.eye(z.shape[-1])[np.argmax(z, axis=-1)]


def argmax_index(z: Floats) -> object:
    """Give the place of the largest input."""
    return np.argmax(z)


def largest_only(z: Floats) -> object:
    """Give the largest probability alone."""
    return np.max(_softmax(z), axis=-1)


def first_only(z: Floats) -> object:
    """Return inside of the loop."""
    return _softmax(z)[0]


def rounded(z: Floats) -> object:
    """Round to two decimals, as the slide does."""
    return np.round(_softmax(z), 2)


def rounded_3(z: Floats) -> object:
    """Round to three decimals, as the lecture's 5-3 does."""
    return np.round(_softmax(z), 3)


def rounded_4(z: Floats) -> object:
    """Round to four decimals before returning."""
    return np.round(_softmax(z), 4)


def in_percent(z: Floats) -> object:
    """Give percent."""
    return 100 * _softmax(z)


def integer_result(z: Floats) -> object:
    """Store the answer in an array of whole numbers."""
    return _softmax(z).astype(int)


def nothing_returned(z: Floats) -> None:
    """Compute or print the answer, and return nothing."""
    _softmax(z)
