"""Times of handing in, from what platforms export, for a whole class in one go."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from grader.course.settings import Settings
from grader.errors import LabError
from grader.gradebook.book import open_book
from grader.gradebook.times import parse_time, read_times

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.records.record import Record
    from tests.conftest import Said

LATE = datetime(2026, 3, 16, 15, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Monday, 16 March 2026, 11:50 PM",
        "Monday, 16 March 2026, 23:50",
        "2026年 03月 16日(週一) 23:50",
        "2026年3月16日 下午 11:50",
        "2026-03-16 23:50:00 +0800",
        "2026-03-16T15:50:00Z",
        "2026/3/16 23:50",
        " 2026-03-16 23:50 ",
        "2026-03-16 15:50:00 UTC",
        "2026-03-16 15:50:00.000 GMT",
        "3/16/26 11:50 PM",
        "16/03/2026 23:50:07",
        "3/16/2026, 11:50 PM",
        "2026/3/16 下午 11:50:03",
    ],
)
def test_a_moment_is_read_as_platforms_write_it(text: str) -> None:
    assert parse_time(text, Settings()) == LATE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "never",
        "2026-02-30 10:00",
        "2026年13月40日 10:00",
        "12",
        "3/4/2026 23:50",
        "2026-03-16 23:50 CET",
        "16/17/2026 1:00",
    ],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert parse_time(text, Settings()) is None


def test_a_table_without_times_is_told_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("name,points\na,1\n", "utf-8")
    with pytest.raises(LabError, match="name, points"):
        read_times(path, Settings())


def test_a_time_that_is_not_read_is_told_and_no_submission_is_none(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("roster_identifier,submission_timestamp\nB1,3/4/2026 23:50\nB2,-\nB3,2026-03-16 15:50:00 UTC\n")
    one, other, third = read_times(path, Settings())
    assert (one.moment, one.unread, other.unread) == (None, "3/4/2026 23:50", "")
    assert (third.moment, third.numbers) == (LATE, ("B3",))


MOODLE = """\
Identifier,Full name,ID number,Email address,Status,Grade,Last modified (submission)
Participant 1,Wang Ming,B1,w@x.test,Submitted,-,"Monday, 16 March 2026, 11:50 PM"
Participant 2,Lin Da,,l@x.test,No submission,-,-
Participant 3,Nobody Here,B9,n@x.test,Submitted,-,"Monday, 16 March 2026, 11:50 PM"
"""
CHINESE = """\
識別碼,全名,學號,最後修改(繳交)
1,明 王,B1,2026年 03月 16日 23:50
9,無名,B9,2026年3月16日 23:50
"""
GRADESCOPE = """\
First Name,Last Name,SID,Email,Total Score,Status,Submission ID,Submission Time,Lateness (H:M:S)
Ming,Wang,B1,w@x.test,1,Graded,5,2026-03-16 23:50:00 +0800,00:00:00
No,One,B9,n@x.test,1,Graded,6,2026-03-16 23:50:00 +0800,00:00:00
"""
METADATA = """\
submission_1:
  :submitters:
  - :name: Ming Wang
    :sid: B1
  :created_at: 2026-03-16 15:50:00 Z
submission_2:
  :submitters:
  - :name: No One
    :sid: B9
  :created_at: 2026-03-16 15:50:00 Z
"""
TABLES = {
    "Moodle": ("worksheet.csv", MOODLE),
    "Moodle in Chinese": ("worksheet.csv", CHINESE),
    "Gradescope": ("scores.csv", GRADESCOPE),
    "Gradescope's metadata": ("submission_metadata.yml", METADATA),
    "one's own": ("times.csv", "學號;繳交時間\nB1;2026-03-16 23:50\nB9;2026-03-16 23:50\n"),
}


@pytest.mark.parametrize("platform", TABLES)
def test_the_times_of_a_class_are_taken_in_one_go_and_a_teachers_word_stays_above_them(
    grade: Callable[..., Said], record: Callable[..., Record], tmp_path: Path, platform: str
) -> None:
    with open_book(tmp_path / "gradebook.sqlite") as book:
        book.add(record("B1"))
        book.add(record("B2"))
    file, text = TABLES[platform]
    (tmp_path / file).write_text(text, "utf-8")
    words = ("book", "times", "lab01", tmp_path / file, "--book", tmp_path, "--lang", "en")
    said = grade(*words)
    assert (said.status, said.err) == (0, "")
    assert "new: 1" in said.out
    assert "No result in lab01 is theirs: B9" in said.out
    assert "new: 0" in grade(*words).out
    with open_book(tmp_path / "gradebook.sqlite") as book:
        assert [result.submitted for result in book.latest("lab01")] == [LATE, None]


def test_what_a_platform_says_of_the_time_goes_with_the_record(record: Callable[..., Record], tmp_path: Path) -> None:
    made = record("B1")
    told = made.submission.model_copy(update={"submitted": LATE.isoformat()})
    with open_book(tmp_path / "gradebook.sqlite") as book:
        book.add(made.model_copy(update={"submission": told}))
        assert [result.submitted for result in book.latest("lab01")] == [LATE]
