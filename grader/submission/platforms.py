"""Who handed in an entry of a class folder: read from the names that platforms give.

Canvas: `name_ID_FILE-ID_file.ipynb`, with `_LATE` behind the name, and -1, -2 behind the file's for each time that it
was handed in again. Moodle: `Full Name_NUMBER_assignsubmission_file_`, as a folder or before the file's name; its
number is another one in each assignment. Gradescope: `submission_NUMBER` beside submission_metadata.yml. Blackboard:
`Title_user_attempt_2026-11-01-10-00-00_file.ipynb`, and a receipt without a file's name, `….txt`. GitHub Classroom: a
folder `lab02-user`. Google Classroom: `Name - lab02.ipynb`, which a student may have written as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import yaml

from grader.messages.sentences import clean
from grader.submission.archives import is_zip_name
from grader.submission.choosing import COPY_NUMBER, names_lab
from grader.submission.file_names import stem_of, student_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CANVAS = re.compile(r"(?P<name>.+?)(?P<late>_LATE)?_(?P<number>\d{2,})_(?P<order>\d{3,})_(?P<file>.+)", re.DOTALL)
MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<file>.*))?", re.DOTALL
)
AGAIN = re.compile(r"(?P<stem>.+)-(?P<times>\d{1,3})(?P<ending>(?:\.\w+)*)", re.DOTALL)
BLACKBOARD = re.compile(
    r"(?:.*?_)?(?P<name>[^_]+)_attempt_(?P<order>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(?:_(?P<file>.+)|\.txt)", re.DOTALL
)
GITHUB = r"(?i){lab}-(?P<name>[a-z0-9](?:-?[a-z0-9])*?)(?:-(?:main|master))?(?:\.zip)?"
"""A repository is called like its assignment and a user, whose name has no two hyphens in a row and none at its end."""
GOOGLE = re.compile(r"(?P<name>.+?) - (?P<title>.+)", re.DOTALL)
METADATA = "submission_metadata.yml"
LARGEST_METADATA = 8 * 2**20
LONGEST_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who handed something in, as the platform names them.

    `number` is the platform's; where it `lasts`, it is the same in every assignment, and belongs to the student's name.
    """

    name: str
    number: str = ""
    platform: Literal["", "Canvas", "Moodle", "Gradescope", "Blackboard"] = ""
    lasts: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose an entry is, what their own file was called ("" for a folder), and when it was handed in, if that is known.

    `order` is greater for what was handed in later.
    """

    person: Person
    file: str = ""
    order: tuple[int, int] = (0, 0)
    late: bool = False
    submitted: datetime | None = None
    is_text: bool = False
    """Whether it was typed into the platform's page."""


def sender_of(name: str, lab: str, *, is_folder: bool = False) -> Sender:
    """Return whose an entry is, by its name: a file's without its ending, where no platform has named it."""
    if (found := _found(name)) is not None:
        of = {MOODLE: _of_moodle, CANVAS: _of_canvas, BLACKBOARD: _of_blackboard}
        return of[found.re](found)
    repository = re.fullmatch(GITHUB.format(lab=re.escape(lab)), name) if is_folder or is_zip_name(name) else None
    if repository is not None:
        return Sender(Person(repository["name"]), name)
    stem = stem_of(name, is_folder=is_folder)
    return Sender(Person(google_name(stem, lab) or student_of(stem, lab)), name)


def is_platform_name(name: str) -> bool:
    """Say whether a platform has made the name, in a way that nobody would write by themselves."""
    return _found(name) is not None


def google_name(stem: str, lab: str) -> str:
    """Return the student before a title that names the lab, as Google Classroom writes it; "" where there is none.

    There is none where the title has a number of its own: two students of one name have the same name of file, and
    whatever unpacks them numbers the second one.
    """
    found = GOOGLE.fullmatch(stem)
    if found is None or not names_lab(found["title"], lab) or names_lab(found["name"], lab):
        return ""
    return "" if COPY_NUMBER.search(found["title"]) else found["name"]


def _found(name: str) -> re.Match[str] | None:
    """Return what a platform has made of a name; where several forms fit, what stands behind it is the student's."""
    found = [match for form in (MOODLE, CANVAS, BLACKBOARD) if (match := form.fullmatch(name)) is not None]
    return min(found, key=lambda match: match.start("name") + len(match["name"]), default=None)


def gradescope_senders(folder: Path) -> dict[str, tuple[Sender, ...]]:
    """Return who handed in each folder of a Gradescope export; nothing where its metadata cannot be read."""
    try:
        with (folder / METADATA).open("rb") as file:
            text = file.read(LARGEST_METADATA)
        entries = _Plain(text).get_single_data()
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        return {}
    if not isinstance(entries, dict):
        return {}
    senders = {str(name).lstrip(":"): tuple(_of_gradescope(str(name), entry)) for name, entry in entries.items()}
    return {name: found for name, found in senders.items() if found}


def _of_moodle(match: re.Match[str]) -> Sender:
    person = Person(match["name"], match["number"][:LONGEST_DIGITS], "Moodle")
    return Sender(person, match["file"] or "", is_text=match["kind"] == "onlinetext")


def _of_canvas(match: re.Match[str]) -> Sender:
    again = AGAIN.fullmatch(match["file"])
    file = match["file"] if again is None else again["stem"] + again["ending"]
    order = (0 if again is None else int(again["times"]), int(match["order"][:LONGEST_DIGITS]))
    person = Person(match["name"], match["number"][:LONGEST_DIGITS], "Canvas", lasts=True)
    return Sender(person, file, order, late=match["late"] is not None)


def _of_blackboard(match: re.Match[str]) -> Sender:
    order = (int(match["order"].replace("-", "")), int(match["file"] is not None))
    return Sender(Person(match["name"], "", "Blackboard", lasts=True), match["file"] or "", order)


def _of_gradescope(folder: str, entry: object) -> Iterator[Sender]:
    """Yield a sender for each member of the group that handed something in."""
    if not isinstance(entry, dict):
        return
    submitters = entry.get(":submitters")
    for one in submitters if isinstance(submitters, list) else []:
        if isinstance(one, dict):
            name, sid, email = (clean(str(one.get(key) or "")) for key in (":name", ":sid", ":email"))
            known = sid or email
            if name or known:
                person = Person(name or known, (known or folder) if name else "", "Gradescope", lasts=bool(known))
                yield Sender(person, submitted=_moment(entry.get(":created_at")))


def _moment(written: object) -> datetime | None:
    """Return a moment from Gradescope's metadata, which is in UTC where it names no zone."""
    if isinstance(written, dict):  # Ruby's own form of a time
        written = written.get("utc") or written.get("time")
    if isinstance(written, str):
        try:
            written = datetime.fromisoformat(written.strip())
        except ValueError:
            return None
    if not isinstance(written, datetime):
        return None
    return written if written.tzinfo is not None else written.replace(tzinfo=UTC)


class _Plain(yaml.SafeLoader):
    """Reads Ruby's objects as what they are made of."""


def _mapping(loader: _Plain, _suffix: str, node: yaml.Node) -> Mapping[str, Any] | str | list[Any]:
    if isinstance(node, yaml.MappingNode):
        return {str(key): value for key, value in loader.construct_mapping(node, deep=True).items()}
    if isinstance(node, yaml.SequenceNode):
        return list(loader.construct_sequence(node))
    return str(node.value)


_Plain.add_multi_constructor("!ruby/", _mapping)
