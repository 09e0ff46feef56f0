"""A student grades a hundred times under one seed, keeps every report, and learns nothing of the hidden questions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.course.folder import Course
from grader.course.lab import Lab, load_lab
from grader.grading.explaining.explain import explain
from grader.grading.judging import judge_run
from grader.grading.make_key import make_key
from grader.grading.recording import Particulars, make_record
from grader.grading.scoring import score_of
from grader.model import Cell, Died, Missing, OverLimit, Place, Raised, Returned, Run, TimedOut, Unreadable
from grader.records.record import SubmissionPart
from grader.workflow.reporting import formats, reports_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from grader.grading.key import Key
    from grader.model import Language, Observation, Question

COURSE = Path(__file__).resolve().parents[2] / "hostile/course"
GRADINGS = 100
LANGUAGES: tuple[Language, ...] = ("en", "zh-TW")
SOURCE = "\n".join(["def double(x):", *["    pass"] * 9])
CELLS = (Cell(1, SOURCE),)


@pytest.fixture(scope="module")
def lab() -> Lab:
    return load_lab(Course(COURSE), "target")


@pytest.fixture(scope="module")
def key(lab: Lab) -> Key:
    return make_key(lab, 7)


@pytest.fixture(scope="module")
def hidden(key: Key) -> Sequence[float]:
    """Return the hidden inputs; what is expected is twice as much."""
    numbers = [one.question.arguments[0] for one in key.asked if not one.public]
    return [number for number in numbers if isinstance(number, float)]


@pytest.fixture
def reports(lab: Lab, key: Key) -> Callable[[Callable[[float], Observation]], str]:
    """Return a grading: what all reports say in both languages of a student whose function is observed so."""

    def answer(observed: Callable[[float], Observation], question: Question) -> Observation:
        x = question.arguments[0]
        assert isinstance(x, float)
        return Returned(np.asarray(2 * x), "float64") if x == 1.5 else observed(x)

    def grade(observed: Callable[[float], Observation]) -> str:
        def ask(questions: Sequence[Question]) -> Sequence[Observation]:
            return [answer(observed, question) for question in questions]

        run = Run(tuple(ask(key.questions)), (), "strong")
        judged = explain(lab, judge_run(key, run, CELLS), ask)
        file = SubmissionPart(file="target.ipynb", sha256="0" * 64)
        record = make_record(lab, key, score_of(lab, judged), Particulars(student="s001", file=file, run=run))
        record = record.model_copy(update={"when": "2026-11-22T08:00:00+00:00"})
        return "\n".join(
            report.content
            for language in LANGUAGES
            for is_class in (True, False)
            for report in reports_of([record], formats(), language, is_class=is_class)
        )

    return grade


def returned(value: object) -> Returned:
    return Returned(np.asarray(value, np.float64), "float64")


def constants(hidden: Sequence[float]) -> Iterator[Callable[[float], Observation]]:
    """Answer a hundred constants, as a search by halves and by steps does: lower and higher than what is expected."""
    low, high = 2 * min(hidden), 2 * max(hidden)
    for step in np.linspace(low - 3, high + 3, GRADINGS):
        yield lambda _, step=step: returned(step)  # type: ignore[misc]


def near_misses(hidden: Sequence[float]) -> Iterator[Callable[[float], Observation]]:
    """Answer one question rightly and another one a little wrong, higher and lower, by less and less."""
    first, second = hidden[0], hidden[1]
    for step in range(GRADINGS // 4):
        for one in (first, second):
            for sign in (1, -1):
                off = sign * 0.5 ** (step / 4)
                yield lambda x, one=one, off=off: returned(2 * x + (0 if x == one else off))  # type: ignore[misc]


@pytest.mark.slow
def test_the_same_wrong_constant_is_told_in_the_same_words_whatever_it_is(
    reports: Callable[[Callable[[float], Observation]], str], hidden: Sequence[float]
) -> None:
    assert len({reports(observed) for observed in constants(hidden)}) == 1


@pytest.mark.slow
def test_how_near_an_answer_is_and_which_question_it_was_is_not_told(
    reports: Callable[[Callable[[float], Observation]], str], hidden: Sequence[float]
) -> None:
    assert len({reports(observed) for observed in near_misses(hidden)}) == 1


def digits(x: float) -> str:
    return re.sub(r"\D", "", f"{x:.6f}")


WAYS: Mapping[str, Callable[[float], Observation]] = {
    "a message": lambda x: Raised("ValueError", f"hidden: {x}", Place(1, 2), "double"),
    "an exception's name": lambda x: Raised(f"X{digits(x)}", "", Place(1, 2), "double"),
    "a function's name": lambda x: Raised("NotImplementedError", "", Place(1, 2), f"f_{digits(x)}"),
    "a line": lambda x: Raised("ValueError", "", Place(1, int(digits(x))), "double"),
    "a cell": lambda x: Raised("ValueError", "", Place(int(digits(x)), 1), "double"),
    "a type's name": lambda x: Unreadable("type", f"T{digits(x)}"),
    "what stands in the function's place": lambda x: Missing(f"T{digits(x)}"),
    "memory": lambda x: OverLimit("memory", 512, int(digits(x))),
    "time": lambda x: TimedOut("call", x),
    "a signal": lambda x: Died(int(digits(x)) % 64),
    "where a NaN stands": lambda x: returned([np.nan if i == int(x) else 1.0 for i in range(10)]),
    "a shape": lambda x: returned(np.zeros((int(x), int(10 * x) % 10))),
    "the number of axes of a right answer": lambda x: returned(np.full((1,) * int(x), 2 * x)),
    "the value": returned,
    "how far it is off": lambda x: returned(3 * x),
}


@pytest.mark.parametrize("name", WAYS)
def test_what_a_student_makes_of_an_input_is_told_in_the_same_words_for_every_input(
    reports: Callable[[Callable[[float], Observation]], str], hidden: Sequence[float], name: str
) -> None:
    """The function encodes the input; the report of one that encodes another input must be the same."""
    way = WAYS[name]
    honest, another = reports(way), reports(lambda x: _moved(way, x))
    assert honest == another
    for x in hidden:
        for told in (f"{x:.4g}", f"{2 * x:.4g}", digits(x)[:4], digits(2 * x)[:4]):
            assert told not in honest.replace(".", "") if "." not in told else told not in honest


def _moved(way: Callable[[float], Observation], x: float) -> Observation:
    """Return what is answered for another input: a right answer stays one, whatever its form."""
    other = way(x + 1.25)
    if isinstance(other, Returned) and other.value.size == 1 and way(x) != other and other.value.ndim:
        return returned(np.full(other.value.shape, 2 * x))
    return other


def test_a_right_student_still_gets_everything(reports: Callable[[Callable[[float], Observation]], str]) -> None:
    assert '"earned": 10' in reports(lambda x: returned(2 * x))
