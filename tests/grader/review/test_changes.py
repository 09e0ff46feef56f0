"""What is posted is kept in the gradebook, what is asked changes nothing, and nobody's change is lost."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, text

from grader.gradebook.entries import Mark
from grader.messages.sentences import quote
from grader.records.record import words
from grader.review.order import key_of
from tests.grader.review.reading_class import LAB, MISTAKES
from tests.page import parse, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.gradebook.book import Book
    from grader.gradebook.readings import Reading
    from tests.grader.review.asking import Answer, Reader

STUDENT = "s001"
PLOT, LINE = (f"/read/{task}/{key_of(LAB, STUDENT)}" for task in ("plot", "fit_line"))


def rows(book: Book) -> dict[str, int]:
    with book.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return {name: connection.execute(text(f'SELECT COUNT(*) FROM "{name}"')).scalar_one() for name in names}  # noqa: S608 (our own tables)


def reading(book: Book, task: str = "plot", student: str = STUDENT) -> Reading:
    found = book.reading(LAB, student, task)
    assert found is not None
    return found


def said(answer: Answer) -> str:
    return text_of(parse(f"<!DOCTYPE html><title>x</title><body>{answer.body}", strict=False)[1])


def failing(book: Book) -> dict[str, list[str]]:
    """Return who failed the check, by the mistake's sentence."""
    found: dict[str, list[str]] = {}
    for one in book.roll(LAB):
        because = book.record(one.result).tasks[0].checks[0].because
        if because is not None:
            found.setdefault(because.en, []).append(one.student)
    return found


def test_what_is_asked_changes_nothing(reader: Callable[..., Reader], book: Book) -> None:
    before = rows(book)
    key = key_of(LAB, STUDENT)
    for path in (
        *("/", "/?done=plot", "/read/plot", PLOT, LINE, f"/next/plot/{key}", "/comments/plot?words=x", f"/whole/{key}"),
        *(f"/items/plot/{key}", f"/alike/fit_line/{key}", f"/again/plot/{key}"),
        *(f"{PLOT}?only={only}" for only in ("unread", "failed", "alleged", "late", "ungraded", "request", "nonsense")),
    ):
        assert reader().get(path).status == 200, path
    assert rows(book) == before


def test_a_change_by_get_is_none(reader: Callable[..., Reader], book: Book) -> None:
    before = rows(book)
    for path in (f"/override/fit_line/{key_of(LAB, STUDENT)}?act=keep&points=1", "/settings?names=hidden"):
        assert reader().get(path).status in {404, 405}
    assert rows(book) == before


def test_an_item_costs_one_row_and_makes_the_question_read(reader: Callable[..., Reader], book: Book) -> None:
    before = rows(book)
    answer = reader().post(PLOT, ("after", "0"), ("item", "labels"), ("comment", ""), ("note", ""), ("points", ""))
    assert answer.headers["x-kept"] == "yes"
    assert "8 / 10" in said(answer)
    assert {name: count - before[name] for name, count in rows(book).items() if count != before[name]} == {
        "readings": 1
    }
    kept = reading(book)
    assert (kept.items, kept.is_read, kept.made_by) == (("labels",), True, "me")


def test_a_comment_alone_does_not_make_it_read(reader: Callable[..., Reader], book: Book) -> None:
    reader().post(PLOT, ("after", "0"), ("comment", "Why?\nAnd how?"), ("note", "ask her"))
    kept = reading(book)
    assert (kept.comment, kept.note, kept.is_read) == ("Why?\nAnd how?", "ask her", False)


def test_what_says_the_same_adds_no_row(reader: Callable[..., Reader], book: Book) -> None:
    reader().post(PLOT, ("after", "0"), ("item", "labels"))
    before = rows(book)
    again = reader().post(PLOT, ("after", str(reading(book).number)), ("item", "labels"), ("is_read", "yes"))
    assert again.headers["x-kept"] == "yes"
    assert rows(book) == before


def test_two_readers_at_once_lose_nothing_and_see_both(reader: Callable[..., Reader], book: Book) -> None:
    one, other = reader(), reader()
    one.post(PLOT, ("after", "0"), ("item", "labels"), ("comment", "from one"))
    answer = other.post(PLOT, ("after", "0"), ("item", "shallow"), ("comment", "from the other"))
    assert answer.headers["x-kept"] == "no"
    assert "from one" in said(answer)
    assert "from the other" in said(answer)
    first = reading(book)
    assert first.comment == "from one"
    number = re.search(r'hx-vals=\'\{"after": "(\d+)"\}', answer.body)
    assert number is not None
    assert int(number[1]) == first.number
    form = (("after", number[1]), ("item", "shallow"), ("comment", "from the other"))
    assert other.post(PLOT, *form).headers["x-kept"] == "yes"
    assert reading(book).comment == "from the other"
    assert book.reading(LAB, STUDENT, "plot") != first


def test_points_are_never_above_the_question_but_by_a_bonus(reader: Callable[..., Reader], book: Book) -> None:
    answer = reader().post(PLOT, ("after", "0"), ("points", "5"))
    assert "10 / 10" in said(answer)
    after = ("after", str(reading(book).number))
    assert "10+1 / 10" in said(reader().post(PLOT, after, ("points", "5"), ("item", "doubt")))
    after = ("after", str(reading(book).number))
    assert "0 / 10" in said(reader().post(PLOT, after, ("points", "-50")))


@pytest.mark.parametrize("points", ["abc", "1e9", "--1", "½", "9" * 30, "nan"])
def test_what_is_no_number_of_points_is_told_and_not_kept(
    reader: Callable[..., Reader], book: Book, points: str
) -> None:
    answer = reader().post(PLOT, ("after", "0"), ("points", points))
    assert answer.headers["x-kept"] == "no"
    assert "no number of points" in said(answer)
    assert book.reading(LAB, STUDENT, "plot") is None


@pytest.mark.parametrize("after", ["", "-1", "x", "1.5", "9" * 400, "999999"])
def test_a_page_that_is_not_whole_keeps_nothing(reader: Callable[..., Reader], book: Book, after: str) -> None:
    assert reader().post(PLOT, ("after", after), ("item", "labels")).headers["x-kept"] == "no"
    assert book.reading(LAB, STUDENT, "plot") is None


def test_an_item_that_nobody_made_is_not_given(reader: Callable[..., Reader], book: Book) -> None:
    reader().post(PLOT, ("after", "0"), ("item", "invented"), ("item", "labels"))
    assert reading(book).items == ("labels",)


def test_all_points_follow_an_item_at_once_and_whose_is_told(reader: Callable[..., Reader]) -> None:
    for student in ("s001", "s002", "s003"):
        reader().post(f"/read/plot/{key_of(LAB, student)}", ("after", "0"), ("item", "labels"))
    items = f"/items/plot/{key_of(LAB, STUDENT)}"
    form = (("id", "labels"), ("after", "0"), ("zh", "軸"), ("en", "Name the axes"), ("points", "-4"), ("act", "keep"))
    answer = reader().post(items, *form)
    assert "Students whose points have changed: 3 (3 × −2)." in said(answer)
    assert "6 / 10" in said(answer)
    assert "6 / 10" in said(reader().get(f"/read/plot/{key_of(LAB, 's003')}"))
    assert "somebody else has changed this item" in said(reader().post(items, *form))


def test_an_item_that_is_removed_takes_no_points_and_comes_back_to_those_who_had_it(
    reader: Callable[..., Reader], book: Book
) -> None:
    reader().post(PLOT, ("after", "0"), ("item", "labels"))
    items = f"/items/plot/{key_of(LAB, STUDENT)}"
    assert "1 (1 × +2)" in said(reader().post(items, ("id", "labels"), ("after", "0"), ("act", "remove")))
    assert 'value="labels"' not in re.findall(r'<input type="checkbox" name="item".*', reader().get(PLOT).body)
    reader().post(PLOT, ("after", str(reading(book).number)), ("comment", "more"), ("is_read", "yes"))
    [number] = [item.number for item in book.items(LAB, "plot", ()) if item.id == "labels"]
    back = reader().post(items, ("id", "labels"), ("after", str(number)), ("act", "put_back"))
    assert "1 (1 × −2)" in said(back)
    assert reading(book).items == ("labels",)


def test_a_new_item_is_there_for_everybody(reader: Callable[..., Reader], book: Book) -> None:
    form = (("id", ""), ("after", "0"), ("zh", ""), ("en", "Too short"), ("points", "-1/2"), ("act", "keep"))
    assert "Kept." in said(reader().post(f"/items/plot/{key_of(LAB, STUDENT)}", *form))
    [item] = book.items(LAB, "plot", ())
    assert (item.text.en, item.text.zh_tw, item.points) == ("Too short", "Too short", Fraction(-1, 2))
    assert "Too short" in said(reader().get(f"/read/plot/{key_of(LAB, 's030')}"))


@pytest.mark.parametrize(("field", "value"), [("en", ""), ("points", "two"), ("id", "nobody")])
def test_an_item_that_is_not_whole_is_not_kept(
    reader: Callable[..., Reader], book: Book, field: str, value: str
) -> None:
    form = {"id": "", "after": "0", "zh": "", "en": "Too short", "points": "-1", "act": "keep", field: value}
    answer = reader().post(f"/items/plot/{key_of(LAB, STUDENT)}", *form.items())
    assert answer.headers["x-kept"] == "no"
    assert book.items(LAB, "plot", ()) == ()


def test_an_item_is_given_to_all_with_the_same_mistake_and_nothing_of_theirs_is_lost(
    reader: Callable[..., Reader], book: Book
) -> None:
    students = failing(book)[MISTAKES[0][2]]
    assert len(students) > 2
    first, second = students[:2]
    reader().post(f"/read/fit_line/{key_of(LAB, second)}", ("after", "0"), ("item", "names"), ("comment", "mine"))
    address = f"/alike/fit_line/{key_of(LAB, first)}"
    assert f"the same mistake in values ({len(students)})" in said(reader().get(address))
    word = f"mistake/fit_line/values/{MISTAKES[0][0]}"
    answer = reader().post(address, ("word", word), ("item", "docstring"))
    assert f"Given to {len(students)} of {len(students)}" in said(answer)
    kept = {student: reading(book, "fit_line", student) for student in students}
    assert all("docstring" in one.items for one in kept.values())
    assert (kept[second].items, kept[second].comment, kept[second].is_read) == (("names", "docstring"), "mine", True)
    assert not kept[first].is_read, "who was not read still waits"
    assert f"Given to 0 of {len(students)}" in said(reader().post(address, ("word", word), ("item", "docstring")))


def test_an_item_is_given_to_all_with_the_same_first_wrong_answer(reader: Callable[..., Reader], book: Book) -> None:
    students = failing(book)[MISTAKES[1][2]]
    address = f"/alike/fit_line/{key_of(LAB, students[0])}"
    page = reader().get(address)
    assert f"the same first wrong answer in values ({len(students)})" in said(page)
    [word] = re.findall(r'value="(answer/[^"]*)"', page.body)
    reader().post(address, ("word", word), ("item", "names"))
    assert all("names" in reading(book, "fit_line", student).items for student in students)


def test_a_check_is_worth_other_points_with_a_reason_beside_what_the_grader_gave(
    reader: Callable[..., Reader], book: Book
) -> None:
    [student, *_] = failing(book)[MISTAKES[0][2]]
    key = key_of(LAB, student)
    form = (("check", "values"), ("after", "0"), ("points", "3"), ("reason", "a slip"), ("act", "keep"))
    answer = reader().post(f"/override/fit_line/{key}", *form)
    assert answer.headers["x-kept"] == "yes"
    page = said(reader().get(f"/read/fit_line/{key}"))
    assert "3 / 4 by me: a slip" in page
    assert "0 / 4" in page
    assert reader().post(f"/override/fit_line/{key}", *form).headers["x-kept"] == "no", "somebody was faster"
    [override] = book.overrides(LAB).values()
    back = (("check", "values"), ("after", str(override.number)), ("act", "take_back"))
    assert reader().post(f"/override/fit_line/{key}", *back).headers["x-kept"] == "yes"
    assert "a slip" not in said(reader().get(f"/read/fit_line/{key}"))


@pytest.mark.parametrize(
    ("field", "value"), [("points", "5"), ("points", "-1"), ("points", ""), ("reason", " "), ("check", "nothing")]
)
def test_an_override_that_cannot_be_is_told_and_not_kept(
    reader: Callable[..., Reader], book: Book, field: str, value: str
) -> None:
    form = {"check": "values", "after": "0", "points": "3", "reason": "a slip", "act": "keep", field: value}
    assert reader().post(f"/override/fit_line/{key_of(LAB, STUDENT)}", *form.items()).headers["x-kept"] == "no"
    assert not book.overrides(LAB)


def test_a_request_is_found_answered_and_then_gone(reader: Callable[..., Reader], book: Book) -> None:
    book.add_mark(Mark(LAB, STUDENT, "request", comment="Is my plot not labelled?", made_by="me"))
    assert "Is my plot not labelled?" in said(reader().get("/"))
    assert reader().place("/read/plot?only=request").startswith(PLOT)
    assert "Is my plot not labelled?" in said(reader().get(PLOT))
    assert reader().post(f"/answer/{key_of(LAB, STUDENT)}", ("answer", " ")).headers["x-kept"] == "no"
    assert reader().post(f"/answer/{key_of(LAB, STUDENT)}", ("answer", "It is, sorry.")).headers["x-kept"] == "yes"
    assert "Is my plot not labelled?" not in said(reader().get("/"))
    assert "Nobody is left by this filter" in said(reader().get("/read/plot?only=request"))


def test_filters_leave_those_of_whom_they_are_true(reader: Callable[..., Reader], book: Book) -> None:
    records = {one.student: book.record(one.result) for one in book.roll(LAB)}
    failed = {name for name, one in records.items() if one.tasks[0].checks[0].verdict == "failed"}
    late = {name for name, one in records.items() if one.submission.late}
    alleged = {name for name, one in records.items() if one.tasks[0].checks[0].alleged}
    reader().post(PLOT, ("after", "0"), ("item", "labels"))
    unread = set(records) - {STUDENT}
    for only, students in {
        "failed": failed,
        "late": late,
        "alleged": alleged,
        "unread": unread,
        "": set(records),
    }.items():
        assert students
        found = set[str]()
        place = reader().place(f"/read/plot?only={only}")
        while place and len(found) < 31:
            page = reader().get(place)
            found.add(re.findall(r'<span class="who">(.*?)</span>', page.body)[0])
            links = re.findall(r'id="next" href="([^"]*)"', page.body)
            place = links[0] if links else ""
        if only != "unread":  # begins in the middle: the first that is not read is looked for
            assert found <= students
        assert f"of {len(students)}; " in said(page), only


def test_hidden_names_are_nowhere_in_a_page(reader: Callable[..., Reader], book: Book) -> None:
    book.add_mark(Mark(LAB, STUDENT, "request", comment="Please look again.", made_by="me"))
    hidden = reader("review-names=hidden")
    for path in ("/", PLOT, LINE, f"/alike/plot/{key_of(LAB, STUDENT)}", f"/items/plot/{key_of(LAB, STUDENT)}"):
        assert not re.search(r"\bs0\d\d\b", hidden.get(path).body), path
    assert STUDENT in reader().get(PLOT).body


def test_hidden_names_are_not_in_what_was_said_of_a_file_either(
    reader: Callable[..., Reader], hand_in_again: Callable[..., None]
) -> None:
    note = words(quote("s001_second.ipynb was handed in late."))
    hand_in_again(STUDENT, {"notes": (note,)})
    assert "s001_second.ipynb was handed in late." in said(reader().get(PLOT))
    assert "…_second.ipynb was handed in late." in said(reader("review-names=hidden").get(PLOT))


def test_a_text_that_would_be_cut_is_told_and_not_kept(reader: Callable[..., Reader], book: Book) -> None:
    answer = reader().post(PLOT, ("after", "0"), ("comment", "x" * 2001))
    assert answer.headers["x-kept"] == "no"
    assert "2001 characters" in said(answer)
    assert book.reading(LAB, STUDENT, "plot") is None
    assert reader().post(PLOT, ("after", "0"), ("comment", "x" * 2000)).headers["x-kept"] == "yes"


def test_a_student_who_was_graded_before_there_was_the_question_is_shown_nobody_elses_cells(
    reader: Callable[..., Reader], hand_in_again: Callable[..., None], book: Book
) -> None:
    record = book.record(next(one.result for one in book.roll(LAB) if one.student == "s002"))
    hand_in_again("s002", {"tasks": record.tasks[:1]})
    hand_in_again("s030")
    page = said(reader().get(f"/read/plot/{key_of(LAB, 's002')}"))
    assert "No cell of the notebook belongs to this question." in page
    assert "plt.plot" not in page


def test_comments_are_found_by_their_words_the_most_used_first(reader: Callable[..., Reader]) -> None:
    for student, comment in (("s001", "Name the axes."), ("s002", "Say why."), ("s003", "Say why.")):
        reader().post(f"/read/plot/{key_of(LAB, student)}", ("after", "0"), ("comment", comment))
    found = re.findall(r'data-comment="([^"]*)"', reader().get("/comments/plot?words=").body)
    assert found == ["Say why.", "Name the axes."]
    assert re.findall(r'data-comment="([^"]*)"', reader().get("/comments/plot?words=AXES+name").body) == [
        "Name the axes."
    ]
    assert "None has these words." in said(reader().get("/comments/plot?words=nothing"))


@pytest.mark.parametrize("path", ["/read/nothing/abc", "/read/plot/abc", "/whole/abc", "/items/plot/zzz"])
def test_a_page_that_is_not_there_says_so(reader: Callable[..., Reader], path: str) -> None:
    answer = reader().get(path)
    assert answer.status == 404
    assert "no such page" in said(answer)


def test_the_language_is_the_browsers_own_choice(reader: Callable[..., Reader]) -> None:
    assert "畫圖與說明" in said(reader("review-language=zh-TW").get(PLOT))
    answer = reader().post("/settings", ("language", "zh-TW"))
    assert "review-language=zh-TW" in answer.headers["set-cookie"]
    assert "set-cookie" not in reader().post("/settings", ("language", "tlh")).headers


def test_what_waits_is_counted_and_the_next_that_waits_is_found(reader: Callable[..., Reader]) -> None:
    for _ in range(30):
        place = reader().place("/read/plot")
        reader().post(place, ("after", "0"), ("is_read", "yes"))
    assert "All is read in this question." in said(reader().get(f"/next/plot/{key_of(LAB, STUDENT)}"))
    assert "not read: 0" in said(reader().get(PLOT))


def test_where_a_student_hands_in_anew_it_waits_again_and_says_so(
    reader: Callable[..., Reader], book: Book, hand_in_again: Callable[[str], None]
) -> None:
    reader().post(PLOT, ("after", "0"), ("item", "labels"))
    hand_in_again(STUDENT)
    page = said(reader().get(PLOT))
    assert "it waits to be read again" in page
    assert "not read: 30" in page
    kept = reader().post(PLOT, ("after", str(reading(book).number)), ("item", "labels"), ("is_read", "yes"))
    assert kept.headers["x-kept"] == "yes"
    assert "not read: 29" in said(reader().get(PLOT))
