"""A rubric that says no more than what is asked and what it is worth: every page reads well without its texts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from grader.workflow.reporting import formats

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Said

RUBRIC = """\
points: 2
tasks:
  half:
    points: 2
    checks:
      values:
        points: 1
        questions:
          - public: true
            inputs: {x: 1}
          - inputs: {x: 3}
      negative:
        points: 1
        questions:
          - inputs: {x: -1}
"""
ANSWERS = {"right": "x / 2", "wrong": "x + 7", "unwritten": None, "raising": "1 / 0"}
GAPS = re.compile(
    r"(?m)None|undefined|→\s*$|[:：·]\s*$|: \.|<p[^>]*>\s*</p>|<li[^>]*>\s*</li>|<h\d[^>]*>\s*(<span>)?\s*</h\d>"
)


@pytest.fixture
def course(
    tmp_path: Path, grade: Callable[..., Said], notebook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Go to a course whose rubric has no text at all."""
    del grade  # which goes to another course
    folder = tmp_path / "course"
    for name in ("labs", "reference", "rubrics"):
        (folder / name).mkdir(parents=True)
    (folder / "reference/lab.py").write_text("def half(x):\n    return x / 2\n", "utf-8")
    (folder / "rubrics/lab.yaml").write_text(RUBRIC, "utf-8")
    notebook(cell(None), name="lab", folder=folder / "labs")
    monkeypatch.chdir(folder)


def cell(answer: str | None) -> str:
    return f"def half(x):\n    {'raise NotImplementedError' if answer is None else f'return {answer}'}\n"


def gaps(text: str) -> list[str]:
    plain = re.sub(r"(?s)<(style|script)>.*?</\1>", "", text)
    return [plain[max(0, found.start() - 60) : found.end() + 20] for found in GAPS.finditer(plain)]


@pytest.mark.kernel
@pytest.mark.usefixtures("course")
@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_every_page_and_format_reads_well(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path, language: str
) -> None:
    folder, out = tmp_path / "class", tmp_path / "out"
    for name, answer in ANSWERS.items():
        notebook(cell(answer), name=name, folder=folder)
    words = [word for name in formats() for word in ("--format", name)]
    words += ["--lang", language, "--require-isolation", "none", "--seed", "1"]
    said = grade("lab", folder, "--output", out, *words)
    assert (said.status, gaps(said.out)) == (0, []), said.err
    for path in out.iterdir():
        if path.suffix not in {".sqlite", ".json"}:
            assert gaps(path.read_text("utf-8-sig")) == [], path.name
    for name in ANSWERS:
        page = grade("lab", folder / f"{name}.ipynb", "--lang", language).out
        assert gaps(page) == []
        assert "half  half" not in page
        assert "half: half" not in page
    assert ("Write half" if language == "en" else "請完成 half") in (out / "unwritten.txt").read_text("utf-8")
    record = json.loads((out / "wrong.json").read_text("utf-8"))
    assert "languages" not in record, "of no text nobody can tell the language: both"
    for name in ("wrong.gradescope.json", "wrong.prairielearn.json", "wrong.coursera.json"):
        assert "null" not in (out / name).read_text("utf-8"), name


@pytest.mark.kernel
@pytest.mark.usefixtures("course")
def test_a_release_and_its_kit_do_without_them(
    grade: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "given"
    assert grade("release", "lab", "--output", given).status == 0
    readme = (given / "README-lab.md").read_text("utf-8")
    assert readme.startswith("# lab\n\n| 檔案 File |")
    assert gaps(re.sub(r"(?m)^.*(run:|three lines:)$", "", readme)) == []
    monkeypatch.chdir(given)
    said = grade("lab", "--lang", "en")
    assert (said.status, gaps(said.out)) == (1, [])
    assert grade("--list").out.split() == ["lab", "1", "points"], "of the public questions alone"


@pytest.mark.kernel
@pytest.mark.usefixtures("course")
def test_the_audit_advises_promises_hints_and_titles(grade: Callable[..., Said]) -> None:
    said = grade("audit", "lab", "--lang", "en")
    assert said.status == 0
    assert gaps(said.out) == []
    asked, _, advised = said.out.partition("\nAdvice\n")
    assert "half.values, half.negative: no promise" in advised
    assert "half.values, half.negative: no hint" in advised
    assert "no title: pages show the lab's name" in advised
    assert "half: no title" in advised
    assert "half." not in asked
    assert "zh-TW" not in said.out
