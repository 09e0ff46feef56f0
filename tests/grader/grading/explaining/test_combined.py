"""Every combination of the usual slips is named, part by part, from the answers alone."""

from __future__ import annotations

import itertools
import math
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.course.folder import Course
from grader.course.lab import Lab, load_lab
from grader.grading.explaining.combined import combined_mistake
from grader.grading.judging import Answer
from grader.grading.make_key import make_key
from grader.messages.sentences import say
from grader.model import Differs, Raised, Returned

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.grading.key import Key

ROOT = Path(__file__).resolve().parents[4]
SIGNS = (None, "sign")
BASES = (None, "log2", "log10")
REDUCTIONS = (None, "mean_not_sum")
FACTORS = (None, "half", "double")
ROLES = (None, "swapped_arguments")
COMBINATIONS = [
    tuple(part for part in parts if part is not None)
    for parts in itertools.product(ROLES, SIGNS, BASES, REDUCTIONS, FACTORS)
    if any(parts)
]


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Return the cross-entropy lab."""
    return load_lab(Course(ROOT), "lab02")


def cross_entropy_with(parts: tuple[str, ...]) -> Callable[[Any, Any], Any]:
    """Return a cross-entropy as a student writes it who makes these slips at once."""
    log = np.log2 if "log2" in parts else np.log10 if "log10" in parts else np.log
    factor = (1.0 if "sign" in parts else -1.0) * (0.5 if "half" in parts else 2.0 if "double" in parts else 1.0)

    def cross_entropy(y_true: Any, y_pred: Any) -> Any:  # noqa: ANN401 (a student's function)
        if "swapped_arguments" in parts:
            y_true, y_pred = y_pred, y_true
        terms = y_true * log(y_pred)
        if "mean_not_sum" in parts:
            return factor * np.mean(terms)
        return factor * np.mean(np.sum(terms, axis=-1))

    return cross_entropy


@cache
def _key() -> Key:
    return make_key(load_lab(Course(ROOT), "lab02"), 1)


def answers(task: str, check: str, function: Callable[..., Any]) -> tuple[Answer, ...]:
    """Return what a check's questions get from a function."""
    asked = [one for one in _key().asked if (one.question.task, one.question.check) == (task, check)]
    values = [np.asarray(function(*one.question.arguments)) for one in asked]
    return tuple(
        Answer(one, Returned(value, "float64"), Differs(say("not written yet")))
        for one, value in zip(asked, values, strict=True)
    )


@pytest.mark.parametrize("check", ["values", "batch"])
@pytest.mark.parametrize("parts", COMBINATIONS, ids="+".join)
def test_every_combination_for_the_cross_entropy_is_named_with_all_its_parts(
    lab: Lab, parts: tuple[str, ...], check: str
) -> None:
    seen = answers("cross_entropy", check, cross_entropy_with(parts))
    explanation = combined_mistake(lab.oracle("cross_entropy"), seen)
    assert explanation is not None
    assert set(explanation.name.split("+")) == set(parts)


def test_every_part_is_told_in_both_languages(lab: Lab) -> None:
    parts = ("swapped_arguments", "sign", "log2", "mean_not_sum", "half")
    seen = answers("cross_entropy", "values", cross_entropy_with(parts))
    explanation = combined_mistake(lab.oracle("cross_entropy"), seen)
    assert explanation is not None
    for part in ("each other's role", "sign is reversed", "base 2", "a mean where a sum", "half"):
        assert part in explanation.because.en
    for part in ("角色對調", "正負號", "以 2 為底", "取了平均", "一半"):
        assert part in explanation.because.zh_tw


def test_a_sum_where_a_mean_is_asked_is_named_for_a_batch(lab: Lab) -> None:
    seen = answers("cross_entropy", "batch", lambda y, p: -np.sum(y * np.log(p)))
    explanation = combined_mistake(lab.oracle("cross_entropy"), seen)
    assert explanation is not None
    assert explanation.name == "sum_not_mean"


def test_a_constant_factor_that_is_no_usual_one_is_named_without_its_number_as_some_questions_are_hidden(
    lab: Lab,
) -> None:
    seen = answers("entropy", "values", lambda p: -7.25 * np.sum(p * np.log(p)))
    explanation = combined_mistake(lab.oracle("entropy"), seen)
    assert explanation is not None
    assert explanation.name == "constant_factor"
    assert explanation.because.en == "Every answer is the same multiple of the expected one."


def test_a_constant_added_is_named(lab: Lab) -> None:
    seen = answers("entropy", "values", lambda p: 0.5 - np.sum(p * np.log(p)))
    explanation = combined_mistake(lab.oracle("entropy"), seen)
    assert explanation is not None
    assert explanation.name == "constant_offset"


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda p: -np.sum(p * np.log(p)) + 0.005 * p[0], None),  # of a small entropy it is half as much again
        (lambda p: -np.sum(p * np.log(p + 1e-4)), None),
        (lambda p: -0.9995 * np.sum(p * np.log(p)), "small_difference"),
        (lambda p: -np.sum(p * np.log(p)) + 1e-3, None),
    ],
)
def test_nearly_right_answers_are_no_factor_and_no_addend(
    lab: Lab, function: Callable[[Any], Any], name: str | None
) -> None:
    seen = answers("entropy", "values", function)
    public = tuple(one for one in seen if one.asked.public)
    assert combined_mistake(lab.oracle("entropy"), seen) is None  # how near a hidden answer is, is not told
    explanation = combined_mistake(lab.oracle("entropy"), public)
    assert (None if explanation is None else explanation.name) in {name, "small_difference"}


@pytest.mark.parametrize(
    "function",
    [
        lambda p: 1 - np.sum(p**2),
        lambda _: 0.0,
        lambda _: 0.7,
        lambda _: math.nan,
        lambda p: -p * np.log(p),
        lambda p: np.zeros((0, len(p))),
    ],
)
def test_what_is_no_combination_gets_no_name(lab: Lab, function: Callable[[Any], Any]) -> None:
    assert combined_mistake(lab.oracle("entropy"), answers("entropy", "values", function)) is None


def test_one_answer_alone_is_no_evidence_of_a_ratio(lab: Lab) -> None:
    seen = answers("entropy", "values", lambda p: np.sum(p * np.log(p)))
    assert combined_mistake(lab.oracle("entropy"), seen[:1]) is None


def test_where_one_answer_is_missing_nothing_is_named(lab: Lab) -> None:
    seen = answers("entropy", "values", lambda p: np.sum(p * np.log(p)))
    broken = Answer(seen[0].asked, Raised("ValueError", ""), Differs(say("not written yet")))
    assert combined_mistake(lab.oracle("entropy"), (broken, *seen[1:])) is None
