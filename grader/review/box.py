"""The box beside what was handed in: items, points on top, a comment, a note, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.gradebook.readings import Reading
from grader.messages.sentences import say
from grader.pages.summary import number, points_text
from grader.review.worth import manual_points, signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from grader.gradebook.readings import Item
    from grader.model import Language, Text
    from grader.records.record import TaskPart


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item as the box shows it."""

    id: str
    text: str
    points: str
    bonus: bool
    is_given: bool
    is_negative: bool


@dataclass(frozen=True, slots=True)
class BoxView:
    """The box as it is shown: `after` is the row of the reading that it was made of, 0 where there is none."""

    address: str
    after: int
    items: tuple[ItemView, ...]
    adjustment: str
    comment: str
    note: str
    is_read: bool
    has_points: bool
    points_text: str
    state_text: str


def box_of(
    task: TaskPart, items: Sequence[Item], reading: Reading | None, *, address: str, language: Language
) -> BoxView:
    """Return the box of a question of one student."""
    said = Reading("", "", task.name, is_read=False) if reading is None else reading
    total = manual_points(task, items, reading)
    points = None if task.manual is None else points_text(total, task.manual.points)
    return BoxView(
        address=address,
        after=said.number,
        items=tuple(_item(item, said, language) for item in items if not item.is_removed),
        adjustment="" if said.points is None else written(said.points),
        comment=said.comment,
        note=said.note,
        is_read=said.is_read and not said.is_earlier,
        has_points=task.manual is not None,
        points_text="" if points is None else points,
        state_text=state_text(reading).in_language(language),
    )


def state_text(reading: Reading | None) -> Text:
    """Return whether a question of a student is read, by whom and when."""
    if reading is None:
        return say("not read yet")
    who, when = reading.made_by or "-", reading.made.astimezone().strftime("%Y-%m-%d %H:%M")
    if reading.is_earlier:
        return say("handed in anew since {who} read it, {when}: it waits to be read again", who=who, when=when)
    if not reading.is_read:
        return say("begun by {who}, {when}; not read yet", who=who, when=when)
    return say("read by {who}, {when}", who=who, when=when)


def told_of(reading: Reading, items: Sequence[Item], language: Language) -> Iterator[tuple[str, str]]:
    """Yield a reading as names and values, for a person who chooses between two."""
    named = {item.id: item.text.in_language(language) for item in items}
    yield say("Items").in_language(language), "; ".join(named.get(one, one) for one in reading.items) or "–"
    yield say("Points on top").in_language(language), "–" if reading.points is None else written(reading.points)
    yield say("Comment").in_language(language), reading.comment or "–"
    yield say("Note").in_language(language), reading.note or "–"
    yield say("State").in_language(language), state_text(reading).in_language(language)


def written(points: Fraction) -> str:
    """Return points as a person types them, exactly."""
    shown = ("-" if points < 0 else "") + number(abs(points))
    return shown if points.denominator in {1, 2, 4, 5, 10, 20, 25, 50, 100} else str(points)


def _item(item: Item, reading: Reading, language: Language) -> ItemView:
    return ItemView(
        id=item.id,
        text=item.text.in_language(language),
        points=signed(item.points),
        bonus=item.bonus,
        is_given=item.id in reading.items,
        is_negative=item.points < 0,
    )
