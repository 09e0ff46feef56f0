"""The order in which the students of a question are read, and the filters."""

from __future__ import annotations

from grader.gradebook.readings import Reading
from grader.review.order import Turn, Turns, chosen, in_turn, key_of

NAMES = tuple(f"s{number:03}" for number in range(30))


def turn(student: str, *words: str, reading: Reading | None = None) -> Turn:
    return Turn(student, key_of("lab", student), result=1, content="c", reading=reading, words=frozenset(words))


def ordered(task: str, names: tuple[str, ...] = NAMES) -> list[str]:
    return [one.student for one in in_turn("lab", task, map(turn, names))]


def read(student: str, *, is_read: bool = True, is_earlier: bool = False) -> Turn:
    reading = Reading("lab", student, "essay", is_read=is_read, is_earlier=is_earlier, number=1)
    return turn(student, reading=reading)


def test_the_order_is_the_same_each_time_and_another_one_for_each_question() -> None:
    assert ordered("essay") == ordered("essay", NAMES[::-1])
    assert ordered("essay") != ordered("plot")
    assert ordered("essay") != list(NAMES)
    assert sorted(ordered("essay")) == list(NAMES)


def test_somebody_who_comes_later_leaves_the_others_in_their_order() -> None:
    assert [name for name in ordered("essay", (*NAMES, "new")) if name != "new"] == ordered("essay")


def test_a_key_tells_no_name() -> None:
    keys = {key_of("lab", name) for name in NAMES}
    assert len(keys) == len(NAMES)
    assert not any(name in key for name in NAMES for key in keys)


def test_the_next_and_the_one_before_are_among_those_that_the_filter_leaves() -> None:
    turns = (turn("a"), turn("b", "failed"), turn("c"), turn("d", "failed"))
    left = Turns(turns, chosen(turns, "failed"))
    a, b, c, d = (one.key for one in turns)
    assert [left.beside(key, 1) for key in (a, b, c, d)] == [b, d, d, None]
    assert [left.beside(key, -1) for key in (a, b, c, d)] == [None, None, b, b]
    assert (left.place(b), left.place(c)) == (1, None)


def test_what_is_read_waits_again_where_it_was_taken_back_or_the_student_has_handed_in_other_cells() -> None:
    turns = (read("a"), read("b", is_read=False), read("c", is_earlier=True), turn("d"))
    assert [one.is_read for one in turns] == [True, False, False, False]
    assert chosen(turns, "unread") == tuple(one.key for one in turns[1:])
    assert Turns(turns, ()).unread == 3


def test_the_next_that_is_not_read_is_looked_for_from_here_to_the_end_and_then_from_the_beginning() -> None:
    turns = (turn("a"), read("b"), turn("c"), read("d"))
    every = Turns(turns, chosen(turns, ""))
    a, b, c, d = (one.key for one in turns)
    assert [every.next_unread(key) for key in (a, b, c, d)] == [c, c, a, a]
    assert Turns((read("a"),), (key_of("lab", "a"),)).next_unread(key_of("lab", "a")) is None
    assert Turns((turn("a"),), (key_of("lab", "a"),)).next_unread(key_of("lab", "a")) is None
