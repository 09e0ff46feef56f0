"""What of a reference is mutated for a task that a function, a variable or a probe answers."""

from __future__ import annotations

import pytest

from grader.audit.mutants import mutants_of
from grader.audit.roots import Root

VARIABLES = """
import numpy as np

data = np.array([1.0, 2.0, 4.0])
SHIFT = 3
centred = data - data.mean()
total = 0
for number in centred:
    total += number * SHIFT
losses = []
losses.append(total)
low, high = data.min(), data.max()
"""
CLASS = """
class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)


def maker(rng):
    return {"items": [1, 2]}
"""


def mutated(source: str, root: Root) -> set[str]:
    return {one.change.was for one in mutants_of(source, [root])}


@pytest.mark.parametrize(
    ("variable", "statements"),
    [
        ("centred", {"centred = data - data.mean()"}),
        ("total", {"total = 0", "total += number * SHIFT", "centred = data - data.mean()"}),
        ("losses", {"losses.append(total)", "total = 0", "total += number * SHIFT", "centred = data - data.mean()"}),
        ("low", {"low, high = (data.min(), data.max())"}),
        ("SHIFT", {"SHIFT = 3"}),
    ],
)
def test_of_a_variable_all_that_computes_it_is_mutated_and_no_number_that_is_given(
    variable: str, statements: set[str]
) -> None:
    assert mutated(VARIABLES, Root(variable, frozenset({variable}), is_variable=True)) == statements


def test_of_a_probe_the_classes_that_it_asks_for_are_mutated() -> None:
    root = Root("stack", frozenset({"Stack"}), asks_parts=True)
    assert mutated(CLASS, root) == {"self.items.append(item)"}
