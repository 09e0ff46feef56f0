"""The book: every result is kept once and with its history, and teachers' marks stand beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from grader.errors import LabError
from grader.gradebook import tables
from grader.gradebook.book import open_book
from grader.gradebook.entries import Mark, Result, Student
from grader.records.record import dump_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.gradebook.book import Book
    from grader.records.record import Record

NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)


def results(book: Book, student: str = "s001") -> list[Result]:
    return [entry for entry in book.history(student) if isinstance(entry, Result)]


# Results --------------------------------------------------------------------------------------------------------------


def test_a_result_is_kept_with_all_that_it_was_made_of_and_with_the_record(
    book: Book, record: Callable[..., Record]
) -> None:
    given = record(helpers="data.csv")
    assert book.add(given, NOON)
    (result,) = book.latest("lab01")
    assert (result.lab, result.student, result.attempt, result.submitted) == ("lab01", "s001", 1, NOON)
    assert (result.submission_sha256, result.course_sha256) == (given.submission.sha256, given.course_sha256)
    assert (result.seed, result.version, result.graded_at) == (7, "0.1", given.when)
    assert (result.earned, result.points, result.ungraded) == (Fraction(15, 2), Fraction(10), None)
    assert result.record() == given
    assert result.record_json == dump_record(given)


@pytest.mark.parametrize("earned", ["1/3", "0", "10", "0.1", "100000000000000000001/3"])
def test_points_are_kept_exactly(book: Book, record: Callable[..., Record], earned: str) -> None:
    book.add(record(earned=earned))
    assert book.latest("lab01")[0].earned == Fraction(earned)


def test_the_same_result_is_kept_once_however_often_it_is_given(book: Book, record: Callable[..., Record]) -> None:
    assert book.add(record(), NOON)
    assert not book.add(record(), NOON)
    assert not book.add(record())
    assert len(book.history("s001")) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"student": "s002"},
        {"lab": "lab02"},
        {"content": "b"},
        {"helpers": "b"},
        {"course": "d"},
        {"seed": 8},
        {"version": "0.2"},
    ],
    ids=str,
)
def test_a_result_that_differs_in_anything_that_it_depends_on_is_another_one(
    book: Book, record: Callable[..., Record], changed: dict[str, object]
) -> None:
    other = record(**changed, earned="1")
    assert book.add(record())
    assert book.add(other)
    kept = [one.record() for student in ("s001", "s002") for one in results(book, student)]
    assert kept == [record(), other]
    assert not book.add(record())
    assert not book.add(other)


def test_the_database_itself_takes_no_result_twice(book: Book, record: Callable[..., Record]) -> None:
    """Should another program ever write to it without our care."""
    book.add(record())
    with book.engine.begin() as connection:
        row = dict(connection.execute(select(tables.results)).one()._mapping)  # noqa: SLF001 (SQLAlchemy's public name)
    del row["id"]
    with pytest.raises(IntegrityError), book.engine.begin() as connection:
        connection.execute(insert(tables.results).values(row))
    with book.engine.begin() as connection:
        connection.execute(insert(tables.results).values(row | {"seed": 8}))


def test_what_only_the_clock_has_changed_is_the_same_result(book: Book, record: Callable[..., Record]) -> None:
    assert book.add(record())
    again = record().model_copy(update={"when": "2026-04-01T00:00:00+00:00", "seconds": {"total": 9.0}})
    assert not book.add(again)
    assert [one.record() for one in results(book)] == [record()]


def test_an_attempt_is_another_content_and_grading_one_again_is_none(book: Book, record: Callable[..., Record]) -> None:
    book.add(record(content="a"))
    book.add(record(content="a", seed=8))
    book.add(record(content="b"))
    book.add(record(content="a", version="0.2"))
    book.add(record(content="b", helpers="b"))
    book.add(record(content="a", student="s002"))
    book.add(record(content="b", lab="lab02"))
    assert [result.attempt for result in results(book)] == [1, 1, 2, 1, 3, 1]
    assert [result.attempt for result in results(book, "s002")] == [1]


def test_what_was_seen_last_counts_also_when_it_is_an_earlier_version_again(
    book: Book, record: Callable[..., Record]
) -> None:
    book.add(record(content="a", earned="9"))
    book.add(record(content="b", earned="4"))
    assert book.latest("lab01")[0].earned == 4
    assert not book.add(record(content="a", earned="9")), "it is no new result"
    (result,) = book.latest("lab01")
    assert result.earned == 9
    assert result.attempt == 1
    assert [one.earned for one in results(book)] == [9, 4, 9], "and all of that stays"


def test_the_latest_results_are_one_for_each_student_of_the_lab(book: Book, record: Callable[..., Record]) -> None:
    for student in ("s003", "s001", "s002"):
        book.add(record(student, content="a", earned="1"))
        book.add(record(student, content="b", earned="2"))
        book.add(record(student, "lab02", earned="3"))
    assert [f"{one.student} {one.earned}" for one in book.latest("lab01")] == ["s001 2", "s002 2", "s003 2"]
    assert [one.earned for one in book.latest("lab02")] == [3, 3, 3]
    assert book.latest("lab03") == ()
    assert book.labs() == ("lab01", "lab02")


def test_the_largest_seed_is_kept(book: Book, record: Callable[..., Record]) -> None:
    largest = record(seed=2**53 - 1)
    book.add(largest)
    assert book.latest("lab01")[0].record() == largest


# What could not be graded ---------------------------------------------------------------------------------------------


def test_what_could_not_be_graded_is_kept_with_its_reason_and_is_worth_another_try(
    book: Book, record: Callable[..., Record]
) -> None:
    failed = record(earned=None, ungraded="the kernel died", fault="machinery")
    assert book.add(failed)
    assert not book.add(failed)
    (result,) = book.latest("lab01")
    assert (result.earned, result.ungraded) == (None, "the kernel died")
    assert book.add(record()), "the same bytes, graded after all"
    assert book.latest("lab01")[0].record() == record()
    assert book.latest("lab01")[0].earned == Fraction("7.5")
    assert [one.attempt for one in results(book)] == [1, 1]


def test_a_failure_of_the_machinery_does_not_hide_the_score_of_the_same_bytes(
    book: Book, record: Callable[..., Record]
) -> None:
    book.add(record())
    assert book.add(record(earned=None, ungraded="the kernel died", fault="machinery", seed=8))
    assert book.latest("lab01")[0].earned == Fraction("7.5")
    book.add(record(content="b", earned=None, ungraded="the kernel died", fault="machinery"))
    assert book.latest("lab01")[0].earned is None, "other bytes have no score yet"


def test_files_that_could_not_be_read_are_kept_apart_by_their_reason(book: Book, record: Callable[..., Record]) -> None:
    def unread(reason: str) -> Record:
        return record(content=None, earned=None, ungraded=reason, fault="submission")

    assert book.add(unread("it is empty"))
    assert not book.add(unread("it is empty"))
    assert book.add(unread("it is no JSON"))
    assert book.add(record())
    assert [(one.attempt, one.ungraded) for one in results(book)] == [
        (1, "it is empty"),
        (2, "it is no JSON"),
        (3, None),
    ]


# When it was handed in ------------------------------------------------------------------------------------------------


def test_a_time_of_submission_stays_with_its_content(book: Book, record: Callable[..., Record]) -> None:
    book.add(record(), NOON)
    book.add(record(version="0.2"))
    assert book.latest("lab01")[0].submitted == NOON, "graded again, and handed in when it was"
    book.add(record(content="b"))
    assert book.latest("lab01")[0].submitted is None, "another content, of which nothing is known"


def test_a_time_of_submission_may_be_told_later_and_changed(book: Book, record: Callable[..., Record]) -> None:
    book.add(record())
    assert not book.add(record(), NOON)
    assert book.latest("lab01")[0].submitted == NOON
    assert not book.add(record(), NOON + timedelta(days=1))
    assert book.latest("lab01")[0].submitted == NOON + timedelta(days=1)
    assert len(results(book)) == 3, "what was said before stays"


def test_a_time_of_another_zone_is_the_same_moment(book: Book, record: Callable[..., Record]) -> None:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 (this test's own)

    book.add(record(), NOON.astimezone(ZoneInfo("Asia/Taipei")))
    assert book.latest("lab01")[0].submitted == NOON
    book.add(record(), NOON)
    assert len(results(book)) == 1


def test_a_time_without_a_zone_is_our_bug(book: Book, record: Callable[..., Record]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        book.add(record(), NOON.replace(tzinfo=None))
    assert book.latest("lab01") == (), "and nothing of it is kept"


# Marks ----------------------------------------------------------------------------------------------------------------


def test_every_mark_is_kept_in_its_order_with_who_and_when(book: Book, record: Callable[..., Record]) -> None:
    book.add(record())
    began = datetime.now(UTC)
    book.add_mark(Mark("lab01", "s001", "add", points=Fraction(1, 3), comment="a nice plot", made_by="t001"))
    book.add_mark(Mark("lab01", "s001", "add", points=Fraction(-2), comment="no names", made_by="t002"))
    book.add_mark(Mark("lab01", "s001", "excuse", comment="ill", made_by="t001"))
    book.add_mark(Mark("lab01", "s001", "unexcuse", made_by="t001"))
    book.add_mark(Mark("lab01", "s001", "late", days=2, made_by="t001"))
    book.add_mark(Mark("lab01", "s001", "late", submitted=NOON, made_by="t001"))
    book.add_mark(Mark("lab01", "s001", "late", made_by="t001"))
    book.add_mark(Mark("lab01", "s001", "comment", comment="see me", made_by="t001"))
    marks = book.marks("lab01")
    assert [(one.kind, one.points, one.days, one.submitted, one.comment) for one in marks] == [
        ("add", Fraction(1, 3), None, None, "a nice plot"),
        ("add", Fraction(-2), None, None, "no names"),
        ("excuse", None, None, None, "ill"),
        ("unexcuse", None, None, None, ""),
        ("late", None, 2, None, ""),
        ("late", None, None, NOON, ""),
        ("late", None, None, None, ""),
        ("comment", None, None, None, "see me"),
    ]
    assert [one.made_by for one in marks] == ["t001", "t002", *["t001"] * 6]
    assert all(began <= one.made <= datetime.now(UTC) for one in marks)


def test_a_mark_is_by_the_user_who_is_logged_in(
    book: Book, record: Callable[..., Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "t003")
    book.add(record())
    book.add_mark(Mark("lab01", "s001", "comment", comment="well done"))
    assert book.marks("lab01")[0].made_by == "t003"


def test_where_the_system_knows_no_user_a_mark_is_kept_all_the_same(
    book: Book, record: Callable[..., Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise OSError("no such user")

    monkeypatch.setattr("getpass.getuser", nobody)
    book.add(record())
    book.add_mark(Mark("lab01", "s001", "comment", comment="well done"))
    assert book.marks("lab01")[0].made_by == ""


def test_a_comment_is_safe_to_show(book: Book, record: Callable[..., Record]) -> None:
    book.add(record())
    book.add_mark(Mark("lab01", "s001", "comment", comment="one\ntwo\x1b[31m\u202e three"))
    assert book.marks("lab01")[0].comment == "one two three"


def test_a_history_is_results_and_marks_in_the_order_of_time(book: Book, record: Callable[..., Record]) -> None:
    book.add(record())
    book.add_mark(Mark("lab01", "s001", "comment", comment="one"))
    book.add(record(content="b"))
    book.add(record(lab="lab02"))
    book.add_mark(Mark("lab02", "s001", "comment", comment="two"))
    book.add(record("s002"))
    kinds = [(type(entry), entry.lab) for entry in book.history("s001")]
    assert kinds == [(Result, "lab01"), (Mark, "lab01"), (Result, "lab01"), (Result, "lab02"), (Mark, "lab02")]
    assert [entry.lab for entry in book.history("s001", "lab02")] == ["lab02", "lab02"]
    assert book.history("s009") == ()


def test_a_mark_for_a_student_whom_nobody_knows_is_refused(book: Book, record: Callable[..., Record]) -> None:
    book.add(record("s001"))
    book.set_class_list([Student("s002")], "class.csv")
    book.add_mark(Mark("lab01", "s001", "comment", comment="has a result"))
    book.add_mark(Mark("lab01", "s002", "comment", comment="is in the class list"))
    with pytest.raises(LabError, match=r"s0001 is neither .* Known are: s001, s002\."):
        book.add_mark(Mark("lab01", "s0001", "add", points=Fraction(1), comment="mistyped"))
    assert len(book.marks("lab01")) == 2


# The class list -------------------------------------------------------------------------------------------------------


def test_the_last_class_list_is_the_class_in_its_order(book: Book) -> None:
    assert book.class_list() == ()
    book.set_class_list([Student("s003"), Student("s001", name="n001", canvas_id="1001")], "old.csv")
    book.set_class_list([Student("s002"), Student("s001", email="s001@example.org")], "new.csv")
    assert book.class_list() == (Student("s002"), Student("s001", email="s001@example.org"))


def test_a_student_who_is_in_no_list_is_known_all_the_same(book: Book, record: Callable[..., Record]) -> None:
    book.add(record("s001"))
    book.set_class_list([Student("s003"), Student("s002")], "class.csv")
    assert book.students() == ("s003", "s002", "s001")


# Another version's records --------------------------------------------------------------------------------------------


def test_a_record_that_this_version_cannot_read_is_told(book: Book, record: Callable[..., Record]) -> None:
    book.add(record())
    with book.engine.begin() as connection:
        connection.execute(update(tables.results).values(record='{"format": 99}'))
    (result,) = book.latest("lab01")
    assert result.earned == Fraction("7.5"), "the score is in a column of its own"
    with pytest.raises(LabError, match="a record that this version cannot read"):
        result.record()


# Opening --------------------------------------------------------------------------------------------------------------


def test_what_was_kept_is_there_when_the_book_is_opened_again(place: str, record: Callable[..., Record]) -> None:
    for number in range(3):
        with open_book(place) as opened:
            assert len(opened.latest("lab01")) == number
            opened.add(record(f"s00{number}"))
