"""A probe that stumbles over what a function returned tells of the function; an error in the notebook is its own."""

from __future__ import annotations

from typing import Any

import pytest

from grader.model import Manner, Probe, Question, Unfit
from grader.probes.asking import answer_of
from grader.probes.unfit import unfit_of

SOURCE = """
import numpy as np

def forward(lab, x):
    out, cache = lab.affine_forward(x)
    return out

def weights(lab):
    model = lab.build()
    model.fit(3)
    return model.coefficients["w"]

def shaped(lab, x):
    return np.asarray(lab.affine_forward(x)).reshape(2, 2)

def own(lab, x):
    return 1 / 0
"""
CELL = "<cell>"


def notebook(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(source, CELL, "exec"), names)  # noqa: S102 (as a kernel runs a cell)
    return names


def unfit(source: str, probe: str, *arguments: Any) -> Unfit | None:  # noqa: ANN401 (any arguments)
    asks = Probe(probe, SOURCE)
    question = Question("task", "check", arguments, manner=Manner(probe=asks))
    with pytest.raises(Exception) as caught:  # noqa: PT011 (any)
        answer_of(notebook(source), question)
    return unfit_of(caught.value, asks, lambda name: name == CELL)


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("x, x, x", "more"),
        ("(x,)", "1"),
        ("1.5", "float"),
        ("None", "NoneType"),
        ("[]", "0"),
    ],
)
def test_too_many_or_too_few_values_are_told_with_what_is_needed(returned: str, said: str) -> None:
    found = unfit(f"def affine_forward(x):\n    return {returned}", "forward", 1)
    assert found is not None
    assert (found.function, found.returned, found.needs) == ("affine_forward", said, "(out, cache)")


def test_an_object_that_lacks_a_part_is_told_by_the_function_that_made_it() -> None:
    found = unfit("def build():\n    return 3", "weights")
    assert found is not None
    assert (found.function, found.needs, found.kind) == ("build", "", "AttributeError")


def test_an_error_of_a_library_that_the_probe_calls_is_told_as_the_functions() -> None:
    found = unfit("def affine_forward(x):\n    return [1, 2, 3]", "shaped", 1)
    assert found is not None
    assert (found.function, found.kind) == ("affine_forward", "ValueError")


@pytest.mark.parametrize(
    ("source", "probe"),
    [
        ("def affine_forward(x):\n    return x / 0", "forward"),
        ("class Model:\n    def fit(self, n):\n        return n / 0\n\ndef build():\n    return Model()", "weights"),
    ],
)
def test_an_error_inside_the_notebook_is_the_notebooks_own(source: str, probe: str) -> None:
    assert unfit(source, probe, *([1] if probe == "forward" else [])) is None


def test_an_error_before_anything_was_called_is_nobodys_answer() -> None:
    assert unfit("", "own", 1) is None
