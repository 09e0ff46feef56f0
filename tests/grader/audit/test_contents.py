"""What a lab lacks, and where it is to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.audit.contents import contents_part
from grader.audit.context import make_context

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.audit.finding import Part
    from grader.course.folder import Course


def part(course: Course) -> Part:
    return contents_part(make_context(course, "warmup", 0))


def missing(course: Course) -> list[tuple[str, str, str]]:
    return [
        (one.place, one.told.en, one.file.removeprefix(f"{course.folder}/"))
        for one in part(course).findings
        if one.weight == "missing"
    ]


def test_of_the_fair_course_nothing_is_missing(fair: Course) -> None:
    assert part(fair).findings == ()
    assert part(fair).told.en == "2 tasks, 5 mistakes, 4 correct variants, 1 laws"


def test_a_hidden_question_has_to_say_what_kind_of_input_it_has(spoil: Callable[[str, str, str], Course]) -> None:
    course = spoil("rubrics/warmup.yaml", 'count: 3, about: {zh-TW: "一些數值", en: "some numbers"}', "count: 3")
    [(place, told, file)] = missing(course)
    assert (place, file) == ("double.values", "rubrics/warmup.yaml")
    assert told.startswith("the hidden questions of number have no about")


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("rubrics/warmup.yaml", "能處理陣列嗎", "arrays", None),
        ("rubrics/warmup.yaml", "函式能處理陣列嗎？", "Does it?", "batch: the zh-TW text is not Chinese"),
        ("rubrics/warmup.yaml", "Does it take an array?", "陣列？", "batch: the en text is not English"),
        ("rubrics/warmup.yaml", "some numbers", "數值", "about: the en text is not English"),
        ("reference/mistakes/warmup/total.yaml", "這是平均。", "Mean.", "mean: the zh-TW text is not Chinese"),
        ("reference/laws/warmup/total.yaml", "The sum is", "總和", "at_least_the_largest: the en text is not English"),
    ],
)
def test_a_sentence_has_to_be_in_its_language(
    spoil: Callable[[str, str, str], Course], name: str, old: str, new: str, told: str | None
) -> None:
    found = missing(spoil(name, old, new))
    assert {text for _, text, _ in found} == ({told} if told else set())
    assert {file for _, _, file in found} <= {name}


@pytest.mark.parametrize(
    "name",
    [
        "reference/mistakes/warmup/doubel.py",
        "reference/laws/warmup/doubel.yaml",
        "tests/correct/warmup/doubel.py",
        "tests/wrong/warmup/doubel.py",
    ],
)
def test_a_file_of_no_task_is_told(fair: Course, name: str) -> None:
    path = fair.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("", "utf-8")
    assert missing(fair) == [("doubel", "no task has this name, so the file is never read", name)]


def in_languages(course: Course, *languages: str) -> Course:
    (course.folder / "course.yaml").write_text(f"languages: [{', '.join(languages)}]\n", "utf-8")
    return course


MISSED = 'hint: {zh-TW: "函式能處理陣列嗎？", en: "Does it take an array?"}'


@pytest.mark.parametrize(
    ("hint", "languages", "told"),
    [
        ("Does it take an array?", (), "batch: there is no zh-TW text"),
        ("{en: Does it take an array?}", ("zh-TW", "en"), "batch: there is no zh-TW text"),
        ("函式能處理陣列嗎？", ("zh-TW", "en"), "batch: there is no en text"),
        ("{zh-TW: 函式能處理陣列嗎？}", ("en",), "batch: there is no en text"),
        ("Does it take an array?", ("zh-TW",), "batch: there is no zh-TW text"),
        ("Does it take an array?", ("en",), None),
        ("函式能處理陣列嗎？", ("zh-TW",), None),
        ("{zh-TW: 陣列？, en: 陣列？}", ("zh-TW",), None),
        ("{zh-TW: Does it?, en: Does it?}", ("en",), None),
        ("x_1 + x_2 ≥ 2 · np.min(x)", ("zh-TW", "en"), None),
        ("2x = x + x", (), None),
        ("softmax(x).sum() == 1", ("zh-TW",), None),
    ],
)
def test_a_second_language_is_asked_for_where_the_course_has_it_and_never_for_symbols(
    spoil: Callable[[str, str, str], Course], hint: str, languages: tuple[str, ...], told: str | None
) -> None:
    course = spoil("rubrics/warmup.yaml", MISSED, f"hint: {hint!r}" if hint[0] != "{" else f"hint: {hint}")
    found = missing(in_languages(course, *languages) if languages else course)
    assert {text for place, text, _ in found if place == "double.batch"} == ({told} if told else set())


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_a_fair_lab_in_both_languages_is_fair_in_one(fair: Course, language: str) -> None:
    assert missing(in_languages(fair, language)) == []


def test_a_promise_a_hint_and_a_title_are_advised_where_there_is_none(
    spoil: Callable[[str, str, str], Course],
) -> None:
    course = spoil("rubrics/warmup.yaml", MISSED, "")
    assert missing(course) == []
    [one] = [one for one in part(course).findings if one.told.en.startswith("no hint")]
    assert (one.weight, one.place, one.asks_for) == ("advice", "double.batch", "texts")
