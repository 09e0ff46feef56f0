"""Readings, items, overrides and notebooks in a book: the last one counts, and nobody's change is lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from grader.errors import LabError
from grader.gradebook.book import open_book
from grader.gradebook.entries import Mark, Student
from grader.gradebook.kept_readings import add_reading
from grader.gradebook.readings import Conflict, Item, Override, Reading
from grader.messages.sentences import quote
from grader.model import Text
from grader.records.record import CheckPart, TaskPart, Words
from grader.submission.saved_notebook import SavedCell, SavedNotebook, SavedOutput

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.gradebook.book import Book
    from grader.records.record import Record

MADE = datetime(2026, 3, 18, 9, 30, tzinfo=UTC)
READING = Reading(
    "lab01",
    "s001",
    "essay",
    items=("unclear",),
    points=Fraction(1, 3),
    comment="a fine plot\n  but no axes",
    note="look at s002",
    made_by="ta",
    made=MADE,
)


def test_a_reading_comes_back_as_it_was_kept_and_the_newest_counts(book: Book) -> None:
    assert book.reading("lab01", "s001", "essay") is None
    first = book.keep_reading(READING, after=0)
    assert first == replace(READING, number=first.number)
    second = book.keep_reading(replace(READING, comment="no", items=(), is_read=False), after=first.number)
    other = book.keep_reading(replace(READING, student="s002"), after=0)
    assert book.reading("lab01", "s001", "essay") == second
    assert book.readings("lab01") == {("s001", "essay"): second, ("s002", "essay"): other}
    assert (second.comment, second.is_read) == ("no", False)
    assert book.readings("lab02") == {}


def test_words_keep_their_lines_and_indentation_and_lose_what_hides_and_nothing_is_cut_off(book: Book) -> None:
    said = "\n\n  for x in a:\r\n\tprint(0x1234abcd)\x00\x1b[31m \u202e√ \n\n"
    kept = book.keep_reading(replace(READING, comment=said, note=said), after=0)
    assert kept.comment == kept.note == "  for x in a:\n    print(0x1234abcd)[31m √"
    with pytest.raises(LabError, match="has 20001 characters, and 20000 are kept at most"):
        book.keep_reading(replace(READING, comment="a" * 20_001), after=kept.number)
    assert book.reading("lab01", "s001", "essay") == kept
    longest = book.keep_reading(replace(READING, comment="a" * 20_000), after=kept.number)
    assert len(longest.comment) == 20_000


def test_who_has_not_seen_the_newest_reading_gets_it_instead_and_keeps_nothing(book: Book) -> None:
    first = book.keep_reading(READING, after=0)
    with pytest.raises(Conflict, match="Somebody else has changed this") as caught:
        book.keep_reading(replace(READING, comment="mine"), after=0)
    assert caught.value.theirs == first
    second = book.keep_reading(replace(READING, comment="theirs"), after=first.number)
    with pytest.raises(Conflict) as caught:
        book.keep_reading(replace(READING, comment="mine"), after=first.number)
    assert caught.value.theirs == second
    assert book.reading("lab01", "s001", "essay") == second
    with pytest.raises(Conflict) as caught:
        book.keep_reading(replace(READING, task="another"), after=first.number)
    assert caught.value.theirs is None


def test_of_two_computers_that_keep_at_the_same_moment_one_is_told(place: str) -> None:
    told, together = list[object](), threading.Barrier(2)

    def keep(comment: str) -> None:
        with open_book(place) as book:
            together.wait()
            try:
                told.append(book.keep_reading(replace(READING, comment=comment), after=0).comment)
            except Conflict as conflict:
                told.append(conflict)

    with open_book(place):
        pass
    threads = [threading.Thread(target=keep, args=(text,)) for text in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (conflict,) = (one for one in told if isinstance(one, Conflict))
    (kept,) = (one for one in told if isinstance(one, str))
    assert isinstance(conflict.theirs, Reading)
    assert conflict.theirs.comment == kept


def test_the_database_itself_refuses_two_readings_that_follow_the_same_one(book: Book) -> None:
    book.keep_reading(READING, after=0)
    with pytest.raises(IntegrityError), book.engine.begin() as connection:
        add_reading(connection, READING, after=0, cells="")


def test_a_reading_follows_its_student_who_is_renamed_and_goes_with_one_who_leaves(
    book: Book, record: Callable[..., Record]
) -> None:
    book.add(record("tmpname"))
    book.set_class_list([Student("s001"), Student("s002")], "class.csv")
    old = book.keep_reading(replace(READING, student="tmpname"), after=0)
    book.add_mark(Mark("", "tmpname", "rename", comment="s001"))
    assert book.reading("lab01", "s001", "essay") == replace(old, student="s001")
    with pytest.raises(Conflict):
        book.keep_reading(READING, after=0)
    new = book.keep_reading(replace(READING, comment="again"), after=old.number)
    assert book.readings("lab01") == {("s001", "essay"): new}
    kept = book.keep_override(Override("lab01", "tmpname", "essay", "shape", points=Fraction(1)), after=0)
    assert book.overrides("lab01") == {("s001", "essay", "shape"): kept}
    book.add_mark(Mark("", "s001", "withdraw"))
    assert (book.readings("lab01"), book.overrides("lab01")) == ({}, {})
    for name, after in (("s001", 0), ("tmpname", new.number)):
        with pytest.raises(LabError, match="s001 has been withdrawn, so nothing was kept"):
            book.keep_reading(replace(READING, student=name), after=after)
    with pytest.raises(LabError, match="s001 has been withdrawn"):
        book.keep_override(Override("lab01", "s001", "essay", "shape", points=None), after=kept.number)
    book.add_mark(Mark("", "s001", "return"))
    assert book.readings("lab01") == {("s001", "essay"): new}


UNCLEAR = Item("unclear", Text("不清楚", "unclear"), Fraction(-2))
EXTRA = Item("extra", quote("more than asked"), Fraction(1), bonus=True)


def test_items_are_the_rubrics_with_what_was_changed_and_those_that_were_added(book: Book) -> None:
    assert book.items("lab01", "essay", [UNCLEAR, EXTRA]) == (UNCLEAR, EXTRA)
    milder = book.keep_item("lab01", "essay", replace(UNCLEAR, points=Fraction(-3, 2)), after=0)
    assert milder == replace(UNCLEAR, points=Fraction(-3, 2), number=milder.number)
    new = book.keep_item("lab01", "essay", Item("axes", quote("no axes"), Fraction(-1)), after=0)
    gone = book.keep_item("lab01", "essay", replace(EXTRA, is_removed=True), after=0)
    assert book.items("lab01", "essay", [UNCLEAR, EXTRA]) == (milder, gone, new)
    assert book.items("lab01", "other", [UNCLEAR]) == (UNCLEAR,)
    assert book.items("lab02", "essay", [UNCLEAR]) == (UNCLEAR,)
    with pytest.raises(Conflict) as caught:
        book.keep_item("lab01", "essay", UNCLEAR, after=0)
    assert caught.value.theirs == milder
    again = book.keep_item("lab01", "essay", UNCLEAR, after=milder.number)
    assert book.items("lab01", "essay", [UNCLEAR]) == (again, new, gone), "of these one is no longer in the rubric"
    assert book.changed_items("lab01") == {"essay": {"unclear": again, "axes": new, "extra": gone}}


def test_comments_come_back_those_that_most_students_got_first(book: Book) -> None:
    for number, comment in enumerate(("no axes", "well done", "well done", "unclear", "")):
        book.keep_reading(replace(READING, student=f"s{number}", comment=comment), after=0)
    book.keep_reading(replace(READING, task="other", comment="elsewhere"), after=0)
    assert book.comments("lab01", "essay") == ("well done", "unclear", "no axes")


def graded(record: Callable[..., Record], earned: str, *, because: str | None = None, content: str = "a") -> Record:
    """Return a record with one check."""
    check = CheckPart(
        name="shape",
        verdict="passed" if because is None else "failed",
        earned=Fraction(earned),
        points=Fraction(10),
        questions=1,
        agreed=0,
        because=None if because is None else Words(zh_tw=because, en=because),
        mistake=None,
        hint=None,
        evidence=None,
        notes=(),
    )
    title = Words(zh_tw="論", en="An essay")
    task = TaskPart(name="essay", title=title, earned=Fraction(earned), points=Fraction(10), checks=(check,))
    return record(content=content, earned=earned).model_copy(update={"tasks": (task,)})


def test_an_override_is_kept_beside_the_result_and_can_be_taken_back(book: Book) -> None:
    override = Override("lab01", "s001", "essay", "shape", points=Fraction(5), reason="a typo\nin the name")
    first = book.keep_override(override, after=0)
    assert (first.points, first.reason, first.is_earlier) == (Fraction(5), "a typo\nin the name", False)
    with pytest.raises(Conflict) as caught:
        book.keep_override(override, after=0)
    assert caught.value.theirs == first
    back = book.keep_override(replace(override, points=None), after=first.number)
    assert book.overrides("lab01") == {("s001", "essay", "shape"): back}
    assert back.points is None


def test_an_override_holds_for_another_notebook_as_long_as_the_grader_says_the_same(
    book: Book, record: Callable[..., Record]
) -> None:
    book.add(graded(record, "0", because="it is upside down"))
    override = book.keep_override(Override("lab01", "s001", "essay", "shape", points=Fraction(5)), after=0)
    assert override.content == record().submission.sha256
    key = ("s001", "essay", "shape")
    book.add(graded(record, "0", because="it is upside down", content="b"))
    assert not book.overrides("lab01")[key].is_earlier
    book.add(graded(record, "0", because="it has no rows", content="c"))
    assert book.overrides("lab01")[key].is_earlier
    book.add(graded(record, "10", content="d"))
    assert book.overrides("lab01")[key].is_earlier
    book.add(graded(record, "10"))
    assert not book.overrides("lab01")[key].is_earlier, "it was about this notebook"


def test_what_was_handed_in_comes_back_as_it_was_and_is_kept_once(book: Book, record: Callable[..., Record]) -> None:
    one = record()
    content = one.submission.sha256
    assert content is not None
    cells = (
        SavedCell("markdown", "# 論 √", tags=("essay",), id="a1"),
        SavedCell("code", "", outputs=(SavedOutput("png", "iVBO"), SavedOutput("nothing", left_out="text/html"))),
        SavedCell("raw", "raw"),
    )
    notebook = SavedNotebook(content, cells, without_outputs=True)
    assert not book.has_notebook("lab01", content)
    book.add(one, notebook=notebook)
    book.add(record(seed=8), notebook=notebook)
    assert book.has_notebook("lab01", content)
    assert book.handed_in("lab01", "s001") == notebook
    book.add(record(content="b"))
    assert book.handed_in("lab01", "s001") is None, "it was graded where nobody kept it"
    assert book.handed_in("lab01", "s001", content) == notebook
    assert book.handed_in("lab02", "s001") is None
    assert book.handed_in("lab01", "nobody") is None
