"""Cells of a notebook that raise: why, and what of the answers needs them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import PureWindowsPath
from traceback import extract_tb
from typing import TYPE_CHECKING

from grader.messages.sentences import say
from grader.newlab.beside import missing_name
from grader.source.model import CodePart
from grader.source.names import bound, parsed
from grader.source.reference import reference_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Text
    from grader.newlab.heard import FailedStatement, Heard
    from grader.source.model import Source

_CELL = re.compile(r"<cell (\d+)>")
"""The file that a cell's code is said to be of while it runs."""


def why(failed: FailedStatement, source: Source, heard: Heard) -> Text:
    """Return why a statement that raised is no question."""
    if is_consequence(failed, source):
        name = getattr(failed.error, "name", "")
        return say("it needs {name}, which the notebook does not get to: see what fails before", name=name)
    if isinstance(failed.error, KeyboardInterrupt):
        return _without_end(failed)
    if isinstance(failed.error, ModuleNotFoundError):
        name = str(failed.error.name).partition(".")[0]
        return say("the package {name} is not here: install it, and give the command again", name=name)
    if isinstance(failed.error, FileNotFoundError):
        return _without_file(failed.error, source)
    error = _shown(failed.error)
    if not _is_given(failed, source):
        return say("the notebook's own solution fails here: {error}", error=error)
    if names := tuple(_needing(failed, source, heard)):
        return say(
            "the cell stops here in the notebook itself: {error}. These need it: {names}",
            error=error,
            names=", ".join(names),
        )
    return say("the cell stops here in the notebook itself: {error}. Nothing that is asked needs it", error=error)


def is_consequence(failed: FailedStatement, source: Source) -> bool:
    """Say whether a name is not there that a statement of the notebook gives, which must have failed before."""
    name = failed.error.name if isinstance(failed.error, NameError) else None
    return name is not None and any(name in _bound(part.code) for part in source.parts if isinstance(part, CodePart))


def files_to_bring(source: Source, heard: Heard) -> tuple[str, ...]:
    """Return the files that were not found and without which an answer or a test does not come about."""
    found = {
        missing_name(one.error): None
        for one in heard.failed
        if isinstance(one.error, FileNotFoundError) and (one.test is not None or tuple(_needing(one, source, heard)))
    }
    return tuple(found)


def _without_end(failed: FailedStatement) -> Text:
    """Return what a statement is told that was stopped: where it was then, if a test had called a function."""
    seconds = f"{failed.seconds:.0f}"
    places = [(_CELL.fullmatch(one.filename), one.lineno) for one in extract_tb(failed.error.__traceback__)]
    inside = [(int(found[1]), line) for found, line in places if found is not None]
    if failed.test is not None and inside:
        return say(
            "it was still running after {seconds} s, and was stopped in cell In [{cell}], line {line}: is it a loop "
            "without an end? If it only takes long, let it do less",
            seconds=seconds,
            cell=inside[-1][0],
            line=inside[-1][1],
        )
    return say(
        "it was still running after {seconds} s, and was stopped here: is it a loop without an end? If it only "
        "takes long, let it do less",
        seconds=seconds,
    )


def _without_file(error: FileNotFoundError, source: Source) -> Text:
    name = missing_name(error)
    # Windows' paths are told by these rules, and all others too: a notebook may come from another system.
    if PureWindowsPath(name).anchor or ".." in name.split("/"):
        return say(
            "the file {name} lies outside the notebook's folder: put it beside the notebook, read it by its name "
            "there, and give the command again",
            name=name,
        )
    if (source.path.parent / name).exists():
        return say(
            "the file {name} was not taken along, for its name is put together in the code: write it there as one "
            "text, and give the command again",
            name=name,
        )
    return say("there is no file {name} beside the notebook: put it there, and give the command again", name=name)


def _is_given(failed: FailedStatement, source: Source) -> bool:
    """Say whether a statement stands in a cell in which students write nothing."""
    parts = [part for part in source.parts if isinstance(part, CodePart) and part.cell == failed.cell]
    return failed.test is None and not any(part.answers for part in parts)


def _needing(failed: FailedStatement, source: Source, heard: Heard) -> Iterator[str]:
    """Yield the answers that do not come about without a statement, and the names that tests miss of its cell."""
    for name, error in heard.broken.items():
        places = reference_text(source, frozenset({name})).places
        if error.partition("\n")[0] == _shown(failed.error) and any(cell == failed.cell for cell, _ in places):
            yield name
    parts = [part for part in source.parts if isinstance(part, CodePart) and part.cell == failed.cell]
    given = {name for part in parts for name in _bound(part.code)} - set(heard.broken)
    asked = [one.error for one in heard.failed if not _is_given(one, source)]
    missed = [error.name for error in asked if isinstance(error, NameError)]
    yield from dict.fromkeys(name for name in missed if name in given)


def _shown(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".strip(": ").partition("\n")[0][:200]


@cache
def _bound(code: str) -> frozenset[str]:
    tree = parsed(code)
    return frozenset(name for node in (tree.body if tree is not None else ()) for name in bound(node))
