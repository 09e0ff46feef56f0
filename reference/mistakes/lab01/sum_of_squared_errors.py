"""Known wrong answers to `sum_of_squared_errors`, each as the student's own kernel would give it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def mean_not_sum(y_true: Floats, y_pred: Floats) -> object:
    """Divide the sum by the number of elements."""
    return np.mean((y_true - y_pred) ** 2)


def root_at_the_end(y_true: Floats, y_pred: Floats) -> object:
    """Take the root of the sum."""
    return np.sqrt(np.sum((y_true - y_pred) ** 2))


def half_sum(y_true: Floats, y_pred: Floats) -> object:
    """Put a factor of one half before the sum."""
    return 0.5 * np.sum((y_true - y_pred) ** 2)


def no_square(y_true: Floats, y_pred: Floats) -> object:
    """Add up the errors themselves."""
    return np.sum(y_true - y_pred)


def no_square_pred_first(y_true: Floats, y_pred: Floats) -> object:
    """Add up the errors themselves, counted from the prediction."""
    return np.sum(y_pred - y_true)


def absolute_errors(y_true: Floats, y_pred: Floats) -> object:
    """Take absolute values in the place of squares."""
    return np.sum(np.abs(y_true - y_pred))


def squares_the_sum(y_true: Floats, y_pred: Floats) -> object:
    """Add up first and square the total."""
    return np.sum(y_true - y_pred) ** 2


def missing_parentheses(y_true: Floats, y_pred: Floats) -> object:
    """Leave out the parentheses, so that only the prediction is squared."""
    return np.sum(y_true - y_pred**2)


def missing_parentheses_pred_first(y_true: Floats, y_pred: Floats) -> object:
    """Leave out the parentheses, so that only the expected vector is squared."""
    return np.sum(y_pred - y_true**2)


def difference_of_squares(y_true: Floats, y_pred: Floats) -> object:
    """Square each vector and subtract then."""
    return np.sum(y_true**2 - y_pred**2)


def difference_of_squares_pred_first(y_true: Floats, y_pred: Floats) -> object:
    """Square each vector and subtract then, the expected one from the prediction."""
    return np.sum(y_pred**2 - y_true**2)


def doubles_not_squares(y_true: Floats, y_pred: Floats) -> object:
    """Multiply by 2 in the place of squaring."""
    return np.sum((y_true - y_pred) * 2)


def xor_caret(y_true: Floats, y_pred: Floats) -> object:
    """Write ^ for a power, as in mathematics."""
    return np.sum((y_true - y_pred) ^ 2)  # type: ignore[operator]


def returns_every_square(y_true: Floats, y_pred: Floats) -> object:
    """Forget to add up."""
    return (y_true - y_pred) ** 2


def first_three_only(y_true: Floats, y_pred: Floats) -> object:
    """Count to 3, the length of the lecture's example."""
    return sum((y_true[i] - y_pred[i]) ** 2 for i in range(3))


def returns_in_the_loop(y_true: Floats, y_pred: Floats) -> object:
    """Indent the return so far that the loop ends in its first round."""
    return (y_true[0] - y_pred[0]) ** 2


def overwrites_total(y_true: Floats, y_pred: Floats) -> object:
    """Assign to the total in each round and not add to it."""
    return (y_true[-1] - y_pred[-1]) ** 2


def skips_the_last(y_true: Floats, y_pred: Floats) -> object:
    """End the loop one round too early."""
    return np.sum((y_true[:-1] - y_pred[:-1]) ** 2)


def skips_the_first(y_true: Floats, y_pred: Floats) -> object:
    """Start counting at 1."""
    return np.sum((y_true[1:] - y_pred[1:]) ** 2)


def max_error(y_true: Floats, y_pred: Floats) -> object:
    """Keep the largest squared error only."""
    return np.max((y_true - y_pred) ** 2)


def squared_twice(y_true: Floats, y_pred: Floats) -> object:
    """Square the errors when they are made and once more when they are added up."""
    squares = (y_true - y_pred) ** 2
    return np.sum(squares**2)


def rounded_2(y_true: Floats, y_pred: Floats) -> object:
    """Round the result to 2 decimals."""
    return round(float(np.sum((y_true - y_pred) ** 2)), 2)


def rounded_3(y_true: Floats, y_pred: Floats) -> object:
    """Round the result to 3 decimals."""
    return round(float(np.sum((y_true - y_pred) ** 2)), 3)


def rounded_4(y_true: Floats, y_pred: Floats) -> object:
    """Round the result to 4 decimals."""
    return round(float(np.sum((y_true - y_pred) ** 2)), 4)


def truncated_result(y_true: Floats, y_pred: Floats) -> object:
    """Turn the result into a whole number."""
    return int(np.sum((y_true - y_pred) ** 2))


def truncated_prediction(y_true: Floats, y_pred: Floats) -> object:
    """Turn the prediction into whole numbers first."""
    return np.sum((y_true - y_pred.astype(int)) ** 2)


def truncated_vectors(y_true: Floats, y_pred: Floats) -> object:
    """Turn both vectors into whole numbers first."""
    return np.sum((y_true.astype(int) - y_pred.astype(int)) ** 2)


def adds_not_subtracts(y_true: Floats, y_pred: Floats) -> object:
    """Add the vectors in the place of subtracting them."""
    return np.sum((y_true + y_pred) ** 2)


def product_of_the_vectors(y_true: Floats, y_pred: Floats) -> object:
    """Multiply the two vectors with each other."""
    return np.dot(y_true, y_pred)


def all_pairs(y_true: Floats, y_pred: Floats) -> object:
    """Put one loop into the other, so that every element meets every other."""
    return sum((a - b) ** 2 for a in y_true for b in y_pred)


def negated(y_true: Floats, y_pred: Floats) -> object:
    """Put a minus sign before the sum, as cross-entropy has it."""
    return -np.sum((y_true - y_pred) ** 2)


def same_vector_twice(y_true: Floats, y_pred: Floats) -> object:  # noqa: ARG001 (that is the mistake)
    """Subtract a vector from itself."""
    return np.sum((y_true - y_true) ** 2)


def prints_the_result(y_true: Floats, y_pred: Floats) -> object:  # noqa: ARG001 (nothing depends on them)
    """Print the result and return nothing."""
    return None
