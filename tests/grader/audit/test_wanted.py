"""What a lab could still have, where it is to be written, and what it would bring."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.audit.context import make_context
from grader.audit.functions import Function
from grader.audit.mutation import Mutation
from grader.audit.wanted import wanted, wanted_laws, wanted_mistakes, wanted_variants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.audit.context import AuditContext
    from grader.audit.finding import Finding
    from grader.audit.functions import Role
    from grader.course.folder import Course

TRIED = Mutation({"double": 5, "total": 4}, (), ())
UNTRIED = Mutation({}, (), ())


@pytest.fixture
def bare(fair: Course) -> Course:
    """Return the fair course with its rubric and its reference alone."""
    for folder in ("reference/mistakes", "reference/laws", "reference/solutions", "tests"):
        shutil.rmtree(fair.folder / folder)
    return fair


def context_of(course: Course) -> AuditContext:
    return make_context(course, "warmup", 0)


def function(role: Role, task: str, name: str) -> Function:
    return Function(role, task, name, Path("nowhere.py"), framework=True)


def seen(course: Course, findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    return [(one.weight, one.place, one.file.removeprefix(f"{course.folder}/")) for one in findings]


def test_known_mistakes_are_advice_where_slips_were_tried_and_told_once_for_all_tasks(bare: Course) -> None:
    [found] = wanted_mistakes(context_of(bare), TRIED)
    assert seen(bare, [found]) == [("advice", "double, total", "reference/mistakes/warmup")]
    assert "reads which mistake it is" in found.told.en


def test_of_one_task_the_file_is_named(bare: Course) -> None:
    context = replace(context_of(bare), functions=(function("correct", "total", "loop"),))
    assert seen(bare, wanted_variants(context)) == [("advice", "double", "tests/correct/warmup/double.py")]


def test_known_mistakes_are_missing_where_nothing_could_be_tried(bare: Course) -> None:
    found = list(wanted_mistakes(context_of(bare), UNTRIED))
    assert seen(bare, found) == [
        ("missing", "double", "reference/mistakes/warmup/double.py"),
        ("missing", "total", "reference/mistakes/warmup/total.py"),
    ]
    assert all("nothing shows that wrong answers lose marks" in one.told.en for one in found)


def test_a_few_known_mistakes_are_advised_to_be_more(fair: Course) -> None:
    found = seen(fair, wanted_mistakes(context_of(fair), TRIED))
    assert found == [
        ("advice", "double", "reference/mistakes/warmup/double.py"),
        ("advice", "total", "reference/mistakes/warmup/total.py"),
    ]


def test_right_answers_in_other_styles_and_laws_are_advice(bare: Course) -> None:
    context = context_of(bare)
    assert seen(bare, wanted_variants(context)) == [("advice", "double, total", "tests/correct/warmup")]
    assert seen(bare, wanted_laws(context)) == [("advice", "double, total", "reference/laws/warmup")]


def test_of_networks_mistakes_and_right_answers_are_missing(bare: Course) -> None:
    context, mutation = replace(context_of(bare), networks=frozenset({"total"})), TRIED.of({"double"})
    assert ("missing", "total") in {one[:2] for one in seen(bare, wanted_mistakes(context, mutation))}
    assert ("missing", "total") in {one[:2] for one in seen(bare, wanted_variants(context))}


def test_a_mistake_of_networks_needs_a_network_that_shows_it_and_the_other_way_round(fair: Course) -> None:
    context = context_of(fair)
    shown = tuple(function("wrong", "total", name) for name in ("mean", "stranger"))
    context = replace(context, functions=(*context.functions, *shown), networks=frozenset({"total"}))
    found = [one for one in wanted_mistakes(context, TRIED) if one.weight == "missing"]
    assert [one.told.en for one in found] == [
        "no function shows the mistake last", "there is no known mistake stranger"
    ]  # fmt: skip
    assert {one.file for one in found} == {str(fair.folder / "tests/wrong/warmup/total.py")}


def test_a_task_whose_answers_are_all_shown_lacks_a_hidden_question(
    bare: Course, spoil: Callable[[str, str, str], Course]
) -> None:
    assert list(wanted(context_of(bare))) == []
    course = spoil("rubrics/warmup.yaml", "make: number,", "public: true, make: number,")
    [found] = wanted(context_of(course))
    assert seen(course, [found]) == [("missing", "double", "rubrics/warmup.yaml")]
    assert (found.asks_for, "no hidden question" in found.told.en) == ("hidden questions", True)


def test_a_task_without_a_public_question_shows_no_example(
    bare: Course, spoil: Callable[[str, str, str], Course]
) -> None:
    spoil("rubrics/warmup.yaml", "public: true, inputs: {x: 1.5}", "inputs: {x: 1.5}")
    course = spoil("rubrics/warmup.yaml", "public: true, inputs: {x: [1, 2, 4]}", "inputs: {x: [1, 2, 4]}")
    [found] = wanted(context_of(course))
    assert seen(bare, [found]) == [("advice", "double, total", "rubrics/warmup.yaml")]
    assert "students see an example" in found.told.en
