"""A function that a test gives as an argument becomes one of the lab's probes, where its text says all it needs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.model import Given
from grader.newlab.given_functions import GivenFunctions
from grader.newlab.heard import Unwritable
from grader.newlab.listening import listen
from grader.probes.loading import module_of
from grader.source.model import AssertionPart, CodePart, Source


def given(argument: str, before: str = "") -> tuple[Given | None, GivenFunctions]:
    """Return the function that a test gives to `apply`, as a rubric names it."""
    code = CodePart(
        1, f"import math\nimport numpy as np\nfrom math import exp\nk = 3\n{before}\ndef apply(f):\n    return f(1)"
    )
    code = CodePart(1, code.code, ("apply",))
    heard = listen(Source(Path("/none/lab.ipynb"), (code, AssertionPart(2, f"apply({argument})")), {}))
    value = heard.calls[0].inputs["f"]
    assert isinstance(value, Unwritable)
    functions = GivenFunctions()
    return functions.given(value), functions


@pytest.mark.parametrize(
    ("argument", "before", "answer"),
    [
        ("lambda x: x ** 2 + 1", "", 2),
        ("(lambda x: x + 1) if True else (lambda x: x + 2)", "", 2),
        ("lambda x: k * x", "", 3),
        ("lambda x: exp(x) + math.exp(x)", "", 2 * math.e),
        ("lambda x: np.exp(x)", "", math.e),
        ("np.exp", "", math.e),
        ("twice", "def twice(x):\n    y = 2 * x\n    return y", 2),
        ("lambda x: abs(-x)", "", 1),
    ],
)
def test_a_function_is_written_with_what_it_needs(argument: str, before: str, answer: float) -> None:
    found, functions = given(argument, before)
    assert found is not None
    module: Any = module_of("probes", functions.text)
    assert getattr(module, found.function)(1) == pytest.approx(answer)


@pytest.mark.parametrize(
    ("argument", "before"),
    [
        ("lambda x: other(x)", "def other(x):\n    return x"),
        ("make(2)", "def make(n):\n    return lambda x: x + n"),
        ("print", ""),
        ("lambda x, y=k: x", ""),
        ("lambda x: table[x]", "table = {1: 2}"),
    ],
)
def test_a_function_that_needs_more_than_its_text_is_none(argument: str, before: str) -> None:
    assert given(argument, before)[0] is None


def test_functions_of_one_name_are_told_apart_and_the_same_one_is_written_once() -> None:
    functions = GivenFunctions()
    assert functions.given(Unwritable("ufunc", np.exp)) == functions.given(Unwritable("ufunc", np.exp)) == Given("exp")
    assert functions.text.count("def exp") == 1
