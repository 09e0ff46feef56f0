"""Who is who: what submissions are called, and the people of the class list.

A submission may be called by a number, by a name, or as a platform calls it. Names are compared as people see them: not
by case, spaces, marks, accents and invisible characters, and in any order of their parts. What fits two people fits
nobody. What a teacher said (`rename`, `withdraw`) stands above all that.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.gradebook.entries import Mark, Student

NUMBERED = re.compile(r"(?P<name>.+)_(?P<number>[^_\s]+)")
"""As Canvas' and Gradescope's students are called here."""
ACCENT = re.compile("[\u0300-\u036f]")
"""Of a Latin letter: whoever types Müller without it means Müller. (Japanese has marks of its own, which stay.)"""
MOST_PARTS = 4
ALL_LABS = ""
"""What stands in the place of a lab where a teacher's word is about a student."""


@dataclass(frozen=True, slots=True)
class People:
    """Whose each submission is, by what it is called; and who has left."""

    persons: Mapping[str, str]
    withdrawn: frozenset[str]

    def person(self, called: str) -> str:
        """Return the person; who is not known is what they are called."""
        return self.persons.get(called, called)

    def names(self, person: str) -> tuple[str, ...]:
        """Return everything that a person is called, the person's own name first."""
        others = [called for called, whose in self.persons.items() if whose == person and called != person]
        return person, *others


@lru_cache(maxsize=4)  # it is asked for each student of a class
def find_people(
    called: tuple[str, ...],
    listed: tuple[Student, ...],
    said: tuple[Mark, ...],
    *,
    labs: tuple[frozenset[str], ...] = (),
) -> People:
    """Return who is who; `said` are the marks about students, the oldest first, `labs` who has a result in each lab."""
    renamed = {mark.student: mark.comment for mark in said if mark.kind == "rename"}
    everybody = dict.fromkeys([*called, *renamed, *renamed.values(), *(mark.student for mark in said)])
    own = {name: _followed(name, renamed) for name in everybody}
    matched = _matched([name for name in everybody if renamed.get(name, name) == name], listed, own=own, labs=labs)
    persons = {name: matched.get(own[name], own[name]) for name in everybody}
    left = {persons[mark.student]: mark.kind for mark in said if mark.kind in {"withdraw", "return"}}
    return People(persons, frozenset(person for person, kind in left.items() if kind == "withdraw"))


def same_name(one: str, other: str) -> bool:
    """Say whether two names are the same to a person who reads them."""
    return _together(one) in _orders(other) or _together(other) in _orders(one)


def seen(text: str) -> str:
    """Return a number or a word as a person compares it: without case, width, spaces and what is invisible."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c)[0] != "C")


def _followed(name: str, renamed: Mapping[str, str]) -> str:
    """Return what somebody is called after every renaming, of which none leads in a circle."""
    passed = {name}
    while (after := renamed.get(name, name)) not in passed:
        name = after
        passed.add(name)
    return name


def _matched(
    called: Sequence[str], listed: Sequence[Student], *, own: Mapping[str, str], labs: Sequence[frozenset[str]]
) -> dict[str, str]:
    """Return the person of the class list for each name that fits one person alone.

    What has nothing but a person's name is somebody else's wherever that person may have handed in as well: under the
    id, under another number, or twice in a lab. `own` has what each is called after renaming.
    """
    exact = {student.student for student in listed}
    index = _Index(listed)
    found = {name: fit for name in called if name not in exact and (fit := _match(name, index)) is not None}
    names: defaultdict[str, set[str]] = defaultdict(set)
    for name, after in own.items():
        names[found[after].person if after in found else after].add(name)
    doubtful = {person for person, mine in names.items() if _may_be_several(mine, labs)}
    return {name: fit.person for name, fit in found.items() if fit.is_sure or fit.person not in doubtful}


def _may_be_several(names: set[str], labs: Sequence[frozenset[str]]) -> bool:
    """Say whether names may be several people's: two of them have a result in one lab, or different numbers."""
    numbers = {parts["number"] for name in names if (parts := NUMBERED.fullmatch(name)) is not None}
    return len(numbers) > 1 or any(len(names & lab) > 1 for lab in labs)


@dataclass(frozen=True, slots=True)
class _Fit:
    """The person whom a name fits, and whether by a number or an id, which nobody else has."""

    person: str
    is_sure: bool


class _Index:
    """The class list by everything that a student may be found by."""

    def __init__(self, listed: Sequence[Student]) -> None:
        self._students: defaultdict[str, list[Student]] = defaultdict(list)
        self._known: defaultdict[str, list[Student]] = defaultdict(list)
        self._canvas: defaultdict[str, list[Student]] = defaultdict(list)
        self._orders: defaultdict[str, list[Student]] = defaultdict(list)
        self._names: defaultdict[str, list[Student]] = defaultdict(list)
        for one in listed:
            self._students[seen(one.student)].append(one)
            for known in _known_as(one):
                self._known[known].append(one)
            if one.canvas_id:
                self._canvas[seen(one.canvas_id)].append(one)
            for order in _orders(one.name):
                self._orders[order].append(one)
            self._names[_together(one.name)].append(one)

    def called(self, word: str) -> list[Student]:
        return self._students.get(seen(word), [])

    def known_as(self, name: str) -> list[Student]:
        """Return everybody whose user name, address or number this is; a number without zeros that Excel cuts off."""
        return self._known.get(_without_zeros(seen(name)), [])

    def of_canvas(self, number: str) -> list[Student]:
        return self._canvas.get(seen(number), [])

    def named(self, name: str) -> list[Student]:
        """Return everybody of a name, as `same_name` compares."""
        found = list(self._orders.get(_together(name), []))
        found += [one for order in _orders(name) for one in self._names.get(order, [])]
        return list(dict.fromkeys(found))


def _match(name: str, index: _Index) -> _Fit | None:
    for found, is_sure in _tries(name, index):
        if fitting := set(found):
            person = fitting.pop().student
            return None if fitting else _Fit(person, is_sure)
    return None


def _tries(name: str, index: _Index) -> Iterator[tuple[list[Student], bool]]:
    """Yield whom a name may mean, the surest first, and whether a number or an id says so."""
    yield index.called(name), True
    yield index.known_as(name), True
    if (parts := NUMBERED.fullmatch(name)) is not None:
        named = index.named(parts["name"])
        yield index.of_canvas(parts["number"]), True
        yield [one for one in named if seen(parts["number"]) in _numbers(one)], True
        yield named, False
    yield index.named(name), False
    words = [word for word in dict.fromkeys(re.split(r"[\s_\-()（）]+", name)) if word]
    found = [one for word in words for one in index.called(word)]
    yield found, all(any(c.isdigit() for c in one.student) for one in found)  # else the list's ids are names
    yield [one for word in words for one in index.named(word)], False


def _numbers(student: Student) -> set[str]:
    known = (student.canvas_id, student.student, student.sis_user_id, student.sis_login_id)
    more = (student.id_number, student.username, student.email)
    return {seen(number) for number in (*known, *more) if number}


def _known_as(student: Student) -> set[str]:
    """Return what else a submission of a student may be called as a whole; of an e-mail address also the mailbox."""
    known = {student.student, student.sis_user_id, student.sis_login_id, student.id_number, student.username}
    known |= {student.email, *(text.partition("@")[0] for text in (*known, student.email) if "@" in text)}
    return {_without_zeros(seen(text)) for text in known if text}


def _without_zeros(number: str) -> str:
    return number.lstrip("0") or number if number.isdecimal() else number


def _together(name: str) -> str:
    return "".join(_parts(name))


def _orders(name: str) -> set[str]:
    """Return a name in every order of its parts; of a long one only as it stands, and turned round."""
    parts = _parts(name)
    if len(parts) > MOST_PARTS:
        return {"".join(parts[at:] + parts[:at]) for at in range(len(parts))}
    return {"".join(order) for order in permutations(parts)} - {""}


def _parts(name: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", name)
    plain = unicodedata.normalize("NFKC", ACCENT.sub("", decomposed)).casefold()
    words = re.split(r"[\s,、·・;]+", plain)
    return [part for word in words if (part := "".join(c for c in word if c.isalnum()))]
