"""The languages of a lab: those that course.yaml names, else those that its rubric is written in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from grader.course.folder import Course, KitFolder
from grader.course.kit import digest_of
from grader.course.lab import lab_languages, load_lab
from grader.course.settings import FILE, read_languages, read_settings
from grader.errors import LabError
from grader.releasing.release import make_release

if TYPE_CHECKING:
    from pathlib import Path

RUBRIC = """\
{title}points: 1
tasks:
  half:
    {task}points: 1
    checks:
      values:
        points: 1
        {promise}{hint}questions:
          - public: true
            inputs: {{x: 1}}
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course of one lab, whose rubric is still to be written."""
    for name in ("labs", "reference", "rubrics"):
        (tmp_path / name).mkdir()
    (tmp_path / "reference/lab.py").write_text("def half(x):\n    return x / 2\n", "utf-8")
    form = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "labs/lab.ipynb").write_text(json.dumps(form), "utf-8")
    return Course(tmp_path)


def write(course: Course, *, title: str = "", task: str = "", promise: str = "", hint: str = "") -> Course:
    """Write a rubric with these texts, each as YAML; an empty one is left out."""
    given = {"title": ("title", title, 0), "task": ("title", task, 4)}
    given |= {"promise": ("promise", promise, 8), "hint": ("hint", hint, 8)}
    lines = {name: f"{key}: {text}\n{' ' * indent}" if text else "" for name, (key, text, indent) in given.items()}
    (course.folder / "rubrics/lab.yaml").write_text(RUBRIC.format(**lines), "utf-8")
    return course


@pytest.mark.parametrize(
    ("texts", "languages"),
    [
        ({"title": "Lab", "promise": "The half."}, ("en",)),
        ({"title": "實驗", "promise": "一半。"}, ("zh-TW",)),
        ({"title": "Softmax", "task": "ReLU", "promise": "一半。", "hint": "除以二？"}, ("zh-TW",)),
        ({"title": "期末 Final", "task": "Half", "promise": "The half.", "hint": "By what?"}, ("en",)),
        ({"title": "{zh-TW: 實驗, en: Lab}"}, ("zh-TW", "en")),
        ({"title": "{en: Lab}", "promise": "x / 2"}, ("en",)),
        ({"title": "{zh-TW: Lab}"}, ("zh-TW",)),
        ({"title": "{zh-TW: 實驗}", "hint": "{en: By what?}"}, ("zh-TW", "en")),
        ({"title": "{zh-TW: Lab, en: Lab}"}, ("zh-TW", "en")),
        ({}, ("zh-TW", "en")),
    ],
)
def test_without_a_word_of_the_course_they_are_those_of_the_rubrics_texts(
    course: Course, texts: dict[str, str], languages: tuple[str, ...]
) -> None:
    assert load_lab(write(course, **texts), "lab").languages == lab_languages(course, "lab") == languages


@pytest.mark.parametrize("languages", [["en"], ["zh-TW"], ["zh-TW", "en"]])
def test_what_the_course_names_goes_before_the_rubric_and_is_part_of_what_a_result_is_judged_by(
    course: Course, languages: list[str]
) -> None:
    before = load_lab(write(course, title="{zh-TW: 實驗, en: Lab}"), "lab")
    (course.folder / FILE).write_text(f"languages: {languages[::-1]}\nlabs: {{other: {{}}}}\n", "utf-8")
    lab = load_lab(course, "lab")
    assert lab.languages == lab_languages(course, "lab") == tuple(languages)
    assert lab.sha256 != before.sha256
    (course.folder / FILE).write_text("time_zone: Asia/Taipei\n", "utf-8")
    assert load_lab(course, "lab").sha256 == before.sha256


@pytest.mark.parametrize("said", ["[]", "[fr]", "en", "{en: true}", "[en, 1]"])
def test_another_word_for_a_language_is_refused_with_what_is_allowed(tmp_path: Path, said: str) -> None:
    (tmp_path / FILE).write_text(f"languages: {said}\n", "utf-8")
    for read in (lambda: read_languages(tmp_path), lambda: read_settings(tmp_path, ())):
        with pytest.raises(LabError, match=r"course.yaml, line 1.*zh-TW"):
            read()


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]", "languages:\n", "labs: {}\n"])
def test_a_course_that_names_none_leaves_it_to_its_rubrics(tmp_path: Path, text: str) -> None:
    assert read_languages(tmp_path) is None
    (tmp_path / FILE).write_text(text, "utf-8")
    assert read_languages(tmp_path) is None


def test_a_text_in_one_language_stands_for_both_and_a_missing_title_is_the_name(course: Course) -> None:
    lab = load_lab(write(course, promise="{en: The half.}", hint="除以二？"), "lab")
    check = lab.rubric.tasks["half"].checks["values"]
    assert check.promise is not None
    assert check.hint is not None
    assert (check.promise.text.zh_tw, check.promise.text.en) == ("The half.", "The half.")
    assert (check.hint.text.zh_tw, check.hint.text.en) == ("除以二？", "除以二？")
    assert (lab.title.en, lab.rubric.title_of("half").zh_tw) == ("lab", "half")
    assert (lab.rubric.minutes, lab.rubric.tasks["half"].lecture) == (None, None)


def test_a_kit_carries_them_and_one_of_before_has_both(course: Course, tmp_path: Path) -> None:
    (course.folder / FILE).write_text("languages: [en]\n", "utf-8")
    write(course, title="{zh-TW: 實驗, en: Lab}", promise="{zh-TW: 一半, en: The half}")
    kit = json.loads(make_release(course, "lab").files["lab.kit.json"])
    assert (kit["languages"], kit["rubric"]["title"]) == (["en"], {"en": "Lab"})
    student = tmp_path / "student"
    student.mkdir()
    (student / "lab.kit.json").write_text(json.dumps(kit), "utf-8")
    lab = load_lab(KitFolder(student), "lab")
    assert (lab.languages, lab.title.zh_tw) == (("en",), "Lab")
    del kit["languages"]
    (student / "lab.kit.json").write_text(json.dumps({**kit, "sha256": digest_of(kit)}), "utf-8")
    assert load_lab(KitFolder(student), "lab").languages == ("zh-TW", "en")
