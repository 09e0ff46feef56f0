"""When a class handed in, from a platform's export: Moodle's grading worksheet, Gradescope's table, any CSV.

Of Gradescope also submission_metadata.yml is read, as it lies in the export of all submissions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.gradebook.class_file import plain_heading, read_table
from grader.gradebook.people import NUMBERED, same_name, seen
from grader.messages.sentences import clean, say
from grader.submission.platforms import METADATA, gradescope_senders

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.course.settings import Settings
    from grader.gradebook.entries import Student

TIME_HEADING = re.compile(
    r"(submission|submitted|handed in).*(time|date|modified|at\b)|(time|date|modified).*(submission|submitted)"
    r"|submitted|timestamp|completion time|時間戳記"
    r"|(繳交|提交|交件).*(時間|修改|日期)|(時間|修改|日期).*(繳交|提交|交件)"
)
NAME_HEADING = re.compile(r"(full |student )?name|全名|姓名|學生姓名")
FIRST_HEADING, LAST_HEADING = re.compile(r"first name|given name|名字?"), re.compile(r"last name|surname|姓氏?")
NUMBER_HEADING = re.compile(
    r"(student |id |sis user |sis login )?id|student( (number|no\.?))?|id number|sid|學號"
    r"|e-?mail( address)?|電子郵件.*|(github )?username|帳號|roster identifier"
)
FORMATS = (
    "%A, %d %B %Y, %I:%M %p",
    "%A, %d %B %Y, %H:%M",
    "%d %B %Y, %I:%M %p",
    "%A, %B %d, %Y, %I:%M %p",
    "%Y-%m-%d %H:%M:%S.%f %z",
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M %z",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
)
"""Of Moodle (in English), Gradescope and spreadsheets."""
CHINESE = re.compile(
    r"\D{0,12}(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})(?:\D*?(上午|下午|早上|晚上|AM|PM))?\D*?(\d{1,2}):(\d{2})(?::\d{2})?\s*(AM|PM)?",
    re.IGNORECASE,
)
NOON = 12
SLASHES = re.compile(
    r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2}),? (\d{1,2}):(\d{2})(?::\d{2})?(?: ?(AM|PM))?", re.IGNORECASE
)
"""A day and a month, in the order of the country: known only where one of them is no month."""


@dataclass(frozen=True, slots=True)
class HandingIn:
    """A row of an export: the names and numbers of a student, and when something was handed in, if it was.

    `unread` is what stands in the place of a time and may be one.
    """

    names: tuple[str, ...]
    numbers: tuple[str, ...]
    moment: datetime | None
    unread: str = ""


def read_times(path: Path, settings: Settings) -> tuple[HandingIn, ...]:
    """Return the rows of an export; raise LabError for a file that is none, or that has no column of times."""
    if path.name == METADATA:
        return tuple(
            HandingIn((one.person.name,), (one.person.number,), one.submitted)
            for senders in gradescope_senders(path.parent).values()
            for one in senders
        )
    header, *rows = read_table(path) or [[]]
    headings = [plain_heading(name) for name in header]
    times = [at for at, name in enumerate(headings) if TIME_HEADING.search(name) and not NUMBER_HEADING.fullmatch(name)]
    if not times:
        columns = ", ".join(name for name in headings if name) or "-"
        raise LabError(
            say("{file} has no column with times of handing in; it has {columns}.", file=path, columns=columns)
        )
    return tuple(_row(row, headings, times[0], settings=settings) for row in rows if any(row))


def whose(row: HandingIn, called: Sequence[tuple[str, tuple[str, ...]]], listed: Sequence[Student]) -> str | None:
    """Return the one person whom a row is about; `called` has each person with all that they are called."""
    known = {one.student: one for one in listed}
    numbers = {seen(number) for number in row.numbers if number}
    by_number, by_name = [], []
    for person, names in called:
        own = known.get(person)
        listed_numbers = (own.student, own.canvas_id, own.sis_user_id, own.sis_login_id) if own else ()
        more = (own.id_number, own.username, own.email) if own else ()
        parts = [match for name in names if (match := NUMBERED.fullmatch(name)) is not None]
        mine = {seen(text) for text in (*names, *listed_numbers, *more, *(part["number"] for part in parts)) if text}
        if mine & numbers:
            by_number.append(person)
        all_names = [*names, *(part["name"] for part in parts), *([own.name] if own and own.name else [])]
        if any(same_name(one, other) for one in row.names if one for other in all_names):
            by_name.append(person)
    found = by_number or by_name
    return found[0] if len(found) == 1 else None


def parse_time(text: str, settings: Settings) -> datetime | None:
    """Return the moment, in UTC, that a platform wrote; None for "-" and what is no time."""
    text = re.sub(r"(?i) ?(?:UTC|GMT)$", " +0000", clean(text).strip())
    for form in FORMATS:
        try:
            return settings.moment(datetime.strptime(text, form))  # noqa: DTZ007 (the course's zone, unless it has one)
        except ValueError:
            continue
    return _iso(text, settings) or _slashes(text, settings) or _chinese(text, settings)


def _iso(text: str, settings: Settings) -> datetime | None:
    try:
        return settings.moment(datetime.fromisoformat(text)) if ":" in text else None
    except (ValueError, OverflowError):
        return None


def _chinese(text: str, settings: Settings) -> datetime | None:
    found = CHINESE.fullmatch(text)
    if found is None:
        return None
    year, month, day, before, hour, minute, after = found.groups()
    return _local(settings, (year, month, day), (hour, minute, before or after or ""))


def _slashes(text: str, settings: Settings) -> datetime | None:
    found = SLASHES.fullmatch(text)
    if found is None:
        return None
    one, other, year, *clock = found.groups()
    if (int(one) > NOON) == (int(other) > NOON):
        return None
    month, day = (other, one) if int(one) > NOON else (one, other)
    return _local(settings, (year if len(year) > 2 else f"20{year}", month, day), tuple(clock))  # noqa: PLR2004


def _local(settings: Settings, day: Sequence[str], clock: Sequence[str | None]) -> datetime | None:
    """Return a moment in the course's zone; `clock` has hours, minutes, and the half of the day or nothing."""
    year, month, of_month = map(int, day)
    hour, minute, half = int(clock[0] or 0), int(clock[1] or 0), (clock[2] or "").upper()
    of_day = hour % NOON if half else hour
    late = NOON if half in {"下午", "晚上", "PM"} else 0
    try:
        return settings.moment(datetime(year, month, of_month, of_day + late, minute))  # noqa: DTZ001
    except ValueError:
        return None


def _row(row: Sequence[str], headings: Sequence[str], time: int, *, settings: Settings) -> HandingIn:
    def cells(heading: re.Pattern[str]) -> Iterator[str]:
        yield from (clean(row[at]) for at, name in enumerate(headings) if at < len(row) and heading.fullmatch(name))

    first, last = next(cells(FIRST_HEADING), ""), next(cells(LAST_HEADING), "")
    names = (*cells(NAME_HEADING), f"{first} {last}".strip())
    written = clean(row[time]) if time < len(row) else ""
    moment = parse_time(written, settings)
    unread = written if moment is None and any(c.isdigit() for c in written) else ""
    return HandingIn(names, tuple(cells(NUMBER_HEADING)), moment, unread=unread)
