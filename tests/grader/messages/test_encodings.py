"""In every encoding a page's marks can be read, and none of them becomes another one or a "?"."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.messages.encodings import ERRORS, INSTEAD, has_chinese, register_instead
from grader.pages.summary import MARKS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ENCODINGS = ("ascii", "latin-1", "cp1252", "cp437", "cp950", "big5", "gbk", "shift_jis", "utf-8", "utf-16")
ROOT = Path(__file__).resolve().parents[3]
COURSE = ROOT / "tests/another_course"


def written(text: str, encoding: str) -> str:
    """Return what a reader of this encoding sees of a text."""
    register_instead()
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=ERRORS)
    stream.write(text)
    stream.flush()
    return stream.buffer.getvalue().decode(encoding) if isinstance(stream.buffer, io.BytesIO) else ""


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_marks_of_verdicts_stay_apart(encoding: str) -> None:
    seen = {verdict: written(mark, encoding) for verdict, mark in MARKS.items()}
    assert len(set(seen.values())) == len(MARKS)
    assert [verdict for verdict, mark in seen.items() if mark == "?"] == ["ungraded"]
    assert all(len(mark) == 1 for mark in seen.values())


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_bar_is_as_long_as_it_was(encoding: str) -> None:
    assert len(written("█" * 40, encoding)) == 40


def test_no_character_of_our_english_pages_becomes_a_question_mark() -> None:
    sources = [*ROOT.glob("grader/**/*.py"), *ROOT.glob("rubrics/*.yaml")]
    shown = [path for path in sources if "review" not in path.parts]  # a page of a browser, always in UTF-8
    text = "".join(path.read_text("utf-8") for path in shown)
    ours = {character for character in text if ord(character) > 127 and not "\u2e80" <= character <= "\uffff"}
    assert ours - set("✓✗○█→") > set("·…─")
    assert {character for character in ours if "?" in written(character, "ascii")} == set("¦")


def test_letters_with_marks_keep_their_letter_and_a_prediction_is_not_its_label() -> None:
    assert written("naïve café", "ascii") == "naive cafe"
    assert written("y ŷ", "ascii") == "y y^"
    assert all(value.isascii() and "?" not in value for value in INSTEAD.values())


def test_whether_chinese_can_be_shown_is_known() -> None:
    for encoding, can in (("ascii", False), ("latin-1", False), ("cp950", True), ("utf-8", True)):
        assert has_chinese(io.TextIOWrapper(io.BytesIO(), encoding=encoding)) is can
    assert has_chinese(None)
    assert has_chinese(io.StringIO())


def said(words: Sequence[object], encoding: str, **more: str) -> str:
    """Return what `grade` says to a reader of an encoding."""
    command = [str(Path(sys.executable).with_name("grade")), *map(str, words)]
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": encoding, **more}
    done = subprocess.run(command, cwd=COURSE, env=environment, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    return done.stdout.decode(encoding)


@pytest.mark.kernel
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp950"])
@pytest.mark.parametrize("language", ["en_US", "zh_TW"])
def test_a_page_and_a_class_can_be_read(
    notebook: Callable[..., Path], tmp_path: Path, encoding: str, language: str
) -> None:
    right, wrong, none = (f"def double(x):\n    {act}" for act in ("return 2 * x", "return 3 * x", "raise OSError"))
    for name, source in (("s001", right), ("s002", wrong), ("s003", none)):
        notebook(source, name=name, folder=tmp_path / "in")
    (tmp_path / "in/s004.ipynb").write_text("no notebook", "utf-8")
    page = said(["warmup", tmp_path / "in/s001.ipynb"], encoding, LANG=f"{language}.UTF-8")
    assert re.search(r"^\+ double ", page, re.MULTILINE)
    assert not re.search(r"^ *\?|\?\?", page, re.MULTILINE)
    the_class = said(["warmup", tmp_path / "in"], encoding, LANG=f"{language}.UTF-8")
    assert re.findall(r"^(.) (s00.)", the_class, re.MULTILINE)[:4] == [
        *(("x", "s001"), ("x", "s002"), ("x", "s003"), ("?", "s004"))
    ]
    assert "#" in the_class or "█" in the_class
    assert "??" not in the_class


@pytest.mark.kernel
def test_what_other_programs_read_is_utf_8_in_every_encoding(notebook: Callable[..., Path], tmp_path: Path) -> None:
    path = notebook("def double(x):\n    return 3 * x", name="學生甲")
    said(["warmup", path, "--output", tmp_path / "out"], "ascii")
    record = tmp_path / "out/學生甲.json"
    for name in ("gradescope", "html", "csv"):
        report = said(["report", record, "--format", name, "--lang", "zh-TW"], "utf-8")
        words = ["report", str(record), "--format", name, "--lang", "zh-TW"]
        command = [str(Path(sys.executable).with_name("grade")), *words]
        done = subprocess.run(command, env={"PYTHONIOENCODING": "ascii"}, capture_output=True, check=True)
        assert done.stdout.decode("utf-8") == report
        assert "學生甲" in report
    assert json.loads(said(["schema", "record"], "utf-8"))


@pytest.mark.kernel
@pytest.mark.parametrize("words", [("--list",), ("warmup", "NOTEBOOK"), ("doctor",)])
def test_where_chinese_cannot_be_shown_the_page_is_english_and_says_what_to_do(
    tmp_path: Path, notebook: Callable[..., Path], words: tuple[str, ...]
) -> None:
    path = notebook("def double(x):\n    return 2 * x")
    command = [
        str(Path(sys.executable).with_name("grade")),
        *(str(path) if word == "NOTEBOOK" else word for word in words),
        *(() if words == ("doctor",) else ("--course", str(ROOT / "tests/another_course"))),
        *(("--output", str(tmp_path / "out"), "--format", "html") if "NOTEBOOK" in words else ()),
        "--lang",
        "zh-TW",
    ]
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii", "COLUMNS": "200"}
    done = subprocess.run(command, env=environment, capture_output=True, check=False, cwd=tmp_path)
    out, err = done.stdout.decode("ascii"), done.stderr.decode("ascii")
    assert err.startswith("This output cannot show Chinese, so the page is in English (--lang en). For Chinese set")
    assert "???" not in out + err
    if "NOTEBOOK" in words:
        page = (tmp_path / "out/s001.html").read_text("utf-8")
        assert 'lang="zh-TW"' in page, "a file is in the language that was asked for"
