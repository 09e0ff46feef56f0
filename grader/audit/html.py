"""An audit as one self-contained page, the languages of the lab in it, with a chart of every tolerance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.audit.summary import WEIGHTS, findings_of, foot_text, mark_of, topic_text, verdict_text, weight_text
from grader.audit.tolerance_chart import WIDTH, tolerance_chart
from grader.messages.languages import spoken
from grader.messages.sentences import say
from grader.pages.templates import environment

if TYPE_CHECKING:
    from grader.audit.auditing import Audit
    from grader.model import Language, Text


def render(audit: Audit, language: Language) -> str:
    """Return the page, showing `language` first, if the lab has it."""
    found = findings_of(audit)
    return (
        environment("grader.audit")
        .get_template("audit.html.jinja")
        .render(
            audit=audit,
            language=spoken(audit.languages, language),
            languages=audit.languages,
            verdict=verdict_text(audit),
            mark=mark_of,
            topic=topic_text,
            findings=[(weight_text(one), [finding for finding in found if finding.weight == one]) for one in WEIGHTS],
            charts=[tolerance_chart(row) for row in audit.clearances],
            width=WIDTH,
            foot=foot_text(audit),
            label=_labels(),
        )
    )


def _labels() -> dict[str, Text]:
    return {
        "tolerances": say("Tolerances"),
        "picture": say(
            "Each mark is an answer: how far it is from the expected one, where 1 is the end of the tolerance. "
            "Right answers (circles) have to stay left of the grey band, mistakes (crosses) right of it."
        ),
        "furthest": say("furthest right"),
        "nearest": say("nearest wrong"),
        "survivors": say("Slips that no question finds"),
        "equivalent": say("Slips that no question should find"),
        "questions": say("What each entry of questions catches"),
        "alone": say("caught by it alone"),
        "counterparts": say("Beside TensorFlow: the largest difference, absolute and relative"),
        "no_counterpart": say("no counterpart"),
        "laws": say("Laws, and the mistakes that break them"),
        "none": say("none"),
    }
