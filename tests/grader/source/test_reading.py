"""A solved notebook with marks: what students are given of it, and what each of its cells is for."""

from __future__ import annotations

import ast
import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from grader.errors import LabError
from grader.model import CellsWanted
from grader.source.model import AssertionPart, CodePart, ManualPart
from grader.source.reading import read_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.source.model import Source

Cells = list[tuple[str, str] | tuple[str, str, dict[str, Any]]]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Source]:
    """Return a function that reads a notebook of some cells, each its kind, its text and what nbgrader says of it."""

    def of(*cells: tuple[Any, ...]) -> Source:
        forms = []
        for kind, source, *more in cells:
            form = {"cell_type": kind, "metadata": {"nbgrader": more[0]} if more else {}, "source": source}
            if kind == "code":
                form |= {"execution_count": 3, "outputs": [{"output_type": "stream", "name": "stdout", "text": "42"}]}
            forms.append(form)
        path = tmp_path / "lab.ipynb"
        path.write_text(json.dumps({"cells": forms, "metadata": {}, "nbformat": 4, "nbformat_minor": 2}), "utf-8")
        return read_source(path)

    return of


def given(source: Source) -> list[str]:
    cells: Any = source.stub["cells"]
    return [cell["source"] for cell in cells]


def answers(source: Source) -> list[tuple[str, ...]]:
    return [part.answers for part in source.parts if isinstance(part, CodePart)]


SQUARE = "def square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION"
ONE = 'raise NotImplementedError("one is not written yet")'
PROMPTED = '''def f(r):
    # BEGIN SOLUTION NO PROMPT
    return 2 * r
    # END SOLUTION
    """ # BEGIN PROMPT
    # twice the radius
    pass
    """; # END PROMPT'''
EMPTY = 'def square(x):\n    # Your code here\n    raise NotImplementedError("square is not written yet")'


@pytest.mark.parametrize(
    ("solved", "stub", "names"),
    [
        (SQUARE, EMPTY, ("square",)),
        (SQUARE.replace("### ", "# "), EMPTY, ("square",)),
        (SQUARE.replace("### ", "###"), EMPTY, ("square",)),
        (SQUARE.replace("    ###", "###"), EMPTY, ("square",)),
        ("def square(x):\n    return x * x  # SOLUTION", EMPTY, ("square",)),
        ("def square(x):\n    y = x * x # SOLUTION NO PROMPT\n    return y # SOLUTION", EMPTY, ("square",)),
        (
            "def square(x):\n    y = x * x # SOLUTION\n    return y",
            "def square(x):\n    y = ...\n    return y",
            ("square",),
        ),
        ("nine = square(3) # SOLUTION", "nine = ...", ("nine",)),
        ("a, b = 1, 2  # SOLUTION", "a, b = ..., ...", ("a", "b")),
        ("total: int = 3  # SOLUTION: add them", "total: int = ...", ("total",)),
        ("rows = [\n    1,\n    2,\n]  # SOLUTION", "rows = ...", ("rows",)),
        (
            "def f(x):\n    if x > 0:  # SOLUTION\n        return 1  # SOLUTION\n    return 0  # SOLUTION",
            'def f(x):\n    # Your code here\n    raise NotImplementedError("f is not written yet")',
            ("f",),
        ),
        (
            PROMPTED,
            "def f(r):\n    # twice the radius\n    pass",
            ("f",),
        ),
        (
            "### BEGIN SOLUTION\ndef f(x, *, y=2) -> int:\n    '''A way.'''\n    return x + y\n### END SOLUTION",
            '# Your code here\ndef f(x, *, y=2) -> int:\n    raise NotImplementedError("f is not written yet")',
            ("f",),
        ),
        (
            "class A(dict):\n    def one(self):\n        # BEGIN SOLUTION\n        return 1\n        # END SOLUTION",
            f"class A(dict):\n    def one(self):\n        # Your code here\n        {ONE}",
            ("A",),
        ),
        (
            "class A:\n    # BEGIN SOLUTION\n    def one(self):\n        return 1\n    # END SOLUTION",
            f"class A:\n    # Your code here\n    def one(self):\n        {ONE}",
            ("A",),
        ),
        (
            "for n in range(3):\n### BEGIN SOLUTION\n    print(n)\n### END SOLUTION",
            "for n in range(3):\n    # Your code here\n    ...",
            (),
        ),
        (
            "settings = {\n    'rate': 1,\n    ### BEGIN SOLUTION\n    'size': 3,\n    ### END SOLUTION\n}",
            "settings = {\n    'rate': 1,\n    # Your code here\n}",
            ("settings",),
        ),
        ("%matplotlib inline\nx = 3  # SOLUTION\n!ls", "%matplotlib inline\nx = ...\n!ls", ("x",)),
    ],
)  # fmt: skip
def test_a_solution_is_replaced_by_what_students_are_to_fill_in(
    read: Callable[..., Source], solved: str, stub: str, names: tuple[str, ...]
) -> None:
    source = read(("markdown", "`square`, `nine`, `a`, `b`, `total`, `rows`, `x`, `settings`"), ("code", solved))
    assert given(source)[1] == stub
    assert answers(source) == [names]


def test_nothing_of_a_solution_is_left_in_any_cell(read: Callable[..., Source]) -> None:
    way = "A_WAY"
    source = read(
        ("markdown", f"**SOLUTION**: {way}"),
        ("markdown", f"Why?\n### BEGIN SOLUTION\n{way}\n### END SOLUTION"),
        ("markdown", way, {"grade": True, "solution": True, "grade_id": "why", "points": 3}),
        ("code", f"x = {way} # SOLUTION"),
        ("code", f"## Solution ##\nprint('{way}')"),
        ("code", f"y = '''\n{way}\n''' # SOLUTION"),
        ("code", f"if True: # SOLUTION\n    print('{way}')\nelse:\n    print('{way}')"),
        ("code", f"print('{way}')", {"grade": False, "solution": True, "grade_id": "show"}),
        ("code", f"assert x\n### BEGIN HIDDEN TESTS\nassert x == '{way}'\n### END HIDDEN TESTS", {"grade": True}),
        ("code", f"### BEGIN HIDDEN TESTS\nassert x == '{way}'\n### END HIDDEN TESTS"),
        ("raw", "# BEGIN QUESTION\nname: q1\nmanual: true"),
        ("raw", "# BEGIN SOLUTION"),
        ("markdown", way),
        ("code", f"plt.plot('{way}')"),
        ("raw", "# END SOLUTION"),
        ("raw", "# BEGIN TESTS"),
        ("code", f"# HIDDEN\nassert '{way}'"),
        ("code", f"assert '{way}'"),
        ("raw", "# END TESTS"),
        ("raw", "# END QUESTION"),
    )
    stub = json.dumps(source.stub)
    assert way not in stub
    assert "SOLUTION" not in stub.upper().replace("SOLUTION_", "")
    assert "HIDDEN" not in stub
    assert '"42"' not in stub
    assert "assert x" in given(source)


def test_the_cells_of_an_nbgrader_assignment_are_told_apart(read: Callable[..., Source]) -> None:
    source = read(
        ("markdown", "# Numbers\n## Problem 1: Squares"),
        ("code", SQUARE, {"grade": False, "solution": True, "grade_id": "squares", "schema_version": 3}),
        ("code", "assert square(2) == 4", {"grade": True, "solution": False, "grade_id": "t1", "points": 1.5}),
        (
            "code",
            "assert square(2) == 4\n### BEGIN HIDDEN TESTS\nassert square(3) == 9\n### END HIDDEN TESTS",
            {"grade": True, "solution": False, "grade_id": "t2", "points": 2},
        ),
        ("markdown", "because", {"grade": True, "solution": True, "grade_id": "why", "points": 3}),
        ("code", "### AUTOTEST square(4)", {"grade": True, "solution": False, "grade_id": "t3", "points": 0}),
    )
    code, one, two, manual, auto = source.parts
    assert code == CodePart(1, ast_lines(SQUARE), ("square",), "squares")
    assert one == AssertionPart(2, "assert square(2) == 4", points=Fraction(3, 2), question="t1")
    assert two == AssertionPart(
        3,
        "assert square(2) == 4\n\nassert square(3) == 9\n",
        hidden=frozenset({3}),
        points=Fraction(2),
        question="t2",
    )
    assert manual == ManualPart(
        5,
        "why",
        Fraction(3),
        cells=CellsWanted(id="why", tag="why", heading="Problem 1: Squares"),
        heading="Problem 1: Squares",
    )
    assert auto == AssertionPart(4, "square(4)", points=Fraction(0), question="t3")
    assert source.headings[1] == "Problem 1: Squares"
    assert given(source)[2:4] == ["assert square(2) == 4", "assert square(2) == 4"]


def ast_lines(code: str) -> str:
    return "\n".join("" if "SOLUTION" in line else line for line in code.split("\n"))


def test_the_blocks_of_an_otter_assignment_are_told_apart(read: Callable[..., Source]) -> None:
    source = read(
        ("raw", "# ASSIGNMENT CONFIG\ninit_cell: true"),
        ("code", "import otter\ngrader = otter.Notebook()"),
        ("raw", "# BEGIN QUESTION\nname: q1\npoints: 3"),
        ("markdown", "Square it."),
        ("raw", "# BEGIN PROMPT"),
        ("code", "def square(x):\n    ..."),
        ("raw", "# END PROMPT"),
        ("raw", "# BEGIN SOLUTION"),
        ("code", "def square(x):\n    # BEGIN SOLUTION NO PROMPT\n    return x * x\n    # END SOLUTION"),
        ("raw", "# END SOLUTION"),
        ("raw", "# BEGIN TESTS"),
        ("code", "square(3)"),
        ("code", '""" # BEGIN TEST CONFIG\nhidden: true\npoints: 2\n""" # END TEST CONFIG\nassert square(4) == 16'),
        ("raw", "# END TESTS"),
        ("raw", "# END QUESTION"),
        ("raw", "# BEGIN QUESTION\nname: q2\npoints: [0, 2]"),
        ("code", "x = 3 # SOLUTION"),
        ("raw", "# BEGIN TESTS"),
        ("code", "x"),
        ("code", "# HIDDEN\nx"),
        ("raw", "# END TESTS"),
        ("raw", "# END QUESTION"),
    )
    _, one, two, _, three, four = source.parts
    assert one == AssertionPart(4, "square(3)", points=Fraction(3, 2), question="q1")
    assert isinstance(two, AssertionPart)
    assert (two.hidden, two.points, two.code.strip()) == (frozenset({5}), Fraction(2), "assert square(4) == 16")
    assert isinstance(three, AssertionPart)
    assert isinstance(four, AssertionPart)
    assert [(part.points, part.hidden) for part in (three, four)] == [
        (Fraction(0), frozenset()),
        (Fraction(2), frozenset({2})),
    ]
    assert answers(source) == [("square",), ("x",)]
    assert given(source) == ["Square it.", "def square(x):\n    ...", "x = ..."]


def test_an_older_otter_notebook_has_its_settings_in_a_text_and_its_tests_below(read: Callable[..., Source]) -> None:
    source = read(
        ("markdown", "**Question 1.** Which?\n\n```\nBEGIN QUESTION\nname: q1\nmanual: false\npoints: 2\n```"),
        ("code", "x = 2 # SOLUTION"),
        ("code", "# TEST\nx > 1"),
        ("code", "## Hidden Test ##\nx"),
        ("markdown", "Why?\n<!--\nBEGIN QUESTION\nname: q2\nmanual: true\n-->"),
        ("markdown", "<!-- SOLUTION --> so"),
        ("code", 'grader.check("q1")'),
    )
    tests = [part for part in source.parts if isinstance(part, AssertionPart)]
    assert [(one.question, one.points, one.code.strip(), one.hidden) for one in tests] == [
        ("q1", Fraction(1), "x > 1", frozenset()),
        ("q1", Fraction(1), "x", frozenset({2})),
    ]
    assert [part for part in source.parts if isinstance(part, ManualPart)] == [
        ManualPart(5, "q2", None, cells=CellsWanted(tag="q2"))
    ]
    assert given(source) == ["**Question 1.** Which?", "x = ...", "Why?", "*Your answer here*"]


def test_a_notebook_without_any_metadata_is_told_apart_by_what_its_cells_hold(read: Callable[..., Source]) -> None:
    source = read(
        ("code", "import numpy as np\nassert np.__version__"),
        ("code", SQUARE),
        ("code", "for n in range(3):\n    assert square(n) == n * n"),
        ("code", "np.testing.assert_allclose(square(2.0), 4)"),
        ("code", "print(square(2))"),
    )
    assert [type(part).__name__ for part in source.parts] == [
        "CodePart", "CodePart", "AssertionPart", "AssertionPart", "CodePart",
    ]  # fmt: skip


def test_tests_in_files_beside_the_notebook_belong_to_it(read: Callable[..., Source], tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/q1.py").write_text("test = {}\n", "utf-8")
    source = read(("code", SQUARE), ("code", 'grader.check("q1")'), ("code", 'grader.check("q2")'))
    assert source.parts[1:] == (AssertionPart(2, "test = {}\n", question="q1", file=tmp_path / "tests/q1.py"),)


def test_names_that_only_the_solution_knows_are_not_given_away(read: Callable[..., Source]) -> None:
    source = read(
        ("markdown", "Store it in `mean`."),
        ("code", "### BEGIN SOLUTION\nimport os\ntrick = 3\nfor i in range(2):\n    mean = trick\n### END SOLUTION"),
        ("code", "assert mean == 3"),
    )
    assert given(source)[1] == "# Your code here\nmean = ..."
    assert answers(source) == [("mean",)]


def test_a_chinese_notebook_has_a_chinese_stub(read: Callable[..., Source]) -> None:
    source = read(("markdown", "## 平方"), ("code", SQUARE))
    assert "square 還沒寫" in given(source)[1]
    assert "Your code" not in given(source)[1]


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("### BEGIN SOLUTION\nx = 1", "line 1"),
        ("x = 1\n### END SOLUTION", "line 2"),
        ("### BEGIN SOLUTION\nx = 1\n### BEGIN SOLUTION\n### END SOLUTION", "line 3"),
        ("### BEGIN SOLUTION\nx = 1\n### END HIDDEN TESTS", "line 3"),
        ("x = 1  # SOLUTION\n### BEGIN HIDDEN TESTS\nassert x", "line 2"),
    ],
)
def test_a_mark_without_its_counterpart_is_refused_with_its_place(
    read: Callable[..., Source], cell: str, line: str
) -> None:
    with pytest.raises(LabError) as refused:
        read(("code", "1"), ("code", cell))
    assert f"cell In [2], {line}:" in refused.value.text.en


def test_a_notebook_without_marks_is_refused_with_what_to_do(read: Callable[..., Source]) -> None:
    with pytest.raises(LabError, match=r"marks no solution.*BEGIN SOLUTION"):
        read(("code", "x = 1"), ("markdown", "solution"))


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"cells": 3}', '{"cells": [{"cell_type": "code"}]}', "null"])
def test_a_file_that_is_no_notebook_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "lab.ipynb"
    path.write_text(content, "utf-8")
    with pytest.raises(LabError, match="is no notebook"):
        read_source(path)


def test_the_stub_is_a_notebook_that_any_editor_opens_and_python_reads(read: Callable[..., Source]) -> None:
    import nbformat  # noqa: PLC0415 (not needed elsewhere)

    stub = read(("markdown", "`nine`"), ("code", SQUARE), ("code", "nine = square(3) # SOLUTION"), ("raw", "kept")).stub
    nbformat.validate(nbformat.from_dict(stub))
    cells: Any = stub["cells"]
    assert all(ast.parse(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert json.dumps(stub) == json.dumps(stub)
