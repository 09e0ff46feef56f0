"""`html`: one self-contained page, the languages of the lab in it; two are switched without a script.

The template engine escapes everything from the student, and the page's own policy allows its style and nothing else:
no script, no picture from elsewhere, no request. So nothing that the page shows can act.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.messages.sentences import say
from grader.pages.card import about_text, call_text, card_of, expected_text, observed_text
from grader.pages.class_page import CLASS_FILE, render_class
from grader.pages.read_by_people import manual_mark, manual_texts
from grader.pages.summary import MARKS, cell_text, file_text, foot_text, lecture_text, number, score_text
from grader.pages.svg.figures import Figure, figure_of, layers_figure, losses_figure
from grader.pages.templates import environment, policy_hash
from grader.pages.waiting import MANUAL, WAITING, asked_points_text, manual_points_text, waiting_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Language, Text
    from grader.pages.card import Card
    from grader.records.record import CheckPart, Record, TaskPart

ENDING = "html"
SHOWS_LEFT_OUT = True
__all__ = ("CLASS_FILE", "ENDING", "SHOWS_LEFT_OUT", "render", "render_class")


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check as the page shows it, without what the card shows already."""

    part: CheckPart
    call: str | None
    about: Text | None
    figure: Figure | None
    networks: tuple[Figure, ...]
    is_in_card: bool


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with its checks as the page shows them."""

    part: TaskPart
    checks: tuple[CheckView, ...]


def render(record: Record, language: Language) -> str:
    """Return the page, showing `language` first, if the lab has it."""
    templates = environment("grader.reports", finalize=_readable)
    style = templates.get_template("page.css").render()
    card = card_of(record)
    return templates.get_template("page.html.jinja").render(
        record=record,
        language=record.spoken(language),
        languages=record.languages,
        style=style,
        style_hash=policy_hash(style),
        score=score_text(record),
        share=_share(record),
        card=card,
        card_figures=_card_figures(card),
        tasks=tuple(_task_view(task, card) for task in record.tasks),
        counts=Counter(check.verdict for task in record.tasks for check in task.checks),
        waiting=waiting_in(record),
        manual_texts=manual_texts,
        manual_mark=manual_mark,
        waiting_mark=WAITING,
        manual=MANUAL,
        asked_points=asked_points_text,
        manual_points=manual_points_text,
        marks=MARKS,
        number=number,
        cell_text=cell_text,
        file=file_text(record),
        foot=foot_text(record),
        lecture=lecture_text,
        observed=observed_text,
        expected=expected_text,
        label=_labels(),
    )


def _readable(value: object) -> object:
    """Return a text without characters that hide it or turn its direction: a record may come from anywhere.

    HTML, which the engine has already made of such texts, stays as it is.
    """
    if hasattr(value, "__html__") or not isinstance(value, str):
        return value
    return "".join(" " if c.isspace() else c for c in value if c.isspace() or unicodedata.category(c)[0] != "C")


def _share(record: Record) -> float:
    """Return the part of the points that was earned, in percent; of a kit, which has no score, of the questions."""
    part, whole = record.agreed if record.kit else (record.earned or 0, record.graded_points)
    share = float(part / whole) if whole else 0.0
    return round(100 * min(share, 1.0), 2)  # what a teacher has added may go above all points


def _card_figures(card: Card) -> tuple[Figure, ...]:
    check = card.check
    if check is None or check.verdict != "failed":
        return ()
    if check.evidence is not None and check.evidence.picture is not None:
        return (figure_of(check.evidence.picture),)
    return tuple(_network_figures(check))


def _task_view(task: TaskPart, card: Card) -> TaskView:
    """Return a task. All of its checks are about one network, so the same chart is shown only once."""
    shown = [figure.chart for figure in _card_figures(card)] if card.task is task else []
    views = []
    for check in task.checks:
        new = tuple(figure for figure in _network_figures(check) if figure.chart not in shown)
        shown.extend(figure.chart for figure in new)
        views.append(_check_view(task, check, new, is_in_card=card.check is check))
    return TaskView(task, tuple(views))


def _check_view(task: TaskPart, check: CheckPart, networks: tuple[Figure, ...], *, is_in_card: bool) -> CheckView:
    evidence = None if is_in_card else check.evidence
    return CheckView(
        part=check,
        call=None if evidence is None else call_text(task, evidence),
        about=None if check.about is None else about_text(check.about.text),
        figure=None if evidence is None or evidence.picture is None else figure_of(evidence.picture),
        networks=networks,
        is_in_card=is_in_card,
    )


def _network_figures(check: CheckPart) -> Iterator[Figure]:
    """Yield the figure of a network: its losses where it was trained, else its layers."""
    if check.network is not None:
        figure = losses_figure(check.network) or layers_figure(check.network)
        yield from () if figure is None else (figure,)


def _labels() -> dict[str, Text]:
    return {
        "first": say("Do this first"),
        "done": say("Done"),
        "why": say("Why there is no score"),
        "tasks": say("Tasks"),
        "cells": say("In your notebook"),
        "example": say("An example"),
        "above": say("see above: do this first"),
        "observed": say("observed"),
        "expected": say("expected"),
        "missing": say("not a finite number"),
        "beyond": say("beyond the picture"),
        "passed": say("passed"),
        "failed": say("failed"),
        "not_attempted": say("not attempted"),
        "ungraded": say("not graded"),
        "waiting": say("not graded yet"),
    }
