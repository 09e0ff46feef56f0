"""The record of a graded submission. Every report is made from it alone.

The same submission, course and seed give the same bytes, but for `when` and `seconds`.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import (
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from grader.errors import LabError
from grader.messages.languages import narrowed, spoken
from grader.messages.sentences import LANGUAGES, quote, say
from grader.model import Language, Text
from grader.records.chart_data import ChartData, NetworkPart, RecordPart

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def _either(schema: dict[str, Any]) -> None:
    """Let the JSON Schema of a text ask for one language."""
    del schema["required"]
    schema["minProperties"] = 1


class Words(RecordPart):
    """A text in both languages; of a lab in one language in that one alone, which then stands for both."""

    model_config = ConfigDict(json_schema_extra=_either)

    zh_tw: Annotated[str, Field(alias="zh-TW")]
    en: str

    @model_validator(mode="before")
    @classmethod
    def _stands_for_both(cls, form: Any) -> Any:  # noqa: ANN401 (a file may hold anything)
        if isinstance(form, dict) and len(form) == 1 and form.keys() <= set(LANGUAGES):
            return dict.fromkeys(LANGUAGES, *form.values())
        return form

    @property
    def text(self) -> Text:
        """The same text as a `grader.model.Text`."""
        return Text(self.zh_tw, self.en)


def _to_fraction(number: object) -> Fraction:
    if isinstance(number, Fraction):
        return number
    if isinstance(number, bool) or not isinstance(number, int | float) or number < 0:
        raise ValueError("points are a number from 0")
    return Fraction(repr(number))


def _to_number(points: Fraction) -> int | float:
    return points.numerator if points.denominator == 1 else float(points)


Points: TypeAlias = Annotated[
    Fraction,
    PlainValidator(_to_fraction),
    PlainSerializer(_to_number),
    WithJsonSchema({"type": "number", "minimum": 0}),
]


def _to_signed(number: object) -> Fraction:
    if isinstance(number, Fraction):
        return number
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueError("points are a number")  # noqa: TRY004 (pydantic hears of a ValueError)
    return Fraction(repr(number))


SignedPoints: TypeAlias = Annotated[
    Fraction, PlainValidator(_to_signed), PlainSerializer(_to_number), WithJsonSchema({"type": "number"})
]
VerdictWord: TypeAlias = Literal["passed", "failed", "not_attempted", "ungraded"]


class EvidencePart(RecordPart):
    """A public question: what went in, what came out, and what should have come out."""

    arguments: dict[str, str]
    observed: str
    expected: str
    picture: ChartData | None = None


class CheckPart(RecordPart):
    """A check: its verdict, an example if a question is public; where it failed, the reason and a hint."""

    name: str
    promise: Words | None = None
    verdict: VerdictWord
    earned: Points | None
    points: Points
    questions: int
    agreed: int
    missed: tuple[int, ...] = ()
    """The places, from 1, of the questions that were asked and answered wrongly; of hidden ones all, or none."""
    because: Words | None
    mistake: str | None
    """The name of the mistake that explains every answer of a failed check."""
    about: Words | None = None
    """The kind of input of a hidden question, of which no more is told."""
    hint: Words | None
    evidence: EvidencePart | None
    network: NetworkPart | None = None
    """The student's own network, where the check is about one."""
    alleged: bool = False
    """Whether a network could not be built anew, so that the verdict rests on what the student's own process says."""
    notes: tuple[Words, ...]


class ItemPart(RecordPart):
    """Something that a reader may say of an answer, and the points that it gives or takes."""

    id: str
    text: Words
    points: SignedPoints
    bonus: bool = False
    """Whether it may lift a task above its points."""


class ReadingPart(RecordPart):
    """What a person has said of a task, on pages that show what is in the gradebook."""

    items: tuple[ItemPart, ...] = ()
    """Those that were given."""
    points: SignedPoints | None = None
    """What was given or taken besides."""
    comment: str = ""
    is_earlier: bool = False
    """Whether it was said of an earlier version, so that the task waits again."""


class ReaderPart(RecordPart):
    """What a person reads of a task. What was given for it is in the gradebook, and on pages that show that."""

    points: Points
    start: Points
    """What the task has of them before any item is given."""
    items: tuple[ItemPart, ...] = ()
    cells: tuple[int, ...] = ()
    """The numbers of the cells of the notebook that belong to the task: of all cells, from 0."""
    because: Words | None = None
    """Where there are none: what was looked for."""
    earned: Points | None = None
    """What a person has given; None, as in every record of a grading, until somebody has read it."""
    reading: ReadingPart | None = None
    """What a person has said; None as well."""


class TaskPart(RecordPart):
    """A task, whose points are the sum of its checks' points, and of those that a person gives.

    `earned` is what its checks have earned: nothing of what a person reads.
    """

    name: str
    title: Words
    """Its name, where the rubric has no title."""
    lecture: Words | None = None
    earned: Points | None
    points: Points
    checks: tuple[CheckPart, ...]
    asked: Literal["function", "variable", "probe"] = "function"
    """What is asked: a function of its name is called, a variable is read, or a probe of the course is asked."""
    manual: ReaderPart | None = None

    @property
    def to_read(self) -> Fraction:
        """Return the points that wait for a person."""
        return Fraction(0) if self.manual is None or self.manual.earned is not None else self.manual.points

    @property
    def graded_points(self) -> Fraction:
        """Return the points that do not wait for a person."""
        return self.points - self.to_read

    @property
    def earned_so_far(self) -> Fraction | None:
        """Return what was earned of these: by its checks, and what a person gave, where a page shows that."""
        given = None if self.manual is None else self.manual.earned
        return self.earned if self.earned is None or given is None else self.earned + given

    @property
    def own_title(self) -> Text | None:
        """Return its title; None where that is its name, which stands beside it on every page."""
        title = self.title.text
        return None if title == quote(self.name) else title


class CellPart(RecordPart):
    """A cell of the student's notebook that did not run to its end. `cell` is In [n] after "Run All"."""

    cell: int
    line: int | None
    how: Literal["raised", "timed_out", "died", "over_limit", "not_run"]
    kind: str
    because: Words


class LimitsPart(RecordPart):
    """The limits that were in force: seconds, MiB, and how many programs the notebook could start."""

    cell_seconds: float
    call_seconds: float
    submission_seconds: float
    memory_mib: int = 0
    output_mib: int = 0
    disk_mib: int = 0
    processes: int = 0


class SubmissionPart(RecordPart):
    """Which bytes were graded."""

    file: str
    sha256: str | None
    helpers_sha256: str | None = None
    """Of the helper files beside the notebook, where there are any."""
    submitted: str | None = None
    """When it was handed in, ISO 8601 with its zone, where the platform says so."""
    late: bool = False
    """Whether the platform calls it late."""
    notes: tuple[Words, ...] = ()
    """Under which name it was handed in, and what else was, where there is something to say."""


class Record(RecordPart):
    """One graded submission."""

    format: Literal[1] = 1
    lab: str
    title: Words
    student: str
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = LANGUAGES
    """Those of the lab: its pages are in these."""
    kit: bool = False
    """Whether it comes from a student's kit: from the public questions alone, which is no score of the lab."""
    seed: int
    isolation: Literal["strong", "good", "limited", "none"]
    earned: Points | None
    points: Points
    ungraded: Words | None
    fault: Literal["submission", "machinery"] | None = None
    """Why there is no score: the file that was handed in, or the grader's machinery."""
    tasks: tuple[TaskPart, ...]
    cells: tuple[CellPart, ...]
    notes: tuple[Words, ...]
    submission: SubmissionPart
    course_sha256: str
    limits: LimitsPart
    versions: dict[str, str]
    when: str
    seconds: dict[str, float]

    def spoken(self, language: Language) -> Language:
        """Return the language of a page for a reader of this one."""
        return spoken(self.languages, language)

    @property
    def all_notes(self) -> tuple[Words, ...]:
        """Return what is said of the file, and then of the grading."""
        return (*self.submission.notes, *self.notes)

    @property
    def to_read(self) -> Fraction:
        """Return the points that wait for a person."""
        return to_read_in(self.tasks)

    @property
    def graded_points(self) -> Fraction:
        """Return the points that do not wait for a person: `earned` is of these."""
        return self.points - self.to_read

    @property
    def is_full(self) -> bool:
        """Say whether every point was earned that does not wait for a person."""
        return self.earned == self.graded_points

    @property
    def agreed(self) -> tuple[int, int]:
        """Return how many questions were answered rightly, and how many were asked."""
        return agreed_in(self.tasks)


def agreed_in(tasks: Iterable[TaskPart]) -> tuple[int, int]:
    """Return how many questions of some tasks were answered rightly, and how many were asked."""
    checks = [check for task in tasks for check in task.checks]
    return sum(check.agreed for check in checks), sum(check.questions for check in checks)


def to_read_in(tasks: Iterable[TaskPart]) -> Fraction:
    """Return the points of some tasks that wait for a person."""
    return sum((task.to_read for task in tasks), Fraction(0))


def words(text: Text) -> Words:
    """Return a text as the record writes it."""
    return Words(zh_tw=text.zh_tw, en=text.en)


def in_own_languages(record: Record) -> Record:
    """Return a record with every text in the languages of its lab: as it is read again from its file."""
    return record if record.languages == LANGUAGES else _in_one(record, record.languages[0])


def _in_one(part: Any, language: Language) -> Any:  # noqa: ANN401 (any part of a record)
    match part:
        case Words():
            return words(quote(part.text.in_language(language)))
        case RecordPart():
            return part.model_copy(update={name: _in_one(value, language) for name, value in part})
        case tuple():
            return tuple(_in_one(value, language) for value in part)
    return part


def dump_record(record: Record) -> str:
    """Return a record as a file holds it: JSON, indented, readable, with a final newline."""
    form = narrowed(record.model_dump(mode="json", by_alias=True), record.languages)
    if record.languages == LANGUAGES:  # as every record once was
        del form["languages"]
    said = ("submitted", "late", "notes")  # by a platform, or of a name: most submissions have nothing of it
    for task in form["tasks"]:
        if task["asked"] == "function":  # nearly every task
            del task["asked"]
        if task["manual"] is None:  # most of them
            del task["manual"]
        else:
            task["manual"] = {key: value for key, value in task["manual"].items() if value is not None}
    form["submission"] = {key: value for key, value in form["submission"].items() if value or key not in said}
    return json.dumps(form, ensure_ascii=False, indent=1) + "\n"


def load_record(path: Path) -> Record:
    """Read a record; raise LabError for any other file."""
    try:
        return Record.model_validate_json(path.read_bytes())
    except OSError as error:
        raise LabError(say("{file} cannot be read: {reason}", file=path, reason=error.strerror)) from error
    except ValidationError as error:
        first = error.errors()[0]
        keys = ".".join(str(part) for part in first["loc"]) or "-"
        raise LabError(
            say(
                "{file} is no record of a grading: {key}: {problem}",
                file=path,
                key=keys,
                problem=first["msg"],
            )
        ) from error


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a record."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Record.model_json_schema(mode="serialization", by_alias=True),
        "title": "labgrader record",
    }
