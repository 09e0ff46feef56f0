"""The files of reports that records give in the formats asked for, and the records that a user names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader import reports
from grader.errors import LabError
from grader.messages.languages import common, spoken
from grader.messages.sentences import nearest, say
from grader.registry import module_in, names_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import ModuleType

    from grader.model import Language, LeftOut
    from grader.records.brief import AnyRecord, Either
    from grader.records.record import Record

AUDIT = ".audit.json"
"""How the file of an audit ends, which may lie beside records."""
RECORD = "json"
"""The format that is the record itself."""


AS_GRADED = frozenset({"csv", "json", "junit"})
"""The record, and tables of it for programs, are of what was graded. On all others, which a student reads, stands what
people have said in the gradebook."""


def as_graded(record: Record) -> Record:
    """Return a record as it is: nobody has corrected it."""
    return record


@dataclass(frozen=True, slots=True)
class Report:
    """A file to be written: its name, without a folder, and what is in it."""

    file: str
    content: str


def formats() -> tuple[str, ...]:
    """Return the names of the formats, without loading any."""
    return names_in(reports)


def check_formats(names: Iterable[str]) -> None:
    """Raise LabError, naming the formats, where a name is not a format."""
    for name in names:
        if name not in formats():
            allowed = ", ".join(nearest(name, formats()))
            raise LabError(say('There is no format "{name}". The formats are: {allowed}.', name=name, allowed=allowed))


def reports_of(
    records: Sequence[Record],
    names: Sequence[str],
    language: Language,
    *,
    is_class: bool,
    corrected: Callable[[Record], Record | None] = as_graded,
    left_out: Sequence[LeftOut] = (),
) -> Iterator[Report]:
    """Yield every file that these records give in these formats: each student's, then those of the class.

    `is_class` says whether a folder was named, or one submission; pages show records as `corrected`, and not those
    of which it returns None; `left_out` are
    the entries of the class folder of which there is no record.
    Raises LabError where two files would have one name or a student's name cannot be a file's.
    """
    for record in records:
        yield from student_reports(record, names, language, corrected=corrected)
    for shown, some in shown_in(names, records, corrected):
        yield from class_reports(shown, some, language, is_class=is_class, left_out=left_out)


def shown_in(
    names: Sequence[str], records: Sequence[Either], corrected: Callable[[Either], Either | None]
) -> Iterator[tuple[Sequence[Either], tuple[str, ...]]]:
    """Yield the formats together with the records that they show: pages corrected ones, the others as graded."""
    yield records, tuple(name for name in names if name in AS_GRADED)
    if pages := tuple(name for name in names if name not in AS_GRADED):
        yield tuple(shown for record in records if (shown := corrected(record)) is not None), pages


def student_reports(
    record: Record,
    names: Sequence[str],
    language: Language,
    *,
    corrected: Callable[[Record], Record | None] = as_graded,
) -> Iterator[Report]:
    """Yield the files of one student."""
    _refuse_name(record.student)
    for name in dict.fromkeys(names):
        module = module_in(reports, name)
        if hasattr(module, "render"):
            shown = corrected(record) if name not in AS_GRADED else record
            if shown is not None:
                yield Report(f"{record.student}.{module.ENDING}", module.render(shown, shown.spoken(language)))


def class_reports(
    records: Sequence[AnyRecord],
    names: Sequence[str],
    language: Language,
    *,
    is_class: bool,
    left_out: Sequence[LeftOut] = (),
) -> Iterator[Report]:
    """Yield the files of the class. `left_out` are the entries of its folder of which there is no record."""
    if is_class and (kit := next((record for record in records if record.kit), None)) is not None:
        raise LabError(
            say(
                "{student} was graded with a student's kit, with the public questions alone: that is no result of a "
                "class. Grade the notebook with the course.",
                student=kit.student,
            )
        )
    wanted = _of_class(names, [record.student for record in records], is_class=is_class)
    if not records or not wanted:
        return
    _refuse_mixture(records)
    language = spoken(common(record.languages for record in records), language)
    for file, module in wanted.items():
        shown = {"left_out": left_out} if getattr(module, "SHOWS_LEFT_OUT", False) else {}
        yield Report(file, module.render_class(records, language, **shown))


def files_of(students: Sequence[str], names: Sequence[str], *, is_class: bool) -> tuple[str, ...]:
    """Return the names of every file that the records of these students give in these formats."""
    endings = [module.ENDING for module in _modules(names) if hasattr(module, "render")]
    own = [f"{student}.{ending}" for student in students for ending in endings]
    return (*own, *_of_class(names, students, is_class=is_class))


def _modules(names: Sequence[str]) -> list[ModuleType]:
    return [module_in(reports, name) for name in dict.fromkeys(names)]


def _of_class(names: Sequence[str], students: Sequence[str], *, is_class: bool) -> dict[str, ModuleType]:
    """Return the formats that have a file for the class, by its name.

    A name that a student's file has already gets an underscore in front.
    """
    modules = _modules(names)
    wanted = [
        module
        for module in modules
        if hasattr(module, "render_class")
        and (is_class or not hasattr(module, "render") or getattr(module, "ALSO_FOR_ONE", False))
    ]
    endings = [module_in(reports, RECORD).ENDING, *(module.ENDING for module in modules if hasattr(module, "render"))]
    taken = {f"{student}.{ending}".casefold() for student in students for ending in endings}
    files = {}
    for module in wanted:
        file = module.CLASS_FILE
        while file.casefold() in taken:
            file = f"_{file}"
        files[file] = module
    return files


def read_records(paths: Sequence[Path]) -> tuple[Record, ...]:
    """Read the records that the user names: files, and folders of STUDENT.json.

    In a folder, the files of other formats are skipped. Raises LabError where a file is not a record, a folder has no
    record, or two records are of the same student and lab.
    """
    records = tuple(record for path in paths for record in (_in_folder(path) if path.is_dir() else [_load(path)]))
    (who, lab), count = Counter((record.student, record.lab) for record in records).most_common(1)[0]
    if count > 1:
        raise LabError(say("There are two records of {student} for {lab}: name one of them.", student=who, lab=lab))
    return records


def _in_folder(folder: Path) -> list[Record]:
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".json" and not path.name.startswith("."))
    except OSError as error:
        raise LabError(say("{file} cannot be read: {reason}.", file=folder, reason=error.strerror)) from error
    records = [record for file in files for record in _record_in(file)]
    if not records:
        raise LabError(
            say("There is no record in {folder}: expected STUDENT.json, as --output writes it.", folder=folder)
        )
    return records


def _record_in(file: Path) -> Iterator[Record]:
    """Yield the record in a file, and nothing if the file's name is that of another format or of an audit."""
    try:
        yield _load(file)
    except LabError:
        if not _is_other_formats(file):
            raise


def _load(file: Path) -> Record:
    from grader.records.record import load_record  # noqa: PLC0415 (heavy, and the names of the formats need none of it)

    return load_record(file)


def _is_other_formats(file: Path) -> bool:
    modules = [module_in(reports, name) for name in formats() if name != RECORD]
    return file.name.endswith(AUDIT) or any(
        file.name == getattr(module, "CLASS_FILE", None)
        or (hasattr(module, "ENDING") and file.name.endswith(f".{module.ENDING}"))
        for module in modules
    )


def _refuse_name(student: str) -> None:
    """Raise LabError for a name that would lead out of the folder, as only a forged record can have."""
    if student in {"", ".", ".."} or "\0" in student or Path(student).name != student:
        raise LabError(say('The name "{student}" in a record cannot be the name of a file.', student=student))


def _refuse_mixture(records: Sequence[AnyRecord]) -> None:
    labs = sorted({record.lab for record in records})
    if len(labs) > 1:
        raise LabError(
            say("These are records of several labs ({labs}): a page of the class is of one lab.", labs=", ".join(labs))
        )
