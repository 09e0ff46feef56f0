"""A notebook's cell as a file of Python has it: what is no Python stands in comments, and everything else stays."""

from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.submission.python_cells import as_python


@pytest.mark.parametrize(
    ("cell", "file"),
    [
        ("x = 1\nprint(x)", "x = 1\nprint(x)"),
        ("%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1"),
        ("!pip install \\\n  numpy\nx = 1", "# !pip install \\\n#   numpy\nx = 1"),
        ("%%time\nx = 1", "# %%time\nx = 1"),
        ("%time x = f()", "x = f()"),
        ("files = !ls\nx = 1", "# files = !ls\nx = 1"),
        ("if True:\n    %matplotlib inline", "if True:\n    pass  # %matplotlib inline"),
        ("%%bash\nls\nrm x", "# %%bash\n# ls\n# rm x"),
        ("np.mean?\nx = 1", "# np.mean?\nx = 1"),
        ("# a comment\n\nx = '''\n%matplotlib\n'''", "# a comment\n\nx = '''\n%matplotlib\n'''"),
        ("def f(x):\n    return x\n\nx = (1,\n\ndef g(x):\n    return 2", None),
        (">>> x = 1\n>>> x", "x = 1\nx"),
        ("    x = 1\n    y = 2", "x = 1\ny = 2"),
        ("x = 1\r\ny = 2", "x = 1\ny = 2"),
    ],
)
def test_only_what_python_cannot_read_is_commented_out(cell: str, file: str | None) -> None:
    made = as_python(cell)
    ast.parse(made)
    if file is not None:
        assert made == file


def test_a_statement_that_cannot_be_read_takes_no_other_with_it() -> None:
    made = as_python("import os\n@cache\ndef f(x):\n    return x\n\nprint f(1)\ny = f(2)")
    assert made == "import os\n@cache\ndef f(x):\n    return x\n\n# print f(1)\ny = f(2)"


PIECES = st.sampled_from(
    [
        "x = 1",
        "def f(x):",
        "    return x",
        "%time",
        "!ls",
        "%%bash",
        "(",
        ")",
        "'''",
        '"',
        "\\",
        "if x:",
        "else:",
        "@a",
        "\t",
        "",
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=8).map("\n".join))
@example("x = '''\n%time\n")
@example("a = 1\x00\nb = 2")
@example("\x0cx = 1")
def test_whatever_a_cell_holds_python_reads_the_file(cell: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(as_python(cell))
