"""What a rubric says of a task that a person reads: its points, the items that are given, and which cells belong to it.

`manual` stands beside a task's checks, or alone.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from grader.course.strict import Strict
from grader.course.texts import Points, TextEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

ID = r"^[\w-]{1,60}$"
WAYS = ("id", "tag", "heading")
"""How cells are named, in the order in which they are looked for."""


def _to_signed(number: object) -> Fraction:
    if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < float("inf"):
        raise PydanticCustomError("signed", "a number")
    return Fraction(repr(number))


def _to_start(number: object) -> Fraction:
    points = _to_signed(number)
    if points < 0:
        raise PydanticCustomError("start", "a number from 0")
    return points


SignedPoints: TypeAlias = Annotated[Fraction, PlainValidator(_to_signed), WithJsonSchema({"type": "number"})]
StartPoints: TypeAlias = Annotated[
    Fraction, PlainValidator(_to_start), WithJsonSchema({"type": "number", "minimum": 0})
]


class ManualItem(Strict):
    """Something that a reader says of many answers, and the points that it gives or takes.

    A `bonus` may lift a task above its points.
    """

    id: Annotated[str, Field(pattern=ID)]
    text: TextEntry
    points: SignedPoints
    bonus: bool = False


def _with_own_ids(items: Sequence[ManualItem]) -> Sequence[ManualItem]:
    for name, count in Counter(item.id for item in items).items():
        if count > 1:
            raise PydanticCustomError("same_id", "{id} comes twice", {"id": name})
    return items


class Manual(Strict):
    """What a person gives points for, by items; `start` is what a task has before any item is given."""

    points: Points
    start: StartPoints | None = None
    items: Annotated[list[ManualItem], AfterValidator(_with_own_ids)] = Field(default_factory=list)

    @property
    def begins_with(self) -> Fraction:
        """Return the points before any item is given: `start`, else 0 where items only give, else all of them."""
        if self.start is not None:
            return self.start
        only_give = bool(self.items) and all(item.points > 0 for item in self.items)
        return Fraction(0) if only_give else self.points

    @model_validator(mode="after")
    def _starts_within(self) -> Manual:
        if self.start is not None and self.start > self.points:
            raise PydanticCustomError("start", "a number from 0")
        return self


def _by_some_way(schema: dict[str, Any]) -> None:
    schema["anyOf"] = [{"required": [way]} for way in WAYS]


class CellsEntry(Strict):
    """Which cells of a notebook belong to a task: the first of id, tag and heading that finds one says it."""

    model_config = ConfigDict(json_schema_extra=_by_some_way)

    id: Annotated[str, Field(min_length=1)] | None = None
    tag: Annotated[str, Field(min_length=1)] | None = None
    heading: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _says_a_way(self) -> CellsEntry:
        if self.id is None and self.tag is None and self.heading is None:
            raise PydanticCustomError("no_way", "id, tag or heading")
        return self
