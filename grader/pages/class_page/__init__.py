"""The teacher's page of a class: one self-contained file, the lab's languages in it, readable with 500 students.

Its policy allows one script and one style sheet, named by their hashes, and no request: the script sorts and filters
the table and does nothing else. Charts are SVG, written by the template. Links lead to STUDENT.html beside the page.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from grader.messages.languages import common, spoken
from grader.pages.class_page.figures import bars, stack
from grader.pages.class_page.labels import bin_text, foot_text, labels, more_text, phase_text, waiting_text
from grader.pages.class_page.rows import choices, columns, rows
from grader.pages.class_summary import summarise_class
from grader.pages.plain_text import plain_name
from grader.pages.summary import number, percent
from grader.pages.templates import environment, policy_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Language, LeftOut
    from grader.records.brief import AnyRecord

CLASS_FILE = "class.html"
TEMPLATES = Path(__file__).parent / "templates"
MOST_MISTAKES = 10
"""The others are folded away."""


def render_class(records: Sequence[AnyRecord], language: Language, left_out: Sequence[LeftOut] = ()) -> str:
    """Return the page of the records of one lab, one of each student, showing `language` first, if the lab has it."""
    summary = summarise_class(records)
    languages = common(record.languages for record in records)
    style, script = ((TEMPLATES / name).read_text("utf-8") for name in ("class.css", "class.js"))
    return (
        environment("grader.pages.class_page")
        .get_template("class.html.jinja")
        .render(
            summary=summary,
            left_out=left_out,
            title=summary.records[0].title.text,
            lab=summary.records[0].lab,
            points=max(record.graded_points for record in records),
            language=spoken(languages, language),
            languages=languages,
            style=style,
            script=script,
            style_hash=policy_hash(style),
            script_hash=policy_hash(script),
            bars=bars(summary.bins),
            stack=stack,
            columns=columns(summary),
            rows=rows(summary),
            choices=choices(summary),
            number=number,
            percent=percent,
            name=plain_name,
            page_of=page_of,
            label=labels(),
            phase=phase_text,
            bin_text=bin_text,
            more=more_text,
            waiting=waiting_text,
            most_mistakes=MOST_MISTAKES,
            foot=foot_text(summary.records),
        )
    )


def page_of(student: str) -> str:
    """Return the link to a student's page, relative to the page of the class."""
    return f"./{quote(f'{student}.html', safe='')}"
