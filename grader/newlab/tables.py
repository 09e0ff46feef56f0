"""Tables among the answers: their names and dtypes are free, unless an assertion looks at them."""

from __future__ import annotations

import ast
from types import MappingProxyType
from typing import TYPE_CHECKING

from grader.model import DataTable, Series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.newlab.heard import Written

FREE: Mapping[str, str] = MappingProxyType({"names": "any", "dtypes": "any"})
LOOKING = frozenset(
    {
        *("assert_extension_array_equal", "assert_frame_equal", "assert_index_equal", "assert_series_equal"),
        *("columns", "dtype", "dtypes", "equals", "get_level_values", "info", "name", "names", "select_dtypes"),
    }
)
"""Functions, methods and attributes that look at a table's names or dtypes."""


def looks_at_names(nodes: Sequence[ast.AST]) -> bool:
    """Say whether some statements look at the names or the dtypes of a table."""
    inside = [one for node in nodes for one in ast.walk(node)]
    found = {one.attr for one in inside if isinstance(one, ast.Attribute)}
    return bool(LOOKING & (found | {one.id for one in inside if isinstance(one, ast.Name)}))


def left_free(
    judge: Mapping[str, object] | None, value: Written, looking: Sequence[ast.AST]
) -> Mapping[str, object] | None:
    """Return how a value is judged: a table by what is in it, where its names and dtypes are not looked at."""
    if (judge is not None and judge["kind"] != "close") or not _has_table(value) or looks_at_names(looking):
        return judge
    return {"kind": "close", **(judge or {}), **FREE}


def taken_strictly(
    judge: Mapping[str, object] | None, judges: Sequence[Mapping[str, object] | None]
) -> Mapping[str, object] | None:
    """Return a judge without what it leaves free of a table, where one of others compares that."""
    if judge is None:
        return None
    strict = {name for name in FREE for one in judges if (one or {}).get(name) != "any"}
    kept = {name: value for name, value in judge.items() if name not in strict}
    return kept if kept != {"kind": "close"} else None


def _has_table(value: Written) -> bool:
    match value:
        case Series() | DataTable():
            return True
        case list() | tuple():
            return any(map(_has_table, value))
        case dict():
            return any(map(_has_table, value.values()))
    return False
