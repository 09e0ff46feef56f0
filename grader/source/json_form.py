"""The JSON of a notebook that the staff wrote, read and checked so far that its cells can be gone through."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grader.errors import LabError
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

READABLE_FORMAT = 4


def notebook_in(path: Path) -> dict[str, Any]:
    """Return a notebook's JSON in format 4; raise LabError for a file that is none."""
    try:
        form = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise LabError(say("{file} cannot be read: {reason}", file=path, reason=error.strerror)) from error
    except (ValueError, RecursionError) as error:
        raise _no_notebook(path) from error
    if isinstance(form, dict) and "worksheets" in form and "cells" not in form:
        form = _renewed(form, path)
    cells = form.get("cells") if isinstance(form, dict) else None
    if not isinstance(cells, list) or not all(map(_is_cell, cells)):
        raise _no_notebook(path)
    return {**form, "nbformat": READABLE_FORMAT, "nbformat_minor": max(5, int(form.get("nbformat_minor") or 0))}


def source_of(cell: Mapping[str, Any]) -> str:
    """Return the text of a cell, with lines as they end everywhere."""
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def nbgrader_of(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what nbgrader has written about a cell; nothing where it has not."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def new_cells(cells: Sequence[tuple[Mapping[str, Any], str, str]], name: str) -> list[dict[str, Any]]:
    """Return cells with other texts and tags, and nothing else of the old ones but their kind, id and pictures.

    An output shows what a solution answers, and metadata may say anything. `name` begins the ids of cells without one.
    """
    made: list[dict[str, Any]] = []
    for number, (old, text, tag) in enumerate(cells):
        cell: dict[str, Any] = {
            "cell_type": old["cell_type"],
            "id": old.get("id") or f"{name}-{number}",
            "metadata": {"tags": [tag]} if tag else {},
            "source": text,
        }
        if old["cell_type"] == "code":
            cell |= {"execution_count": None, "outputs": []}
        elif "attachments" in old:
            cell["attachments"] = old["attachments"]
        made.append(cell)
    return made


def with_cells(form: Mapping[str, Any], cells: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a notebook of these cells; of the old one only the language and its kernel stay."""
    kept = {key: value for key, value in (form.get("metadata") or {}).items() if key in {"kernelspec", "language_info"}}
    return {"cells": list(cells), "metadata": kept, "nbformat": READABLE_FORMAT, "nbformat_minor": 5}


def _is_cell(cell: object) -> bool:
    if not isinstance(cell, dict) or cell.get("cell_type") not in {"code", "markdown", "raw"}:
        return False
    source = cell.get("source")
    return isinstance(source, str) or (isinstance(source, list) and all(isinstance(line, str) for line in source))


def _renewed(form: dict[str, Any], path: Path) -> Any:  # noqa: ANN401 (whatever nbformat makes of it)
    import nbformat  # noqa: PLC0415 (few notebooks are that old)

    try:
        return nbformat.convert(nbformat.from_dict(form), READABLE_FORMAT)
    except (AttributeError, LookupError, TypeError, ValueError, nbformat.ValidationError) as error:
        raise _no_notebook(path) from error


def _no_notebook(path: Path) -> LabError:
    return LabError(say("{file} is no notebook: its JSON cannot be read.", file=path))
