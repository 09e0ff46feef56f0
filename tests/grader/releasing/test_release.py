"""What students are given holds the public questions, and nothing that gives another answer away."""

from __future__ import annotations

import ast
import base64
import json
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import numpy as np
import pytest

from grader.cli import main
from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.grading.make_key import make_key
from grader.releasing.release import Release, make_release
from grader.wire.values import decode_array

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Value

ROOT = Path(__file__).resolve().parents[3]
COURSE = Course(ROOT)
LABS = COURSE.lab_names()
SEEDS = {"lab01": 30, "lab02": 30}
"""Under how many the hidden questions are made; of labs that draw images under three, since these take seconds."""
DIGITS = 8
"""A number with so many digits is nobody's by chance."""
LONGEST = 16
"""Arrays of more numbers are compared whole: pixels are alike."""


@cache
def released(lab: str) -> Release:
    return make_release(COURSE, lab)


def text_of(lab: str) -> str:
    return "\n".join(content.decode() for content in released(lab).files.values())


def numbers_in(form: object) -> Iterator[np.ndarray[Any, Any]]:
    """Yield every array and number of a kit, also those that are written as bytes or as texts."""
    match form:
        case {"dtype": str(), "shape": list(), "bytes": str()}:
            yield decode_array(form)
        case {"array": list() as items, "dtype": str() as dtype}:
            yield np.array(items, dtype)
        case {"float": str() as digits}:
            yield np.array(float.fromhex(digits))
        case dict():
            for key, value in form.items():
                yield from numbers_in(json.loads(value) if key == "arguments" else value)
        case list():
            for value in form:
                yield from numbers_in(value)
        case int() | float():
            yield np.array(form)


def arrays_in(value: Value) -> Iterator[np.ndarray[Any, Any]]:
    match value:
        case list() | tuple():
            for item in value:
                yield from arrays_in(item)
        case str():
            return
        case _:
            yield np.asarray(value)


def telling(array: np.ndarray[Any, Any]) -> Iterator[bytes | str]:
    """Yield what an array can be known by: a large one by its bytes, a small one by each long number."""
    values = array.astype(np.float64)
    if values.size > LONGEST:
        yield values.tobytes()
        return
    yield from (f"{number:.12g}" for number in values.ravel() if len(f"{abs(number):.12g}".strip("0.")) >= DIGITS)


@pytest.mark.parametrize("lab", LABS)
def test_no_number_of_a_hidden_question_is_in_it(lab: str) -> None:
    kit = json.loads(released(lab).files[f"{lab}.kit.json"])
    given = {mark for array in numbers_in(kit) for mark in telling(array)}
    found = load_lab(COURSE, lab)
    hidden: set[bytes | str] = set()
    public: set[bytes | str] = set()
    for seed in range(SEEDS.get(lab, 3)):
        for asked in make_key(found, seed).asked:
            values = (*asked.question.arguments, *([asked.expected] if isinstance(asked.expected, np.ndarray) else []))
            marks = {mark for value in values for array in arrays_in(value) for mark in telling(array)}
            (public if asked.public else hidden).update(marks)
    assert given
    assert given & (hidden - public) == set()


@pytest.mark.parametrize("lab", LABS)
def test_no_line_of_the_reference_a_maker_a_mistake_or_another_law_is_in_it(lab: str) -> None:
    files = [ROOT / f"reference/{lab}.py", *(ROOT / f"reference/mistakes/{lab}").glob("*.py")]
    lines = {
        ast.unparse(statement)
        for file in files
        for function in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef)
        for statement in function.body[1:]
    }
    telling_lines = {line for line in lines if len(line) > 30 and "raise" not in line}
    text = text_of(lab)
    assert len(telling_lines) > 20
    assert [line for line in telling_lines if line in text] == []
    assert "def " not in "".join(json.loads(released(lab).files[f"{lab}.kit.json"])["mistakes"])


@pytest.mark.parametrize("lab", LABS)
def test_no_maker_and_no_other_lab_is_named_in_it(lab: str) -> None:
    kit = released(lab).files[f"{lab}.kit.json"].decode()
    entries = [
        entry
        for task in load_lab(COURSE, lab).rubric.tasks.values()
        for check in task.checks.values()
        for entry in check.questions
    ]
    hidden = [entry for entry in entries if not entry.public and entry.make is not None]
    assert '"make"' not in kit
    assert [entry.about.text.en for entry in hidden if entry.about is not None and entry.about.text.en in kit] == []
    assert [name for name in LABS if name != lab and f'"{name}"' in kit] == []


@pytest.mark.parametrize("lab", LABS)
def test_its_kit_has_the_published_form(lab: str) -> None:
    kit = json.loads(released(lab).files[f"{lab}.kit.json"])
    jsonschema.validate(kit, json.loads((ROOT / "docs/kit.schema.json").read_text("utf-8")))


@pytest.mark.parametrize("lab", LABS)
def test_the_notebook_is_the_labs_with_one_cell_before_it(lab: str) -> None:
    notebook = json.loads(released(lab).files[f"{lab}.ipynb"])
    own = json.loads(COURSE.notebook_path(lab).read_text("utf-8"))
    assert notebook["cells"][1:] == own["cells"]
    assert f"{lab}.kit.json" in notebook["cells"][0]["source"]


def test_the_same_course_gives_the_same_bytes() -> None:
    first, second = make_release(COURSE, "lab01"), make_release(COURSE, "lab01")
    assert first.files == second.files
    assert first.zipped() == second.zipped()


def test_the_command_writes_the_files_and_a_zip_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "給學生 out"
    words = ["release", "lab01", "lab02", "--output", str(out), "--zip", "--course", str(ROOT), "--lang", "en"]
    assert main(words) == 0
    names = [f"{lab}{end}" for lab in ("lab01", "lab02") for end in (".ipynb", ".kit.json", ".zip")]
    assert sorted(path.name for path in out.iterdir()) == sorted([*names, "README-lab01.md", "README-lab02.md"])
    with zipfile.ZipFile(out / "lab01.zip") as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    assert inside == {f"lab01/{name}": content for name, content in released("lab01").files.items()}
    assert "grade lab01" in capsys.readouterr().out


def test_a_release_is_written_again_but_nothing_else_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["release", "lab02", "lab01", "--output", str(tmp_path), "--course", str(ROOT), "--lang", "en"]
    assert main(words) == 0
    assert main(words) == 0
    (tmp_path / "lab02.kit.json").unlink()
    notebook = tmp_path / "lab01.ipynb"
    written = notebook.read_text("utf-8").replace("raise NotImplementedError", "return 1 #")
    notebook.write_text(written, "utf-8")
    capsys.readouterr()
    assert main(words) == 2
    assert str(notebook) in capsys.readouterr().err
    assert notebook.read_text("utf-8") == written
    assert not (tmp_path / "lab02.kit.json").exists()


def test_a_release_is_compared_with_the_course(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["release", "lab01", "--output", str(tmp_path), "--course", str(ROOT), "--lang", "en"]
    assert main(words) == 0
    assert main([*words, "--check"]) == 0
    kit = tmp_path / "lab01.kit.json"
    kit.write_text(kit.read_text("utf-8") + " ", "utf-8")
    capsys.readouterr()
    assert main([*words, "--check"]) == 2
    assert "lab01.kit.json" in capsys.readouterr().out


def test_a_zip_that_students_may_get_is_never_left_behind(
    tmp_path: Path, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["release", "lab01", "--output", str(tmp_path / "out"), "--course", str(course), "--lang", "en"]
    assert main([*words, "--zip"]) == 0
    rubric = course / "rubrics/lab01.yaml"
    rubric.write_text(rubric.read_text("utf-8").replace("minutes: ", "minutes: 1"), "utf-8")
    assert main([*words, "--check"]) == 2
    assert "lab01.kit.json, lab01.zip in" in capsys.readouterr().out
    assert main(words) == 0
    assert main([*words, "--check"]) == 0
    for name in ("lab01.ipynb", "lab01.kit.json", "README-lab01.md"):
        (tmp_path / "out" / name).unlink()
    assert main([*words, "--check"]) == 0


def test_a_lab_without_public_questions_is_given_out_as_its_notebook_alone_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = tmp_path / "course"
    for folder in ("labs", "reference", "rubrics"):
        (course / folder).mkdir(parents=True)
    (course / "reference/one.py").write_text("def double(x):\n    return 2 * x\n", "utf-8")
    words = "{zh-TW: 一, en: one}"
    (course / "rubrics/one.yaml").write_text(
        f"title: {words}\nminutes: 1\npoints: 1\ntasks:\n  double:\n    title: {words}\n    lecture: {words}\n"
        f"    points: 1\n    checks:\n      values:\n        points: 1\n"
        f"        promise: {words}\n        hint: {words}\n"
        "        questions:\n          - inputs: {x: 1}\n",
        "utf-8",
    )
    (course / "labs/one.ipynb").write_text('{"nbformat": 4, "cells": []}', "utf-8")
    out = tmp_path / "out"
    (course / "labs/one.ipynb").write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}', "utf-8")
    command = ["release", "one", "--output", str(out), "--course", str(course), "--lang", "en", "--zip"]
    for _ in range(2):
        assert main(command) == 0
        said = capsys.readouterr().out
        assert "no question of it is public" in said
        assert "try it as a student" not in said
    assert sorted(path.name for path in out.iterdir()) == ["one.ipynb", "one.zip"]
    assert main([*command[:-1], "--check"]) == 0


def test_the_bytes_in_a_kit_can_be_found_by_these_tests() -> None:
    secret = {"dtype": "float64", "shape": [1], "bytes": base64.b64encode(np.array([0.123456789]).tobytes()).decode()}
    nested = {"answers": [{"arguments": json.dumps([{"array": secret}])}]}
    assert {mark for array in numbers_in(nested) for mark in telling(array)} == {"0.123456789"}
