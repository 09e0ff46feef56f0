"""Records as their students read them: with the score that holds in the gradebook, and what it is made of.

The records themselves stay as they were graded. A correction is seen on pages alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.course.folder import course_or_kits
from grader.course.settings import read_settings
from grader.gradebook.corrected_tasks import with_tasks
from grader.gradebook.feedback import request_texts, standing_text
from grader.gradebook.standing import standing_of
from grader.messages.sentences import quote, say
from grader.records.brief import Brief
from grader.records.record import words

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.settings import Settings
    from grader.gradebook.book import Book
    from grader.gradebook.entries import Result
    from grader.gradebook.standing import Standing
    from grader.model import Text
    from grader.records.brief import AnyRecord, Either


@dataclass(frozen=True, slots=True, eq=False)
class Corrections:
    """What a gradebook says on top of records, by the late policy of a course."""

    book: Book
    settings: Settings

    def on(self, record: Either) -> Either | None:
        """Return a record with the score that holds, where that is another one or a teacher has said something.

        None where it is on no page: its student has left, or is called otherwise and has another record that counts.
        """
        found = self.book.stands(record.lab, record.student)
        if found.has_left:
            return None
        if found.result is None:
            return record
        if found.result.record().student != record.student:
            return None
        if not _is_of(found.result, record):
            return record  # another result counts: what was said of that one may not hold for this
        standing = standing_of(
            record.student,
            record.lab,
            points=record.points,
            result=found.result,
            remarks=found.remarks,
            settings=self.settings,
        )
        return corrected(record, standing)


def corrections_in(book: Book, course: Path | None, lab: str) -> Corrections | None:
    """Return what a gradebook says of a lab, by the course that was named or is here; None where it can say nothing.

    Raises LabError for a mistake in the course's settings.
    """
    found = course_or_kits(course)
    settings = read_settings(found.folder, found.lab_names())
    is_said = settings.lab(lab).due is not None or book.marks(lab) or book.is_read(lab) or book.withdrawn()
    return Corrections(book, settings) if is_said else None


def corrected(record: Either, standing: Standing) -> Either:
    """Return a record with what a standing says on top of it; in brief it says the points alone."""
    if standing.so_far == record.earned and not _is_anything_said(standing):
        return record
    score = record.earned if standing.excused or standing.so_far is None else standing.so_far
    shown = with_tasks(record, standing)
    if isinstance(shown, Brief):
        return replace(shown, earned=score)
    told: list[Text] = [say("In the gradebook: {standing}", standing=standing_text(standing))]
    told += [say("From your teacher: {comment}", comment=quote(comment)) for comment in standing.comments]
    told += [text for request in standing.requests for text in request_texts(request)]
    return shown.model_copy(update={"earned": score, "notes": (*map(words, told), *record.notes)})


def _is_anything_said(standing: Standing) -> bool:
    """Say whether people have said something of a student, beside the points."""
    of_tasks = any(task.overridden or (task.reading is not None and task.reading.is_read) for task in standing.tasks)
    return bool(standing.excused or standing.comments or standing.requests or of_tasks)


def _is_of(result: Result, record: AnyRecord) -> bool:
    """Say whether a result is of the same contents, questions and points as a record."""
    seen = (result.submission_sha256, result.seed, result.earned)
    return seen == (record.submission.sha256, record.seed, record.earned)
