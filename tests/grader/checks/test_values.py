"""The kinds that judge any value, or an exception: what agrees, what does not, and what each promises of every kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given

from grader import checks
from grader.checks import exact, printed, raises, same_set, unchanged
from grader.model import Agrees, Differs, Raised, Returned, Structured, Value
from grader.registry import module_in, names_in
from tests.grader.wire.test_plain import VALUES

if TYPE_CHECKING:
    from types import ModuleType

KINDS = tuple(name for name in names_in(checks) if hasattr(module_in(checks, name), "COUNTS"))
ERROR = Raised("ValueError", "n is negative", bases=("Exception", "BaseException", "object"))
OPTIONS: dict[str, dict[str, Any]] = {"choice": {"choices": {"A": None, "B": None}}, "raises": {"message": "negative"}}
EXPECTED: dict[str, Any] = {
    "choice": Structured("A"),
    "exact": Structured({"a": [1, 2.5, "x"]}),
    "printed": Structured("mean: 2.33 of 3"),
    "raises": ERROR,
    "same_set": Structured([3, 1, 2]),
    "unchanged": Structured((np.arange(3.0), [1, 2])),
}


def seen(value: Any) -> Structured | Raised:  # noqa: ANN401 (any value, or an observation)
    """Return a value as it is observed."""
    return value if isinstance(value, Structured | Raised) else Structured(value)


def judge(kind: ModuleType, observed: object, expected: object, **options: object) -> object:
    """Judge two values, or two observations."""
    return kind.judge(seen(observed), seen(expected), **options)


def agrees(kind: ModuleType, observed: object, expected: object, **options: object) -> bool:
    """Say whether an answer agrees."""
    return isinstance(judge(kind, observed, expected, **options), Agrees)


@pytest.mark.parametrize("name", KINDS)
def test_the_expected_answer_agrees_and_every_impostor_is_refused_in_both_languages(name: str) -> None:
    kind, expected, options = module_in(checks, name), EXPECTED[name], OPTIONS.get(name, {})
    assert isinstance(kind.judge(expected, expected, **options), Agrees)
    named = list(kind.impostors(expected, **options))
    assert len(named) >= 2
    assert len({impostor for impostor, _ in named}) == len(named)
    for impostor, wrong in named:
        judgement = kind.judge(wrong, expected, **options)
        assert isinstance(judgement, Differs), impostor
        for told in (judgement.because, judgement.hidden or judgement.because):
            assert told.zh_tw != told.en, impostor


@given(value=VALUES)
def test_every_value_is_exactly_itself(value: Value) -> None:
    assert agrees(exact, value, value)


@pytest.mark.parametrize(("observed", "expected"), [(2, 2.0), ([1], (1,)), ("a", "a "), (0.1 + 0.2, 0.3), (1, True)])
def test_exactly_is_exactly(observed: Value, expected: Value) -> None:
    assert not agrees(exact, observed, expected)


# In any order -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "observed", [[1, 2, 3], (2, 3, 1), frozenset({1, 2, 3}), np.array([3, 2, 1]), [1.0, 2.0, 3.0000001]], ids=repr
)
def test_the_same_values_agree_in_any_order_and_container(observed: Value) -> None:
    assert agrees(same_set, observed, [3, 1, 2])


@pytest.mark.parametrize("observed", [[1, 2], [1, 2, 2], [1, 2, 3, 3], [1, 2, 4], 3, "123", {"1": 1}, None], ids=repr)
def test_a_value_missing_too_many_or_of_another_kind_loses(observed: Value) -> None:
    assert not agrees(same_set, observed, [3, 1, 2])


# Text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "observed",
    ["mean: 2.33 of 3", "mean 2.33  of\n3\n", "mean: 2.3333333 of 3", "mean = 2.33, of (3)", "mean: 2.33 of 3.0"],
)
def test_a_text_says_the_same_with_other_blanks_marks_and_digits(observed: str) -> None:
    assert agrees(printed, observed, "mean: 2.33 of 3")


@pytest.mark.parametrize(
    "observed",
    ["Mean: 2.33 of 3", "mean: 2.34 of 3", "mean: 2.33", "mean: 2.33 of 3 s", "2.33 mean: of 3", "mean: 2.33 of 4", ""],
)
def test_another_word_number_or_order_loses(observed: str) -> None:
    assert not agrees(printed, observed, "mean: 2.33 of 3")


def test_case_and_punctuation_count_as_the_rubric_says() -> None:
    assert agrees(printed, "MEAN: 1", "mean: 1", case=False)
    assert not agrees(printed, "mean 1", "mean: 1", punctuation=True)


@pytest.mark.parametrize("observed", [3, None, ["mean"], b"mean"])
def test_what_is_no_text_is_told_as_what_it_is(observed: Value) -> None:
    judgement = judge(printed, observed, "mean")
    assert isinstance(judgement, Differs)
    assert "expected a text" in judgement.because.en


def test_a_text_in_chinese_is_told_word_by_word() -> None:
    assert agrees(printed, "平均 2.5 公斤", "平均: 2.5 公斤")
    assert not agrees(printed, "平均 2.5 公分", "平均: 2.5 公斤")


# Arguments --------------------------------------------------------------------------------------------------------


def test_a_changed_argument_is_told_by_its_place_alone() -> None:
    before = (np.arange(3.0), [1, 2])
    judgement = judge(unchanged, (np.arange(3.0), [1, 2, 3]), before)
    assert isinstance(judgement, Differs)
    assert judgement.because.en == "the call changes its argument 2"
    assert judgement.hidden == judgement.because


# Exceptions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("observed", "message", "right"),
    [
        (ERROR, "", True),
        (ERROR, "NEGATIVE", True),
        (replace(ERROR, message="no"), "", True),
        (replace(ERROR, message="no"), "negative", False),
        (replace(ERROR, kind="MyError", bases=("ValueError", "Exception")), "", True),
        (replace(ERROR, kind="TypeError"), "", False),
        (replace(ERROR, kind="Exception", bases=("BaseException",)), "", False),
    ],
)
def test_an_exception_of_the_type_or_a_subclass_agrees(observed: Raised, message: str, *, right: bool) -> None:
    assert agrees(raises, observed, ERROR, message=message) is right


@pytest.mark.parametrize("observed", [Structured(None), Structured(-1), Returned(np.zeros(()), "float64")])
def test_a_value_in_the_place_of_an_exception_loses(observed: Structured | Returned) -> None:
    judgement = raises.judge(observed, ERROR)
    assert isinstance(judgement, Differs)
    assert "ValueError is to be raised" in judgement.because.en
    assert judgement.hidden is not None
    assert "ValueError" not in judgement.hidden.en
