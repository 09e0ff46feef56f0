"""`%grade` and `grader.check` in a live session: a real kernel, the public questions, the same reasons and hints."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

if TYPE_CHECKING:
    from collections.abc import Callable

    import nbformat

    from tests.conftest import Said

pytestmark = pytest.mark.kernel

COURSE = Path(__file__).resolve().parents[1] / "another_course"
WRONG = "def double(x):\n    return 3 * x"
TOTAL = "def total(x):\n    return sum(x)"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run one notebook in a stock kernel, in the course's folder; return what each cell of it showed."""
    elsewhere = shutil.copytree(COURSE, tmp_path_factory.mktemp("live") / "my course")
    sources = {
        "load": "%load_ext grader",
        "define": f"{WRONG}\n{TOTAL}",
        "lab": "%grade warmup --lang en",
        "function": "%grade double --lang zh-TW",
        "check": "from grader import check\ncheck('total', '--lang', 'en')",
        "unknown": "%grade dubble --lang en",
        "alone": "%grade",
        "itself": "check(total, '--lang', 'en')",
        "quoted": f'%grade total --course "{elsewhere}" --lang en',
        "open quote": '%grade total --course "my course',
        "no function": "check(7, '--lang', 'en')",
        "mend": "def double(x):\n    return 2 * x",
        "again": "%grade double --lang en",
        "leak": "import sys\nprint([n for n in sys.modules if 'reference' in n or n == 'grader.grading.key'])",
    }
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources.values()])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(COURSE)}}).execute()
    return {name: _shown(cell) for name, cell in zip(sources, notebook.cells, strict=True)}


def _shown(cell: nbformat.NotebookNode) -> str:
    return "".join(one.get("text") or one["data"]["text/plain"] for one in cell.outputs)


def test_a_lab_is_asked_and_its_page_is_shown(told: dict[str, str]) -> None:
    assert "2.5 of 10 points" in told["lab"]
    assert "the number is off by 1.5" in told["lab"]
    assert "double(x=1.5)" in told["lab"]


def test_it_says_that_it_is_practice(told: dict[str, str]) -> None:
    assert "This is practice" in told["lab"]
    assert "這是練習" in told["function"]


def test_one_function_alone_can_be_asked(told: dict[str, str]) -> None:
    assert "total" not in told["function"]
    assert "double" in told["function"]


def test_check_is_the_same_as_a_function(told: dict[str, str]) -> None:
    assert "2.5 of 2.5 points" in told["check"]


def test_a_path_with_a_blank_is_quoted_as_in_a_terminal(told: dict[str, str]) -> None:
    assert "2.5 of 2.5 points" in told["quoted"]


def test_a_quote_without_an_end_is_no_traceback(told: dict[str, str]) -> None:
    assert told["open quote"].strip()
    assert "Traceback" not in told["open quote"]


def test_the_session_as_it_is_now_is_asked(told: dict[str, str]) -> None:
    assert "7.5 of 7.5 points" in told["again"]


def test_an_unknown_word_is_told_in_one_sentence(told: dict[str, str]) -> None:
    assert 'There is no lab and no function "dubble"' in told["unknown"]
    assert "Traceback" not in told["unknown"]


def test_the_magic_alone_names_what_can_be_asked(told: dict[str, str]) -> None:
    assert "`%grade warmup`" in told["alone"]
    assert "warmup, double, total" in told["alone"]
    assert "Traceback" not in told["alone"]


def test_a_function_itself_is_asked_like_its_name(told: dict[str, str]) -> None:
    assert told["itself"] == told["check"]
    assert 'There is no lab and no function "int"' in told["no function"]


def test_neither_the_reference_nor_the_key_is_in_the_session(told: dict[str, str]) -> None:
    assert told["leak"].strip() == "[]"


def test_a_notebook_that_practises_is_graded_without_an_error(
    grade: Callable[..., Said], notebook: Callable[..., Path]
) -> None:
    path = notebook("%load_ext grader", WRONG, TOTAL, "%grade warmup", "from grader import check\ncheck('double')")
    said = grade("warmup", path, "--course", COURSE)
    assert said.status == 1
    assert "In your notebook" not in said.out
