"""What was left out of a class folder, in a hidden file beside the records, so that a later report shows it too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from grader.errors import LabError
from grader.messages.languages import narrowed
from grader.messages.sentences import LANGUAGES, say
from grader.model import LeftOut
from grader.output import write_file
from grader.records.chart_data import RecordPart
from grader.records.record import Words, words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.model import Language

FILE = ".{lab}.left-out.json"


class LeftOutPart(RecordPart):
    """An entry of the class folder, and why there is no record of it."""

    name: str
    because: Words


def store_left_out(
    folder: Path, lab: str, left_out: Sequence[LeftOut], *, languages: Sequence[Language] = LANGUAGES
) -> None:
    """Store what a class folder had beside its submissions, in place of what was stored before."""
    file = folder / FILE.format(lab=lab)
    if left_out or file.exists():
        parts = tuple(LeftOutPart(name=one.name, because=words(one.because)) for one in left_out)
        form = narrowed(_form().dump_python(parts, mode="json", by_alias=True), languages)
        write_file(file, json.dumps(form, ensure_ascii=False, indent=1) + "\n")


def stored_left_out(folder: Path, lab: str) -> tuple[LeftOut, ...]:
    """Return what is stored; nothing where no class was graded. Raises LabError for a file that is something else."""
    file = folder / FILE.format(lab=lab)
    try:
        parts = _form().validate_json(file.read_bytes())
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise LabError(say("{file} cannot be read: {reason}", file=file, reason=error.strerror)) from error
    except ValidationError as error:
        raise LabError(
            say(
                "{file} is not the grader's list of what was left out of the class folder: "
                "delete it, or grade the class again.",
                file=file,
            )
        ) from error
    return tuple(LeftOut(part.name, part.because.text) for part in parts)


def _form() -> TypeAdapter[tuple[LeftOutPart, ...]]:
    return TypeAdapter(tuple[LeftOutPart, ...])
