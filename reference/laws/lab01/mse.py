"""What every right `mse` obeys. `ask` calls the student's function."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

Floats: TypeAlias = npt.NDArray[np.float64]

SLACK = 1e-3
"""What float32 and its roundings may take away or add."""


def inputs() -> SearchStrategy[tuple[Floats, Floats]]:
    """Return two vectors or two matrices of simple numbers, sometimes equal: (y_true, y_pred)."""
    from hypothesis import strategies as st  # noqa: PLC0415 (only where laws are tried)
    from hypothesis.extra import numpy as hnp  # noqa: PLC0415 (same)

    numbers = st.sampled_from([0.0, 1.0, 2.0, 3.0, -1.0, -2.0, 0.5, -0.5, 1.5])

    def two_of(shape: tuple[int, ...]) -> SearchStrategy[tuple[Floats, Floats]]:
        one = hnp.arrays(np.float64, shape, elements=numbers)
        return st.tuples(one, one) | one.map(lambda vector: (vector, vector.copy()))

    return st.sampled_from([(1,), (2,), (3,), (2, 1), (1, 2), (3, 1), (1, 3)]).flatmap(two_of)


def one_number(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Expect one number."""
    expected, predicted = y_true.ravel(), y_pred.ravel()
    return ask(expected, predicted).size == 1


def equal_vectors_give_0(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Expect 0 for a prediction that is what was expected."""
    expected, predicted = y_true.ravel(), y_pred.ravel()
    return not np.array_equal(expected, predicted) or _near(ask(expected, predicted), 0)


def never_below_0(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Expect nothing below 0."""
    expected, predicted = y_true.ravel(), y_pred.ravel()
    return bool(np.all(ask(expected, predicted) >= -SLACK))


def one_error_is_squared(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Expect the square of the error for vectors of one element."""
    expected, predicted = y_true.ravel(), y_pred.ravel()
    return _near(ask(expected[:1], predicted[:1]), float(expected[0] - predicted[0]) ** 2)


def the_mean_of_its_elements(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Expect the mean of the answers for the single elements of a vector."""
    expected, predicted = y_true.ravel(), y_pred.ravel()
    singles = [ask(expected[i : i + 1], predicted[i : i + 1]) for i in range(len(expected))]
    return _near(ask(expected, predicted), float(np.mean(singles)))


def doubled_errors_count_four_times(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Expect 4 times as much for errors of twice the size."""
    expected, predicted = y_true.ravel(), y_pred.ravel()
    return _near(ask(expected, expected + 2 * (predicted - expected)), 4 * ask(expected, predicted))


def either_vector_may_be_first(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Expect the same for exchanged vectors."""
    expected, predicted = y_true.ravel(), y_pred.ravel()
    return _near(ask(expected, predicted), ask(predicted, expected))


def both_moved_alike(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Expect the same when 1 is added to every number."""
    expected, predicted = y_true.ravel(), y_pred.ravel()
    return _near(ask(expected + 1, predicted + 1), ask(expected, predicted))


def the_order_of_elements_does_not_matter(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Expect the same for both vectors reversed."""
    expected, predicted = y_true.ravel(), y_pred.ravel()
    return _near(ask(expected, predicted), ask(expected[::-1].copy(), predicted[::-1].copy()))


def the_mean_of_its_rows(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Expect the mean of the answers for the rows of a matrix."""
    if y_true.ndim == 1:
        return True
    rows = [ask(expected, predicted) for expected, predicted in zip(y_true, y_pred, strict=True)]
    whole = ask(y_true, y_pred)
    return whole.size == 1 and _near(whole, float(np.mean(rows)))


def _near(observed: Floats, expected: Floats | float) -> bool:
    return bool(np.allclose(observed, expected, rtol=SLACK, atol=SLACK))
