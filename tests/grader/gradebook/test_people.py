"""Who is who: names are compared as people see them, and what fits two people fits nobody."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from grader.gradebook.entries import Mark, Student
from grader.gradebook.people import find_people, same_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.gradebook.book import Book
    from grader.records.record import Record

WANG = Student("B1", name="王 小明", canvas_id="12345", id_number="41047001", email="w@x.test")
LIN = Student("B2", name="Lin, Mary Ann", canvas_id="12346", sis_login_id="mlin")
CHEN, OTHER_CHEN = Student("B3", name="Chen Da"), Student("B4", name="陳 大同", canvas_id="12348")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王小明", "王 小明"),
        ("小明王", "王 小明"),
        ("王\u200b小明", "王小明"),
        ("linmaryann", "Lin, Mary Ann"),
        ("MARY ANN LIN", "Lin, Mary Ann"),
        ("Ｍａｒｙ Ann  Lin", "mary ann lin"),
        ("oneilmary", "O'Neil, Mary"),
        ("學 生 乙", "學生, 乙"),
        ("Jose Nunez", "Nuñez, José"),
        ("Mu\u0308ller", "Müller"),
        ("Mary-Ann O’Neil", "oneilmaryann"),
    ],
)
def test_the_same_name_to_a_reader_is_the_same(one: str, other: str) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("王小明", "王大明"), ("Lin", "Lin, Mary"), ("", "Lin"), ("!", "?"), ("かき", "がき")]
)
def test_another_name_is_another(one: str, other: str) -> None:
    assert not same_name(one, other)


@pytest.mark.parametrize(
    ("called", "person"),
    [
        ("B1", "B1"),
        ("b1", "B1"),
        ("Ｂ１", "B1"),
        ("wangxiaoming_12345", "B1"),
        ("王小明", "B1"),
        ("王小明_41047001", "B1"),
        ("Xiaoming_41047001", "Xiaoming_41047001"),
        ("linmaryann_12346", "B2"),
        ("Mary Ann Lin_mlin", "B2"),
        ("B2_hw", "B2"),
        ("lab02-B2-final", "B2"),
        ("lab02_王小明", "B1"),
        ("nobody", "nobody"),
        ("B1_B2", "B1_B2"),
    ],
)
def test_a_submissions_name_finds_its_person(called: str, person: str) -> None:
    assert find_people((called,), (WANG, LIN, CHEN, OTHER_CHEN), ()).person(called) == person


@pytest.mark.parametrize("called", ["alice", "ALICE", "0041001", "41001", "a.chen", "a.chen@x.test", "lin41"])
def test_a_user_name_a_mailbox_and_a_number_without_its_zeros_find_their_person(called: str) -> None:
    people = (
        Student("B1", username="alice"),
        Student("41001"),
        Student("B3", email="a.chen@x.test"),
        Student("B4", sis_login_id="lin41@x.test"),
    )
    assert find_people((called,), people, ()).person(called) != called or called == "41001"


def test_a_mailbox_of_two_people_finds_nobody() -> None:
    people = (Student("B1", email="chen@x.test"), Student("B2", email="chen@y.test"))
    assert find_people(("chen",), people, ()).person("chen") == "chen"


def test_what_fits_two_people_fits_nobody() -> None:
    twins = (Student("B5", name="Lee An", canvas_id="77"), Student("B6", name="An Lee", canvas_id="78"))
    people = find_people(("anlee", "leean_77"), twins, ())
    assert people.person("anlee") == "anlee"
    assert people.person("leean_77") == "B5"


def test_two_people_whom_a_platform_tells_apart_are_never_one() -> None:
    """The list has one Chen; two of them handed in, and nobody can say which of the two it is."""
    people = find_people(("chenda_501", "chenda_502"), (CHEN,), ())
    assert [people.person(name) for name in ("chenda_501", "chenda_502")] == ["chenda_501", "chenda_502"]


@pytest.mark.parametrize(
    ("listed", "called", "apart"),
    [
        (Student("王小明_24", name="王小明"), ("王小明_17", "王小明_24"), ("王小明_17",)),
        (Student("B1", name="王小明"), ("B1", "王小明"), ("王小明",)),
        (Student("B1", name="王小明", canvas_id="12345"), ("王小明", "王小明_12345"), ("王小明",)),
        (Student("B1", name="王小明"), ("王 小明", "王小明"), ("王 小明", "王小明")),
        (Student("王小明"), ("王小明", "王小明_17"), ("王小明_17",)),
    ],
)
def test_who_handed_in_takes_nothing_else_of_the_same_lab_by_name(
    listed: Student, called: tuple[str, ...], apart: tuple[str, ...]
) -> None:
    people = find_people(called, (listed,), (), labs=(frozenset(called),))
    assert tuple(name for name in called if people.person(name) != listed.student) == apart
    assert [people.person(name) for name in apart] == list(apart)


def test_two_of_one_name_in_a_lab_leave_the_name_alone_to_nobody_in_another() -> None:
    called = ("王小明", "王小明_17", "王小明_24")
    labs = (frozenset(called[1:]), frozenset(called[:1]))
    people = find_people(called, (Student("王小明_24", name="王小明"),), (), labs=labs)
    assert [people.person(name) for name in called] == list(called)


def test_the_id_in_one_lab_and_the_name_in_another_are_one_person() -> None:
    people = find_people(("B3", "chenda"), (CHEN,), (), labs=(frozenset({"B3"}), frozenset({"chenda"})))
    assert people.person("chenda") == "B3"


def test_what_a_teacher_has_renamed_counts_as_handed_in() -> None:
    said = (Mark("", "tmp", "rename", comment="B3"),)
    people = find_people(("tmp", "chenda"), (CHEN,), said, labs=(frozenset({"tmp", "chenda"}),))
    assert (people.person("tmp"), people.person("chenda")) == ("B3", "chenda")


def test_renaming_leads_on_and_never_in_a_circle() -> None:
    said = [Mark("", one, "rename", comment=other) for one, other in (("a", "b"), ("b", "c"), ("c", "a"))]
    assert find_people(("a",), (), tuple(said[:2])).person("a") == "c"
    assert find_people(("a", "b", "c"), (), tuple(said)).person("a")
    back = [said[0], Mark("", "a", "rename", comment="a")]
    assert find_people(("a", "b"), (), tuple(back)).person("a") == "a"


def test_a_renamed_student_is_one_with_the_whole_history(book: Book, record: Callable[..., Record]) -> None:
    book.add(record("tmpname"))
    book.add_mark(Mark("lab01", "tmpname", "comment", comment="see me"))
    book.add_mark(Mark("", "tmpname", "rename", comment="s003"))
    book.add(record("s003", content="b", earned="9"))
    assert [(one.student, one.earned) for one in book.latest("lab01")] == [("s003", Fraction(9))]
    assert book.students() == ("s003",)
    assert [mark.student for mark in book.marks("lab01")] == ["s003"]
    assert len(book.history("s003")) == len(book.history("tmpname")) == 4


def test_a_withdrawn_student_is_on_no_page_and_comes_back_with_everything(
    book: Book, record: Callable[..., Record]
) -> None:
    book.add(record("s001"))
    book.add(record("s002"))
    book.add_mark(Mark("", "s001", "withdraw"))
    assert book.students() == ("s002",)
    assert [one.student for one in book.latest("lab01")] == ["s002"]
    book.check_student("s001")
    assert len(book.history("s001")) == 2
    book.add_mark(Mark("", "s001", "return"))
    assert book.students() == ("s001", "s002")
