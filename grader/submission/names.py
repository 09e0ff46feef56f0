"""The names of students: made from the names of files, safe to show, fit for the names of files, and told apart.

A name becomes the stem of STUDENT.json and of one file per format. So it is bounded in bytes, is none that a system
keeps for a device, and does not end like a format's ending; two names that look the same are given different stems.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from typing import TYPE_CHECKING

from grader.messages.sentences import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

LONGEST_STUDENT = 100
"""In characters."""

MOST_BYTES = 200
"""In UTF-8: a file system takes 255 for a name, of which the longest ending of a format needs some twenty."""

ENDINGS = ("classroom50", "coursera", "github", "gradescope", "junit", "prairielearn")
"""What stands before the last dot of a format's ending: `a.gradescope` would share a file with a report about `a`."""

DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Names that Windows keeps, with any ending: learn.microsoft.com/windows/win32/fileio/naming-a-file."""

UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""What is invisible and of no category that says so: joiners, fillers and selectors (Unicode's Default_Ignorable)."""


def student_name(name: str) -> str:
    """Return a student's name, made from a file's; a made-up one where nothing is left of it."""
    whole = clean(name, longest=20 * LONGEST_STUDENT)
    if not whole.strip(". "):
        return f"unnamed-{_digest(name)}"
    fit = whole if len(whole) <= LONGEST_STUDENT and len(whole.encode()) <= MOST_BYTES else _cut(whole, _digest(name))
    fit = fit.rstrip(". ") if fit != fit.rstrip(". ") else fit
    if DEVICES.fullmatch(fit):
        return f"_{fit}"
    return f"{fit}_" if _seen(fit).rpartition(".")[2] in ENDINGS and "." in fit else fit


def told_apart(names: Iterable[str]) -> Mapping[str, str]:
    """Return the student of every name: of several that look the same, all but the plainest one get a mark."""
    alike: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        alike.setdefault(_seen(student_name(name)), []).append(name)
    students = {}
    for same in alike.values():
        plainest, *others = sorted(same, key=lambda name: (name != _seen(name), name != clean(name), name))
        students[plainest] = student_name(plainest)
        students.update({name: f"{student_name(name)}-{_digest(name)}" for name in others})
    return students


def told_from(name: str, others: Collection[str], *, is_mine: bool) -> str:
    """Return the student of a name, with a mark where somebody else of that look is among the others.

    `is_mine` says whether the one who is called the same handed in the same: a name that was made fit is no proof.
    """
    student = student_name(name)
    marked = f"{student}-{_digest(name)}"
    if student in others:
        return student if is_mine or student == name else marked
    return marked if any(_seen(other) == _seen(student) for other in others) else student


def _seen(name: str) -> str:
    """Return a name as a person tells it from others: in one form of writing, without case and what is invisible."""
    visible = UNSEEN.sub("", clean(unicodedata.normalize("NFKC", name), longest=20 * LONGEST_STUDENT))
    return unicodedata.normalize("NFKC", visible.casefold()).rstrip(". ")


def _cut(name: str, digest: str) -> str:
    """Return the beginning of a name that is too long, and a digest, since others may begin like it."""
    most = MOST_BYTES - len(digest) - 1
    return name[: LONGEST_STUDENT - len(digest) - 1].encode()[:most].decode("utf-8", "ignore").rstrip() + f"-{digest}"


def _digest(name: str) -> str:
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:8]
