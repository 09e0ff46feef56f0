"""What is read out of a gradebook: frozen rows of its tables, with fractions and moments instead of text."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import ValidationError

from grader.errors import LabError
from grader.messages.sentences import say
from grader.records.record import Record

if TYPE_CHECKING:
    from fractions import Fraction

Kind: TypeAlias = Literal["add", "excuse", "unexcuse", "late", "comment"]


@dataclass(frozen=True, slots=True)
class Result:
    """A result as it was given, once for each time that it came to count.

    `attempt` counts the student's contents from 1. `submitted` is when the student handed it in, where that is known;
    `seen` is when the gradebook learned of it. `earned` is None and `ungraded` a reason where there is no score.
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

    `add` has points (they may be negative); `late` has days or a moment of submission, or neither to take an earlier
    one back; the others have their comment alone. `made_by` None is the user who is logged in.
    """

    lab: str
    student: str
    kind: Kind
    _: KW_ONLY
    points: Fraction | None = None
    days: int | None = None
    submitted: datetime | None = None
    comment: str = ""
    made_by: str | None = None
    made: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Student:
    """A student of the class list, and by what other systems know them; "" where the list does not say."""

    student: str
    name: str = ""
    canvas_id: str = ""
    sis_user_id: str = ""
    sis_login_id: str = ""
    section: str = ""
    email: str = ""
    id_number: str = ""
    username: str = ""


def read_record(text: str) -> Record:
    """Return a record from its JSON; raise LabError for what is none."""
    try:
        return Record.model_validate_json(text)
    except ValidationError as error:
        sentence = say("The gradebook holds a record that this version cannot read: update it, or grade again.")
        raise LabError(sentence) from error


def write_moment(moment: datetime) -> str:
    """Return a moment as it is kept: UTC, to the microsecond, so that text sorts as time does."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def parse_moment(text: str | None) -> datetime | None:
    """Return a kept moment."""
    return None if text is None else datetime.fromisoformat(text)
