"""A course's settings: deadlines and lateness to the second, and every mistake told with its line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.settings import FILE, Late, Settings, read_moment, read_settings, written_moment
from grader.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LABS = ("lab01", "lab02")
WHOLE = """
time_zone: Europe/Berlin
late: {percent_per_day: 12.5, percent_at_most: 50, grace_minutes: 15, of: earned}
labs:
  lab01:
    due: 2026-03-16 23:59
    canvas: Lab 01 (4711)
    moodle: Lab 01
  lab02: {due: "2026-03-23T18:00:30+08:00", late: {percent_per_day: 100}}
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Settings]:
    """Return a reader of a course whose file says something."""

    def reader(text: str) -> Settings:
        (tmp_path / FILE).write_text(text, encoding="utf-8")
        return read_settings(tmp_path, LABS)

    return reader


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


# What is read ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [None, "", "# nothing yet\n", "{}", "labs: {}\n"])
def test_what_is_not_said_costs_nothing_and_is_never_due(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / FILE).write_text(text, encoding="utf-8")
    settings = read_settings(tmp_path, LABS)
    assert settings == Settings()
    assert settings.time_zone.key == "Asia/Taipei"
    assert settings.policy("lab01") == Late(
        percent_per_day=Fraction(0), percent_at_most=Fraction(100), grace_minutes=0, of="points"
    )
    assert settings.days_late("lab01", datetime(2999, 1, 1, tzinfo=UTC)) == 0


def test_all_that_a_course_may_say_is_read(read: Callable[[str], Settings]) -> None:
    settings = read(WHOLE)
    assert settings.policy("lab01").percent_per_day == Fraction(25, 2)
    assert (settings.policy("lab01").of, settings.policy("lab01").grace_minutes) == ("earned", 15)
    assert settings.policy("lab02") == Late(percent_per_day=Fraction(100)), "a lab's own replaces the course's"
    assert settings.policy("lab03") == settings.policy("lab01"), "a lab that is not named has the course's"
    assert (settings.lab("lab01").canvas, settings.lab("lab01").moodle) == ("Lab 01 (4711)", "Lab 01")
    assert settings.lab("lab02").canvas is None


def test_a_deadline_is_in_the_courses_time_zone_unless_it_names_one(read: Callable[[str], Settings]) -> None:
    settings = read(WHOLE)
    assert settings.deadline("lab01") == moment("2026-03-16T23:59:59.999999+01:00")
    assert settings.deadline("lab02") == moment("2026-03-23T18:00:30+08:00")
    assert settings.deadline("lab03") is None
    taipei = read("labs: {lab01: {due: 2026-03-16 23:59}}")
    assert taipei.deadline("lab01") == moment("2026-03-16T23:59:59.999999+08:00")


# How late -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("submitted", "days"),
    [
        ("2026-03-01T00:00:00+08:00", 0),
        ("2026-03-16T23:59:00+08:00", 0),
        ("2026-03-16T23:59:59+08:00", 0),
        ("2026-03-16T15:59:59+00:00", 0),
        ("2026-03-17T00:00:00+08:00", 1),
        ("2026-03-16T16:00:00+00:00", 1),
        ("2026-03-17T23:59:59+08:00", 1),
        ("2026-03-18T00:00:00+08:00", 2),
        ("2026-03-27T00:00:00+08:00", 11),
    ],
)
def test_a_day_late_is_each_day_that_has_begun_since_the_minute_of_the_deadline(
    read: Callable[[str], Settings], submitted: str, days: int
) -> None:
    settings = read("labs: {lab01: {due: 2026-03-16 23:59}}")
    assert settings.days_late("lab01", datetime.fromisoformat(submitted)) == days
    assert settings.days_late("lab02", datetime.fromisoformat(submitted)) == 0


@pytest.mark.parametrize(
    ("minutes", "days"), [(0, 0), (1, 0), (30, 0), (31, 1), (24 * 60, 1), (24 * 60 + 1, 2), (24 * 60 + 30, 2)]
)
def test_within_the_grace_period_nobody_is_late_and_after_it_days_count_from_the_deadline(
    read: Callable[[str], Settings], minutes: int, days: int
) -> None:
    settings = read("late: {grace_minutes: 30}\nlabs: {lab01: {due: 2026-03-16 12:00}}")
    deadline = settings.deadline("lab01")
    assert deadline is not None
    assert settings.days_late("lab01", deadline + timedelta(minutes=minutes)) == days


def test_a_day_has_24_hours_also_when_the_clock_is_changed(read: Callable[[str], Settings]) -> None:
    settings = read("time_zone: Europe/Berlin\nlabs: {lab01: {due: 2026-03-28 12:00}}")
    assert settings.days_late("lab01", datetime.fromisoformat("2026-03-29T13:00:00+02:00")) == 1
    assert settings.days_late("lab01", datetime.fromisoformat("2026-03-29T13:02:00+02:00")) == 2


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 (bounds)
def test_lateness_does_not_depend_on_the_zone_that_a_moment_is_told_in(submitted: datetime) -> None:
    settings = Settings.model_validate({"labs": {"lab01": {"due": "2026-06-01 12:00"}}})
    assert settings.days_late("lab01", submitted) == settings.days_late("lab01", submitted.astimezone(UTC))


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("latte: {}", "line 1, latte: unknown key; allowed: late, "),
        ("late:\n  per_day: 10", "line 2, late.per_day: unknown key; allowed: percent_per_day, "),
        ("late:\n  percent_per_day: 110", "line 2, late.percent_per_day: must be a percentage: a number from 0 to 100"),
        ("late:\n  percent_per_day: -1", "line 2, late.percent_per_day: must be a percentage"),
        ("late:\n  percent_per_day: ten", "line 2, late.percent_per_day: must be a percentage"),
        ("late:\n  percent_at_most: true", "line 2, late.percent_at_most: must be a percentage"),
        ("late:\n  grace_minutes: -5", "line 2, late.grace_minutes: must be a whole number from 0"),
        ("late:\n  grace_minutes: 1.5", "line 2, late.grace_minutes: must be a whole number from 0"),
        ("late:\n  of: all", "line 2, late.of: must be one of 'points' or 'earned'"),
        ("time_zone: Taipei", "line 1, time_zone: is no time zone; write one such as Asia/Taipei"),
        ("time_zone: Asia", "line 1, time_zone: is no time zone"),
        ("time_zone: ../../etc/passwd", "line 1, time_zone: is no time zone"),
        ("time_zone: 8", "line 1, time_zone: is no time zone"),
        ("labs:\n  lab1: {}", "line 2, labs.lab1: there is no lab of this name; the labs are lab01, lab02"),
        ("labs:\n  lab01:\n    due: tomorrow", "line 3, labs.lab01.due: must be a date with a time, such as 2026-"),
        ("labs:\n  lab01:\n    due: 2026-03-16", "line 3, labs.lab01.due: must be a date with a time"),
        ("labs:\n  lab01:\n    due: 2026-02-30 12:00", "line 3, labs.lab01.due: must be a date with a time"),
        ("labs:\n  lab01:\n    deu: 2026-03-16 12:00", "line 3, labs.lab01.deu: unknown key; allowed: due, "),
        ("labs:\n  lab01:\n    canvas: 4711", "line 3, labs.lab01.canvas: must be a text"),
        ("labs:\n  lab01:\n    canvas: ''", "line 3, labs.lab01.canvas: must be a text"),
        ("labs: [lab01]", "line 1, labs: must be keys with values"),
        ("- late", "line 1, -: must be keys with values"),
        ("late:\nlate:\n", "line 2, late: the key is written twice"),
        ("late: {", "not valid YAML"),
    ],
)
def test_a_mistake_is_refused_with_its_line_and_what_is_allowed(
    read: Callable[[str], Settings], tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(LabError) as caught:
        read(text)
    assert str(tmp_path / FILE) in caught.value.text.en
    assert told in caught.value.text.en


def test_every_mistake_is_told_in_the_order_of_the_lines(read: Callable[[str], Settings]) -> None:
    with pytest.raises(LabError) as caught:
        read("labs:\n  lab01: {due: never}\nlate: {of: all}\ntime_zone: Mars")
    assert [line.split(", ")[1] for line in caught.value.text.en.splitlines()] == ["line 2", "line 3", "line 4"]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(LabError, match="cannot be read"):
        read_settings(tmp_path, LABS)


# A moment that a user writes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-16 23:59", "2026-03-16T15:59:00+00:00"),
        ("2026-03-16T23:59:30", "2026-03-16T15:59:30+00:00"),
        ("2026-03-16 23:59+00:00", "2026-03-16T23:59:00+00:00"),
        ("2026-03-16T23:59Z", "2026-03-16T23:59:00+00:00"),
    ],
)
def test_a_moment_is_in_the_courses_time_zone_unless_it_names_one(text: str, utc: str) -> None:
    assert written_moment(text, Settings()).isoformat() == utc


@pytest.mark.parametrize("text", ["", "now", "2026-03-16", "16.3.2026 23:59", "2026-13-01 12:00", "2026-W12-1 12:00"])
def test_another_text_is_no_moment(text: str) -> None:
    assert read_moment(text) is None
    with pytest.raises(LabError, match="write it as 2026-03-16 23:59"):
        written_moment(text, Settings())
