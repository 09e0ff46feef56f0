"""What of a source notebook is the reference: all that the wanted names need, in its order, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.source.model import AssertionPart, CodePart, Source
from grader.source.reference import reference_text

if TYPE_CHECKING:
    from grader.source.model import Part


def of(*cells: str | Part, wanted: str) -> str:
    parts = tuple(
        CodePart(number, cell) if isinstance(cell, str) else cell for number, cell in enumerate(cells, start=1)
    )
    return reference_text(Source(Path("lab.ipynb"), parts, {}), frozenset(wanted.split())).text


@pytest.mark.parametrize(
    ("cell", "is_kept"),
    [
        ("import numpy as np", True),
        ("from os.path import *", True),
        ("import matplotlib.pyplot as plt", False),
        ("SCALE = 3", True),
        ("SCALE += 1", True),
        ("OTHER = 3", False),
        ("table['x'] = 1", True),
        ("table.sort()", True),
        ("np.random.shuffle(table)", True),
        ("np.random.seed(3)", True),
        ("np.show_config()", False),
        ("plt.plot(table)", False),
        ("print(table)", False),
        ("model.fit(table)", False),
        ("for epoch in range(100):\n    loss = train(table)", False),
        ("for column in table:\n    table[column] = 1", True),
        ("if SCALE > 2:\n    SCALE = 2", True),
        ("def helper():\n    return SCALE", True),
        ("def unused():\n    return SCALE", False),
        ("@decorated\ndef decorated_too():\n    return 1", False),
    ],
)
def test_only_that_is_kept_which_a_wanted_name_needs(cell: str, is_kept: bool) -> None:  # noqa: FBT001 (a case)
    task = "def task(x):\n    return np.sum(x) * helper() * table['x']"
    before = "import numpy as np\nSCALE = 1\ntable = {}\ndef helper():\n    return SCALE"
    written = of(before, cell, task, wanted="task")
    assert (cell in written) == is_kept
    assert written.endswith(task + "\n")


def test_makers_of_questions_stand_among_hidden_tests() -> None:
    tests = AssertionPart(2, "def pairs(rng):\n    return {'x': rng.normal()}\n\nassert f(1) == 2\nprint(f(2))")
    code = "def f(x):\n    return 2 * x"
    assert of(code, tests, wanted="f pairs") == f"{code}\ndef pairs(rng):\n    return {{'x': rng.normal()}}\n"
    assert of(code, tests, wanted="f") == f"{code}\n"


def test_each_line_knows_its_place_in_the_notebook() -> None:
    parts = (
        CodePart(1, "x = 1\ny = 2"),
        CodePart(3, "\n\n@deco\ndef f():\n    return y"),
        CodePart(4, "def deco(f): return f"),
    )
    found = reference_text(Source(Path("lab.ipynb"), parts, {}), frozenset({"f"}))
    assert list(zip(found.places, found.text.splitlines(), strict=True)) == [
        ((1, 2), "y = 2"),
        ((3, 3), "@deco"),
        ((3, 4), "def f():"),
        ((3, 5), "    return y"),
        ((4, 1), "def deco(f): return f"),
    ]  # fmt: skip


def test_a_name_that_is_given_twice_has_both() -> None:
    assert of("x = 1", "x = x + 1", "x = 5\nz = 3", wanted="x") == "x = 1\nx = x + 1\nx = 5\n"
