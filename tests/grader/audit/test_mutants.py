"""The mutants of a reference: all of what its tasks compute, and nothing else."""

from __future__ import annotations

import ast

from grader.audit.mutants import canonical, mutants_of
from grader.audit.roots import Root, called

REFERENCE = '''
"""A reference."""
import numpy as np

FLOOR = 1e-7
UNUSED = 5
"""Not of any task."""


def loss(x: "int", logits):
    """Say 1 + 1."""
    if x.ndim != 1:
        message = f"{1 + 1}"
        raise ValueError(message)
    _demand(x.size > 0)
    values: "1 + 1" = _shifted(x) + FLOOR
    for step in range(3):
        values = values + step
    with np.errstate(divide="ignore"):
        return float(np.sum(values))


def other(x):
    return loss(x) * 2


def _shifted(x):
    return x - 1


def _demand(holds):
    """Refuse."""
    if not holds:
        raise ValueError(1 + 1)


def logits(rng):
    return {"x": rng.normal(size=3)}
'''


def roots(*tasks: str) -> list[Root]:
    return [called(task) for task in tasks]


def changes(*tasks: str) -> list[tuple[str, str, str]]:
    return [(one.change.function, one.change.was, one.change.now) for one in mutants_of(REFERENCE, roots(*tasks))]


def test_the_function_of_a_task_its_helpers_and_its_constants_are_mutated() -> None:
    assert {function for function, _, _ in changes("loss")} == {"loss", "_shifted", "FLOOR"}


def test_another_task_is_mutated_for_itself_alone() -> None:
    mutants = list(mutants_of(REFERENCE, roots("loss", "other")))
    tasks = {mutant.change.function: mutant.tasks for mutant in mutants}
    assert tasks == {"loss": ("loss",), "other": ("other",), "_shifted": ("loss",), "FLOOR": ("loss",)}


def test_a_helper_of_two_tasks_counts_for_both() -> None:
    source = "def one(x):\n    return _half(x)\n\ndef two(x):\n    return _half(x)\n\ndef _half(x):\n    return x / 2\n"
    assert {mutant.tasks for mutant in mutants_of(source, roots("one", "two"))} == {("one",), ("two",), ("one", "two")}


def test_what_refuses_a_question_what_is_said_and_what_is_typed_stays() -> None:
    assert all("raise" not in was and "_demand" not in was and "errstate" not in was for _, was, _ in changes("loss"))
    assert all("1 + 1" in now for _, was, now in changes("loss") if was.startswith("values: '1 + 1'"))


def test_a_parameter_with_the_name_of_a_maker_is_not_the_maker() -> None:
    source = REFERENCE.replace("_shifted(x) + FLOOR", "_shifted(x) + FLOOR + logits")
    assert "logits" not in {one.change.function for one in mutants_of(source, roots("loss"))}


def test_each_mutant_is_another_program_that_parses() -> None:
    sources = [mutant.source for mutant in mutants_of(REFERENCE, roots("loss", "other"))]
    assert len(sources) > 20
    assert len(set(sources)) == len(sources)
    assert ast.unparse(ast.parse(REFERENCE)) not in sources
    assert all(ast.parse(source) for source in sources)


def test_a_change_is_told_with_its_line_and_the_statement_before_and_after() -> None:
    mutants = [one.change for one in mutants_of(REFERENCE, roots("loss")) if one.change.function == "_shifted"]
    line = REFERENCE.splitlines().index("    return x - 1") + 1
    assert {one.line for one in mutants} == {line}
    assert {one.was for one in mutants} == {"return x - 1"}
    assert {"return x + 1", "return 1 - x", "return x", "return x - 2"} <= {one.now for one in mutants}


def test_the_head_of_a_loop_is_told_without_its_body() -> None:
    assert ("loss", "for step in range(3):", "for step in range(4):") in changes("loss")


def test_a_step_that_is_left_out_is_a_slip_where_there_is_a_value_without_it() -> None:
    assert ("loss", "values = values + step", "pass") in changes("loss")
    assert all(now != "pass" for _, was, now in changes("loss") if was.startswith("values: "))


def test_a_statement_is_the_same_in_any_layout_and_a_broken_one_stays() -> None:
    assert canonical('return  f( x,"a" )') == "return f(x, 'a')"
    assert canonical(" if  x:") == "if x:"
    assert canonical("for (a, b) in c :") == canonical("for a, b in c:")
    assert canonical("a  b  +") == "a b +"
