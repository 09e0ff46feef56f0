"""A task that a person reads: its points, when it waits, and what a check is worth that a person gave other points."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.settings import Settings
from grader.gradebook.entries import Mark
from grader.gradebook.feedback import feedback
from grader.gradebook.readings import Item, Override, Reading
from grader.gradebook.sheet import make_sheet
from grader.gradebook.task_standing import reading_points
from grader.messages.sentences import quote
from grader.records.record import CheckPart, ItemPart, ReaderPart, TaskPart, Words
from grader.submission.saved_notebook import SavedCell, SavedNotebook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.gradebook.book import Book
    from grader.gradebook.standing import Standing
    from grader.records.record import Record

LATE = Settings.model_validate({"late": {"percent_per_day": 10}, "labs": {"lab01": {"due": "2026-03-16 12:00"}}})


def words(text: str) -> Words:
    return Words(zh_tw=text, en=text)


def check(earned: int, because: str | None = None) -> CheckPart:
    return CheckPart(
        name="shape",
        verdict="passed" if because is None else "failed",
        earned=Fraction(earned),
        points=Fraction(4),
        questions=1,
        agreed=0,
        because=None if because is None else words(because),
        mistake=None,
        hint=None,
        evidence=None,
        notes=(),
    )


def task(name: str, *, earned: int, points: int, **more: Any) -> TaskPart:  # noqa: ANN401 (keys of a task)
    given = {"title": words(f"The {name}"), "checks": (), **more}
    return TaskPart(name=name, earned=Fraction(earned), points=Fraction(points), **given)


ITEMS = (
    ItemPart(id="unclear", text=words("It is unclear"), points=Fraction(-2)),
    ItemPart(id="extra", text=words("More than asked"), points=Fraction(1), bonus=True),
)
READER = ReaderPart(points=Fraction(6), start=Fraction(6), items=ITEMS, cells=(1,))


@pytest.fixture
def handed_in(book: Book, record: Callable[..., Record]) -> Callable[..., Record]:
    """Return a maker of results: a check worth 4, and an essay worth 6, whose text is the notebook's second cell."""

    def make(
        student: str = "s001", *, earned: int = 4, because: str | None = None, content: str = "a", essay: str = "why"
    ) -> Record:
        tasks = (
            TaskPart(
                name="fit",
                title=words("The fit"),
                earned=Fraction(earned),
                points=Fraction(4),
                checks=(check(earned, because),),
            ),
            TaskPart(
                name="essay", title=words("The essay"), earned=Fraction(0), points=Fraction(6), checks=(), manual=READER
            ),
        )
        made = record(student, content=content, earned=str(earned)).model_copy(update={"tasks": tasks})
        sha256 = made.submission.sha256
        assert sha256 is not None
        book.add(made, notebook=SavedNotebook(sha256, (SavedCell("code", content), SavedCell("markdown", essay))))
        return made

    return make


def standing(book: Book, student: str = "s001", settings: Settings = LATE) -> Standing:
    (found,) = (
        row.standings[0] for row in make_sheet(book, ["lab01"], settings).rows if row.student.student == student
    )
    return found


def points(*found: Fraction | None) -> tuple[float | None, ...]:
    return tuple(None if one is None else float(one) for one in found)


def read(book: Book, *items: str, after: int = 0, **more: Any) -> Reading:  # noqa: ANN401 (keys of a reading)
    return book.keep_reading(Reading("lab01", "s001", "essay", items=items, **more), after=after)


def test_a_task_waits_until_somebody_has_read_it_and_no_number_pretends_to_be_the_score(
    book: Book, handed_in: Callable[..., Record]
) -> None:
    handed_in()
    found = standing(book)
    assert (found.state, found.score) == ("waiting", None)
    assert points(found.so_far, found.to_read) == (4, 6)
    assert feedback(found).en == ("Not graded yet: a person still reads 6 points. So far: 4 of 4 points.")
    draft = read(book, comment="not yet for the student", is_read=False)
    assert standing(book).state == "waiting"
    assert "not yet" not in feedback(standing(book)).en
    read(book, "unclear", comment="no axes", after=draft.number)
    found = standing(book)
    assert found.state == "graded"
    assert points(found.score, found.automatic, found.read, found.to_read) == (8, 4, 4, 0)
    assert feedback(found).en == (
        "8 of 10 points. Automatic: 4. Read by a person: 4. The essay: 4 of 6 points. -2: It is unclear no axes"
    )


@pytest.mark.parametrize(
    ("items", "adjustment", "expected"),
    [
        ((), None, "6"),
        (("unclear",), None, "4"),
        (("unclear", "unclear", "unknown"), None, "4"),
        (("extra",), None, "7"),
        (("unclear", "extra"), None, "5"),
        ((), "-1/3", "17/3"),
        ((), "5", "6"),
        (("extra",), "5", "7"),
        (("unclear",), "-20", "0"),
    ],
)
def test_points_are_the_start_with_items_and_an_adjustment_within_the_task_unless_by_a_bonus(
    book: Book, handed_in: Callable[..., Record], items: Sequence[str], adjustment: str | None, expected: str
) -> None:
    handed_in()
    read(book, *items, points=None if adjustment is None else Fraction(adjustment))
    assert standing(book).read == Fraction(expected)


@given(
    start=st.integers(0, 6),
    items=st.lists(st.builds(lambda p, b: Item("i", quote("i"), p, bonus=b), st.fractions(-9, 9), st.booleans())),
    adjustment=st.none() | st.fractions(-20, 20),
)
def test_points_of_a_reading_are_never_below_zero_nor_above_the_task_without_a_bonus(
    start: int, items: list[Item], adjustment: Fraction | None
) -> None:
    part = READER.model_copy(update={"start": Fraction(start)})
    found = reading_points(part, items, adjustment)
    bonus = sum((item.points for item in items if item.bonus and item.points > 0), Fraction(0))
    assert 0 <= found <= 6 + bonus


def test_a_bonus_of_a_reading_leads_above_the_lab_and_is_called_so(
    book: Book, handed_in: Callable[..., Record]
) -> None:
    handed_in()
    read(book, "extra")
    found = standing(book)
    assert points(found.score, found.cut) == (11, 0)
    assert feedback(found).en.startswith("10 of 10 points and a bonus of 1. Automatic: 4. Read by a person: 7.")


def test_an_item_that_is_changed_while_reading_changes_all_who_have_it(
    book: Book, handed_in: Callable[..., Record]
) -> None:
    handed_in()
    read(book, "unclear", "axes")
    milder = book.keep_item("lab01", "essay", Item("unclear", quote("unclear"), Fraction(-1)), after=0)
    assert standing(book).read == 5
    book.keep_item("lab01", "essay", Item("axes", quote("no axes"), Fraction(-3, 2)), after=0)
    assert standing(book).read == Fraction(7, 2)
    assert "-1.5: no axes" in feedback(standing(book)).en
    book.keep_item("lab01", "essay", replace(milder, is_removed=True), after=milder.number)
    assert standing(book).read == Fraction(9, 2)


def test_who_hands_in_anew_waits_again_only_where_the_cells_of_the_task_have_changed(
    book: Book, handed_in: Callable[..., Record]
) -> None:
    handed_in()
    first = read(book, "unclear", comment="no axes")
    handed_in(content="b")
    assert standing(book).state == "graded"
    assert standing(book).read == 4
    handed_in(content="c", essay="because")
    found = standing(book)
    assert (found.state, found.waiting[0].part.name) == ("waiting", "essay")
    assert found.so_far == 4
    reading = book.reading("lab01", "s001", "essay")
    assert reading is not None
    assert reading.is_earlier
    assert "The essay: not graded yet. This was said of your earlier version: no axes" in feedback(found).en
    read(book, after=first.number)
    assert standing(book).score == 10
    handed_in()
    assert standing(book).state == "waiting", "the earlier version again, of which the last word does not speak"


def test_a_task_is_read_again_where_nobody_knows_its_cells(book: Book, handed_in: Callable[..., Record]) -> None:
    made = handed_in()
    read(book)
    other = made.model_copy(update={"submission": made.submission.model_copy(update={"sha256": "0" * 64})})
    book.add(other)
    assert standing(book).state == "waiting"


def test_points_of_a_check_can_be_given_by_hand_and_the_graders_stand_beside_them(
    book: Book, handed_in: Callable[..., Record]
) -> None:
    handed_in(earned=0, because="it is upside down")
    read(book)
    override = Override("lab01", "s001", "fit", "shape", points=Fraction(3), reason="only a sign")
    first = book.keep_override(override, after=0)
    found = standing(book)
    assert points(found.automatic, found.overridden, found.score) == (0, 3, 9)
    assert "The fit, shape: 3 of 4 points by hand; the grader gave 0. only a sign" in feedback(found).en
    assert "Automatic: 0. Checks changed by hand: +3. Read by a person: 6." in feedback(found).en
    for given_by_hand, score in ((Fraction(9), 10), (Fraction(-9), 6), (None, 6)):
        first = book.keep_override(replace(override, points=given_by_hand), after=first.number)
        assert standing(book).score == score
    book.keep_override(override, after=first.number)
    handed_in(earned=4, content="b")
    found = standing(book)
    assert points(found.score, found.overridden) == (10, 0)
    assert [one.check for task in found.tasks for one in task.dropped] == ["shape"]


def test_lateness_is_taken_off_what_people_gave_as_well(book: Book, handed_in: Callable[..., Record]) -> None:
    handed_in()
    read(book, "unclear")
    book.add_mark(Mark("lab01", "s001", "late", days=2))
    assert points(standing(book).score, standing(book).penalty) == (6, 2)


def test_what_could_not_be_graded_does_not_wait_and_who_is_excused_neither(
    book: Book, handed_in: Callable[..., Record], record: Callable[..., Record]
) -> None:
    handed_in()
    book.add_mark(Mark("lab01", "s001", "excuse"))
    assert standing(book).state == "excused"
    book.add(record("s002", earned=None, ungraded="it is empty"))
    assert standing(book, "s002").state == "ungraded"


def test_what_a_student_asked_stands_with_its_answer_and_is_open_until_then(
    book: Book, handed_in: Callable[..., Record]
) -> None:
    handed_in()
    read(book)
    late = datetime(2026, 3, 17, 20, tzinfo=UTC)  # the next day in Taipei
    book.add_mark(Mark("lab01", "s001", "request", comment="why -2?", made=late))
    assert [one.asked.comment for one in standing(book).open_requests] == ["why -2?"]
    assert "You asked (2026-03-18): why -2? This is still to be answered." in feedback(standing(book)).en
    book.add_mark(Mark("lab01", "s001", "answer", comment="see line 3", made=datetime(2026, 3, 18, 20, tzinfo=UTC)))
    assert standing(book).open_requests == ()
    assert feedback(standing(book)).en.endswith("): why -2? The answer: see line 3")
    book.add_mark(Mark("lab01", "s001", "request", comment="and now?"))
    assert [one.asked.comment for one in standing(book).open_requests] == ["and now?"]
    assert standing(book).comments == ()
