"""Grading again from the page: one student, or everybody who failed a check, by the ordinary workflow in a thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from grader.errors import LabError, SaidError
from grader.gradebook.entries import names_text
from grader.messages.sentences import say
from grader.review.facts import FAILED
from grader.review.page import fragment
from grader.workflow.again import grade_again
from grader.workflow.options import Options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Text
    from grader.records.record import Record
    from grader.review.actions import Form
    from grader.review.page import Seen
    from grader.review.reading_page import Read
    from grader.review.reviewing import Reviewing, ReviewPlace


@dataclass(frozen=True, slots=True)
class GradingProgress:
    """How far a grading is: of `of` students `done`; `text` is what came of it, when it has ended."""

    done: int
    of: int
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

    def begin(self, students: Sequence[str], submissions: Path) -> None:
        """Begin to grade some students again; raise LabError while another grading is under way."""
        with self._changing:
            if self._progress is not None and self._progress.is_running:
                raise LabError(say("A grading is under way already: wait for its end."))
            self._progress = GradingProgress(0, len(students))
        options = options_of(self.reviewing.place, submissions)
        threading.Thread(target=self._grade, args=(options, students), daemon=True).start()

    def _grade(self, options: Options, students: Sequence[str]) -> None:
        try:
            missing = grade_again(options, students, self._graded)
        except SaidError as error:
            self._end(error.text)
            return
        except BaseException:
            self._end(say("The grading has failed: the terminal of `grade review` says more."))
            raise
        if missing:
            self._end(say("Graded again; not in the folder: {students}.", students=names_text(missing)))
        else:
            self._end(say("Graded again. Load the page anew to see it."))

    def _graded(self, _: Record) -> None:
        with self._changing:
            if self._progress is not None:
                self._progress = replace(self._progress, done=self._progress.done + 1)

    def _end(self, text: Text) -> None:
        with self._changing:
            if self._progress is not None:
                self._progress = replace(self._progress, text=text)


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
        "again.html.jinja", seen, address=address, checks=checks, progress=progress, text=text, place=place or ""
    )


def begin_again(regrading: Regrading, read: Read, form: Form, seen: Seen) -> str:
    """Begin to grade what was chosen again, and return how far it is."""
    typed = form.one("submissions").strip()
    submissions = Path(typed).expanduser().absolute() if typed else regrading.reviewing.place.submissions
    if submissions is None or not submissions.exists():
        raise LabError(
            say("There is no {file}. Name the folder of submissions that the class was graded from.", file=typed or "-")
        )
    regrading.begin(_whom(regrading.reviewing, read, form.one("whom")), submissions)
    return again_editor(regrading, read, seen)


def _whom(reviewing: Reviewing, read: Read, whom: str) -> tuple[str, ...]:
    """Return this student, or everybody who failed a check of this question, as their submissions are called."""
    if not whom:
        chosen = [read.turn]
    else:
        word = f"{FAILED}/{read.task.name}/{whom}"
        chosen = [turn for turn in reviewing.turns(read.task.name, word).every if word in turn.words]
    if not chosen:
        raise LabError(say("Nobody has failed this check: nothing was graded."))
    return tuple(reviewing.record(turn.result).student for turn in chosen)
