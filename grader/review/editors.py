"""What is folded away beside the box: changing the items, and giving one to students with the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from grader.errors import LabError
from grader.gradebook.readings import Conflict
from grader.messages.sentences import say
from grader.review.box import box_of, written
from grader.review.changing import give, groups_of, keep_item
from grader.review.page import fragment
from grader.review.reading_page import address_of, find_read
from grader.review.worth import signed

if TYPE_CHECKING:
    from grader.model import Text
    from grader.review.actions import Form
    from grader.review.page import Seen
    from grader.review.reading_page import Read
    from grader.review.reviewing import Reviewing


def items_editor(reviewing: Reviewing, read: Read, seen: Seen, form: Form | None = None) -> str:
    """Return the items, each as a form; with a `form` after what it says is kept, and with the box as it is then."""
    message = None if form is None else _changed(reviewing, read, form)
    reviewing = reviewing.anew()
    read = _as_it_is_now(reviewing, read, seen)
    items = reviewing.items(read.task)
    texts = [("zh-TW", say("Text, in Chinese")), ("en", say("Text, in English"))]
    box = box_of(
        read.task,
        items,
        read.turn.reading,
        address=address_of(read.task.name, read.turn.key) + seen.query,
        language=seen.language,
    )
    return fragment(
        "items.html.jinja",
        seen,
        address=f"/items/{quote(read.task.name, safe='')}/{read.turn.key}{seen.query}",
        items=items,
        texts=[(code, text.in_language(seen.language)) for code, text in texts if code in seen.languages],
        message=None if message is None else message.in_language(seen.language),
        view=None if form is None else box,
        signed=signed,
        written=written,
    )


def alike_editor(reviewing: Reviewing, read: Read, seen: Seen, form: Form | None = None) -> str:
    """Return whom an item can be given to; with a `form` after it was given, and with the box as it is then."""
    message = None if form is None else give(reviewing, read, form)
    reviewing = reviewing.anew()
    read = _as_it_is_now(reviewing, read, seen)
    items = reviewing.items(read.task)
    box = box_of(
        read.task,
        items,
        read.turn.reading,
        address=address_of(read.task.name, read.turn.key) + seen.query,
        language=seen.language,
    )
    groups = [group for group in groups_of(reviewing, read) if len(group.students) > 1]
    return fragment(
        "alike.html.jinja",
        seen,
        address=f"/alike/{quote(read.task.name, safe='')}/{read.turn.key}{seen.query}",
        groups=[(one.word, one.text.in_language(seen.language), len(one.students)) for one in groups],
        items=[item for item in items if not item.is_removed],
        message=None if message is None else message.in_language(seen.language),
        view=None if form is None else box,
        signed=signed,
    )


def _changed(reviewing: Reviewing, read: Read, form: Form) -> Text:
    """Keep an item; return what has changed, or what was not kept."""
    try:
        return keep_item(reviewing, read.task, form)
    except Conflict:
        return say("Not kept: somebody else has changed this item since. It stands here as it is in the gradebook.")


def _as_it_is_now(reviewing: Reviewing, read: Read, seen: Seen) -> Read:
    found = find_read(reviewing, read.task.name, read.turn.key, only=seen.only)
    if found is None:
        raise LabError(say("This student is not in the lab any more."))
    return found
