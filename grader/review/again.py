"""Grading again from the page: one student, or everybody who failed a check, by the ordinary workflow in a thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

from grader.errors import LabError, SaidError
from grader.gradebook.entries import names_text
from grader.messages.sentences import say
from grader.review.facts import FAILED
from grader.review.page import fragment
from grader.review.reading_page import address_of
from grader.workflow.again import grade_again
from grader.workflow.options import Options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model import Text
    from grader.records.record import Record
    from grader.review.actions import Form
    from grader.review.page import Seen
    from grader.review.reading_page import Read
    from grader.review.reviewing import Reviewing, ReviewPlace

Outcome: TypeAlias = "tuple[object, ...]"


@dataclass(frozen=True, slots=True)
class GradingProgress:
    """How far a grading is: of `of` students `done`, and `changed` of them have another result than before.

    `text` is what came of it, when it has ended.
    """

    done: int
    of: int
    changed: int = 0
    text: Text | None = None

    @property
    def is_running(self) -> bool:
        """Say whether it is under way."""
        return self.text is None


class Regrading:
    """The one grading that may be under way. What it gives goes into the gradebook, and nothing is kept here."""

    def __init__(self, reviewing: Reviewing) -> None:
        self.reviewing = reviewing
        self._changing = threading.Lock()
        self._progress: GradingProgress | None = None

    @property
    def progress(self) -> GradingProgress | None:
        """Return how far the last one is; None where there was none."""
        return self._progress

    def begin(self, before: Mapping[str, Outcome], submissions: Path) -> None:
        """Begin to grade some students again, whose result was this; raise LabError while another one is under way."""
        with self._changing:
            if self._progress is not None and self._progress.is_running:
                raise LabError(say("A grading is under way already: wait for its end."))
            self._progress = GradingProgress(0, len(before))
        options = options_of(self.reviewing.place, submissions)
        threading.Thread(target=self._grade, args=(options, before), daemon=True).start()

    def _grade(self, options: Options, before: Mapping[str, Outcome]) -> None:
        def graded(record: Record) -> None:
            self._graded(is_changed=_outcome_of(record) != before.get(record.student))

        try:
            missing = grade_again(options, tuple(before), graded)
        except SaidError as error:
            self._end(error.text)
            return
        except BaseException:
            self._end(say("The grading has failed: the terminal of `grade review` says more."))
            raise
        if missing:
            self._end(say("Graded again; not in the folder: {students}.", students=names_text(missing)))
        else:
            self._end(self._outcome())

    def _outcome(self) -> Text:
        changed = 0 if self._progress is None else self._progress.changed
        if not changed:
            return say("Graded again. Nothing has changed: every result is the same.")
        return say("Graded again. Students whose result has changed: {count}.", count=changed)

    def _graded(self, *, is_changed: bool) -> None:
        with self._changing:
            if self._progress is not None:
                progress = self._progress
                self._progress = replace(progress, done=progress.done + 1, changed=progress.changed + is_changed)

    def _end(self, text: Text) -> None:
        with self._changing:
            if self._progress is not None:
                self._progress = replace(self._progress, text=text)


def _outcome_of(record: Record) -> Outcome:
    """Return what a grading says of a student, by which two of them are compared."""
    checks = (check for task in record.tasks for check in task.checks)
    verdicts = tuple((check.name, check.verdict, check.earned) for check in checks)
    return (record.submission.sha256, record.earned, record.ungraded is None, verdicts)


def options_of(place: ReviewPlace, submissions: Path) -> Options:
    """Return the options with which students of a lab are graded again, into the same place."""
    own = place.book.location.path
    is_beside = place.results is not None and own is not None and own.parent == place.results
    return Options(
        lab=place.lab,
        path=submissions,
        course=place.course,
        output=place.results,
        again=True,
        book=None if is_beside else place.book.location.url.render_as_string(hide_password=False),
    )


def again_editor(regrading: Regrading, read: Read, seen: Seen) -> str:
    """Return what can be graded again, or how far a grading is."""
    checks = [check.name for check in read.task.checks]
    address = f"/again/{quote(read.task.name, safe='')}/{read.turn.key}{seen.query}"
    progress = regrading.progress
    text = None if progress is None or progress.text is None else progress.text.in_language(seen.language)
    place = regrading.reviewing.place.submissions
    return fragment(
        "again.html.jinja",
        seen,
        address=address,
        checks=checks,
        progress=progress,
        text=text,
        place=place or "",
        page=address_of(read.task.name, read.turn.key) + seen.query,
    )


def begin_again(regrading: Regrading, read: Read, form: Form, seen: Seen) -> str:
    """Begin to grade what was chosen again, and return how far it is."""
    typed = form.one("submissions").strip()
    submissions = Path(typed).expanduser().absolute() if typed else regrading.reviewing.place.submissions
    if submissions is None:
        raise LabError(say("Nothing was graded: name the folder of submissions that the class was graded from."))
    if not submissions.exists():
        raise LabError(
            say("There is no {file}. Name the folder of submissions that the class was graded from.", file=submissions)
        )
    regrading.begin(_whom(regrading.reviewing, read, form.one("whom")), submissions)
    return again_editor(regrading, read, seen)


def _whom(reviewing: Reviewing, read: Read, whom: str) -> dict[str, Outcome]:
    """Return this student, or everybody who failed a check of this question, by the names of their submissions."""
    if not whom:
        chosen = [read.turn]
    else:
        word = f"{FAILED}/{read.task.name}/{whom}"
        chosen = [turn for turn in reviewing.turns(read.task.name, word).every if word in turn.words]
    if not chosen:
        raise LabError(say("Nobody has failed this check: nothing was graded."))
    records = (reviewing.record(turn.result) for turn in chosen)
    return {record.student: _outcome_of(record) for record in records}
