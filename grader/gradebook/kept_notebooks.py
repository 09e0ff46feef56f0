"""What was handed in, kept in the gradebook for people to read: compressed, once for all who handed in the same file.

Every function works in the transaction of the connection that it is given.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from grader.gradebook.entries import write_moment
from grader.gradebook.tables import notebooks, results, submissions, task_cells
from grader.submission.saved_notebook import SavedCell, SavedNotebook, SavedOutput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from grader.records.record import Record

FAST = 1
"""Pictures, most of what there is, are compressed already."""


def add_notebook(connection: Connection, lab: str, notebook: SavedNotebook) -> None:
    """Keep what was handed in, unless it is there already."""
    if not has_notebook(connection, lab, notebook.content):
        kept_at = write_moment(datetime.now(UTC))
        values = {"lab": lab, "content": notebook.content, "cells": _packed(notebook), "kept_at": kept_at}
        connection.execute(insert(notebooks).values(values))


def has_notebook(connection: Connection, lab: str, content: str) -> bool:
    """Say whether what was handed in is kept, by its sha256."""
    query = select(notebooks.c.id).filter_by(lab=lab, content=content)
    return connection.execute(query).scalar() is not None


def read_notebook(connection: Connection, lab: str, content: str) -> SavedNotebook | None:
    """Return what was handed in, by its sha256; None where it is not kept."""
    packed = connection.execute(select(notebooks.c.cells).filter_by(lab=lab, content=content)).scalar()
    return None if packed is None else _unpacked(content, packed)


def add_task_cells(connection: Connection, record: Record, result: int) -> None:
    """Keep a digest of the cells of each task that a person reads, where they are known and not kept yet."""
    wanted = dict(cells_to_read(record))
    content = record.submission.sha256
    if not wanted or content is None or task_digests(connection, [result]):
        return
    if (notebook := read_notebook(connection, record.lab, content)) is not None:
        rows = [
            {"result_id": result, "task": task, "cells": notebook.digest(numbers)} for task, numbers in wanted.items()
        ]
        connection.execute(insert(task_cells), rows)


def task_digests(connection: Connection, found: Iterable[int]) -> Mapping[tuple[int, str], str]:
    """Return the digests of some results' cells, by the result's row and the task."""
    query = select(task_cells).where(task_cells.c.result_id.in_(list(found)))
    return {(row.result_id, row.task): row.cells for row in connection.execute(query)}


def digest_of(connection: Connection, lab: str, content: str, *, task: str) -> str:
    """Return the digest of a task's cells in what was handed in, as it was graded last; "" where it is not known."""
    query = (
        select(task_cells.c.cells)
        .join_from(task_cells, results)
        .join(submissions, submissions.c.result_id == results.c.id)
        .where(results.c.lab == lab, results.c.submission_sha256 == content, task_cells.c.task == task)
        .order_by(submissions.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar() or ""


def cells_to_read(record: Record) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield each task that a person reads, and the numbers of its cells in the notebook, from 0."""
    for task in record.tasks:
        if task.manual is not None:
            yield task.name, task.manual.cells


def _packed(notebook: SavedNotebook) -> bytes:
    form = {"cells": [_written(cell) for cell in notebook.cells], "without_outputs": notebook.without_outputs}
    text = json.dumps(form, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), FAST)


def _written(cell: SavedCell) -> dict[str, Any]:
    """Return a cell as JSON, without what is empty."""
    form = {key: value for key, value in asdict(cell).items() if value}
    if "outputs" in form:
        form["outputs"] = [{key: value for key, value in one.items() if value} for one in form["outputs"]]
    return form


def _unpacked(content: str, packed: bytes) -> SavedNotebook:
    form = json.loads(zlib.decompress(packed))
    return SavedNotebook(content, tuple(map(_cell, form["cells"])), without_outputs=form["without_outputs"])


def _cell(form: dict[str, Any]) -> SavedCell:
    outputs = tuple(SavedOutput(**one) for one in form.pop("outputs", ()))
    tags = tuple(form.pop("tags", ()))
    return SavedCell(form["kind"], form.get("source", ""), tags=tags, id=form.get("id", ""), outputs=outputs)
