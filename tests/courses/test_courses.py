"""Small labs of every kind of course: right notebooks keep every mark, ordinary mistakes lose theirs and are told.

A folder here is a course of one lab, as a teacher would write it. `handed_in/` has what students hand in, without any
helper; `expected.yaml` says which checks the wrong ones lose, and what is told: one of several texts where Python's own
words are not the same in every version.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import yaml

from grader.cli import main
from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.grading.make_key import make_key
from grader.messages.format_values import shown
from grader.model import Raised, Structured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.grading.key import Asked
    from tests.conftest import Said

HERE = Path(__file__).parent
SEED = 7
NEEDS = {"tables": "pandas", "values": "scipy", "drawing": "matplotlib", "modules": "torch", "essay": "matplotlib"}


def _case(name: str) -> Any:  # noqa: ANN401 (what pytest.param gives)
    package = NEEDS.get(name)
    is_absent = package is not None and importlib.util.find_spec(package) is None
    marks = [pytest.mark.skipif(is_absent, reason=f"the notebooks of this course import {package}, which is absent")]
    return pytest.param(name, marks=marks, id=name)


COURSES = [_case(path.parent.name) for path in sorted(HERE.glob("*/rubrics"))]
pytestmark = pytest.mark.kernel


@dataclass(frozen=True)
class Graded:
    """A course's notebooks, graded in one go: the records by student, and all that was written for people."""

    name: str
    records: dict[str, dict[str, Any]]
    pages: dict[str, str]


@pytest.fixture(scope="module", params=COURSES)
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Return what comes of grading all that was handed in, and the stub, as a class."""
    name, folder = request.param, tmp_path_factory.mktemp(request.param)
    shutil.copytree(HERE / name / "handed_in", folder / "in")
    shutil.copyfile(HERE / name / f"labs/{name}.ipynb", folder / "in/stub.ipynb")
    words = ["--course", HERE / name, "--output", folder / "out", "--format", "html", "--seed", SEED]
    assert main([name, str(folder / "in"), *map(str, words)]) == 0
    written = {path.stem: path.read_text("utf-8") for path in sorted((folder / "out").glob("*.json"))}
    html = {path.name: path.read_text("utf-8") for path in sorted((folder / "out").glob("*.html"))}
    return Graded(name, {student: json.loads(text) for student, text in written.items()}, {**written, **html})


def checks_of(record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{task['name']}.{check['name']}": check for task in record["tasks"] for check in task["checks"]}


def test_right_notebooks_keep_every_mark_however_they_are_written(graded: Graded) -> None:
    right = {student: record for student, record in graded.records.items() if student.startswith("right")}
    assert len(right) >= 2
    for student, record in right.items():
        told = {place: check["because"] for place, check in checks_of(record).items() if check["verdict"] != "passed"}
        by_a_person = sum(task["manual"]["points"] for task in record["tasks"] if "manual" in task)
        assert (record["earned"] + by_a_person, told) == (record["points"], {}), student


def test_the_stub_earns_nothing_and_has_nothing_wrong(graded: Graded) -> None:
    record = graded.records["stub"]
    assert record["earned"] == 0
    assert not record["cells"]
    for place, check in checks_of(record).items():
        assert (check["verdict"], check["because"]["en"]) == ("not_attempted", "not written yet"), place


def test_ordinary_mistakes_lose_their_checks_and_no_others_and_are_told(graded: Graded) -> None:
    expected = yaml.safe_load((HERE / graded.name / "expected.yaml").read_text("utf-8"))
    for student, lost in expected.items():
        checks = checks_of(graded.records[student])
        failed = {place: check["because"]["en"] for place, check in checks.items() if check["verdict"] == "failed"}
        texts = {place: [text] if isinstance(text, str) else text for place, text in lost.items()}
        assert {place: text for place, text in failed.items() if text in texts.get(place, ())} == failed, student
        assert failed.keys() == lost.keys(), student
        assert {check["verdict"] for check in checks.values()} <= {"passed", "failed"}
    assert set(expected) == {student for student in graded.records if student.startswith("wrong")}
    assert len(expected) >= 2


def test_what_is_told_is_told_in_both_languages(graded: Graded) -> None:
    for student, record in graded.records.items():
        for place, check in checks_of(record).items():
            if check["verdict"] == "failed":
                for text in filter(None, (check["because"], check["hint"])):
                    assert text["en"], (student, place)
                    assert re.search("[\u4e00-\u9fff]", text["zh-TW"]) or is_a_place(text), (student, place, text)


def is_a_place(text: dict[str, str]) -> bool:
    """Say whether a sentence is nothing but places and values, which no language translates."""
    return not re.search(r"[a-z]{3}", re.sub(r"\[.*?\]|'.*?'", "", text["en"]))


def test_nothing_of_a_hidden_question_is_told(graded: Graded) -> None:
    asked = make_key(load_lab(Course(HERE / graded.name), graded.name), SEED).asked
    public = {piece for one in asked if one.public for piece in telling(one)}
    stub = json.loads((HERE / graded.name / f"labs/{graded.name}.ipynb").read_text("utf-8"))
    given_out = "".join("".join(cell["source"]) for cell in stub["cells"])
    given_out += (HERE / graded.name / f"rubrics/{graded.name}.yaml").read_text("utf-8").partition("questions")[0]
    secrets = {piece for one in asked if not one.public for piece in telling(one)} - public
    secrets = {piece for piece in secrets if piece not in given_out}
    for name, page in graded.pages.items():
        assert not [piece for piece in secrets if re.search(rf"(?<![\w.]){re.escape(piece)}(?!\w)", page)], name


def telling(asked: Asked) -> Iterator[str]:
    """Yield the numbers and words of a question and its answer that would not come about by chance."""
    expected: Any = asked.expected
    if isinstance(expected, Structured):
        expected = expected.value
    if isinstance(expected, Raised):
        expected = expected.message
    for value in (*asked.question.arguments, expected):
        yield from re.findall(r"-?\d+\.\d{4,}", np.array2string(np.asarray(value)) if is_array(value) else repr(value))
        yield from re.findall(r"-?\d+\.\d{4,}|[a-z]{5,}", shown(value))


def is_array(value: object) -> bool:
    return isinstance(value, np.ndarray)


# Audits and kits ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COURSES)
def test_an_audit_calls_it_fair(name: str, grade: Callable[..., Said]) -> None:
    said = grade("audit", name, "--course", HERE / name, "--lang", "en")
    assert said.status == 0, said.out


def at_home(name: str, folder: Path, notebook: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """Return the checks of a notebook that a student grades with the kit alone."""
    shutil.copyfile(notebook, folder / f"{name}.ipynb")
    monkeypatch.chdir(folder)
    assert main([name, "--output", str(folder / "out" / notebook.stem)]) in {0, 1}
    record: dict[str, Any] = json.loads((folder / "out" / notebook.stem / f"{name}.json").read_text("utf-8"))
    assert record["kit"]
    return checks_of(record)


def test_a_kit_gives_the_verdicts_of_the_public_questions(
    graded: Graded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = HERE / graded.name
    assert main(["release", graded.name, "--output", str(tmp_path), "--course", str(course)]) == 0
    public: dict[str, list[bool]] = {}
    choices = set()
    for one in make_key(load_lab(Course(course), graded.name), SEED).asked:
        public.setdefault(f"{one.question.task}.{one.question.check}", []).append(one.public)
        if one.kind == "choice":
            choices.add(f"{one.question.task}.{one.question.check}")
    for notebook in sorted((course / "handed_in").glob("*.ipynb")):
        theirs = checks_of(graded.records[notebook.stem])
        mine = at_home(graded.name, tmp_path, notebook, monkeypatch)
        assert set(mine) == {place for place, told in public.items() if any(told)}
        for place in set(mine) - choices:
            told = [number for number, is_public in enumerate(public[place], start=1) if is_public]
            missed = [number for number, of_all in enumerate(told, start=1) if of_all in theirs[place]["missed"]]
            assert mine[place]["missed"] == missed, (notebook.stem, place)
            if missed:
                assert mine[place]["because"] == theirs[place]["because"], (notebook.stem, place)
        for place in set(mine) & choices:
            is_none = theirs[place]["because"] and "none of the choices" in theirs[place]["because"]["en"]
            assert mine[place]["verdict"] == ("failed" if is_none else "passed"), "which one is right stays here"
