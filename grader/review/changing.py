"""Items that are changed while reading: everybody's points follow at once, and whose have changed is told.

An item can also be given to a selection of students: those with the same mistake, the same first wrong answer, or the
same text in the cells of the question.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.gradebook.readings import Conflict, Item, Reading
from grader.gradebook.teacher import read_points
from grader.messages.sentences import say
from grader.model import Text
from grader.review.facts import answer_word, mistake_word
from grader.review.worth import manual_points, signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from grader.records.record import TaskPart
    from grader.review.actions import Form
    from grader.review.reading_page import Read
    from grader.review.reviewing import Reviewing

TRIES = 5
MOST_TOLD = 8
SAME_TEXT = "text"


@dataclass(frozen=True, slots=True)
class Group:
    """Students who have something in common with the one who is read; the word by which a page means them."""

    word: str
    text: Text
    students: tuple[str, ...]


def keep_item(reviewing: Reviewing, task: TaskPart, form: Form) -> Text:
    """Add, change or remove an item; return whose points have changed. Raises Conflict where somebody else did."""
    items = reviewing.items(task)
    before = _totals(reviewing, task, items)
    reviewing.book.keep_item(reviewing.place.lab, task.name, _item(items, form), after=form.after)
    after = _totals(reviewing, task, reviewing.items(task))
    return _told(before, after)


def groups_of(reviewing: Reviewing, read: Read) -> Iterator[Group]:
    """Yield the students who answered as this one did, for each thing that they can have in common."""
    turns = reviewing.turns(read.task.name, "words").every
    for check in read.task.checks:
        for word, text in (
            (mistake_word(read.task, check), say("the same mistake in {check}", check=check.name)),
            (answer_word(read.task, check), say("the same first wrong answer in {check}", check=check.name)),
        ):
            if word is not None:
                yield Group(word, text, tuple(turn.student for turn in turns if word in turn.words))
    digests = reviewing.book.digests(reviewing.place.lab)
    own = digests.get((read.turn.result, read.task.name))
    if own is not None:
        same = tuple(turn.student for turn in turns if digests.get((turn.result, read.task.name)) == own)
        yield Group(SAME_TEXT, say("the same text in the cells of this question"), same)


def give(reviewing: Reviewing, read: Read, form: Form) -> Text:
    """Give an item to a group of students, one row each; return how many have it now who had it not."""
    group = next((one for one in groups_of(reviewing, read) if one.word == form.one("word")), None)
    items = {item.id: item for item in reviewing.items(read.task) if not item.is_removed}
    item = items.get(form.one("item"))
    if group is None or item is None:
        raise LabError(say("Choose whom, and an item."))
    given = sum(_given(reviewing, read.task, student, item=item) for student in group.students)
    return say(
        "Given to {given} of {all}; the others had it already. Who was not read still waits.",
        given=given,
        all=len(group.students),
    )


def _given(reviewing: Reviewing, task: TaskPart, student: str, *, item: Item) -> bool:
    """Give an item on top of what a student has; say whether that is new."""
    lab, name = reviewing.place.lab, task.name
    before = reviewing.book.reading(lab, student, name)
    for _ in range(TRIES):
        base = Reading(lab, student, name, is_read=False) if before is None else before
        if item.id in base.items:
            return False
        more = Reading(
            lab,
            student,
            name,
            items=(*base.items, item.id),
            points=base.points,
            comment=base.comment,
            note=base.note,
            is_read=base.is_read and not base.is_earlier,
            made_by=reviewing.place.made_by,
        )
        try:
            reviewing.book.keep_reading(more, after=base.number)
        except Conflict as conflict:  # somebody reads this student at the moment: theirs stays, with the item
            before = conflict.theirs if isinstance(conflict.theirs, Reading) else None
        else:
            return True
    raise LabError(say("{student} is being changed by somebody else again and again. Try once more.", student=student))


def _item(items: Sequence[Item], form: Form) -> Item:
    """Return the item that was posted: a new one, or one that is there, changed."""
    act, id_ = form.one("act"), form.one("id")
    there = next((item for item in items if item.id == id_), None)
    if id_ and there is None:
        raise LabError(say("This item is not there: load the page anew. Nothing was kept."))
    if there is not None and act in {"remove", "put_back"}:
        return replace(there, is_removed=act == "remove")
    texts = [form.one("zh").strip(), form.one("en").strip()]
    words = next(filter(None, texts), "")
    if not words:
        raise LabError(say("An item needs a text. Nothing was kept."))
    return Item(
        id_ or f"added-{secrets.token_hex(4)}",
        Text(texts[0] or words, texts[1] or words),
        read_points(form.one("points").strip()),
        bonus=form.one("bonus") == "yes",
        is_removed=False if there is None else there.is_removed,
    )


def _totals(reviewing: Reviewing, task: TaskPart, items: Sequence[Item]) -> Mapping[str, Fraction | None]:
    """Return what the question comes to for everybody of whom something was said."""
    return {
        student: manual_points(task, items, reading)
        for (student, name), reading in reviewing.readings.items()
        if name == task.name
    }


def _told(before: Mapping[str, Fraction | None], after: Mapping[str, Fraction | None]) -> Text:
    """Return how many students' points have changed, and by how much."""
    steps: dict[Fraction, int] = {}
    for student, points in after.items():
        was = before.get(student)
        if points is not None and was is not None and points != was:
            steps[points - was] = steps.get(points - was, 0) + 1
    if not steps:
        return say("Kept. Nobody's points have changed.")
    told = ", ".join(f"{count} × {signed(step)}" for step, count in sorted(steps.items())[:MOST_TOLD])
    return say("Kept. Students whose points have changed: {count} ({told}).", count=sum(steps.values()), told=told)
