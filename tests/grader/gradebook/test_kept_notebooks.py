"""When a class is graded, what each student handed in is kept in the book: nobody has to look for files after it."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook.book import open_book
from grader.gradebook.kept_notebooks import add_notebook
from grader.submission.saved_notebook import SavedNotebook, SavedOutput, read_saved_notebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.gradebook.book import Book
    from tests.conftest import Said

pytestmark = pytest.mark.kernel

COURSE = Path(__file__).resolve().parents[2] / "another_course"
KEYS = st.sampled_from(
    [
        *("cell_type", "source", "metadata", "outputs", "id", "attachments", "tags", "data", "text", "output_type"),
        *("image/png", "text/plain", "text/html", "code", "markdown", "stream", "error", "traceback", "ename"),
    ]
)
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and more").decode()


def hand_in(folder: Path, student: str, source: str) -> Path:
    """Write a notebook with a text, a function and a picture that it had shown."""
    shown = {"output_type": "display_data", "data": {"image/png": PNG, "text/plain": "<Figure>"}, "metadata": {}}
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "id": "m", "metadata": {"tags": ["essay"]}, "source": "# Why\nbecause"},
        {"cell_type": "code", "id": "c", "metadata": {}, "execution_count": 1, "outputs": [shown], "source": source},
    ]
    folder.mkdir(exist_ok=True)
    path = folder / f"{student}.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}), "utf-8")
    return path


def handed_in(output: Path, student: str) -> SavedNotebook:
    with open_book(output, create=False) as book:
        found = book.handed_in("warmup", student)
    assert found is not None
    return found


def test_a_class_is_kept_as_it_was_handed_in(grade: Callable[..., Said], tmp_path: Path) -> None:
    folder, output = tmp_path / "in", tmp_path / "out"
    first = hand_in(folder, "s001", "def double(x):\n    return 2 * x")
    hand_in(folder, "s002", "def double(x):\n    return")
    (folder / "s003.ipynb").write_text("no notebook", "utf-8")
    words = ("warmup", folder, "--course", COURSE, "--output", output, "--seed", "7")
    grade(*words)
    notebook = handed_in(output, "s001")
    assert [(cell.kind, cell.source) for cell in notebook.cells] == [
        ("markdown", "# Why\nbecause"),
        ("code", "def double(x):\n    return 2 * x"),
    ]
    assert notebook.cells[1].outputs == (SavedOutput("png", PNG),)
    old = notebook.content
    hand_in(folder, "s001", "def double(x):\n    return 3 * x")
    grade(*words)
    assert handed_in(output, "s001").cells[1].source.endswith("3 * x")
    first.unlink()
    with open_book(output, create=False) as book:
        assert book.handed_in("warmup", "s001", old) == notebook, "the earlier one stays"
        assert book.handed_in("warmup", "s003") is None


def test_a_class_that_was_graded_before_is_kept_when_it_is_graded_again(
    grade: Callable[..., Said], tmp_path: Path
) -> None:
    folder, output = tmp_path / "in", tmp_path / "out"
    hand_in(folder, "s001", "def double(x):\n    return 2 * x")
    words = ("warmup", folder, "--course", COURSE, "--output", output)
    grade(*words)
    (output / "gradebook.sqlite").unlink()
    said = grade(*words)
    assert "have not changed" in said.out + said.err
    assert handed_in(output, "s001").cells[0].tags == ("essay",)


def test_one_notebook_that_goes_into_a_book_is_kept_there(grade: Callable[..., Said], tmp_path: Path) -> None:
    path = hand_in(tmp_path / "in", "s001", "def double(x):\n    return 2 * x")
    grade("warmup", path, "--course", COURSE, "--book", tmp_path / "book.sqlite")
    assert handed_in(tmp_path / "book.sqlite", "s001").cells[0].source == "# Why\nbecause"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(PNG),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Book]]:
    """Return a folder, and a book in it."""
    folder = tmp_path_factory.mktemp("any")
    with open_book(folder) as book:
        yield folder, book


@given(cells=st.lists(st.dictionaries(KEYS, JSON, max_size=6), max_size=4))
def test_a_notebook_of_any_form_comes_back_as_it_was_kept(kept: tuple[Path, Book], cells: list[Any]) -> None:
    folder, book = kept
    path = folder / "s001.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": cells}), "utf-8")
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    notebook = read_saved_notebook(path, content)
    assert notebook is not None
    assert len(notebook.cells) == len(cells)
    with book.engine.begin() as connection:
        add_notebook(connection, "warmup", notebook)
    assert book.handed_in("warmup", "s001", content) == notebook
