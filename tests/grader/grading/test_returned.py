"""What came back and is no answer is told as what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.grading.returned import several_of
from grader.messages.format_values import NO_ANSWER
from grader.model import Returned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.records.record import CheckPart, Record

ENTROPY = "def entropy(p):\n    h = -np.sum(p * np.log(p))\n"
CASES: Mapping[str, tuple[str, str, str]] = {
    "pair": (ENTROPY + "    return h, -np.log(p)", "several_values", "returned 2 values; one is asked"),
    "numbers": (ENTROPY + "    return h, 2.0", "several_values", "returned 2 values; one is asked"),
    "triple": (ENTROPY + "    return h, 'nats', None", "several_values", "returned 3 values; one is asked"),
    "function": (
        ENTROPY + "    def inner():\n        return h\n    return inner",
        "returned_function",
        "not its result",
    ),
    "method": (ENTROPY + "    return np.log(p).sum", "returned_function", "not its result"),
    "lambda": ("entropy = lambda p: (lambda: 1.0)", "returned_function", "not its result"),
    "generator": (ENTROPY + "    return (x for x in p)", "returned_generator", "is a generator"),
    "yield": ("def entropy(p):\n    for x in p:\n        yield x", "returned_generator", "is a generator"),
    "map": (ENTROPY + "    return map(abs, p)", "returned_generator", "is a map"),
    "text": (ENTROPY + "    return f'{h:.4f}'", "returned_text", "the answer is text (str)"),
    "dict": (ENTROPY + "    return {'entropy': h}", "returned_collection", "is a dict"),
    "async": ("async " + ENTROPY + "    return h", "returned_coroutine", "declared with async"),
    "list": (ENTROPY + "    return [h, p]", "returned_ragged", "whose parts have different shapes"),
    "infinite": ("def entropy(p):\n    return -np.sum(np.log(p * 0))", "always_infinite", "every answer is inf"),
    "nan": ("def entropy(p):\n    return np.sum(p) * np.nan", "always_infinite", "every answer is nan"),
    "constant": ("def entropy(p):\n    return 1.0114", "same_number", "every input gives the same number, 1.0114"),
    "zero": ("def entropy(p):\n    h = 0\n    return h", "same_number", "every input gives the same number, 0"),
}


@pytest.fixture(scope="module")
def records(graded_class: Callable[..., Mapping[str, Record]]) -> Mapping[str, Record]:
    return graded_class({name: [source] for name, (source, _, _) in CASES.items()})


@pytest.mark.kernel
@pytest.mark.parametrize("name", CASES)
def test_what_is_no_answer_is_told_as_what_it_is(
    records: Mapping[str, Record], check_of: Callable[[Record, str], CheckPart], name: str
) -> None:
    _, mistake, told = CASES[name]
    check = check_of(records[name], "entropy")
    assert check.because is not None
    assert check.mistake == mistake
    assert told in check.because.en
    assert "typed in" not in check.because.en, "nobody is accused"
    assert check.hint is not None
    assert check.evidence is not None
    is_of_the_formula = mistake in {"always_infinite", "same_number", "returned_ragged"}
    assert (check.evidence.expected != NO_ANSWER) == is_of_the_formula, (
        "an expected value leads away from another cause"
    )


@pytest.mark.parametrize(
    ("answer", "values", "expected", "is_several"),
    [
        ([1.0, 2.0], 2, (), True),
        ([1.0, 2.0], None, (), False),
        ([1.0, 2.0], 2, (2,), False),
        ([1.0, 2.0], 2, (3,), False),
        ([[1.0, 2.0, 3.0]] * 2, 2, (3,), True),
        ([[1.0, 2.0]] * 2, 2, (2, 3), False),
    ],
)
def test_a_tuple_is_several_values_where_each_could_be_the_answer(
    answer: object, values: int | None, expected: tuple[int, ...], *, is_several: bool
) -> None:
    seen = Returned(np.asarray(answer), "float64", values)
    assert (several_of(seen, expected) is not None) == is_several
