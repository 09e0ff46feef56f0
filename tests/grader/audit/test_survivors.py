"""What slips that keep every mark ask for: a question, a narrower tolerance, or a reason in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.audit.mutants import Change, Mutant
from grader.audit.mutation import Mutation, Survivor, score
from grader.audit.roots import Root, called
from grader.audit.survivors import mutation_part

if TYPE_CHECKING:
    from grader.audit.finding import Finding
    from grader.course.folder import Course

SLIP = Change("double", 3, "return 2 * x", "return 3 * x")
OTHER = Change("double", 3, "return 2 * x", "return 1 * x")


def findings(course: Course, *survivors: Survivor, unlisted: tuple[str, ...] = ("double",)) -> list[Finding]:
    mutation = Mutation({"double": 40}, survivors, ())
    return list(mutation_part(course, "warmup", mutation, unlisted=unlisted).findings)


def test_a_slip_that_an_input_tells_asks_for_a_question_with_that_input(fair: Course) -> None:
    [found] = findings(fair, Survivor(SLIP, ("double",), None, inputs={"double": "x=7"}))
    assert (found.weight, found.place, found.asks_for) == ("missing", "double", "questions")
    assert found.told.en.startswith(
        "a question that tells `return 2 * x` from `return 3 * x` (double, line 3), such as double(x=7):"
    )
    assert "reference/equivalent_mutants/warmup.yaml" in found.told.en
    assert found.file.endswith("rubrics/warmup.yaml")


def test_the_slips_of_a_statement_are_told_together(fair: Course) -> None:
    slips = [Survivor(one, ("double",), None, inputs={"double": "x=7"}) for one in (SLIP, OTHER)]
    assert len(findings(fair, *slips)) == 1


def test_where_too_few_inputs_were_tried_a_question_is_missing_too(fair: Course) -> None:
    [found] = findings(fair, Survivor(SLIP, ("double",), None))
    assert (found.weight, "such as" in found.told.en) == ("missing", False)


def test_a_slip_that_no_input_tells_is_advice(fair: Course) -> None:
    [found] = findings(fair, Survivor(SLIP, ("double",), None, inputs={"double": ""}))
    assert (found.weight, found.place, found.asks_for) == ("advice", "double", "reasons")
    assert found.file.endswith("reference/equivalent_mutants/warmup.yaml")


def test_a_slip_that_passes_by_the_tolerance_asks_for_a_narrower_one(fair: Course) -> None:
    [found] = findings(fair, Survivor(SLIP, ("double",), None, wide=("double.values",), inputs={"double": "x=7"}))
    assert (found.weight, found.place, found.asks_for) == ("missing", "double.values", "tolerances")
    assert "smaller rtol and atol" in found.told.en


def test_a_slip_with_a_recorded_reason_asks_for_nothing(fair: Course) -> None:
    assert findings(fair, Survivor(SLIP, ("double",), "why")) == []


def test_of_a_task_with_known_mistakes_a_share_of_slips_may_survive_as_before(fair: Course) -> None:
    assert findings(fair, Survivor(SLIP, ("double",), None), unlisted=()) != []
    mutation = Mutation({"double": 60}, (Survivor(SLIP, ("double",), None),), ())
    assert mutation_part(fair, "warmup", mutation).findings == ()


def survived(root: Root, *wide: str) -> Mutation:
    mutant = Mutant(SLIP, "", (root.task,))
    return score([mutant], [(mutant, {root.task: wide})], {}, roots=[root])


def test_a_slip_that_leaves_a_variable_as_it_is_is_none() -> None:
    root = Root("mean", frozenset({"mean"}), is_variable=True)
    assert (survived(root).tried, survived(root).survivors) == (0, ())
    [survivor] = survived(root, "value").survivors
    assert survivor.wide == ("mean.value",)


@pytest.mark.parametrize(("asks_parts", "alive"), [(True, 0), (False, 1)])
def test_of_a_class_it_is_enough_that_one_task_finds_a_slip(*, asks_parts: bool, alive: int) -> None:
    roots = [Root(task, frozenset({"Model"}), asks_parts=asks_parts) for task in ("fit", "predict")]
    mutant = Mutant(SLIP, "", ("fit", "predict"))
    assert score([mutant], [(mutant, {"fit": ()})], {}, roots=roots).alive == alive


def test_without_a_slip_that_is_said(fair: Course) -> None:
    part = mutation_part(fair, "warmup", Mutation({}, (), ()), unlisted=("double",))
    assert (part.told.en, part.findings) == ("no slip could be tried: the reference computes no task's answer", ())
    assert called("double").names == {"double"}
