"""What is posted: each change is kept in the gradebook, and confirmed when it is committed.

A change follows the row that its page was made of. Where somebody else has kept another one since, both are shown, and
nothing is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from grader.errors import LabError
from grader.gradebook.entries import Mark
from grader.gradebook.marks import LONGEST_COMMENT, user_name
from grader.gradebook.readings import Conflict, Override, Reading
from grader.gradebook.teacher import read_points
from grader.messages.sentences import say
from grader.review.box import box_of, told_of
from grader.review.findings import found_in
from grader.review.page import fragment, html
from grader.review.reading_page import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.responses import HTMLResponse

    from grader.review.page import Seen
    from grader.review.reading_page import Read
    from grader.review.reviewing import Reviewing

KEPT = {"x-kept": "yes"}
NOT_KEPT = {"x-kept": "no"}
"""By this header the page's script knows whether it may go on."""


@dataclass(frozen=True, slots=True)
class Form:
    """What was posted: the values of each name, in their order."""

    values: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """Return a value; "" where there is none."""
        return next(iter(self.values.get(name, ())), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a name."""
        return tuple(self.values.get(name, ()))

    @property
    def after(self) -> int:
        """Return the row that the page was made of; raise LabError for what is none."""
        text = self.one("after")
        if not (text.isascii() and text.isdecimal() and len(text) < len(str(2**63))):
            raise LabError(say("This page is not whole: load it anew. Nothing was kept."))
        return int(text)


def keep_reading(reviewing: Reviewing, read: Read, form: Form, seen: Seen) -> HTMLResponse:
    """Keep what the box says."""
    before = read.turn.reading
    mine = _reading(reviewing, read, form)
    try:
        kept = before if _is_same(before, mine, form.after) else reviewing.book.keep_reading(mine, after=form.after)
    except Conflict as conflict:
        return _conflict(reviewing, read, mine, conflict=conflict, seen=seen)
    items = reviewing.items(read.task)
    address = address_of(read.task.name, read.turn.key) + seen.query
    view = box_of(read.task, items, kept, address=address, language=seen.language)
    said = say("Kept.").in_language(seen.language)
    is_read_now = view.is_read and form.one("is_read") != "yes"
    return html(fragment("kept.html.jinja", seen, view=view, message=said, is_read_now=is_read_now), headers=KEPT)


def keep_override(reviewing: Reviewing, read: Read, form: Form, seen: Seen) -> HTMLResponse:
    """Keep the points that a person gives for a check, or take them back."""
    lab, student, name = reviewing.place.lab, read.turn.student, form.one("check")
    check = next((one for one in read.task.checks if one.name == name), None)
    if check is None:
        raise LabError(say("This question has no check {check}: load the page anew.", check=name))
    is_back = form.one("act") == "take_back"
    points = None if is_back else read_points(form.one("points").strip())
    if points is not None and not 0 <= points <= check.points:
        raise LabError(say("The check is worth {points}: give points from 0 to that.", points=check.points))
    if not is_back and not form.one("reason").strip():
        raise LabError(say("Say why: the student reads it beside the points."))
    override = Override(
        lab,
        student,
        read.task.name,
        check=name,
        points=points,
        reason=_written(form, "reason"),
        made_by=reviewing.place.made_by,
    )
    said, status = say("Kept."), KEPT
    try:
        reviewing.book.keep_override(override, after=form.after)
    except Conflict:
        said, status = (
            say("Not kept: somebody else has changed it since. What is in the gradebook stands here."),
            NOT_KEPT,
        )
    found = found_in(read.task, reviewing.book.overrides(lab), student, language=seen.language)
    [shown] = [one for one in found if one.name == name]
    values = {
        "check": shown,
        "task_address": quote(read.task.name, safe=""),
        "key": read.turn.key,
        "place": form.one("place"),
    }
    return html(
        fragment("override_kept.html.jinja", seen, message=said.in_language(seen.language), **values), headers=status
    )


def answer_request(reviewing: Reviewing, student: str, form: Form, seen: Seen) -> HTMLResponse:
    """Answer a student's request to look again."""
    text = _written(form, "answer").strip()
    if not text:
        raise LabError(say("Write an answer: the student reads it."))
    mark = Mark(reviewing.place.lab, student, "answer", comment=text, made_by=reviewing.place.made_by)
    reviewing.book.add_mark(mark)
    said = say("Kept: the request is answered.").in_language(seen.language)
    return html(fragment("message.html.jinja", seen, message=said), headers=KEPT)


def _written(form: Form, name: str) -> str:
    """Return a text as it was typed; raise LabError where the gradebook would cut it."""
    text = form.one(name)
    if len(text) > LONGEST_COMMENT:
        raise LabError(
            say(
                "This text has {count} characters, and {most} are kept: shorten it.",
                count=len(text),
                most=LONGEST_COMMENT,
            )
        )
    return text


def _reading(reviewing: Reviewing, read: Read, form: Form) -> Reading:
    """Return what the box says. Who gives an item or points has read it."""
    before, typed = read.turn.reading, form.one("points").strip()
    items = reviewing.items(read.task)
    known = {item.id for item in items}
    removed = {item.id for item in items if item.is_removed}  # not in the box, but it may be put back
    hidden = () if before is None else tuple(one for one in before.items if one in removed)
    mine = Reading(
        reviewing.place.lab,
        read.turn.student,
        read.task.name,
        items=tuple(dict.fromkeys(item for item in (*form.all("item"), *hidden) if item in known)),
        points=read_points(typed) if typed else None,
        comment=_written(form, "comment"),
        note=_written(form, "note"),
        is_read=form.one("is_read") == "yes",
        made_by=user_name() if reviewing.place.made_by is None else reviewing.place.made_by,
    )
    was = (set[str](), None) if before is None else (set(before.items), before.points)
    return mine if (set(mine.items), mine.points) == was else replace(mine, is_read=True)


def _is_same(before: Reading | None, mine: Reading, after: int) -> bool:
    """Say whether the newest reading is the one that the page was made of, and says the same."""
    if before is None or before.number != after or before.is_earlier:
        return False
    said = [(set(one.items), one.points, one.comment.split(), one.note.split(), one.is_read) for one in (before, mine)]
    return said[0] == said[1]


def _conflict(reviewing: Reviewing, read: Read, mine: Reading, *, conflict: Conflict, seen: Seen) -> HTMLResponse:
    """Show what is in the gradebook and what was not kept, side by side."""
    theirs = conflict.theirs
    items = reviewing.items(read.task)
    shown = Reading("", "", "", is_read=False) if not isinstance(theirs, Reading) else theirs
    values = {
        "address": address_of(read.task.name, read.turn.key),
        "their_number": shown.number,
        "theirs": tuple(told_of(shown, items, seen.language)),
        "yours": tuple(told_of(mine, items, seen.language)),
    }
    return html(fragment("conflict.html.jinja", seen, **values), headers=NOT_KEPT)
