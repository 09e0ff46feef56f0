"""A class folder is accounted for: every entry is a submission, one that cannot be graded, or left out with why.

An entry is a notebook, a student's folder, a student's zip, or a file of another kind. A zip or a folder that alone is
the class, as a platform gives it, is gone into.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import LabError, SubmissionError
from grader.messages.sentences import clean, say
from grader.model import LeftOut
from grader.submission.archives import is_zip_name, unpack
from grader.submission.choosing import files_in, is_notebook_name, rank_of, shown_names
from grader.submission.entries import ClassFolder, Input, Offer, entries_of, is_students, said
from grader.submission.names import told_apart
from grader.submission.platforms import METADATA, Person, gradescope_senders, is_platform_name, sender_of
from grader.submission.several import HANDED_IN, IN_WORK, is_class, is_one_persons, is_students_own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.model import Text
    from grader.submission.choosing import Labs
    from grader.submission.platforms import Sender

INSIDE_ZIP = "unpacked"
DEEPEST_WRAPPING = 3


def read_class_folder(
    place: Path, labs: Labs, *, scratch: Path, is_ours: Callable[[Path], bool] = lambda _: False
) -> ClassFolder:
    """Return what lies in a class folder, or in a zip of one; zips are unpacked into `scratch`.

    Raises LabError where it cannot be read, or holds no submission at all.
    """
    reading = _Reading(labs, scratch, is_ours)
    offers = list(reading.offers(place))
    if not offers:
        raise LabError(
            say(
                "There is no submission in {folder}: expected *.ipynb, or folders that hold {lab}.ipynb.",
                folder=place,
                lab=labs.lab,
            )
        )
    by_person: defaultdict[Person, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_person[offer.sender.person].append(offer)
    students = _students(by_person)
    inputs = []
    for person, mine in by_person.items():
        chosen, *others = sorted(mine, key=lambda offer: offer.rank.key(), reverse=True)
        reading.leave_out(students[person], chosen, others)
        inputs.append(_input(students[person], chosen, others, labs=labs))
    return ClassFolder(tuple(sorted(inputs, key=lambda one: one.student)), tuple(reading.left_out))


class _Reading:
    """Reads a class folder once. What is left out is noted on the way."""

    def __init__(self, labs: Labs, scratch: Path, is_ours: Callable[[Path], bool]) -> None:
        self._labs, self._scratch, self._is_ours = labs, scratch, is_ours
        self._unpacked: dict[Path, Path] = {}
        self.left_out: list[LeftOut] = []

    def offers(self, place: Path) -> Iterator[Offer]:
        """Yield everything that a student may be graded by."""
        folder, entries, inside = place, [place], ""
        if not is_zip_name(place.name) and not is_students_own(place, self._labs):
            entries = entries_of(place)
        for _ in range(DEEPEST_WRAPPING):
            entries = self._without_work(entries, inside)
            if (wrapping := _only_one(entries)) is None or (inner := self._class_inside(wrapping)) is None:
                break
            for beside in entries:
                yield from self._offers_of(beside, None, inside) if beside != wrapping else ()
            inside += f"{said(wrapping)}/"
            folder, entries = inner, entries_of(inner)
        senders = gradescope_senders(folder)
        for entry in entries:
            yield from self._offers_of(entry, senders.get(entry.name), inside)

    def leave_out(self, student: str, chosen: Offer, others: Sequence[Offer]) -> None:
        """Note what a student handed in beside what counts."""
        for other in others:
            because = (
                say("{student} is graded by {file}", student=student, file=chosen.name)
                if chosen.problem is None
                else say("it is no notebook, and {student} handed in none", student=student)
            )
            self.left_out.append(LeftOut(other.name, because))

    def _class_inside(self, entry: Path) -> Path | None:
        """Return the folder of the class that a folder or a zip holds, if it does."""
        if entry.is_dir():
            return entry if is_class(entry, self._labs) else None
        try:
            folder = self._unpack(entry)
        except SubmissionError:  # told where the entry itself is read
            return None
        return folder if is_class(folder, self._labs) else None

    def _without_work(self, entries: Sequence[Path], inside: str) -> list[Path]:
        """Return the entries of a folder without what Teams keeps of work that is not handed in yet."""
        names = {one.name.casefold() for one in entries}
        work = [one for one in entries if one.name.casefold() == IN_WORK and HANDED_IN in names]
        because = say("what Teams keeps of work in progress; what was handed in lies in Submitted files")
        self.left_out += [LeftOut(inside + said(one), because) for one in work]
        return [one for one in entries if one not in work]

    def _offers_of(self, entry: Path, senders: Sequence[Sender] | None, inside: str) -> Iterator[Offer]:
        name = inside + said(entry)
        for sender in senders or [sender_of(entry.name, self._labs.lab, is_folder=entry.is_dir())]:
            if entry.is_symlink() and not is_notebook_name(entry.name):
                problem = say(
                    "{file} is a link, a folder or a device, not a file: hand in the notebook itself.", file=entry
                )
                yield Offer(sender, name, entry, problem=problem)
            elif entry.is_dir() and self._is_ours(entry):
                self.left_out.append(LeftOut(name, say("a folder of the grader's own")))
            elif entry.is_dir() and not is_notebook_name(entry.name):
                yield from self._in_folder(entry, sender, name)
            elif is_notebook_name(entry.name):
                yield self._notebook(entry, sender, name)
            elif is_zip_name(entry.name):
                yield from self._in_zip(entry, sender, name)
            else:
                yield from self._other(entry, sender, name)

    def _notebook(self, path: Path, sender: Sender, name: str) -> Offer:
        rank = rank_of(path, self._labs, name=sender.file or path.name, order=sender.order)
        return Offer(sender, name, path, rank=rank, is_plain=True)

    def _in_zip(self, path: Path, sender: Sender, name: str) -> Iterator[Offer]:
        try:
            folder = self._unpack(path)
        except SubmissionError as error:
            yield Offer(sender, name, path, problem=error.text)
            return
        yield from (replace(one, path=path) if one.problem else one for one in self._in_folder(folder, sender, name))

    def _in_folder(self, folder: Path, sender: Sender, name: str) -> Iterator[Offer]:
        """Yield every notebook of a student's folder; where it has none, its zips' notebooks, or why there is none."""
        try:
            found = list(files_in(folder))
        except OSError as error:
            problem = say("{file} cannot be read: {reason}.", file=folder, reason=error.strerror)
            yield Offer(sender, name, folder, problem=problem)
            return
        notebooks = [(path, depth) for path, depth in found if is_notebook_name(path.name)]
        if not is_one_persons(folder, whose=sender.person.name, lab=self._labs.lab):
            problem = say(
                "{name} holds what several students handed in: grade that folder alone (grade {lab} FOLDER).",
                name=name,
                lab=self._labs.lab,
            )
            yield Offer(sender, name, folder, problem=problem)
            return
        for path, depth in notebooks:
            rank = rank_of(path, self._labs, name=path.name, order=sender.order, depth=depth)
            inner = f"{name}/{clean(path.relative_to(folder).as_posix())}"
            plain = path.name == f"{self._labs.lab}.ipynb"
            yield Offer(sender, inner, path, rank=rank, helpers=path.parent, is_plain=plain)
        zips = [path for path, _ in found if is_zip_name(path.name) and not path.is_symlink()]
        if zips and not notebooks and folder.name != INSIDE_ZIP:
            for path in zips:
                yield from self._in_zip(path, sender, f"{name}/{clean(path.name)}")
        elif not notebooks:
            yield Offer(sender, name, folder, problem=self._nothing(name, [path.name for path, _ in found]))

    def _nothing(self, name: str, files: Sequence[str]) -> Text:
        if not files:
            return say("{name} is empty: hand in {lab}.ipynb.", name=name, lab=self._labs.lab)
        return say(
            "There is no notebook in {name}, only {files}: hand in {lab}.ipynb.",
            name=name,
            files=shown_names([clean(file) for file in files]),
            lab=self._labs.lab,
        )

    def _other(self, path: Path, sender: Sender, name: str) -> Iterator[Offer]:
        if self._is_ours(path):
            self.left_out.append(LeftOut(name, say("a file of the grader's own")))
        elif path.name == METADATA:
            self.left_out.append(LeftOut(name, say("Gradescope's list, from which names and times are read")))
        elif sender.person.platform or is_students(path, sender.person.name):
            problem = say(
                "{file} is no notebook (*.ipynb): hand in {lab}.ipynb, as Jupyter or Colab saves it.",
                file=path,
                lab=self._labs.lab,
            )
            yield Offer(sender, name, path, problem=problem)
        else:
            self.left_out.append(LeftOut(name, say("neither a notebook, nor a folder, nor a zip")))

    def _unpack(self, path: Path) -> Path:
        """Return the folder that a zip was unpacked into; raise SubmissionError where it cannot be."""
        if path in self._unpacked:
            return self._unpacked[path]
        folder = self._scratch / str(len(self._unpacked)) / INSIDE_ZIP
        folder.parent.mkdir(exist_ok=True)
        for member, because in unpack(path, folder):
            self.left_out.append(LeftOut(f"{said(path)}/{member}", because))
        folder.mkdir(exist_ok=True)
        self._unpacked[path] = folder
        return folder


def _only_one(entries: Sequence[Path]) -> Path | None:
    """Return the single folder or zip among files that are nobody's, unless its name says whose it is."""
    weighty = [one for one in entries if one.is_dir() or is_zip_name(one.name) or is_notebook_name(one.name)]
    if len(weighty) != 1 or weighty[0].is_symlink() or is_platform_name(weighty[0].name):
        return None
    return weighty[0] if weighty[0].is_dir() or is_zip_name(weighty[0].name) else None


def _students(people: Iterable[Person]) -> Mapping[Person, str]:
    """Return what each person's results are called: the name, with the number where it lasts or tells people apart."""
    counts = Counter(person.name for person in people)
    names = {
        person: f"{person.name}_{person.number}"
        if person.number and (person.lasts or counts[person.name] > 1)
        else person.name
        for person in people
    }
    counts = Counter(names.values())
    apart = {person: name if counts[name] == 1 else f"{name}_{person.platform}" for person, name in names.items()}
    students = told_apart(apart.values())
    return {person: students[name] for person, name in apart.items()}


def _input(student: str, chosen: Offer, others: Sequence[Offer], *, labs: Labs) -> Input:
    sender = chosen.sender
    return Input(
        student,
        chosen.path,
        chosen.helpers,
        submitted=sender.submitted,
        late=sender.late,
        notes=tuple(_notes(chosen, others, labs)) if chosen.problem is None else (),
        problem=chosen.problem,
    )


def _notes(chosen: Offer, others: Sequence[Offer], labs: Labs) -> Iterator[Text]:
    """Yield what the student is told: which file counts, what else there was, what the platform says of the time."""
    if others:
        yield say(
            "Graded is {file}. Handed in as well, and not graded: {others}.",
            file=chosen.name,
            others=shown_names([other.name for other in others]),
        )
    elif not chosen.is_plain:
        yield say("Handed in as {file}; asked for is {lab}.ipynb.", file=chosen.name, lab=labs.lab)
    if chosen.sender.late:
        yield say("{platform} says: late.", platform=chosen.sender.person.platform)
    if (submitted := chosen.sender.submitted) is not None:
        moment = submitted.isoformat(sep=" ", timespec="minutes")
        yield say("{platform} says: handed in {moment}.", platform=chosen.sender.person.platform, moment=moment)
