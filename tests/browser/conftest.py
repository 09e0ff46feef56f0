"""A real browser for pages: the system's Chromium, driven by Playwright; and a class of 500 to show in it."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from grader.model import Text
from grader.records.record import (
    CheckPart,
    LimitsPart,
    Record,
    SubmissionPart,
    TaskPart,
    VerdictWord,
    Words,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

STUDENTS = 500


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return `open_page(path, width=1280, dark=False)`: a page from a file.

    When the test ends, it must have said nothing in the console, raised nothing and asked for nothing but the file.
    """
    troubles: list[str] = []
    pages: list[Page] = []

    def open_file(path: Path, *, width: int = 1280, dark: bool = False) -> Page:
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="en-GB"
        )
        page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: troubles.append(f"raised: {error}"))
        page.on("request", lambda request: _note_request(request.url, path, troubles))
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield open_file
    for page in pages:
        page.close()
    assert troubles == []


def _note_request(url: str, path: Path, troubles: list[str]) -> None:
    if url.partition("#")[0] != path.as_uri():
        troubles.append(f"request: {url}")


@pytest.fixture(scope="session")
def class_of_500() -> Sequence[Record]:
    """Return 500 records of one lab with every kind of outcome, the same ones each time."""
    chance = random.Random(7)  # noqa: S311 (no secret)
    return tuple(_record(f"s{number:03}", chance) for number in range(1, STUDENTS + 1))


TASKS = {
    "information_content": ("資訊含量", "Information content", {"values": 8, "batch": 4}),
    "entropy": ("熵", "Entropy", {"values": 10, "zeros": 6}),
    "softmax": ("Softmax 函數", "The softmax function", {"values": 12, "batch": 6, "large_inputs": 6}),
    "cross_entropy": ("交叉熵", "Cross-entropy", {"values": 14, "batch": 8, "zeros": 8}),
    "softmax_cross_entropy": ("從 logits 到交叉熵", "From logits to cross-entropy", {"values": 10, "large_inputs": 8}),
}
MISTAKES = (
    ("overflow", "數值很大時得到 NaN。", "Large numbers give NaN."),
    ("sum_not_mean", "答案是平均的 32 倍，也就是總和。", "The answer is the sum, 32 times the mean."),
    ("log_of_zero", "預測為 0 時得到無限大。", "A prediction of 0 gives infinity."),
    (None, "4 個數值中有 1 個不符", "1 of 4 numbers differ"),
    (
        None,
        "發生錯誤 ValueError: operands could not be broadcast",
        "raised ValueError: operands could not be broadcast",
    ),
)


def _both(zh_tw: str, en: str) -> Words:
    return words(Text(zh_tw, en))


def _record(student: str, chance: random.Random) -> Record:
    down = _both("Python kernel 無法啟動，因此沒有批改。", "The Python kernel did not start. Nothing was graded.")
    ungraded = down if chance.random() < 0.01 else None
    skill = chance.random() ** 0.5
    tasks = tuple(_task(name, skill, chance, is_graded=ungraded is None) for name in TASKS)
    return Record(
        lab="lab02",
        title=_both("Lab02：Cross-Entropy 損失函數", "Lab02: the cross-entropy loss"),
        student=student,
        seed=7,
        isolation="none",
        earned=_total([task.earned for task in tasks]),
        points=sum((task.points for task in tasks), Fraction(0)),
        ungraded=ungraded,
        tasks=tasks,
        cells=(),
        notes=(),
        submission=SubmissionPart(file=f"{student}.ipynb", sha256=None if ungraded else "0" * 64),
        course_sha256="1" * 64,
        limits=LimitsPart(cell_seconds=60, call_seconds=10, submission_seconds=300),
        versions={"labgrader": "0.1", "python": "3.11", "numpy": "2.4"},
        when="2026-11-22T08:00:00+00:00",
        seconds={
            "notebook": round(chance.gauss(1.2, 0.2), 3),
            "questions": 0.5,
            "total": round(chance.gauss(2, 0.3), 3),
        },
    )


def _task(name: str, skill: float, chance: random.Random, *, is_graded: bool) -> TaskPart:
    zh_tw, en, points = TASKS[name]
    is_written = chance.random() < 0.2 + skill
    checks = tuple(
        _check(
            check, Fraction(worth), _verdict(check, skill, chance, is_written=is_written, is_graded=is_graded), chance
        )
        for check, worth in points.items()
    )
    return TaskPart(
        name=name,
        title=_both(zh_tw, en),
        lecture=_both(f"5-2 {zh_tw}", f"5-2 {en}"),
        earned=_total([check.earned for check in checks]),
        points=sum((check.points for check in checks), Fraction(0)),
        checks=checks,
    )


def _verdict(check: str, skill: float, chance: random.Random, *, is_written: bool, is_graded: bool) -> VerdictWord:
    if not is_graded:
        return "ungraded"
    if not is_written:
        return "not_attempted"
    return "passed" if chance.random() < skill + (0.2 if check == "values" else 0) else "failed"


def _check(name: str, points: Fraction, verdict: VerdictWord, chance: random.Random) -> CheckPart:
    mistake, zh_tw, en = chance.choice(MISTAKES)
    failed = verdict == "failed"
    return CheckPart(
        name=name,
        promise=_both(
            "一個向量，回傳同樣長度、總和為 1 的機率分布。",
            "For a vector: a distribution of the same length, of sum 1.",
        ),
        verdict=verdict,
        earned=None if verdict == "ungraded" else points if verdict == "passed" else Fraction(0),
        points=points,
        questions=4,
        agreed=4 if verdict == "passed" else 1,
        because=_both(zh_tw, en) if failed else None,
        mistake=mistake if failed else None,
        hint=_both(
            "把每個輸入都加上同一個數字，結果會變嗎？", "Does the result change when one number is added to all?"
        )
        if failed
        else None,
        evidence=None,
        notes=(),
    )


def _total(earned: Sequence[Fraction | None]) -> Fraction | None:
    return None if None in earned else sum((part for part in earned if part is not None), Fraction(0))
