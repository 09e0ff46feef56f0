"""The rubric that is made of a notebook's tests, as text that people edit: plain strings, inputs in one line, notes."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.course.written import as_yaml, written_input
from grader.newlab.beside import packages_of
from grader.source.model import CodePart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from grader.model import Language
    from grader.newlab.carried import CarriedCheck, CarriedOver, CarriedQuestion, CarriedReading, CarriedTask
    from grader.source.model import Source

WIDTH = 110
ASKS_MORE = "# asks for the whole answer, where the notebook looked at a part of it"
LONG_SECONDS = 30.0
USUAL_CELL_SECONDS, USUAL_SUBMISSION_SECONDS = 60, 300
_SENTENCE = re.compile(r"(.+?[.!?。！？])(?=\s|$|[^\x00-\x7f])", re.DOTALL)
_HEADING = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What a rubric is made of, beside the tests: its name and title, its data files, how long the notebook took."""

    name: str
    title: str
    files: tuple[str, ...] = ()
    seconds: float = 0.0
    language: Language | None = None
    """The one language of the lab, where its texts do not show it."""


def rubric_text(source: Source, carried: CarriedOver, skeleton: Skeleton) -> str:
    """Return the rubric as YAML."""
    lines = [*_head(source, carried, skeleton), "tasks:"]
    titles = _titles(source, carried.tasks)
    for task in carried.tasks:
        lines += _task(task, titles[task.name], promise_of(source, task.name))
    for reading in carried.manual:
        lines += _reading(reading)
    return "\n".join(lines) + "\n"


def title_of(source: Source, otherwise: str) -> str:
    """Return the notebook's own title: its first heading."""
    found = (match[1] for text in source.texts if (match := _HEADING.search(text)))
    return next(found, otherwise)


def _head(source: Source, carried: CarriedOver, skeleton: Skeleton) -> Iterator[str]:
    yield f"# What this lab asks and what it is worth: made of the tests of {source.path.name}."
    yield f"# `grade audit {skeleton.name}` says what is still missing and where to write it."
    yield "# Editors complete and check this file by its schema: `grade schema rubric > rubrics/rubric.schema.json`,"
    yield "# and the line  yaml-language-server: $schema=./rubric.schema.json"
    yield f"title: {_plain(skeleton.title if skeleton.language is None else {skeleton.language: skeleton.title})}"
    yield "minutes: 30            # how long it takes"
    yield f"points: {number(carried.points)}"
    if packages := packages_of(source):
        yield f"packages: {_plain(list(packages))}"
    if skeleton.files:
        yield f"files: {_plain(list(skeleton.files))}"
    if skeleton.seconds > LONG_SECONDS:
        cell = max(USUAL_CELL_SECONDS, math.ceil(skeleton.seconds * 3))
        whole = max(USUAL_SUBMISSION_SECONDS, math.ceil(skeleton.seconds * 6))
        yield f"limits: {{cell_seconds: {cell}, submission_seconds: {whole}}}"


def _titles(source: Source, tasks: Sequence[CarriedTask]) -> Mapping[str, str]:
    """Return a title for each task: the heading above it, with its name where several stand below one."""
    above = {task.name: _heading(source, task.name) for task in tasks}
    often = Counter(above.values())
    return {
        name: name if not heading else heading if often[heading] == 1 else f"{heading}: {name}"
        for name, heading in above.items()
    }


def _heading(source: Source, name: str) -> str:
    for part in source.parts:
        if isinstance(part, CodePart) and name in part.answers:
            return _named(source.headings.get(part.cell, ""))
    return ""


def _named(heading: str) -> str:
    """Return a heading as a title."""
    return re.sub(r"[*`]{1,2}", "", heading).rstrip(" ,.:;，。：；")


def promise_of(source: Source, name: str) -> str:
    """Return the first sentence of a function's docstring, empty where it has none."""
    for part in source.parts:
        for node in ast.walk(_tree(part.code)) if isinstance(part, CodePart) and name in part.answers else ():
            if isinstance(node, ast.FunctionDef) and node.name == name and (text := ast.get_docstring(node)):
                first = text.strip().partition("\n\n")[0]
                found = _SENTENCE.match(first)
                return " ".join((found[1] if found else first.partition("\n")[0]).split())
    return ""


def _tree(code: str) -> ast.Module:
    try:
        return ast.parse(code)
    except SyntaxError:  # of such a cell nothing was carried over
        return ast.Module([], [])


def _task(task: CarriedTask, title: str, promise: str) -> Iterator[str]:
    yield f"  {task.name}:"
    yield f"    title: {_plain(title)}"
    yield f"    points: {number(task.points)}"
    if task.manner == "variable":
        yield f"    variable: {task.name}"
    elif task.manner != "call":
        yield f"    probe: {task.manner}"
    yield "    checks:"
    for check in task.checks:
        yield from _check(check, promise)


def _reading(reading: CarriedReading) -> Iterator[str]:
    """Yield a task that a person reads, with the ways in which its cells are found."""
    wanted = reading.part.cells
    ways = {"id": wanted.id, "tag": wanted.tag, "heading": wanted.heading}
    yield f"  {reading.name}:{' ' * max(1, 16 - len(reading.name))}# a person reads it"
    yield f"    title: {_plain(_named(reading.part.heading) or reading.part.question or reading.name)}"
    yield "    manual:"
    yield f"      points: {number(reading.points)}"
    yield "      items: []         # such as {id: unclear, text: It is not clear why, points: -1}"
    yield f"    cells: {_plain({name: way for name, way in ways.items() if way})}"


def _check(check: CarriedCheck, promise: str) -> Iterator[str]:
    first = check.questions[0].test
    place = first.file.name if first.file else f"In [{first.cell}]"
    yield f"      {check.name}:{' ' * max(1, 16 - len(check.name))}# {place} of the notebook"
    yield f"        points: {number(check.points)}"
    if promise:
        yield f"        promise: {_plain(promise)}"
    required = dict.fromkeys((one.judge or {}).get("require") for one in check.questions)
    if names := [name for name in required if name is not None]:
        yield f"        calls: {_plain({'require': names})}"
    questions = [one for one in check.questions if "require" not in (one.judge or {})]
    judges = [one.judge for one in questions]
    shared = judges[0] if judges and all(judge == judges[0] for judge in judges) else None
    if shared is not None:
        yield f"        judge: {_plain(dict(shared))}"
    asks_more = [question.asks_more for question in questions]
    if questions:
        yield "        questions:" + (f"      {ASKS_MORE}" if all(asks_more) else "")
    for question in questions:
        if question.asks_more and not all(asks_more):
            yield f"          {ASKS_MORE}"
        yield from _question(question, own_judge=shared is None)


def _question(question: CarriedQuestion, *, own_judge: bool) -> Iterator[str]:
    entry: dict[str, object] = {"public": True} if question.public else {}
    if question.inputs:
        entry["inputs"] = {name: written_input(value) for name, value in question.inputs.items()}
    if own_judge and question.judge is not None:
        entry["judge"] = dict(question.judge)
    yield from _indented(_plain(entry, WIDTH), "          - ")


def _indented(text: str, first: str) -> Iterator[str]:
    """Yield lines, the first behind a dash."""
    for place, line in enumerate(text.splitlines()):
        yield (first if place == 0 else " " * len(first)) + line.strip()


def _plain(value: object, width: float = math.inf) -> str:
    """Return a value as YAML in one line, or in several of some width."""
    return as_yaml(value, width).removesuffix("\n").removesuffix("\n...")


def number(points: Fraction) -> int | float:
    """Return points as a rubric writes them."""
    return int(points) if points.denominator == 1 else float(points)
