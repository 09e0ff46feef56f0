"""A kit is read whole, or refused in one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.course.folder import Course, KitFolder
from grader.course.kit import digest_of
from grader.course.lab import load_lab
from grader.errors import LabError
from grader.grading.make_key import make_key
from grader.releasing.release import make_release

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def kit() -> dict[str, Any]:
    form: dict[str, Any] = json.loads(make_release(Course(ROOT), "lab01").files["lab01.kit.json"])
    return form


def write(folder: Path, form: object) -> KitFolder:
    (folder / "lab01.kit.json").write_text(form if isinstance(form, str) else json.dumps(form), "utf-8")
    return KitFolder(folder)


def signed(form: dict[str, Any]) -> dict[str, Any]:
    return {**form, "sha256": digest_of(form)}


def test_its_key_has_the_questions_and_the_answers_that_were_given_out(tmp_path: Path, kit: dict[str, Any]) -> None:
    lab = load_lab(write(tmp_path, kit), "lab01")
    theirs = [asked for asked in make_key(load_lab(Course(ROOT), "lab01"), 7).asked if asked.public]
    mine = make_key(lab, 7).asked
    assert [one.question.task for one in mine] == [one.question.task for one in theirs]
    assert [str(one.expected) for one in mine] == [str(one.expected) for one in theirs]
    assert [one.kind for one in mine] == [one.kind for one in theirs]
    assert lab.kit is not None


def test_a_kit_under_another_labs_name_is_told_as_that(tmp_path: Path, kit: dict[str, Any]) -> None:
    (tmp_path / "lab02.kit.json").write_text(json.dumps(kit), "utf-8")
    with pytest.raises(LabError, match="is the kit of lab01, not of lab02"):
        load_lab(KitFolder(tmp_path), "lab02")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"kit": "1"}', "[" * 100_000, "\x00", "null"], ids=len)
def test_a_file_that_is_no_kit_is_told_as_that(tmp_path: Path, content: str) -> None:
    with pytest.raises(LabError, match=r"lab01\.kit\.json"):
        load_lab(write(tmp_path, content), "lab01")


@pytest.mark.parametrize("key", ["rubric", "answers", "laws", "mistakes", "points", "lab", "labgrader"])
@pytest.mark.parametrize("value", [None, [], "x", 0, {"x": {}}, {"mse": {}}, {"mse": {"x": 1}}], ids=repr)
def test_a_kit_with_another_part_is_read_or_refused(
    tmp_path: Path, kit: dict[str, Any], key: str, value: object
) -> None:
    try:
        load_lab(write(tmp_path, signed({**kit, key: value})), "lab01")
    except LabError as error:
        assert "lab01.kit.json" in error.text.en  # noqa: PT017 (it may also be read)


@pytest.mark.parametrize("key", ["rubric", "answers", "laws", "mistakes", "points", "lab", "kit", "sha256"])
def test_a_kit_without_a_part_is_refused(tmp_path: Path, kit: dict[str, Any], key: str) -> None:
    rest = {name: value for name, value in kit.items() if name != key}
    with pytest.raises(LabError, match="as it was given out"):
        load_lab(write(tmp_path, rest if key == "sha256" else signed(rest)), "lab01")


def test_a_law_that_cannot_be_loaded_is_told_with_its_task(tmp_path: Path, kit: dict[str, Any]) -> None:
    laws = {"mse": {**kit["laws"]["mse"], "source": "import sys\nsys.exit(0)"}}
    with pytest.raises(LabError, match="mse"):
        load_lab(write(tmp_path, signed({**kit, "laws": laws})), "lab01")
