"""`html`: one self-contained page, both languages in it, switched without a script.

Everything from the student is escaped by the template engine, and the page's own policy allows no script, no
picture and no request at all: what it shows cannot do anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from grader.messages import say
from grader.reading import (
    MARKS,
    MendCheck,
    Write,
    advice_text,
    cell_text,
    first_thing,
    foot_text,
    lecture_text,
    number,
    score_text,
)

if TYPE_CHECKING:
    from grader.model import Language, Text
    from grader.record import Record

ENDING = "html"


def render(record: Record, language: Language) -> str:
    """Return the page, showing `language` first."""
    environment = Environment(
        loader=PackageLoader("grader.reports"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    advice = first_thing(record)
    return environment.get_template("page.html.jinja").render(
        record=record,
        language=language,
        score=score_text(record),
        marks=MARKS,
        number=number,
        told=cell_text,
        foot=foot_text(record),
        lecture=lecture_text,
        advice=advice_text(advice),
        first=advice if isinstance(advice, MendCheck | Write) else None,
        label=_labels(),
    )


def _labels() -> dict[str, Text]:
    return {
        "first": say("Do this first"),
        "tasks": say("Tasks"),
        "cells": say("In your notebook"),
        "observed": say("observed"),
        "expected": say("expected"),
        "passed": say("passed"),
        "failed": say("failed"),
        "not_attempted": say("not attempted"),
        "ungraded": say("not graded"),
    }
