"""Who is in the class, what they are called and when they handed in: what a teacher at the gradebook changes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.gradebook.entries import Mark, names_text
from grader.gradebook.people import ALL_LABS
from grader.gradebook.times import read_times, whose
from grader.messages.sentences import clean, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.gradebook.class_file import ClassList
    from grader.gradebook.entries import Kind
    from grader.gradebook.teacher import Teacher
    from grader.model import Text


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
