"""Gives a plain value to a function: fresh, and as the library has it that the function expects.

pandas, SciPy, PyTorch and TensorFlow are imported only where a value is theirs.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.model import DataTable, Given, Labels, Masked, Series, Sparse, TableColumn, Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.model import Value


def fresh(value: Value, functions: Mapping[str, Callable[..., object]] | None = None) -> Any:  # noqa: ANN401 (any object)
    """Return a value as a function is given it: it shares no array, list or dict with this one.

    `functions` has those that a value names (see Given); KeyError for another name, ImportError without its library.
    """
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list):
        return [fresh(item, functions) for item in value]
    if isinstance(value, tuple):
        return tuple(fresh(item, functions) for item in value)
    match value:
        case frozenset():
            return set(value)
        case dict():
            return {key: fresh(item, functions) for key, item in value.items()}
        case Given(function):
            return (functions or {})[function]
        case Masked(values, mask):
            masked: Any = np.ma.masked_array
            return masked(values.copy(), mask.copy())
        case Tensor() | Sparse() | Series() | DataTable():
            return _of_a_library(value)
    return value


def library_of(value: Value) -> str | None:
    """Return the package, as it is imported, without which an argument cannot be given; None where NumPy is enough."""
    match value:
        case Tensor(library=library):
            return library
        case Sparse():
            return "scipy"
        case Series() | DataTable():
            return "pandas"
    return None


def _of_a_library(value: Tensor | Sparse | Series | DataTable) -> Any:  # noqa: ANN401 (any object)
    match value:
        case Tensor(values, "torch"):
            return importlib.import_module("torch").tensor(values)
        case Tensor(values):
            return importlib.import_module("tensorflow").constant(values)
        case Sparse(shape, rows, columns, values):
            sparse: Any = importlib.import_module("scipy.sparse")
            return sparse.csr_matrix((values.copy(), (rows, columns)), shape=shape)
        case Series(column, index, name):
            pandas: Any = importlib.import_module("pandas")
            return _series(pandas, column, _index(pandas, index), name=name)
        case DataTable(columns, labels, index):
            return _table(importlib.import_module("pandas"), columns, labels, index=index)


def _table(pandas: Any, columns: tuple[TableColumn, ...], labels: Labels, *, index: Labels) -> Any:  # noqa: ANN401 (a DataFrame)
    rows = _index(pandas, index)
    made = {place: _series(pandas, column, rows, name=None) for place, column in enumerate(columns)}
    table = pandas.DataFrame(made, index=rows)
    table.columns = _index(pandas, labels)
    return table


def _series(pandas: Any, column: TableColumn, index: Any, *, name: Any) -> Any:  # noqa: ANN401 (a Series)
    values = column.values.copy() if isinstance(column.values, np.ndarray) else list(column.values)
    return pandas.Series(values, index=index, name=name, dtype=column.dtype or None)


def _index(pandas: Any, labels: Labels) -> Any:  # noqa: ANN401 (an Index)
    if len(labels.names) > 1:
        return pandas.MultiIndex.from_tuples(labels.items, names=labels.names)
    return pandas.Index(list(labels.items), name=labels.names[0] if labels.names else None)
