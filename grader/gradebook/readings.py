"""What people say of what was handed in: a reading of a task, a rubric's items, a check that is worth other points.

Each is a row that follows the one before it: who keeps one says which was the newest that was seen, and gets `Conflict`
where somebody else has kept another one since.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from grader.errors import LabError
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    from grader.gradebook.entries import Mark, Result
    from grader.model import Text


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person said of one task of one student; the newest counts.

    `items` are the ids of those that were given; `points` is an adjustment on top of them. The student sees `comment`,
    and staff alone `note`. `content` is the sha256 of the notebook that was read; "" at keeping: of what counts now.
    """

    lab: str
    student: str
    task: str
    _: KW_ONLY
    items: tuple[str, ...] = ()
    points: Fraction | None = None
    comment: str = ""
    note: str = ""
    is_read: bool = True
    made_by: str | None = None
    made: datetime = field(default_factory=lambda: datetime.now(UTC))
    content: str = ""
    number: int = 0
    """The row's; 0 where it is not kept yet."""
    is_earlier: bool = False
    """Whether the student has handed in anew since, with other cells of this task."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be said of a task, and the points that it gives or takes; `number` is 0 as in the rubric.

    The points of a `bonus` may lead above what the task is worth. Who has an item that was removed has it no more.
    """

    id: str
    text: Text
    points: Fraction
    bonus: bool = False
    is_removed: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class Override:
    """The points that a person gives for a check in place of the grader's; None takes an earlier override back.

    `content` is the sha256 of the notebook that was judged, as in `Reading`.
    """

    lab: str
    student: str
    task: str
    check: str
    _: KW_ONLY
    points: Fraction | None
    reason: str = ""
    made_by: str | None = None
    made: datetime = field(default_factory=lambda: datetime.now(UTC))
    content: str = ""
    number: int = 0
    is_earlier: bool = False
    """Whether the student has handed in anew since, and the check's verdict or its reason is another one."""


Said: TypeAlias = "Reading | Item | Override"
Entry: TypeAlias = "Result | Mark | Reading | Override"
"""What happens to a student."""


class Conflict(LabError):  # noqa: N818 (it is what the other reader did)
    """Somebody else has kept something since; `theirs` is the newest, None where there is none at all."""

    def __init__(self, theirs: Said | None) -> None:
        super().__init__(
            say("Somebody else has changed this since you opened it. Nothing of theirs was lost: look at both.")
        )
        self.theirs = theirs


def with_changes(rubric_items: Iterable[Item], changed: Mapping[str, Item]) -> tuple[Item, ...]:
    """Return a rubric's items as they are now, and after them those that were added while reading."""
    rubric = {item.id: item for item in rubric_items}
    return tuple({**rubric, **changed}.values())
