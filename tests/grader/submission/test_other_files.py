"""What people upload in a notebook's place is told as what it is, with advice that can be followed; none is a zero."""

from __future__ import annotations

import io
import json
import zipfile
from time import process_time
from typing import TYPE_CHECKING

import pytest

from grader.errors import SubmissionError
from grader.submission.notebooks import LARGEST_NOTEBOOK_BYTES, read_submission

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Said

CELL: dict[str, object] = {
    "cell_type": "code",
    "metadata": {},
    "execution_count": None,
    "outputs": [],
    "source": "x = '資訊'\n",
}
NOTEBOOK = json.dumps(
    {"cells": [CELL], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1, ensure_ascii=False
)
CONFLICT = NOTEBOOK.replace('],\n "metadata"', '],\n<<<<<<< HEAD\n "metadata"').replace(
    ' "nbformat_minor"', '=======\n "metadata": {"a": 1},\n>>>>>>> 1f2e3d4 (mine)\n "nbformat_minor"'
)
CONFLICT_LINE = CONFLICT[: CONFLICT.index("<")].count("\n") + 1
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 12345\n"
COLAB = "https://colab.research.google.com/drive/1AbC_def?usp=sharing"


def zip_of(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, NOTEBOOK)
    return content.getvalue()


KINDS = {
    "a merge conflict": (
        CONFLICT.encode(),
        f"marks of a Git merge conflict (line {CONFLICT_LINE})",
        "git checkout --ours s001.ipynb",
    ),
    "a merge conflict with the base": (
        CONFLICT.replace("=======", "||||||| 123\n=======").replace("\n", "\r\n").encode(),
        f"marks of a Git merge conflict (line {CONFLICT_LINE})",
        "git checkout COMMIT -- s001.ipynb",
    ),
    "a pointer of Git LFS": (POINTER.encode(), "is a Git LFS pointer", "git lfs pull"),
    "a zip": (zip_of("lab02.ipynb"), "is a packed file (zip)", "unpack it"),
    "an empty zip": (zip_of(), "is a packed file (zip)", "unpack it"),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "is a packed file (7z)", "unpack it"),
    "rar": (b"Rar!\x1a\x07\x01\x00", "is a packed file (rar)", "unpack it"),
    "gzip": (b"\x1f\x8b\x08\x00", "is a packed file (gzip)", "unpack it"),
    "tar": (b"lab02.ipynb".ljust(257, b"\0") + b"ustar\x00", "is a packed file (tar)", "unpack it"),
    "Word": (zip_of("[Content_Types].xml", "word/document.xml"), "is an office document", "File > Download"),
    "Word of old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an office document", "File > Download"),
    "LibreOffice": (zip_of("mimetype", "content.xml"), "is an office document", "File > Download"),
    "TextEdit": (b"{\\rtf1\\ansi {\\fonttbl}", "is an office document", "File > Download"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is a PDF file", "File > Download"),
    "a screenshot": (b"\x89PNG\r\n\x1a\n\x00", "is a picture", "File > Download"),
    "a photograph": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "is a picture", "File > Download"),
    "a photograph of an iPhone": (b"\x00\x00\x00\x24ftypheic\x00", "is a picture", "File > Download"),
    "an exported page": (b"<!DOCTYPE html>\n<html><head>", "is a web page (HTML)", "File > Download"),
    "a page after a comment": (b"\n<!-- saved -->\n<HTML lang='zh'>", "is a web page (HTML)", "File > Download"),
    "a page of signing in": (b"<?xml version='1.0'?>\n<!doctype html>", "is a web page (HTML)", "File > Download"),
    "a link to Colab": (COLAB.encode() + b"\n", "is only a link", "Download .ipynb"),
    "a shortcut of Windows": (f"[InternetShortcut]\r\nURL={COLAB}\r\n".encode(), "is only a link", "Download .ipynb"),
    "a shortcut of Google Drive": (
        json.dumps({"url": COLAB, "doc_id": "1AbC", "email": "s001@example.org"}).encode(),
        "is only a link",
        "Download .ipynb",
    ),
    "a script": (b"import numpy as np\n\ndef mse(a, b):\n    return 0\n", "is a Python script", "copy its code"),
    "a script of Colab": (b'# -*- coding: utf-8 -*-\n"""lab02\n"""\nx = 1\n', "is a Python script", "copy its code"),
    "a script of cells": ("# %% [markdown]\n# 資訊\n# %%\n1 + 1\n".encode(), "is a Python script", "copy its code"),
    "a message": ("老師，我的檔案太大了。".encode(), "is plain text", "File > Download"),
    "UTF-16": (NOTEBOOK.encode("utf-16"), "is text in UTF-16", "encoding UTF-8"),
    "UTF-16 without a mark": (NOTEBOOK.encode("utf-16-le"), "is text in UTF-16", "encoding UTF-8"),
    "UTF-16 from another machine": (NOTEBOOK.encode("utf-16-be"), "is text in UTF-16", "encoding UTF-8"),
    "UTF-32": (NOTEBOOK.encode("utf-32"), "is text in UTF-32", "encoding UTF-8"),
    "Big5": (NOTEBOOK.encode("big5"), "is not UTF-8 text (byte", "Save with Encoding UTF-8"),
    "other bytes": (b"\x7fELF\x02\x01\xff", "is not UTF-8 text (byte 6)", "File > Download"),
    "nothing": (b"", "is empty", "save the notebook again"),
    "nothing but a byte order mark": (b"\xef\xbb\xbf", "is empty", "save the notebook again"),
    "zeros": (b"\0" * 5000, "holds nothing but zeros", "save the notebook again"),
    "half a notebook": (NOTEBOOK[: len(NOTEBOOK) // 2].encode(), "breaks off", "Save the notebook again"),
    "a notebook cut off in a text": (
        NOTEBOOK[: NOTEBOOK.index("x =") + 3].encode(),
        "breaks off on line 8",
        "Save the notebook again",
    ),
    "a notebook that was edited by hand": (
        NOTEBOOK.replace('"metadata": {},\n "nbformat"', '"metadata": {}\n "nbformat"').encode(),
        "is not valid JSON, so Jupyter cannot open it either",
        ".ipynb_checkpoints",
    ),
    "format 3": (b'{"nbformat": 3, "worksheets": [{"cells": []}]}', "format 3", "open it in a current Jupyter"),
    "settings": (b'{"editor.fontSize": 14}', "not of a notebook's form", "File > Download"),
    "an answer of a server": (b'{"message": "Not Found"}', "not of a notebook's form", "File > Download"),
}


@pytest.mark.parametrize(("content", "kind", "advice"), KINDS.values(), ids=KINDS)
def test_a_file_is_told_as_what_it_is_with_what_to_do(tmp_path: Path, content: bytes, kind: str, advice: str) -> None:
    path = tmp_path / "s001.ipynb"
    path.write_bytes(content)
    with pytest.raises(SubmissionError) as caught:
        read_submission(path, student="s001")
    text = caught.value.text
    assert kind in text.en
    assert advice in text.en
    assert str(path) in text.zh_tw
    assert text.zh_tw.replace(str(path), "") != text.en.replace(str(path), "")


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b" \n"])
def test_a_mark_or_blanks_before_a_notebook_cost_nothing(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "s001.ipynb"
    path.write_bytes(mark + NOTEBOOK.encode())
    assert [cell.source for cell in read_submission(path, student="s001").cells] == ["x = '資訊'\n"]


@pytest.mark.parametrize("text", [POINTER, COLAB, "<html>", "<<<<<<< HEAD\n=======\n>>>>>>> mine\n", "import this"])
def test_a_notebook_that_speaks_of_such_files_is_a_notebook(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s001.ipynb"
    cells = [CELL | {"source": text.splitlines(keepends=True)}]
    path.write_text(json.dumps({"cells": cells, "url": COLAB, "nbformat": 4}, indent=0), "utf-8")
    assert [cell.source for cell in read_submission(path, student="s001").cells] == [text]


@pytest.mark.parametrize(
    "part",
    [
        b"<<<<<<< HEAD\n",
        b"<<<<<<< HEAD\n=======\n",
        b"<!-- -->",
        b" ",
        b"import",
        b"{\n",
        b'"a\n',
        b"#!",
        b"a",
        b"https://a",
    ],
)
def test_a_file_that_repeats_a_sign_is_refused_in_a_moment(tmp_path: Path, part: bytes) -> None:
    path = tmp_path / "s001.ipynb"
    path.write_bytes(b"x" + part * (LARGEST_NOTEBOOK_BYTES // 4 // len(part)))
    began = process_time()
    with pytest.raises(SubmissionError):
        read_submission(path, student="s001")
    assert process_time() - began < 3


@pytest.mark.kernel
def test_in_a_folder_it_has_no_score_and_the_sentence_stands_in_the_record(
    grade: Callable[..., Said], tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/s001.ipynb").write_bytes(POINTER.encode())
    (tmp_path / "in/s002.ipynb").write_bytes(zip_of("lab02.ipynb"))
    said = grade("lab02", tmp_path / "in", "--output", tmp_path / "out", "--require-isolation", "none")
    assert said.status == 2
    first, second = (json.loads((tmp_path / f"out/s00{n}.json").read_text("utf-8")) for n in (1, 2))
    assert first["ungraded"]["en"].startswith("s001.ipynb is a Git LFS pointer")
    assert second["ungraded"]["en"].startswith("s002.ipynb is a packed file (zip)")
    assert first["earned"] is None
    assert second["earned"] is None
