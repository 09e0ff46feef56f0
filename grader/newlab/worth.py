"""What the questions of a test are worth: checks with the notebook's names, and points that add up to its own."""

from __future__ import annotations

import json
import keyword
import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from grader.messages.sentences import say
from grader.newlab.assertions import mildest
from grader.newlab.carried import REQUIRES, CarriedCheck, CarriedQuestion, CarriedTask, NotCarried, told
from grader.newlab.examples import points_of
from grader.newlab.tables import taken_strictly
from grader.source.model import AssertionPart
from grader.wire.plain import encode_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.model import Text
    from grader.source.model import Source

CENT = Fraction(1, 100)
ONE = Fraction(1)
_DRAWN = re.compile(r"cell-[0-9a-f]{8,}")
"""The name that nbgrader draws for a cell to which its author gives none."""


def check_names(source: Source) -> Mapping[AssertionPart, str]:
    """Return the name of the check that each test belongs to: the notebook's own, made a Python name."""
    tests = [part for part in source.parts if isinstance(part, AssertionPart)]
    return {
        test: identifier(test.question if test.question and not is_drawn(test.question) else f"cell_{test.cell}")
        for test in tests
    }


def is_drawn(name: str) -> bool:
    """Say whether nbgrader drew a name for a cell to which its author gave none."""
    return _DRAWN.fullmatch(name) is not None


def identifier(name: str) -> str:
    """Return a name that Python allows."""
    plain = re.sub(r"\W+", "_", name).strip("_") or "check"
    plain = f"q{plain}" if plain[0].isdigit() else plain
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def points_and_losses(
    source: Source, names: Mapping[AssertionPart, str], kept: Sequence[CarriedQuestion]
) -> tuple[Mapping[tuple[str, str], Fraction], list[NotCarried]]:
    """Return the points of each check of each task, by the names of both, and the tests that are worth nothing here."""
    points: dict[tuple[str, str], Fraction] = {}
    lost: list[NotCarried] = []
    worths = {test: _worth(test) for test in names}
    has_points = any(worths.values())  # else the notebook gives none, and each test is worth one
    for check in dict.fromkeys(names.values()):
        tests = [test for test, name in names.items() if name == check]
        given = [worth for test in tests if has_points and (worth := worths[test]) is not None]
        worth = sum(given, Fraction(0)) if given else ONE
        tasks = [task for task in source.answers if any((one.task, one.check) == (task, check) for one in kept)]
        if not tasks or worth == 0:
            lost.append(told(tests[0], _first_line(tests[0]), _lost(worth, tests, is_asked=bool(tasks))))
            continue
        points.update(zip(((task, check) for task in tasks), shares(worth, len(tasks)), strict=True))
    return points, lost


def _worth(test: AssertionPart) -> Fraction | None:
    try:
        return points_of(test)
    except SyntaxError:  # it is among what failed
        return None


def _lost(worth: Fraction, tests: Sequence[AssertionPart], *, is_asked: bool) -> Text:
    if is_asked:
        return say("it is worth no points in the notebook; give it some in the rubric by hand")
    number = float(worth)
    name = tests[0].question or f"In [{tests[0].cell}]"
    return say("nothing of {name} became a question: its points ({points:g}) are left out", name=name, points=number)


def _first_line(test: AssertionPart) -> int:
    lines = test.code.splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.strip()), 1)


def shares(worth: Fraction, count: int) -> list[Fraction]:
    """Return a number of points in even shares of whole hundredths, which add up to it."""
    whole = Fraction(round(worth / CENT)) * CENT or CENT
    share = max(CENT, Fraction(int(whole / count / CENT)) * CENT)
    return [max(CENT, whole - share * (count - 1)), *[share] * (count - 1)]


def task_of(
    name: str, manner: str, kept: Sequence[CarriedQuestion], *, points: Mapping[tuple[str, str], Fraction]
) -> CarriedTask:
    """Return a task with those of its checks that have points, each question once."""
    mine = [one for one in kept if one.task == name]
    checks = [
        CarriedCheck(check, points[name, check], tuple(_once([one for one in mine if one.check == check])))
        for check in dict.fromkeys(one.check for one in mine)
        if (name, check) in points
    ]
    return CarriedTask(name, manner, tuple(checks))


def _once(questions: Sequence[CarriedQuestion]) -> Iterator[CarriedQuestion]:
    """Yield each question once: public if it is so anywhere, and as mildly judged as anywhere."""
    alike: dict[str, list[CarriedQuestion]] = {}
    for one in questions:
        alike.setdefault(
            f"{(one.judge or {}).get('kind') == REQUIRES} {json.dumps(encode_value(tuple(one.inputs.values())))}", []
        ).append(one)
    for several in alike.values():
        about = [one for one in several if not one.asks_more] or several
        yield replace(
            several[0],
            judge=taken_strictly(mildest([one.judge for one in about]), [one.judge for one in several]),
            public=any(one.public for one in several),
            asks_more=all(one.asks_more for one in several),
        )
