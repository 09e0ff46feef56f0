"""A class to be read: records and notebooks as a grading keeps them. Two questions are for a person."""

from __future__ import annotations

import base64
import hashlib
import random
import struct
import zlib
from fractions import Fraction
from typing import TYPE_CHECKING

from grader.gradebook.book import open_book
from grader.model import Text
from grader.output import write_file
from grader.records.record import (
    CheckPart,
    EvidencePart,
    ItemPart,
    LimitsPart,
    ReaderPart,
    Record,
    SubmissionPart,
    TaskPart,
    Words,
    dump_record,
    words,
)
from grader.submission.saved_notebook import SavedCell, SavedNotebook, SavedOutput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LAB = "essay"
MISTAKES = (
    ("half_the_slope", "斜率是一半。", "The slope is half of what it should be."),
    (None, "2 個數值中有 1 個不符", "1 of 2 numbers differ"),
)
SENTENCES = (
    "The points lie close to a line: $y \\approx 2x + 1$.",
    "Six points say nothing about $x > 5$.",
    "The error is $\\frac{1}{n}\\sum_i (y_i - \\hat y_i)^2$, which is **small**.",
    "I am not sure; see [my notes](https://example.org/notes).",
    "資料點大致落在一條直線上。",
)


def both(zh_tw: str, en: str) -> Words:
    """Return words in both languages."""
    return words(Text(zh_tw, en))


def fill(place: str | Path, count: int, records: Path | None = None) -> None:
    """Keep a class of `count` students in a gradebook, which is made where there is none; write its `records` too."""
    chance = random.Random(7)  # noqa: S311 (no secret)
    with open_book(place) as book:
        for number in range(1, count + 1):
            notebook = notebook_of(chance)
            record = record_of(f"s{number:03}", notebook, chance)
            book.add(record, notebook=notebook)
            if records is not None:
                write_file(records / f"{record.student}.json", dump_record(record))


def record_of(student: str, notebook: SavedNotebook, chance: random.Random) -> Record:
    """Return a record: one question is checked and read, one is read alone."""
    tasks = (_fit_line(chance), _plot())
    earned = sum((task.earned for task in tasks if task.earned is not None), Fraction(0))
    return Record(
        lab=LAB,
        title=both("通過資料點的直線", "A line through points"),
        student=student,
        seed=7,
        isolation="good",
        earned=earned,
        points=Fraction(16),
        ungraded=None,
        tasks=tasks,
        cells=(),
        notes=(),
        submission=SubmissionPart(file=f"{student}.ipynb", sha256=notebook.content, late=chance.random() < 0.1),
        course_sha256="1" * 64,
        limits=LimitsPart(cell_seconds=60, call_seconds=10, submission_seconds=300),
        versions={"labgrader": "0.1", "python": "3.11", "numpy": "2.4"},
        when="2026-11-22T08:00:00+00:00",
        seconds={"total": 1.5},
    )


def notebook_of(chance: random.Random, *more: SavedCell) -> SavedNotebook:
    """Return what was handed in: the function, a plot and some words of it."""
    said = "\n\n".join(chance.sample(SENTENCES, 3))
    cells = (
        SavedCell("markdown", "# A line through points"),
        SavedCell("code", "import numpy as np\nimport matplotlib.pyplot as plt"),
        SavedCell(
            "code", f'def fit_line(x, y):\n    """Return slope and intercept."""\n    return {chance.random()}, 1'
        ),
        SavedCell("markdown", "## Question 2"),
        SavedCell("code", "plt.plot(x, y)\nplt.show()", outputs=(SavedOutput("png", picture(chance)),)),
        SavedCell("markdown", said),
        *more,
    )
    return SavedNotebook(_digest(cells), cells)


def picture(chance: random.Random, size: int = 160) -> str:
    """Return a picture as base64: a line on white."""
    slope = chance.random()
    rows = b"".join(
        b"\0" + bytes(40 if abs(size - y - slope * x) < 2 else 250 for x in range(size)) for y in range(size)
    )
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b""))
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _digest(cells: Sequence[SavedCell]) -> str:
    return hashlib.sha256(repr(cells).encode()).hexdigest()


def item(name: str, zh_tw: str, en: str, *, points: int) -> ItemPart:
    """Return an item; one that gives points is a bonus."""
    return ItemPart(id=name, text=both(zh_tw, en), points=Fraction(points), bonus=points > 0)


def _fit_line(chance: random.Random) -> TaskPart:
    passed = chance.random() < 0.6
    mistake, zh_tw, en = (None, "", "") if passed else chance.choice(MISTAKES)
    evidence = EvidencePart(
        arguments={"x": "[0, 1, 2]", "y": "[1, 3, 5]"}, observed="(1.0, 1.0)", expected="(2.0, 1.0)"
    )
    check = CheckPart(
        name="values",
        promise=both("斜率與截距。", "The slope and the intercept."),
        verdict="passed" if passed else "failed",
        earned=Fraction(4 if passed else 0),
        points=Fraction(4),
        questions=4,
        agreed=4 if passed else 1,
        because=None if passed else both(zh_tw, en),
        mistake=mistake,
        hint=None,
        evidence=evidence,
        alleged=chance.random() < 0.05,
        notes=(),
    )
    items = (
        item("names", "名稱看不出意思", "The names do not say what they are", points=-1),
        item("docstring", "docstring 沒說回傳什麼", "The docstring says too little", points=-1),
    )
    manual = ReaderPart(points=Fraction(2), start=Fraction(2), items=items, cells=(2,))
    return TaskPart(
        name="fit_line",
        title=both("最小平方直線", "The line with the least squares"),
        earned=check.earned,
        points=Fraction(6),
        checks=(check,),
        manual=manual,
    )


def _plot() -> TaskPart:
    items = (
        item("no_line", "圖上沒有直線", "There is no line in the plot", points=-3),
        item("labels", "軸沒有名稱", "The axes have no names", points=-2),
        item("shallow", "只描述，沒有說明", "It describes, and explains nothing", points=-4),
        item("doubt", "說明了斜率有多可靠", "It says how sure the slope is", points=1),
    )
    return TaskPart(
        name="plot",
        title=both("畫圖與說明", "A plot and what it shows"),
        earned=Fraction(0),
        points=Fraction(10),
        checks=(),
        manual=ReaderPart(points=Fraction(10), start=Fraction(10), items=items, cells=(3, 4, 5)),
    )
