"""Writes questions as JSON and reads them back. They come from the trusted side alone."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from grader.model import CALL, Manner, Probe, Question
from grader.wire.networks import decode_inspection, encode_inspection
from grader.wire.plain import decode_value, encode_value


def encode_question(question: Question) -> dict[str, Any]:
    """Return a question as JSON; raise WireError for an argument that cannot be sent."""
    return {
        "task": question.task,
        "check": question.check,
        "arguments": [encode_value(value) for value in question.arguments],
        "inspection": encode_inspection(question.inspection),
        "public": question.public,
        "manner": None if question.manner == CALL else asdict(question.manner),
    }


def decode_question(form: dict[str, Any]) -> Question:
    """Return the question that `encode_question` was given."""
    return Question(
        form["task"],
        form["check"],
        tuple(decode_value(value) for value in form["arguments"]),
        inspection=decode_inspection(form["inspection"]),
        public=form["public"],
        manner=_manner(form["manner"]),
    )


def _manner(form: dict[str, Any] | None) -> Manner:
    if form is None:
        return CALL
    probe = form["probe"]
    return Manner(**{**form, "probe": None if probe is None else Probe(**probe)})
