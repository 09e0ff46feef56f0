"""Known wrong answers to `euclidean_distance`, each as the student's own kernel would give it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def no_root(y_true: Floats, y_pred: Floats) -> object:
    """Leave out the root."""
    return np.sum((y_true - y_pred) ** 2)


def root_mean_square(y_true: Floats, y_pred: Floats) -> object:
    """Take the mean under the root."""
    return np.sqrt(np.mean((y_true - y_pred) ** 2))


def mean_squared_error(y_true: Floats, y_pred: Floats) -> object:
    """Compute the MSE, which the slide calls the distance."""
    return np.mean((y_true - y_pred) ** 2)


def manhattan(y_true: Floats, y_pred: Floats) -> object:
    """Add up absolute values, or take the root of every square before adding."""
    return np.sum(np.abs(y_true - y_pred))


def half_not_root(y_true: Floats, y_pred: Floats) -> object:
    """Write the exponent one half without parentheses, so that the power is 1 and the result is halved."""
    return np.sum((y_true - y_pred) ** 2) ** 1 / 2


def squares_the_sum(y_true: Floats, y_pred: Floats) -> object:
    """Add up before squaring: the root undoes the square."""
    return np.sqrt(np.sum(y_true - y_pred) ** 2)


def no_square(y_true: Floats, y_pred: Floats) -> object:
    """Take the root of the sum of the errors themselves."""
    return np.sqrt(np.sum(y_true - y_pred))


def no_square_pred_first(y_true: Floats, y_pred: Floats) -> object:
    """Take the root of the sum of the errors themselves, counted from the prediction."""
    return np.sqrt(np.sum(y_pred - y_true))


def difference_of_squares(y_true: Floats, y_pred: Floats) -> object:
    """Square each vector and subtract then."""
    return np.sqrt(np.sum(y_true**2 - y_pred**2))


def difference_of_squares_pred_first(y_true: Floats, y_pred: Floats) -> object:
    """Square each vector and subtract then, the expected one from the prediction."""
    return np.sqrt(np.sum(y_pred**2 - y_true**2))


def missing_parentheses(y_true: Floats, y_pred: Floats) -> object:
    """Leave out the parentheses, so that only the prediction is squared."""
    return np.sqrt(np.sum(y_true - y_pred**2))


def missing_parentheses_pred_first(y_true: Floats, y_pred: Floats) -> object:
    """Leave out the parentheses, so that only the expected vector is squared."""
    return np.sqrt(np.sum(y_pred - y_true**2))


def difference_of_lengths(y_true: Floats, y_pred: Floats) -> object:
    """Subtract the lengths of the two vectors."""
    return np.linalg.norm(y_true) - np.linalg.norm(y_pred)


def difference_of_lengths_unsigned(y_true: Floats, y_pred: Floats) -> object:
    """Subtract the lengths of the two vectors and drop the sign."""
    return abs(np.linalg.norm(y_true) - np.linalg.norm(y_pred))


def returns_every_distance(y_true: Floats, y_pred: Floats) -> object:
    """Take the root of every square and forget to add up."""
    return np.sqrt((y_true - y_pred) ** 2)


def distance_over_n(y_true: Floats, y_pred: Floats) -> object:
    """Divide the distance by the number of elements."""
    return np.sqrt(np.sum((y_true - y_pred) ** 2)) / len(y_true)


def mean_absolute_error(y_true: Floats, y_pred: Floats) -> object:
    """Take the mean of the absolute errors."""
    return np.mean(np.abs(y_true - y_pred))


def largest_error(y_true: Floats, y_pred: Floats) -> object:
    """Keep the largest absolute error only."""
    return np.max(np.abs(y_true - y_pred))


def root_twice(y_true: Floats, y_pred: Floats) -> object:
    """Take the root of what is the distance already."""
    return np.sqrt(np.linalg.norm(y_true - y_pred))


def squares_again(y_true: Floats, y_pred: Floats) -> object:
    """Square the sum in the place of taking its root."""
    return np.sum((y_true - y_pred) ** 2) ** 2


def half_distance(y_true: Floats, y_pred: Floats) -> object:
    """Put a factor of one half before the distance."""
    return 0.5 * np.sqrt(np.sum((y_true - y_pred) ** 2))


def first_two_only(y_true: Floats, y_pred: Floats) -> object:
    """Write out Pythagoras' theorem for a plane."""
    return np.sqrt((y_true[0] - y_pred[0]) ** 2 + (y_true[1] - y_pred[1]) ** 2)


def first_three_only(y_true: Floats, y_pred: Floats) -> object:
    """Count to 3, the length of the lecture's example."""
    return np.sqrt(sum((y_true[i] - y_pred[i]) ** 2 for i in range(3)))


def returns_in_the_loop(y_true: Floats, y_pred: Floats) -> object:
    """Indent the return so far that the loop ends in its first round."""
    return np.sqrt((y_true[0] - y_pred[0]) ** 2)


def overwrites_total(y_true: Floats, y_pred: Floats) -> object:
    """Assign to the total in each round and not add to it."""
    return np.sqrt((y_true[-1] - y_pred[-1]) ** 2)


def skips_the_last(y_true: Floats, y_pred: Floats) -> object:
    """End the loop one round too early."""
    return np.sqrt(np.sum((y_true[:-1] - y_pred[:-1]) ** 2))


def skips_the_first(y_true: Floats, y_pred: Floats) -> object:
    """Start counting at 1."""
    return np.sqrt(np.sum((y_true[1:] - y_pred[1:]) ** 2))


def root_in_the_loop(y_true: Floats, y_pred: Floats) -> object:
    """Indent the root so far that it is taken of the total in every round."""
    total = 0.0
    for expected, predicted in zip(y_true, y_pred, strict=True):
        total = float(np.sqrt(total + (expected - predicted) ** 2))
    return total


def standard_deviation(y_true: Floats, y_pred: Floats) -> object:
    """Take the standard deviation of the errors."""
    return np.std(y_true - y_pred)


def rounded_2(y_true: Floats, y_pred: Floats) -> object:
    """Round the result to 2 decimals."""
    return round(float(np.linalg.norm(y_true - y_pred)), 2)


def rounded_3(y_true: Floats, y_pred: Floats) -> object:
    """Round the result to 3 decimals."""
    return round(float(np.linalg.norm(y_true - y_pred)), 3)


def rounded_4(y_true: Floats, y_pred: Floats) -> object:
    """Round the result to 4 decimals."""
    return round(float(np.linalg.norm(y_true - y_pred)), 4)


def truncated_result(y_true: Floats, y_pred: Floats) -> object:
    """Turn the result into a whole number."""
    return int(np.linalg.norm(y_true - y_pred))


def truncated_prediction(y_true: Floats, y_pred: Floats) -> object:
    """Turn the prediction into whole numbers first."""
    return np.linalg.norm(y_true - y_pred.astype(int))


def adds_not_subtracts(y_true: Floats, y_pred: Floats) -> object:
    """Add the vectors in the place of subtracting them."""
    return np.linalg.norm(y_true + y_pred)


def adds_the_lengths(y_true: Floats, y_pred: Floats) -> object:
    """Put the two vectors themselves into Pythagoras' theorem, and not their difference."""
    return np.sqrt(np.sum(y_true**2 + y_pred**2))


def all_pairs(y_true: Floats, y_pred: Floats) -> object:
    """Put one loop into the other, so that every element meets every other."""
    return np.sqrt(sum((a - b) ** 2 for a in y_true for b in y_pred))


def length_of_the_prediction(y_true: Floats, y_pred: Floats) -> object:  # noqa: ARG001 (that is the mistake)
    """Measure the prediction's distance from the origin."""
    return np.linalg.norm(y_pred)


def cosine_distance(y_true: Floats, y_pred: Floats) -> object:
    """Compare directions in the place of places."""
    return 1 - np.dot(y_true, y_pred) / (np.linalg.norm(y_true) * np.linalg.norm(y_pred))


def xor_caret(y_true: Floats, y_pred: Floats) -> object:
    """Write ^ for a power, as in mathematics."""
    return np.sqrt(np.sum((y_true - y_pred) ^ 2))  # type: ignore[operator]


def negated(y_true: Floats, y_pred: Floats) -> object:
    """Put a minus sign before the root."""
    return -np.sqrt(np.sum((y_true - y_pred) ** 2))


def same_vector_twice(y_true: Floats, y_pred: Floats) -> object:  # noqa: ARG001 (that is the mistake)
    """Subtract a vector from itself."""
    return np.linalg.norm(y_true - y_true)


def prints_the_result(y_true: Floats, y_pred: Floats) -> object:  # noqa: ARG001 (nothing depends on them)
    """Print the result and return nothing."""
    return None
