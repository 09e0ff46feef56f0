"""Mutants are tried in a process of their own, which may hang or die."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil
import pytest

from grader.audit.mutant_runner import MutantRunner
from grader.audit.mutants import Change, Mutant
from grader.errors import SandboxError

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.folder import Course

pytestmark = pytest.mark.kernel

HEAD = "import os\nimport numpy as np\n\n\n"


def mutant(double: str) -> Mutant:
    return Mutant(Change("double", 1, "", ""), f"{HEAD}def double(x):\n    {double}\n", ("double",))


def survived(course: Course, *mutants: Mutant, seconds: float = 10.0) -> list[bool]:
    with MutantRunner(course, "warmup", 0, seconds=seconds) as trials:
        return [bool(tasks) for _, tasks in trials.survived(mutants)]


def test_a_mutant_survives_that_answers_every_question_rightly(fair: Course) -> None:
    assert survived(fair, mutant("return x + x"), mutant("return x + 1"), mutant("return 2 * float(x)")) == [
        True, False, False
    ]  # fmt: skip


def test_a_mutant_that_raises_or_cannot_be_imported_or_prints_is_found(fair: Course) -> None:
    broken = Mutant(Change("double", 1, "", ""), "1 / 0\n", ("double",))
    assert survived(fair, mutant("raise KeyError"), broken, mutant("print(x)"), mutant("return x + x")) == [
        False, False, False, True
    ]  # fmt: skip


def test_one_that_never_ends_and_one_that_ends_the_process_are_found_and_the_next_is_tried(fair: Course) -> None:
    began = time.monotonic()
    endless, dying = mutant("while True: pass"), mutant("os._exit(0)")
    assert survived(fair, endless, dying, mutant("return x + x"), seconds=1.5) == [False, False, True]
    assert time.monotonic() - began < 60


def test_no_process_is_left(fair: Course) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    survived(fair, mutant("while True: pass"), mutant("return x + x"), seconds=1.5)
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before


def test_a_process_that_does_not_start_is_told(spoil: Callable[[str, str, str], Course]) -> None:
    course = spoil("rubrics/warmup.yaml", "points: 10", "points: 11")
    with pytest.raises(SandboxError, match="did not start"):
        survived(course, mutant("return x + x"))
