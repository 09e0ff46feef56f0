"""Where the results go: records, reports and the gradebook; and what an output folder already holds of a class.

A record is still good if the submission, the course, the grader and the seed are those that it was made with. The seed
of a class is stored beside its records: without --seed the first call draws one, and later calls use it again.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from grader import __version__
from grader.errors import LabError
from grader.output import write_file
from grader.workflow.output_folder import SEED_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

    from grader.course.lab import Lab
    from grader.gradebook.book import Book
    from grader.gradebook.corrected import Corrections
    from grader.model import LeftOut, Submission
    from grader.records.brief import Brief, Either
    from grader.records.record import Record
    from grader.submission.saved_notebook import SavedNotebook
    from grader.workflow.log import Log
    from grader.workflow.options import Options
    from grader.workflow.reporting import Report


class Store:
    """Stores records where the options say: in the gradebook, which this context opens, then as files."""

    def __init__(self, options: Options, *, is_class: bool) -> None:
        self._options = options
        self._is_class = is_class
        self._stack = ExitStack()
        self._book: Book | None = None
        self._corrections: Corrections | None = None

    def __enter__(self) -> Self:
        """Open the gradebook, if there is to be one; raise LabError where that fails, before anything is graded."""
        own = self._options.output if self._is_class else None
        if (place := self._options.book or own) is not None:
            from grader.gradebook.book import open_book  # noqa: PLC0415 (heavy, and not always needed)
            from grader.gradebook.corrected import corrections_in  # noqa: PLC0415 (same)

            self._book = self._stack.enter_context(open_book(place))
            self._corrections = corrections_in(self._book, self._options.course, self._options.lab)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def add(self, record: Record, *, path: Path | None = None, alone: bool = False) -> None:
        """Store one record, whole or not at all, `alone` or with its reports; raise LabError where it cannot be.

        The gradebook also keeps the notebook at `path`, for people to read.
        """
        from grader.workflow.reporting import RECORD, student_reports  # noqa: PLC0415 (heavy; loads while the worker starts)

        names = () if self._options.output is None else (RECORD, *(() if alone else self._options.formats))
        reports = tuple(student_reports(record, names, self._options.language))  # before any of it is kept
        try:
            if self._book is not None:
                self._book.add(record, notebook=_not_kept_yet(self._book, record, path))
                if self._corrected(record) is not record:
                    reports = tuple(student_reports(record, names, self._options.language, corrected=self._corrected))
        finally:  # a gradebook that refuses it costs no file
            self._write(reports)

    def add_class(self, records: Sequence[Brief], left_out: Sequence[LeftOut] = ()) -> None:
        """Write the reports on the class, and what was left out of its folder."""
        from grader.messages.languages import common  # noqa: PLC0415 (same)
        from grader.records.left_out import store_left_out  # noqa: PLC0415 (heavy; loads while the worker starts)
        from grader.workflow.reporting import class_reports, shown_in  # noqa: PLC0415 (heavy; loads while the worker starts)

        if self._options.output is None:
            return
        options = self._options
        languages = common(record.languages for record in records)
        store_left_out(self._options.output, options.lab, left_out, languages=languages)
        for shown, names in shown_in(options.formats, records, self._corrected):
            made = class_reports(shown, names, options.language, is_class=self._is_class, left_out=left_out)
            self._write(made)

    def files(self, student: str) -> tuple[str, ...]:
        """Return the names of the files that are written of a student and of the class."""
        from grader.workflow.reporting import RECORD, files_of  # noqa: PLC0415 (heavy; loads while the worker starts)

        names = dict.fromkeys((RECORD, *self._options.formats))
        return files_of([student], tuple(names), is_class=self._is_class)

    def _corrected(self, record: Either) -> Either | None:
        """Return a record as its student should read it: with what the gradebook says on top of it, if it is shown."""
        return record if self._corrections is None else self._corrections.on(record)

    def _write(self, reports: Iterable[Report]) -> None:
        for report in reports:
            if self._options.output is not None:
                write_file(self._options.output / report.file, report.content)


def _not_kept_yet(book: Book, record: Record, path: Path | None) -> SavedNotebook | None:
    """Return what was handed in, where a gradebook does not have it yet."""
    content = record.submission.sha256
    if path is None or content is None or book.has_notebook(record.lab, content):
        return None
    from grader.submission.saved_notebook import read_saved_notebook  # noqa: PLC0415 (only where there is a gradebook)

    return read_saved_notebook(path, content)


def store_somehow(record: Record, store: Store, log: Log) -> None:
    """Store a record with its reports, or alone; where neither can be done, it is only shown."""
    for alone in (False, True):
        try:
            store.add(record, alone=alone)
        except Exception as error:  # noqa: BLE001 (logged)
            log.failure(error, record.student)
        else:
            return


def stored_record(output: Path | None, submission: Submission, lab: Lab, seed: int) -> Record | None:
    """Return the record of a submission if nothing has changed since it was graded, else None."""
    if output is None or not (path := output / f"{submission.student}.json").is_file():
        return None
    from grader.records.record import load_record  # noqa: PLC0415 (heavy; loads while the worker starts)

    try:
        record = load_record(path)
    except LabError:  # another file, or a record of an older version: it is written anew
        return None
    made_of = (record.lab, record.student, record.submission.sha256, record.submission.helpers_sha256)
    same = made_of == (lab.name, submission.student, submission.sha256, submission.helpers_sha256)
    made_by = (record.course_sha256, record.seed, record.versions.get("labgrader"))
    good = record.ungraded is None and made_by == (lab.sha256, seed, __version__)
    return record if same and good else None


def stored_seed(output: Path | None, lab: str) -> int | None:
    """Return the seed that an output folder was begun with; None where there is none."""
    if output is None:
        return None
    try:
        text = _seed_file(output, lab).read_text("utf-8")
    except OSError:
        return None
    return int(text) if text.strip().isdecimal() else None


def store_seed(output: Path | None, lab: str, seed: int) -> None:
    """Store the seed that a class is graded with."""
    if output is not None and stored_seed(output, lab) != seed:
        write_file(_seed_file(output, lab), f"{seed}\n")


def _seed_file(output: Path, lab: str) -> Path:
    return output / SEED_FILE.format(lab=lab)
