"""What holds for the reference of every lab: makers that the seed alone decides, functions that change nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.course.folder import Course
from grader.course.lab import load_lab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.course.lab import Lab

COURSE = Course(Path(__file__).resolve().parents[2])
SEEDS, ASKED = 60, 20


@pytest.fixture(scope="module", params=sorted(path.stem for path in COURSE.folder.glob("rubrics/*.yaml")))
def lab(request: pytest.FixtureRequest) -> Lab:
    """Return a lab of the course."""
    return load_lab(COURSE, request.param)


def made(lab: Lab) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield each maker of a lab once, with the reference of a task that asks what it makes."""
    pairs = {
        entry.make: task
        for task, asked in lab.rubric.tasks.items()
        for check in asked.checks.values()
        for entry in check.questions
        if entry.make is not None
    }
    yield from ((maker, lab.oracle(task)) for maker, task in pairs.items())


def question(lab: Lab, maker: str, seed: int) -> dict[str, Any]:
    arguments: dict[str, Any] = getattr(lab.reference, maker)(np.random.default_rng(seed))
    return arguments


def assert_same(one: object, other: object) -> None:
    """Hold two values against each other, arrays with their dtypes, lists part by part."""
    assert type(one) is type(other)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        for part, counterpart in zip(one, other, strict=True):
            assert_same(part, counterpart)
    elif isinstance(one, dict) and isinstance(other, dict):
        assert list(one) == list(other)
        assert_same(list(one.values()), list(other.values()))
    else:
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other), strict=True)


def test_makers_are_decided_by_the_seed_alone(lab: Lab) -> None:
    for maker, _ in made(lab):
        for seed in range(SEEDS):
            assert_same(question(lab, maker, seed), question(lab, maker, seed))


def test_functions_are_pure_and_finite(lab: Lab) -> None:
    for maker, function in made(lab):
        for seed in range(ASKED):
            asked = question(lab, maker, seed)
            first = function(**asked)
            assert_same(function(**asked), first)
            assert np.isfinite(first).all(), maker
            assert_same(asked, question(lab, maker, seed))
