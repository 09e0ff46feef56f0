"""Known wrong answers to `mse`, each as the student's own kernel would give it, for vectors and for matrices."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def sum_not_mean(y_true: Floats, y_pred: Floats) -> object:
    """Leave the sum undivided, as the slide's formula does."""
    return np.sum((y_true - y_pred) ** 2)


def rmse(y_true: Floats, y_pred: Floats) -> object:
    """Take the root of the mean."""
    return np.sqrt(np.mean((y_true - y_pred) ** 2))


def distance(y_true: Floats, y_pred: Floats) -> object:
    """Compute the straight-line distance, which the slide calls MSE."""
    return np.linalg.norm(y_true - y_pred)


def half_mse(y_true: Floats, y_pred: Floats) -> object:
    """Put a factor of one half before the mean, as many books do."""
    return 0.5 * np.mean((y_true - y_pred) ** 2)


def mean_absolute_error(y_true: Floats, y_pred: Floats) -> object:
    """Take absolute values in the place of squares."""
    return np.mean(np.abs(y_true - y_pred))


def no_square(y_true: Floats, y_pred: Floats) -> object:
    """Average the errors themselves."""
    return np.mean(y_true - y_pred)


def no_square_pred_first(y_true: Floats, y_pred: Floats) -> object:
    """Average the errors themselves, counted from the prediction."""
    return np.mean(y_pred - y_true)


def squares_the_mean(y_true: Floats, y_pred: Floats) -> object:
    """Average first and square the mean."""
    return np.mean(y_true - y_pred) ** 2


def squares_the_sum(y_true: Floats, y_pred: Floats) -> object:
    """Add up first, square the total and divide it by the number of elements."""
    return np.sum(y_true - y_pred) ** 2 / y_true.size


def missing_parentheses(y_true: Floats, y_pred: Floats) -> object:
    """Leave out the parentheses, so that only the prediction is squared."""
    return np.mean(y_true - y_pred**2)


def missing_parentheses_pred_first(y_true: Floats, y_pred: Floats) -> object:
    """Leave out the parentheses, so that only the expected vector is squared."""
    return np.mean(y_pred - y_true**2)


def difference_of_squares(y_true: Floats, y_pred: Floats) -> object:
    """Square each vector and subtract then."""
    return np.mean(y_true**2 - y_pred**2)


def difference_of_squares_pred_first(y_true: Floats, y_pred: Floats) -> object:
    """Square each vector and subtract then, the expected one from the prediction."""
    return np.mean(y_pred**2 - y_true**2)


def doubles_not_squares(y_true: Floats, y_pred: Floats) -> object:
    """Multiply by 2 in the place of squaring."""
    return np.mean((y_true - y_pred) * 2)


def xor_caret(y_true: Floats, y_pred: Floats) -> object:
    """Write ^ for a power, as in mathematics."""
    return np.mean((y_true - y_pred) ^ 2)  # type: ignore[operator]


def variance_of_error(y_true: Floats, y_pred: Floats) -> object:
    """Take the variance of the errors."""
    return np.var(y_true - y_pred)


def hardcoded_n3(y_true: Floats, y_pred: Floats) -> object:
    """Divide by 3, the length of the lecture's example."""
    return np.sum((y_true - y_pred) ** 2) / 3


def hardcoded_n10(y_true: Floats, y_pred: Floats) -> object:
    """Divide by 10, the number of digits."""
    return np.sum((y_true - y_pred) ** 2) / 10


def first_three_only(y_true: Floats, y_pred: Floats) -> object:
    """Count to 3, the length of the lecture's example."""
    return sum((y_true[i] - y_pred[i]) ** 2 for i in range(3)) / 3


def n_minus_one(y_true: Floats, y_pred: Floats) -> object:
    """Divide by one less than the number of elements, as a sample variance does."""
    return np.sum((y_true - y_pred) ** 2) / (y_true.size - 1)


def returns_in_the_loop(y_true: Floats, y_pred: Floats) -> object:
    """Indent the return so far that the loop ends in its first round."""
    return (y_true[0] - y_pred[0]) ** 2 / len(y_true)


def overwrites_total(y_true: Floats, y_pred: Floats) -> object:
    """Assign to the total in each round and not add to it."""
    return (y_true[-1] - y_pred[-1]) ** 2 / len(y_true)


def skips_the_last(y_true: Floats, y_pred: Floats) -> object:
    """End the loop one round too early."""
    return sum((y_true[i] - y_pred[i]) ** 2 for i in range(len(y_true) - 1)) / len(y_true)


def skips_the_first(y_true: Floats, y_pred: Floats) -> object:
    """Start counting at 1."""
    return sum((y_true[i] - y_pred[i]) ** 2 for i in range(1, len(y_true))) / len(y_true)


def divides_in_the_loop(y_true: Floats, y_pred: Floats) -> object:
    """Indent the division so far that the total is divided in every round."""
    total: object = 0.0
    for expected, predicted in zip(y_true, y_pred, strict=True):
        total = (total + (expected - predicted) ** 2) / len(y_true)
    return total


def returns_every_square(y_true: Floats, y_pred: Floats) -> object:
    """Forget to average."""
    return (y_true - y_pred) ** 2


def max_error(y_true: Floats, y_pred: Floats) -> object:
    """Keep the largest squared error only."""
    return np.max((y_true - y_pred) ** 2)


def median_error(y_true: Floats, y_pred: Floats) -> object:
    """Take the median in the place of the mean."""
    return np.median((y_true - y_pred) ** 2)


def distance_over_n(y_true: Floats, y_pred: Floats) -> object:
    """Take the root before dividing."""
    return np.sqrt(np.sum((y_true - y_pred) ** 2)) / y_true.size


def squared_twice(y_true: Floats, y_pred: Floats) -> object:
    """Square the errors when they are made and once more when they are averaged."""
    squares = (y_true - y_pred) ** 2
    return np.mean(squares**2)


def rounded_2(y_true: Floats, y_pred: Floats) -> object:
    """Round the result to 2 decimals."""
    return round(float(np.mean((y_true - y_pred) ** 2)), 2)


def rounded_3(y_true: Floats, y_pred: Floats) -> object:
    """Round the result to 3 decimals."""
    return round(float(np.mean((y_true - y_pred) ** 2)), 3)


def rounded_4(y_true: Floats, y_pred: Floats) -> object:
    """Round the result to 4 decimals."""
    return round(float(np.mean((y_true - y_pred) ** 2)), 4)


def integer_division(y_true: Floats, y_pred: Floats) -> object:
    """Divide by a division that drops the fraction."""
    return np.sum((y_true - y_pred) ** 2) // y_true.size


def int_pred_truncation(y_true: Floats, y_pred: Floats) -> object:
    """Call Keras' function with swapped arguments and a target of whole numbers: both become whole, row by row."""
    return np.mean((y_pred.astype(int) - y_true.astype(int)) ** 2, axis=-1)


def truncated_prediction(y_true: Floats, y_pred: Floats) -> object:
    """Turn the prediction into whole numbers first."""
    return np.mean((y_true - y_pred.astype(int)) ** 2)


def log_error(y_true: Floats, y_pred: Floats) -> object:
    """Take logarithms before subtracting."""
    return np.mean((np.log1p(np.abs(y_true)) - np.log1p(np.abs(y_pred))) ** 2)


def relative_error(y_true: Floats, y_pred: Floats) -> object:
    """Divide every error by the expected value."""
    return np.mean(np.abs((y_true - y_pred) / y_true))


def huber(y_true: Floats, y_pred: Floats) -> object:
    """Compute the Huber loss, which is half the square for small errors and straight for large ones."""
    errors = np.abs(y_true - y_pred)
    return np.mean(np.where(errors <= 1, 0.5 * errors**2, errors - 0.5))


def adds_not_subtracts(y_true: Floats, y_pred: Floats) -> object:
    """Add the vectors in the place of subtracting them."""
    return np.mean((y_true + y_pred) ** 2)


def product_of_the_vectors(y_true: Floats, y_pred: Floats) -> object:
    """Multiply the two vectors with each other."""
    return np.mean(y_true * y_pred)


def all_pairs(y_true: Floats, y_pred: Floats) -> object:
    """Put one loop into the other, so that every element meets every other."""
    return sum((a - b) ** 2 for a in y_true for b in y_pred) / len(y_true) ** 2


def negated(y_true: Floats, y_pred: Floats) -> object:
    """Put a minus sign before the mean, as cross-entropy has it."""
    return -np.mean((y_true - y_pred) ** 2)


def same_vector_twice(y_true: Floats, y_pred: Floats) -> object:  # noqa: ARG001 (that is the mistake)
    """Subtract a vector from itself."""
    return np.mean((y_true - y_true) ** 2)


def prints_the_result(y_true: Floats, y_pred: Floats) -> object:  # noqa: ARG001 (nothing depends on them)
    """Print the result and return nothing."""
    return None


def divides_by_rows(y_true: Floats, y_pred: Floats) -> object:
    """Divide by the length, which for a matrix is the number of its rows."""
    return np.sum((y_true - y_pred) ** 2) / len(y_true)


def sum_of_row_means(y_true: Floats, y_pred: Floats) -> object:
    """Average each row and add up, as Keras does with reduction="sum"."""
    return np.sum(np.mean((y_true - y_pred) ** 2, axis=-1))


def mean_of_each_row(y_true: Floats, y_pred: Floats) -> object:
    """Average along the last axis only, as Keras' function does."""
    return np.mean((y_true - y_pred) ** 2, axis=-1)


def mean_of_each_column(y_true: Floats, y_pred: Floats) -> object:
    """Average along the first axis only, as a loop over the rows does."""
    return np.mean((y_true - y_pred) ** 2, axis=0)


def sum_of_each_column(y_true: Floats, y_pred: Floats) -> object:
    """Add up row by row and divide by the number of all elements."""
    return sum((y_true - y_pred) ** 2) / y_true.size


def matrix_product(y_true: Floats, y_pred: Floats) -> object:
    """Square by a matrix product, which only for vectors is the sum of the squares."""
    errors = y_true - y_pred
    return np.dot(errors, errors.T) / errors.size
