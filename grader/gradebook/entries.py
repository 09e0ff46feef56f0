"""What a gradebook holds, read from its tables: frozen values, with fractions and moments instead of text."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import ValidationError

from grader.errors import LabError
from grader.messages.sentences import say
from grader.records.record import Record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

MOST_NAMES = 8
"""How many students a sentence names."""

Kind: TypeAlias = Literal[
    "add", "excuse", "unexcuse", "late", "comment", "request", "answer", "rename", "withdraw", "return"
]


@dataclass(frozen=True, slots=True)
class Result:
    """A result as it was given, once for each time that it came to count.

    `attempt` numbers the contents that the student has handed in, from 1. `submitted` is when that was, where it is
    known; `seen` is when the gradebook learned of it. Without a score, `earned` is None and `ungraded` is the reason.
    """

    lab: str
    student: str
    attempt: int
    submitted: datetime | None
    seen: datetime
    graded_at: str
    submission_sha256: str | None
    course_sha256: str
    seed: int
    version: str
    earned: Fraction | None
    points: Fraction
    ungraded: str | None
    record_json: str

    def record(self) -> Record:
        """Return the record itself; raise LabError where the gradebook holds something else."""
        return read_record(self.record_json)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a teacher said of a student in a lab.

    `add` has points, which may be negative, and lead above the lab's where they are a `bonus`; `late` has days or a
    moment of submission, or neither, which takes an earlier one back; `request` is what a student asked to be looked at
    again, and `answer` what staff say to that; the others have a comment alone. `rename`, `withdraw` and `return` are
    about the student in all labs: their lab is "", and the comment of `rename` is what the student is called from then
    on.
    Where `made_by` is None, the user who is logged in is kept.
    """

    lab: str
    student: str
    kind: Kind
    _: KW_ONLY
    points: Fraction | None = None
    bonus: bool = False
    days: int | None = None
    submitted: datetime | None = None
    comment: str = ""
    made_by: str | None = None
    made: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Student:
    """A student of the class list, with the names that other systems have for them; "" where the list has none."""

    student: str
    name: str = ""
    canvas_id: str = ""
    sis_user_id: str = ""
    sis_login_id: str = ""
    section: str = ""
    email: str = ""
    id_number: str = ""
    username: str = ""


def names_text(students: Sequence[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    more = len(students) - MOST_NAMES
    return ", ".join(students[:MOST_NAMES]) + (f", … (+{more})" if more > 0 else "")


def read_record(text: str) -> Record:
    """Return a record from its JSON; raise LabError for a text that is no record."""
    try:
        return Record.model_validate_json(text)
    except ValidationError as error:
        sentence = say("The gradebook holds a record that this version cannot read: update the grader, or grade again.")
        raise LabError(sentence) from error


def write_moment(moment: datetime) -> str:
    """Return a moment as it is kept: in UTC, to the microsecond, so that texts sort as times do."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def parse_moment(text: str | None) -> datetime | None:
    """Return a moment from the text that is kept of it."""
    return None if text is None else datetime.fromisoformat(text)
