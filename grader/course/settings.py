"""A course's own settings, from course.yaml in its folder: deadlines, what being late costs, names for exports.

What the file does not say has the defaults that stand here: no deadline, and being late costs nothing. Any mistake is
refused with file, line, key and what is allowed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from grader.course.strict import Strict, problem_of
from grader.course.yaml_lines import Problem, read_yaml
from grader.errors import LabError
from grader.messages.sentences import LANGUAGES, nearest_text, say
from grader.model import Language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from grader.course.yaml_lines import Keys

FILE = "course.yaml"
WHOLE = 100
DAY = timedelta(days=1)
WHOLE_MINUTE = timedelta(minutes=1) - timedelta.resolution
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?")


def _to_percent(number: object) -> Fraction:
    if isinstance(number, bool) or not isinstance(number, int | float | Fraction) or not 0 <= number <= WHOLE:
        raise PydanticCustomError("percent", "a number from 0 to 100")
    return Fraction(str(number))  # 2.5 is two and a half, as it is written


def _to_zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError) as error:  # unknown; not the name of a file; a folder of zones
        raise PydanticCustomError("zone", "no time zone") from error


def _to_moment(text: object) -> datetime:
    found = read_moment(str(text))
    if found is None:
        raise PydanticCustomError("moment", "no date with a time")
    return found


Percent: TypeAlias = Annotated[Fraction, PlainValidator(_to_percent)]
Moment: TypeAlias = Annotated[datetime, BeforeValidator(_to_moment)]
Zone: TypeAlias = Annotated[ZoneInfo, PlainValidator(_to_zone)]


class Late(Strict):
    """What being late costs: a percentage for each day that has begun, of the lab's points or of those earned."""

    percent_per_day: Percent = Fraction(0)
    percent_at_most: Percent = Fraction(100)
    grace_minutes: Annotated[int, Field(ge=0)] = 0
    of: Literal["points", "earned"] = "points"


class LabSettings(Strict):
    """The settings of one lab: its deadline, a late policy of its own, and its columns in Canvas and Moodle."""

    due: Moment | None = None
    late: Late | None = None
    canvas: Annotated[str, Field(min_length=1)] | None = None
    moodle: Annotated[str, Field(min_length=1)] | None = None


def _once(languages: list[Language]) -> list[Language]:
    return [language for language in LANGUAGES if language in languages]


Languages: TypeAlias = Annotated[list[Language], Field(min_length=1), AfterValidator(_once)]


class LanguageSettings(Strict):
    """What course.yaml says of languages."""

    languages: Languages | None = None


class Settings(Strict):
    """The settings of a course."""

    languages: Languages | None = None
    """Those of its labs; None where each lab has those of its rubric."""
    time_zone: Zone = ZoneInfo("Asia/Taipei")
    late: Late = Late()
    labs: dict[str, LabSettings] = Field(default_factory=dict)

    def lab(self, name: str) -> LabSettings:
        """Return the settings of a lab, the defaults for one that the file does not name."""
        return self.labs.get(name, LabSettings())

    def policy(self, lab: str) -> Late:
        """Return what being late costs in a lab."""
        return self.lab(lab).late or self.late

    def deadline(self, lab: str) -> datetime | None:
        """Return when a lab is due: at the end of the minute that `due` names."""
        due = self.lab(lab).due
        if due is None:
            return None
        return self.moment(due) + (timedelta() if due.second or due.microsecond else WHOLE_MINUTE)

    def moment(self, written: datetime) -> datetime:
        """Return a moment in UTC; one written without a time zone is in the course's."""
        return (written if written.tzinfo else written.replace(tzinfo=self.time_zone)).astimezone(UTC)

    def days_late(self, lab: str, submitted: datetime) -> int:
        """Return how many days have begun since the deadline, 0 within the grace period."""
        deadline = self.deadline(lab)
        if deadline is None:
            return 0
        over = submitted.astimezone(UTC) - deadline
        if over <= timedelta(minutes=self.policy(lab).grace_minutes):
            return 0
        return -(-over // DAY)


def read_settings(folder: Path, labs: Sequence[str]) -> Settings:
    """Read course.yaml in a course's folder; raise LabError for any mistake, such as a lab that is none of `labs`."""
    path = folder / FILE
    if not path.exists():
        return Settings()
    file = read_yaml(path)
    try:
        settings = Settings.model_validate({} if file.data is None else file.data)
    except ValidationError as error:
        raise file.refusal([_problem(details) for details in error.errors()]) from error
    if problems := list(_unknown_labs(settings, labs)):
        raise file.refusal(problems)
    return settings


def read_languages(folder: Path) -> tuple[Language, ...] | None:
    """Return the languages that course.yaml names; None where it names none. Raise LabError for another word."""
    path = folder / FILE
    if not path.exists():
        return None
    file = read_yaml(path)
    if not isinstance(file.data, dict):
        return None  # the gradebook refuses it
    try:
        named = LanguageSettings.model_validate({"languages": file.data.get("languages")}).languages
    except ValidationError as error:
        raise file.refusal([_problem(details) for details in error.errors()]) from error
    return None if named is None else tuple(named)


def read_moment(text: str) -> datetime | None:
    """Return a date with a time, such as `2026-03-16 23:59`, with or without a zone; None for any other text."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:  # the 30th of February
        return None


def written_moment(text: str, settings: Settings) -> datetime:
    """Return the moment, in UTC, that a user wrote; raise LabError for any other text."""
    found = read_moment(text)
    if found is None:
        raise LabError(say("{text} is no date with a time; write it as 2026-03-16 23:59.", text=text))
    return settings.moment(found)


def _unknown_labs(settings: Settings, labs: Sequence[str]) -> Iterator[Problem]:
    for name in settings.labs:
        if name not in labs:
            known = nearest_text(name, labs)
            yield Problem(("labs", name), say("there is no lab of this name; the labs are {labs}", labs=known))


def _problem(details: ErrorDetails) -> Problem:
    keys: Keys = details["loc"]
    match details["type"]:
        case "list_type" | "too_short" if keys == ("languages",):
            return Problem(keys, say("must be a list of languages: [en], [zh-TW] or [zh-TW, en]"))
        case "percent":
            return Problem(keys, say("must be a percentage: a number from 0 to 100"))
        case "zone":
            return Problem(keys, say("is no time zone; write one such as Asia/Taipei"))
        case "moment":
            return Problem(keys, say("must be a date with a time, such as 2026-03-16 23:59"))
        case "int_type" | "int_from_float" | "greater_than_equal":
            return Problem(keys, say("must be a whole number from 0"))
    return problem_of(details)
