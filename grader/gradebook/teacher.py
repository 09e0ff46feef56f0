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
from grader.gradebook.people import ALL_LABS
from grader.gradebook.sheet import make_sheet
from grader.gradebook.times import read_times, whose
from grader.messages.languages import spoken
from grader.messages.sentences import LANGUAGES, clean, nearest, say, typed
from grader.output import write_file
from grader.registry import module_in, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.gradebook.book import Book
    from grader.gradebook.class_file import ClassList
    from grader.gradebook.entries import Kind
    from grader.gradebook.sheet import Sheet
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
        return spoken(self.sheet(known).languages if known else named or LANGUAGES, language)

    def sheet(self, labs: Sequence[str]) -> Sheet:
        """Return the class in some labs."""
        return make_sheet(self.book, tuple(dict.fromkeys(labs)), self.settings)

    def check_lab(self, lab: str) -> None:
        """Raise LabError for a lab that neither the course nor the book has."""
        known = sorted({*self.labs, *self.book.labs()})
        if lab not in known:
            labs = ", ".join(nearest(lab, known)) or "-"
            raise LabError(say('There is no lab "{lab}". The labs are: {labs}.', lab=lab, labs=labs))

    def page_notes(self, student: str) -> Iterator[Text]:
        """Yield how a mark reaches the student's page, where there is one beside the book."""
        folder = None if self.book.location.path is None else self.book.location.path.parent
        if folder is not None and (folder / f"{student}.html").is_file():
            yield say(
                "The page of {student} shows it after: grade report {folder} --format html --output {folder}",
                student=student,
                folder=typed(folder),
            )

    def late_notes(self, mark: Mark) -> Iterator[Text]:
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

    def standing_text(self, student: str, lab: str) -> Text:
        """Return how a student stands in a lab after a mark."""
        if lab not in self.book.labs():
            return say("Kept. {lab} has no result yet.", lab=lab)
        rows = self.sheet([lab]).rows
        person = self.book.person(student)
        standing = next((row.standings[0] for row in rows if row.student.student == person), None)
        if standing is None:
            return say("Kept. {student} has been withdrawn.", student=student)
        return say("{student}, {lab}: {standing}", student=student, lab=lab, standing=standing_text(standing))


@contextmanager
def teacher_at(book: str | None, course: Path | None, *, create: bool = False) -> Iterator[Teacher]:
    """Open the book that was named, or the one in this folder, with the settings of its course."""
    settings, labs, notes = _course(course)
    with open_book(here() / FILE if book is None else book, create=create) as opened:
        yield Teacher(opened, settings, labs=labs, notes=notes)


def import_class(teacher: Teacher, found: ClassList, paths: Sequence[Path]) -> tuple[Text, ...]:
    """Let the students in these files be the class; return how many there are, and who has results and is missing."""
    teacher.book.set_class_list(found.students, ", ".join(clean(path.name) for path in paths))
    listed = {student.student for student in found.students}
    others = [student for student in teacher.book.students() if student not in listed]
    texts = [say("The class of {book} is read. Students: {count}.", count=len(listed), book=teacher.book.location.name)]
    own = sum(one.student == one.canvas_id and not one.sis_user_id + one.sis_login_id for one in found.students)
    if own:
        texts.append(say("Students known by Canvas' own ID, as no SIS number is listed for them: {count}.", count=own))
    if found.left_out:
        texts.append(say("Rows without the name of a submission, which were left out: {count}.", count=found.left_out))
    if others:
        texts.append(say("They have results but are not in the class list: {students}", students=names_text(others)))
    return tuple(texts)


def rename(teacher: Teacher, old: str, new: str, *, comment: str, made_by: str | None) -> tuple[Text, ...]:
    """Let everything that a student has, and will have under the old name, be somebody's of the new one."""
    teacher.book.check_student(old)
    teacher.book.check_new_name(new)
    before = teacher.book.person(old)
    teacher.book.add_mark(Mark(ALL_LABS, old, "rename", comment=new, made_by=made_by))
    if comment:
        teacher.book.add_mark(Mark(ALL_LABS, old, "comment", comment=comment, made_by=made_by))
    after = teacher.book.person(old)
    if after == before:
        return (say("{student} is called so already.", student=after),)
    return (say("{old} is called {new} from now on, in every lab. The history stays.", old=old, new=after),)


def withdraw(teacher: Teacher, student: str, *, undo: bool, comment: str, made_by: str | None) -> tuple[Text, ...]:
    """Take a student off every page and export, or put one back."""
    teacher.book.check_student(student)
    kind: Kind = "return" if undo else "withdraw"
    teacher.book.add_mark(Mark(ALL_LABS, student, kind, comment=comment, made_by=made_by))
    if undo:
        return (say("{student} is in the class again.", student=student),)
    return (say("{student} is on no page and in no export any more. The history stays.", student=student),)


def import_times(teacher: Teacher, lab: str, paths: Sequence[Path]) -> tuple[Text, ...]:
    """Keep when each student handed in, from a platform's exports; return how many, and whose result is not here."""
    every = [row for path in paths for row in read_times(path, teacher.settings)]
    rows = [row for row in every if row.moment is not None]
    called, listed = teacher.book.called(lab), teacher.book.class_list()
    new, unknown = 0, []
    for row in rows:
        person = whose(row, called, listed)
        if person is None or row.moment is None:
            unknown.append(next(filter(None, (*row.numbers, *row.names)), "-"))
        else:
            new += teacher.book.add_time(lab, person, row.moment)
    texts = [say("Times of handing in that were read: {count}; new: {new}.", count=len(rows), new=new)]
    if unread := [row.unread for row in every if row.unread]:
        texts.append(
            say(
                "Not read as times: {times}. Write them as 2026-03-16 23:50, and read the file again.",
                times=names_text(unread),
            )
        )
    if unknown:
        texts.append(say("No result in {lab} is theirs: {students}", lab=lab, students=names_text(unknown)))
    return tuple(texts)


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
