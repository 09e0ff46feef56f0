"""What every right one_hot obeys. `ask` calls the student's function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

Floats = npt.NDArray[np.float64]


def inputs() -> SearchStrategy[tuple[int, int]]:
    """Return one label among 2 to 6 classes: (labels, num_classes)."""
    from hypothesis import strategies as st  # noqa: PLC0415 (only where laws are tried)

    return st.integers(2, 6).flatmap(lambda classes: st.tuples(st.integers(0, classes - 1), st.just(classes)))


def as_long_as_there_are_classes(ask: Callable[..., Floats], labels: int, num_classes: int) -> bool:
    """Expect a vector of one number per class for one label."""
    return ask(labels, num_classes).shape == (num_classes,)


def adds_up_to_1(ask: Callable[..., Floats], labels: int, num_classes: int) -> bool:
    """Expect a distribution."""
    return bool(abs(np.sum(ask(labels, num_classes)) - 1) <= 1e-3)  # noqa: PLR2004 (a tolerance)


def only_zeros_and_ones(ask: Callable[..., Floats], labels: int, num_classes: int) -> bool:
    """Expect nothing but 0 and 1."""
    answer = ask(labels, num_classes)
    return bool(np.all((np.abs(answer) <= 1e-3) | (np.abs(answer - 1) <= 1e-3)))  # noqa: PLR2004 (same)


def largest_at_the_label(ask: Callable[..., Floats], labels: int, num_classes: int) -> bool:
    """Expect the largest number at the label's place alone."""
    answer = ask(labels, num_classes).ravel()
    return bool(answer.size > labels and answer[labels] == np.max(answer) and np.sum(answer == answer[labels]) == 1)


def a_label_has_a_row_of_its_own(ask: Callable[..., Floats], labels: int, num_classes: int) -> bool:
    """Expect each row of a batch to be what its label gets alone."""
    other = (labels + 1) % num_classes
    rows = ask(np.array([labels, other, labels]), num_classes)
    alone = [ask(label, num_classes) for label in (labels, other, labels)]
    if rows.shape != (3, num_classes) or any(one.shape != (num_classes,) for one in alone):
        return False
    return bool(np.allclose(rows, alone, atol=1e-3))
