"""A teacher at the gradebook: what the commands of `grade book` do with an open book and its course."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from grader.course.folder import here, named_course
from grader.course.settings import Settings, read_settings
from grader.errors import LabError
from grader.gradebook import exports
from grader.gradebook.book import open_book
from grader.gradebook.entries import Mark, names_text
from grader.gradebook.feedback import standing_text
from grader.gradebook.location import FILE
from grader.gradebook.requests import requests_of
from grader.gradebook.sheet import columns_of, make_sheet, standing_in
from grader.messages.languages import common, spoken
from grader.messages.sentences import LANGUAGES, nearest, say, typed
from grader.output import write_file
from grader.pages.summary import number
from grader.registry import module_in, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.gradebook.book import Book
    from grader.gradebook.sheet import Sheet
    from grader.gradebook.standing import Standing
    from grader.model import Language, Text

_POINTS = re.compile(r"[+-]?(\d{1,6}(\.\d{1,6})?|\.\d{1,6}|\d{1,6}/[1-9]\d{0,5})")


@dataclass(frozen=True, slots=True)
class Teacher:
    """An open book and its course. `notes` are what a teacher should know before reading a score."""

    book: Book
    settings: Settings
    labs: tuple[str, ...]
    notes: tuple[Text, ...]

    def spoken(self, language: Language, labs: Sequence[str] = ()) -> Language:
        """Return the language of what is said of some labs to a reader of this one."""
        named = self.settings.languages
        known = [] if named else [lab for lab in labs if lab in self.book.labs()]
        columns = columns_of(self.book, known, self.settings)
        return spoken(common(column.languages for column in columns) if known else named or LANGUAGES, language)

    def sheet(self, labs: Sequence[str]) -> Sheet:
        """Return the class in some labs."""
        return make_sheet(self.book, tuple(dict.fromkeys(labs)), self.settings)

    def check_lab(self, lab: str) -> None:
        """Raise LabError for a lab that neither the course nor the book has."""
        known = sorted({*self.labs, *self.book.labs()})
        if lab not in known:
            labs = ", ".join(nearest(lab, known)) or "-"
            raise LabError(say('There is no lab "{lab}". The labs are: {labs}.', lab=lab, labs=labs))

    def notes_on(self, mark: Mark) -> Iterator[Text]:
        """Yield what a teacher should know of a mark that was added."""
        yield from self._late_notes(mark)
        yield from self._cut_notes(mark)
        yield from self._page_notes(mark.student)

    def _page_notes(self, student: str) -> Iterator[Text]:
        """Yield how a mark reaches the student's page, where there is one beside the book."""
        folder = None if self.book.location.path is None else self.book.location.path.parent
        if folder is not None and (folder / f"{student}.html").is_file():
            yield say(
                "The page of {student} shows it after: grade report {folder} --format html --output {folder}",
                student=student,
                folder=typed(folder),
            )

    def _late_notes(self, mark: Mark) -> Iterator[Text]:
        """Yield why a mark of being late costs nothing, where the course has no policy or no deadline for it."""
        late_days = mark.days is not None and mark.days > 0
        if self.notes or not (late_days or mark.submitted is not None):
            return  # without a course, the note says it already
        if not self.settings.policy(mark.lab).percent_per_day:
            yield say(
                "Being late costs nothing in {lab}: course.yaml has no late policy (late, percent_per_day).",
                lab=mark.lab,
            )
        if mark.submitted is not None and self.settings.lab(mark.lab).due is None:
            yield say("{lab} has no deadline in course.yaml (labs, {lab}, due), so nobody is late.", lab=mark.lab)

    def _cut_notes(self, mark: Mark) -> Iterator[Text]:
        """Yield what of a student's points is not counted, as it is above the lab's and no bonus."""
        standing = self.standing(mark.student, mark.lab) if mark.kind == "add" else None
        if standing is not None and standing.cut:
            yield say(
                "{lab} is worth {points} points, and {cut} more were given, which do not count. What may lead above "
                "all points is added with --bonus.",
                lab=mark.lab,
                points=number(standing.points),
                cut=number(standing.cut),
            )

    def check_open_request(self, student: str, lab: str) -> None:
        """Raise LabError where a student asks for nothing in a lab that is still to be answered."""
        self.book.check_student(student)
        remarks = self.book.remarks(lab, student).values()
        if not any(one.answer is None for said in remarks for one in requests_of(said.marks)):
            raise LabError(
                say(
                    "{student} has asked for nothing in {lab} that is not answered yet. A comment of your own: "
                    'grade book comment {student} {lab} "TEXT"',
                    student=student,
                    lab=lab,
                )
            )

    def standing(self, student: str, lab: str) -> Standing | None:
        """Return how a student stands in a lab; None where it has no result, or the student has left."""
        return standing_in(self.book, lab, student=student, settings=self.settings) if lab in self.book.labs() else None

    def standing_text(self, student: str, lab: str) -> Text:
        """Return how a student stands in a lab after a mark."""
        if lab not in self.book.labs():
            return say("Kept. {lab} has no result yet.", lab=lab)
        standing = self.standing(student, lab)
        if standing is None:
            return say("Kept. {student} has been withdrawn.", student=student)
        return say("{student}, {lab}: {standing}", student=student, lab=lab, standing=standing_text(standing))


@contextmanager
def teacher_at(book: str | None, course: Path | None, *, create: bool = False) -> Iterator[Teacher]:
    """Open the book that was named, or the one in this folder, with the settings of its course."""
    settings, labs, notes = _course(course)
    with open_book(here() / FILE if book is None else book, create=create) as opened:
        yield Teacher(opened, settings, labs=labs, notes=notes)


def export(teacher: Teacher, kind: str, labs: Sequence[str], *, path: Path, language: Language) -> tuple[Text, ...]:
    """Write an export of some labs; return what the teacher should know about it."""
    known = names_in(exports)
    if kind not in known:
        allowed = ", ".join(nearest(kind, known))
        raise LabError(say('There is no export "{name}". The exports are: {allowed}.', name=kind, allowed=allowed))
    sheet = teacher.sheet(labs)
    language = spoken(sheet.languages, language)
    module = module_in(exports, kind)
    book = teacher.book.location.path
    write_file(path, module.render(sheet, language), list_in=None if book is None else book.parent)
    written = say("{file} is written. Students: {count}.", file=path, count=len(sheet.rows))
    return (written, *teacher.notes, *sheet.notes, *_unmatched(sheet), *module.notes(sheet))


def _unmatched(sheet: Sheet) -> Iterator[Text]:
    """Yield who has no submission, where there are submissions of which nobody knows whose they are."""
    missing = [row.student.student for row in sheet.rows if row.listed and row.standings[0].result is None]
    if missing and not all(row.listed for row in sheet.rows):
        yield say(
            "Without a submission under their name: {students}. If one of the above is theirs: "
            "grade book rename ABOVE STUDENT.",
            students=names_text(missing),
        )


def read_points(text: str) -> Fraction:
    """Return points that a user wrote, such as 2, -0.5 or 1/3; raise LabError for another text."""
    if not _POINTS.fullmatch(text):
        raise LabError(say("{text} is no number of points; write it as 2, -0.5 or 1/3.", text=text))
    return Fraction(text)


def _course(folder: Path | None) -> tuple[Settings, tuple[str, ...], tuple[Text, ...]]:
    """Return a course's settings and labs, and notes; without a course the defaults, and a note that says so."""
    try:
        course = named_course(folder)
    except LabError:
        if folder is not None:
            raise
        note = say("No course here: no deadline and no late policy was applied. Name the course with --course.")
        return Settings(), (), (note,)
    return read_settings(course.folder, course.lab_names()), course.lab_names(), ()
