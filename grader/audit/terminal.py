"""What a teacher sees after `grade audit LAB`: a line for each topic, what has to be mended and where, the numbers."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text as Line

from grader.audit.summary import (
    WEIGHTS,
    distance_text,
    findings_of,
    foot_text,
    mark_of,
    topic_text,
    verdict_text,
    weight_text,
)
from grader.messages.languages import spoken
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.audit.auditing import Audit
    from grader.audit.finding import Weight
    from grader.audit.mutation import Survivor
    from grader.model import Language, Text

STYLES: Mapping[str, str] = {"✓": "green", "✗": "red", "!": "yellow"}
WEIGHT_STYLES: Mapping[Weight, str] = {"unfair": "red", "missing": "yellow", "advice": "dim"}


def page(audit: Audit, language: Language) -> RenderableType:
    """Return the audit for rich to print."""
    return Group(*_parts(audit, spoken(audit.languages, language)))


def _parts(audit: Audit, language: Language) -> Iterator[RenderableType]:
    def heading(text: Text) -> Line:
        return Line(text.in_language(language), style="bold underline")

    title = audit.title.in_language(language)
    yield Line(audit.lab if title == audit.lab else f"{title} · {audit.lab}", style="bold")
    yield _topics(audit, language)
    yield from _findings(audit, language)
    if survivors := [one for one in audit.mutation.survivors if one.because is None]:
        yield heading(say("Slips that no question finds"))
        for (place, was), slips in groupby(survivors, key=lambda one: (_place(audit, one), one.change.was)):
            yield Line(place, style="dim")
            yield Line(f"- {was}", style="red")
            yield from (Line(f"+ {one.change.now}", style="green") for one in slips)
    if audit.clearances:
        yield heading(say("Tolerances: they end at 1, and nothing may stand between 0.33 and 3"))
        yield _clearances(audit, language)
    if alone := [row for row in audit.catches if row.alone]:
        yield heading(say("Mistakes that one entry of questions alone catches"))
        for row in alone:
            yield Line(f"{row.place} [{row.entry}] {row.label}: {', '.join(row.alone)}")
    if any(row.variants for row in audit.counterparts):
        yield heading(say("Beside TensorFlow: the largest difference, absolute and relative"))
        yield _counterparts(audit, language)
    yield Rule(style="dim", characters="─")
    yield Line(verdict_text(audit).in_language(language), style="bold green" if audit.is_fair else "bold red")
    yield Line(foot_text(audit).in_language(language), style="dim")


def _place(audit: Audit, survivor: Survivor) -> str:
    change = survivor.change
    return f"{change.place_in(audit.lab)} {change.function} ({', '.join(survivor.tasks)})"


def _topics(audit: Audit, language: Language) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for part in audit.parts:
        mark = mark_of(part)
        name, text = topic_text(part.topic).in_language(language), part.told.in_language(language)
        table.add_row(Line(mark, style=STYLES[mark]), Line(name, style="bold"), Line(text))
    return table


def _findings(audit: Audit, language: Language) -> Iterator[RenderableType]:
    for weight in WEIGHTS:
        found = [one for one in findings_of(audit) if one.weight == weight]
        if not found:
            continue
        yield Line(weight_text(weight).in_language(language), style="bold underline")
        for one in found:
            text = f"{one.place}: {one.told.in_language(language)}" if one.place else one.told.in_language(language)
            yield Line(text, style=WEIGHT_STYLES[weight])
            yield Padding(Line(f"→ {one.file}", style="dim"), (0, 0, 0, 2))


def _clearances(audit: Audit, language: Language) -> Table:
    table = _table(language, [say("check"), say("furthest right"), say("nearest wrong")])
    for row in audit.clearances:
        right, wrong = row.variants[:1], row.mistakes[:1]
        table.add_row(
            row.place,
            " ".join([distance_text([one.distance for one in right]), *(one.name for one in right)]),
            " ".join([distance_text([one.distance for one in wrong]), *(one.name for one in wrong)]),
        )
    return table


def _counterparts(audit: Audit, language: Language) -> Table:
    table = _table(language, [say("task"), say("absolute"), say("relative"), say("written with TensorFlow")])
    for row in audit.counterparts:
        if row.variants:
            table.add_row(row.task, f"{row.difference:.1e}", f"{row.relative:.1e}", ", ".join(row.variants))
        else:
            table.add_row(row.task, "", "", say("no counterpart").in_language(language))
    return table


def _table(language: Language, names: Sequence[Text]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in names:
        table.add_column(name.in_language(language), overflow="fold")
    return table
