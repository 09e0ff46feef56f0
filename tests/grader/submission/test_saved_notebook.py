"""A notebook as it was handed in, for people: cells, pictures and text, within bounds, and nothing that acts."""

from __future__ import annotations

import base64
import hashlib
import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

from grader.submission.saved_notebook import (
    LARGEST_OUTPUTS,
    LARGEST_PICTURE,
    LARGEST_WITH_OUTPUTS,
    LONGEST_TEXT,
    MOST_OUTPUTS,
    SavedCell,
    SavedNotebook,
    SavedOutput,
    read_saved_notebook,
)

if TYPE_CHECKING:
    from pathlib import Path

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and more").decode()
JPEG = base64.b64encode(b"\xff\xd8\xff and more").decode()


def code(*outputs: object, source: object = "x", **more: object) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs), "metadata": {}, **more}


def shown(**forms: object) -> dict[str, Any]:
    data = {name.replace("_", "/", 1): form for name, form in forms.items()}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def stream(text: object) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def read(folder: Path, *cells: object) -> SavedNotebook:
    path = folder / "s001.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}), "utf-8")
    found = read_saved_notebook(path, hashlib.sha256(path.read_bytes()).hexdigest())
    assert found is not None
    return found


def outputs(folder: Path, *given: object) -> list[tuple[str, str, str]]:
    (cell,) = read(folder, code(*given)).cells
    return [(output.kind, output.text, output.left_out) for output in cell.outputs]


def test_every_cell_is_there_at_its_number_with_its_text_tags_and_id(tmp_path: Path) -> None:
    notebook = read(
        tmp_path,
        {"cell_type": "markdown", "source": ["# Essay\n", "why"], "metadata": {"tags": ["essay", 7]}, "id": "a1b2"},
        code(source=""),
        {"cell_type": "raw", "source": "raw"},
        code(source="1 + 1"),
    )
    assert notebook.cells == (
        SavedCell("markdown", "# Essay\nwhy", tags=("essay",), id="a1b2"),
        SavedCell("code", ""),
        SavedCell("raw", "raw"),
        SavedCell("code", "1 + 1"),
    )
    assert not notebook.without_outputs


def test_text_errors_and_pictures_are_kept_and_what_could_act_is_named(tmp_path: Path) -> None:
    error = {"output_type": "error", "ename": "E", "evalue": "no", "traceback": ["one", "E: no"]}
    assert outputs(
        tmp_path,
        stream(["a\n", "b\n"]),
        stream("c"),
        shown(text_plain="<Figure>", image_png=[PNG, "\n"]),
        shown(image_jpeg=JPEG),
        shown(text_html="<b>1</b>", text_plain="1"),
        {"output_type": "execute_result", "data": {"image/svg+xml": "<svg/>", "application/javascript": "alert(1)"}},
        error,
    ) == [
        ("text", "a\nb\nc", ""),
        ("png", PNG, ""),
        ("jpeg", JPEG, ""),
        ("text", "1", "text/html"),
        ("nothing", "", "image/svg+xml, application/javascript"),
        ("error", "one\nE: no", ""),
    ]


def test_a_picture_that_was_pasted_into_a_text_is_kept_under_its_name(tmp_path: Path) -> None:
    attachments = {"photo.png": {"image/png": PNG}, "bad.svg": {"image/svg+xml": "<svg/>"}}
    notebook = read(
        tmp_path, {"cell_type": "markdown", "source": "![](attachment:photo.png)", "attachments": attachments}
    )
    assert notebook.cells[0].outputs == (SavedOutput("png", PNG, name="photo.png"),)


@pytest.mark.parametrize(
    "picture",
    [
        "not base64!",
        base64.b64encode(b"<svg onload=alert(1)>").decode(),
        JPEG,
        7,
        None,
        {"a": 1},
        "A" * LARGEST_PICTURE,
    ],
    ids=str,
)
def test_what_is_no_picture_of_its_kind_is_not_kept(tmp_path: Path, picture: object) -> None:
    assert outputs(tmp_path, shown(image_png=picture, text_plain="<Figure>")) == [("text", "<Figure>", "")]
    assert outputs(tmp_path, shown(image_png=picture)) == [("nothing", "", "image/png")]


def test_what_is_too_much_is_cut_and_said(tmp_path: Path) -> None:
    ((_, text, _),) = outputs(tmp_path, stream("a" * 10**6 + "the end"))
    assert text.startswith("aaa")
    assert text.endswith("the end")
    assert len(text) < LONGEST_TEXT + 10
    ((_, text, _),) = outputs(tmp_path, *(stream("line\n") for _ in range(10_000)))
    assert len(text) < LONGEST_TEXT + 10
    assert len(outputs(tmp_path, *(shown(image_png=PNG) for _ in range(1000)))) == MOST_OUTPUTS
    large = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(10**6)).decode()
    many = [
        one for cell in read(tmp_path, *(code(shown(image_png=large)) for _ in range(10))).cells for one in cell.outputs
    ]
    assert sum(len(one.text) for one in many) <= LARGEST_OUTPUTS
    assert (many[0].kind, many[-1].kind, many[-1].left_out) == ("png", "nothing", "png")


def test_of_a_file_with_too_much_in_its_outputs_the_cells_are_kept_without_them(tmp_path: Path) -> None:
    huge = read(
        tmp_path, {"cell_type": "markdown", "source": "# def f(): text"}, code(stream("a" * LARGEST_WITH_OUTPUTS))
    )
    assert huge.without_outputs
    assert [(cell.kind, cell.source, cell.outputs) for cell in huge.cells][1] == ("code", "x", ())
    many = read(tmp_path, code({"output_type": "display_data", "data": {"application/json": [{}] * 400_000}}))
    assert many.without_outputs
    assert many.cells == (SavedCell("code", "x"),)


def test_reading_takes_little_memory_whatever_the_outputs_are(tmp_path: Path) -> None:
    path = tmp_path / "s001.ipynb"
    cells = '{"cell_type": "code", "source": "x", "outputs": [' + "{}, " * 4_000_000 + "{}]}"
    path.write_text(f'{{"nbformat": 4, "cells": [{cells}]}}', "utf-8")
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    tracemalloc.start()
    try:
        found = read_saved_notebook(path, content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found is not None
    assert peak < 100 * 2**20


@pytest.mark.parametrize(
    "cell",
    [
        None,
        7,
        {},
        {"cell_type": "code"},
        {"cell_type": ["code"], "source": {"a": 1}},
        {"cell_type": "code", "source": ["a", 7], "outputs": {"a": 1}, "metadata": [], "id": 7},
        {"cell_type": "code", "source": "a", "outputs": [None, 7, {}, {"data": 7}, {"output_type": "error"}]},
        {
            "cell_type": "code",
            "source": "a",
            "outputs": [{"output_type": "stream"}, {"output_type": "error", "traceback": 7}],
        },
        {
            "cell_type": "markdown",
            "source": "a",
            "attachments": {"a": 7, "b": {"image/png": 7}},
            "metadata": {"tags": 7},
        },
        {"cell_type": "markdown", "source": "\ud800\0", "metadata": {"tags": ["\ud800"]}, "id": "\ud800"},
    ],
    ids=str,
)
def test_a_cell_of_any_form_costs_itself_alone(tmp_path: Path, cell: object) -> None:
    notebook = read(tmp_path, cell, code(source="after"))
    assert [one.source for one in notebook.cells][1] == "after"
    json.dumps([one.source for one in notebook.cells], ensure_ascii=False).encode()
    assert "\0" not in notebook.cells[0].source


def test_another_file_than_the_one_that_was_graded_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "s001.ipynb"
    path.write_text('{"nbformat": 4, "cells": []}', "utf-8")
    assert read_saved_notebook(path, "0" * 64) is None
    assert read_saved_notebook(tmp_path / "none.ipynb", "0" * 64) is None
    for text in ("", "no notebook", "[]", '{"cells": 7}', "[" * 100_000, '{"cells": "\xff"}'):
        path.write_bytes(text.encode("latin-1"))
        assert read_saved_notebook(path, hashlib.sha256(path.read_bytes()).hexdigest()) is None


def test_the_digest_of_cells_is_that_of_their_text(tmp_path: Path) -> None:
    one = read(tmp_path, code(source="a"), code(source="b"), code(stream("1"), source="c"))
    other = read(tmp_path, code(source="x"), code(source="b \n"), code(source="c"))
    assert one.digest([1, 2]) == other.digest([1, 2])
    assert one.digest([0]) != other.digest([0])
    assert one.digest([7]) == one.digest([])
