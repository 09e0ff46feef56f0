"""Which of a student's files is graded: the notebook with the lab's name, else the newest of any other name."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.submission.archives import no_entry
from grader.submission.file_names import NOTEBOOK, stem_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COPY_NUMBER = re.compile(r"\((\d{1,4})\)|-Copy(\d{1,4})|-(\d{1,2})(?=\.|$)")
MOST_VISITED = 5000
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Labs:
    """The lab that is graded, and the course's others: a notebook with another lab's name is not taken for this one."""

    lab: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rank:
    """How well a notebook fits, compared from the first field to the last.

    `name` is 3 for the lab's name itself, 2 for a name with it inside, 1 for any other, 0 for another lab's.
    """

    name: int
    height: int = 0
    order: tuple[int, int] = (0, 0)
    changed: int = 0
    copy: int = 0

    def key(self) -> tuple[int, int, tuple[int, int], int, int]:
        """Return what is compared."""
        return self.name, self.height, self.order, self.changed, self.copy


def is_notebook_name(name: str) -> bool:
    """Say whether a file is meant to be a notebook."""
    return NOTEBOOK.fullmatch(name) is not None


def names_lab(name: str, lab: str) -> int:
    """Return 2 for a file with the lab's name, whatever its case, 1 for one that has it among other words, else 0."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    stem = stem_of(plain, is_folder=True).strip()
    if stem == lab.casefold():
        return 2
    return 1 if re.search(rf"(?<![a-z0-9]){re.escape(lab.casefold())}(?![a-z0-9])", stem) else 0


def rank_of(path: Path, labs: Labs, *, name: str, order: tuple[int, int] = (0, 0), depth: int = 0) -> Rank:
    """Return how well a notebook fits; `name` is what its student called it, `depth` how deep in folders it lies."""
    own = names_lab(name, labs.lab)
    foreign = not own and any(names_lab(name, other) for other in labs.others)
    tier = own + 1 if own else 0 if foreign else 1
    number = COPY_NUMBER.search(name)
    copy = 0 if number is None else int(next(filter(None, number.groups()), 0))
    height = -depth if own == 2 else 0  # noqa: PLR2004 (the lab's own name)
    return Rank(tier, height, order, changed=_changed(path), copy=copy)


def files_in(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield what lies in a folder and below, with its depth: files and links, sorted by name, up to a bound.

    Raises OSError where a folder cannot be read.
    """
    visited = 0
    waiting = [(folder, 0)]
    while waiting:
        at, depth = waiting.pop(0)
        with os.scandir(at) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                visited += 1
                if visited > MOST_VISITED:
                    return
                if no_entry(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False) and not is_notebook_name(entry.name):
                    if depth < DEEPEST:
                        waiting.append((Path(entry.path), depth + 1))
                else:
                    yield Path(entry.path), depth


def shown_names(names: Sequence[str], most: int = 8) -> str:
    """Return the first names of a list, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f", … (+{more})" if more > 0 else "")


def _changed(path: Path) -> int:
    """Return when a file was last changed, in nanoseconds; 0 where nobody can say."""
    try:
        status = path.lstat()
    except OSError:
        return 0
    return status.st_mtime_ns if stat.S_ISREG(status.st_mode) else 0
