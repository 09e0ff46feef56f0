"""What an audit says of the items with which a person reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.audit.contents import contents_part
from grader.audit.context import make_context
from grader.course.folder import Course

if TYPE_CHECKING:
    from pathlib import Path


def missing(folder: Path, manual: str) -> list[tuple[str, str]]:
    """Return what is missing of a task that a person reads."""
    for name in ("rubrics", "reference"):
        (folder / name).mkdir()
    rubric = f"points: 10\ntasks:\n  essay: {{manual: {{points: 10, {manual}}}, cells: {{tag: essay}}}}\n"
    (folder / "rubrics/words.yaml").write_text(rubric, "utf-8")
    part = contents_part(make_context(Course(folder), "words", 0))
    return [(one.place, one.told.en) for one in part.findings if one.weight == "missing"]


def item(name: str, points: int, more: str = "", *, zh_tw: str = "說法", en: str = "Some words") -> str:
    return f'{{id: {name}, text: {{zh-TW: "{zh_tw}", en: "{en}"}}, points: {points}{more}}}'


@pytest.mark.parametrize(
    "manual",
    [
        "items: []",
        f"items: [{item('a', -10)}]",
        f"items: [{item('a', 4)}, {item('b', 6)}]",
        f"items: [{item('a', 11, ', bonus: true')}], start: 10",
    ],
)
def test_items_that_fit_their_task_are_told_of_nothing(tmp_path: Path, manual: str) -> None:
    assert missing(tmp_path, manual) == []


@pytest.mark.parametrize(
    ("manual", "told"),
    [
        (f"items: [{item('typo', -20)}]", "the item typo is worth -20, more than all 10 points"),
        (f"items: [{item('a', 4)}, {item('b', 5)}]", "with every item that gives points there are 9 of 10 points"),
        (f"items: [{item('a', -1, zh_tw='不好', en='不清楚')}]", "a: the en text is not English"),
        (f"items: [{item('a', -1, zh_tw='Unclear words')}]", "a: the zh-TW text is not Chinese"),
    ],
)
def test_items_that_do_not_fit_or_speak_one_language_are_found(tmp_path: Path, manual: str, told: str) -> None:
    assert missing(tmp_path, manual) == [("essay.manual", told)]
