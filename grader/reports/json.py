"""`json`: the record itself, which is always written; every other format is made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.records.record import dump_record

if TYPE_CHECKING:
    from grader.model import Language
    from grader.records.record import Record

ENDING = "json"


def render(record: Record, language: Language) -> str:  # noqa: ARG001 (it holds those of the lab)
    """Return the record as JSON, the languages of the lab in it."""
    return dump_record(record)
