"""Requests to look again: what students asked for, and what staff answered. An answer is one to all that wait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.gradebook.entries import Mark


@dataclass(frozen=True, slots=True)
class Request:
    """What a student asked to be looked at again; without an answer it is open."""

    asked: Mark
    answer: Mark | None = None


def requests_of(marks: Iterable[Mark]) -> tuple[Request, ...]:
    """Return the requests among the marks of a student in a lab, which come the oldest first."""
    found: list[Request] = []
    for mark in marks:
        if mark.kind == "request":
            found.append(Request(mark))
        elif mark.kind == "answer":
            found = [one if one.answer is not None else replace(one, answer=mark) for one in found]
    return tuple(found)
