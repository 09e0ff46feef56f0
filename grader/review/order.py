"""Who is read in a question, and in which order: a random one, the same each time, and another for each question.

Who is read first is judged otherwise than who is read last: so nobody is always the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.gradebook.readings import Reading

KEY_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Turn:
    """A student in a question: `key` stands for the name in addresses, `result` is the row that counts."""

    student: str
    key: str
    result: int
    content: str
    reading: Reading | None
    words: frozenset[str] = frozenset()
    """What filters ask for."""

    @property
    def is_read(self) -> bool:
        """Say whether somebody has read what counts now."""
        return self.reading is not None and self.reading.is_read and not self.reading.is_earlier


@dataclass(frozen=True, slots=True)
class Turns:
    """The students of a question in their order: all of them, and the keys of those whom a filter leaves."""

    every: tuple[Turn, ...]
    chosen: tuple[str, ...]

    @property
    def unread(self) -> int:
        """Return how many wait to be read, of all."""
        return sum(not turn.is_read for turn in self.every)

    def at(self, key: str) -> Turn | None:
        """Return whose turn it is by a key; None where nobody has it."""
        return next((turn for turn in self.every if turn.key == key), None)

    def place(self, key: str) -> int | None:
        """Return the place among those chosen, from 1; None where the filter leaves this one out."""
        return self.chosen.index(key) + 1 if key in self.chosen else None

    def beside(self, key: str, step: int) -> str | None:
        """Return the key of the next one chosen (1), or the one before (-1), also of one who was not chosen."""
        places = {turn.key: place for place, turn in enumerate(self.every)}
        here = places.get(key, -1)
        others = [one for one in self.chosen if (places[one] - here) * step > 0]
        return None if not others else others[0] if step > 0 else others[-1]

    def next_unread(self, key: str) -> str | None:
        """Return the key of the next one chosen who is not read, from here to the end and then from the beginning."""
        at = next((place for place, turn in enumerate(self.every) if turn.key == key), -1)
        around = (*self.every[at + 1 :], *self.every[: max(at, 0)])
        left = set(self.chosen)
        return next((turn.key for turn in around if turn.key in left and not turn.is_read), None)


def key_of(lab: str, student: str) -> str:
    """Return what stands for a student in addresses: a name that is hidden shall not be read there."""
    return sha256(f"{lab}\0{student}".encode()).hexdigest()[:KEY_LENGTH]


def in_turn(lab: str, task: str, turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Return the students in the order of a question."""
    return tuple(sorted(turns, key=lambda turn: sha256(f"{lab}\0{task}\0{turn.student}".encode()).digest()))


def chosen(turns: Sequence[Turn], only: str) -> tuple[str, ...]:
    """Return the keys of those whom a filter leaves; "" leaves all."""
    if only == "unread":
        return tuple(turn.key for turn in turns if not turn.is_read)
    return tuple(turn.key for turn in turns if not only or only in turn.words)
