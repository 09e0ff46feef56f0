"""Tables side by side: columns and their names, the index and its name, dtypes, and then the values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from grader.comparing.kinds import dtype_kind, kind_text
from grader.comparing.rule import Difference, part_step, quoted
from grader.messages.sentences import say
from grader.model import DataTable, Labels, Series, TableColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.comparing.rule import Comparison
    from grader.model import Text, Value

    Compare: TypeAlias = Callable[[Value, Value, Comparison], Difference | None]

MOST_NAMED = 5


def table_difference(
    observed: DataTable, expected: DataTable, how: Comparison, *, inside: Compare
) -> Difference | None:
    """Return the first difference of two tables; rows and columns may be in another order where the rule says so."""
    if how.order in {"columns", "any"}:
        observed = _reordered(observed, expected)
    if (found := _columns(observed, expected, how)) is not None:
        return found
    if len(observed.index.items) != len(expected.index.items):
        return _sizes(observed, expected, how)
    if how.order in {"rows", "any"}:
        observed = _sorted_rows(observed, expected, how, inside=inside)
    if (found := _labels(observed.index, expected.index, how, part=say("the index"))) is not None:
        return found
    for label, one, other in zip(expected.labels.items, observed.columns, expected.columns, strict=True):
        step = part_step(say("column {name}", name=quoted(label)))
        if (found := _values(one, other, how.into(step), inside=inside, labels=expected.index.items)) is not None:
            return found
    return None


def series_difference(observed: Series, expected: Series, how: Comparison, *, inside: Compare) -> Difference | None:
    """Return the first difference of two Series; their values may be in another order where the rule says so."""
    name = Labels((), (expected.name,))
    if (found := _names(Labels((), (observed.name,)), name, how.into(part_step(say("the name"))))) is not None:
        return found
    one, other = _as_table(observed), _as_table(expected)
    if len(observed.index.items) != len(expected.index.items):
        return _sizes(observed, expected, how)
    if how.order in {"rows", "any"}:
        one = _sorted_rows(one, other, how, inside=inside)
    if (found := _labels(one.index, other.index, how, part=say("the index"))) is not None:
        return found
    seen, wanted = one.columns[0], other.columns[0]
    if (found := _dtypes(seen, wanted, how)) is not None:
        return found
    return _values(seen, wanted, how, inside=inside, labels=expected.index.items)


def _as_table(series: Series) -> DataTable:
    return DataTable((series.column,), Labels(("values",), (None,)), series.index)


def _reordered(observed: DataTable, expected: DataTable) -> DataTable:
    """Return a table with its columns in the expected order, where both have the same ones."""
    places = {label: place for place, label in enumerate(observed.labels.items) if _is_hashable(label)}
    wanted = [places.get(label) if _is_hashable(label) else None for label in expected.labels.items]
    known = [place for place in wanted if place is not None]
    if len(known) != len(wanted) or sorted(known) != list(range(len(observed.columns))):
        return observed
    columns = tuple(observed.columns[place] for place in known)
    items = tuple(observed.labels.items[place] for place in known)
    return replace(observed, columns=columns, labels=replace(observed.labels, items=items))


def _is_hashable(label: object) -> bool:
    try:
        hash(label)
    except TypeError:
        return False
    return True


def _columns(observed: DataTable, expected: DataTable, how: Comparison) -> Difference | None:
    here, wanted = list(map(quoted, observed.labels.items)), list(map(quoted, expected.labels.items))
    if absent := [label for label in wanted if label not in here]:
        text = say("there is no column {names}", names=_listed(absent))
        return Difference(how.path, text, "structure", hidden=_other_columns())
    if extra := [label for label in here if label not in wanted]:
        text = say("there is a column too many: {names}", names=_listed(extra))
        return Difference(how.path, text, "structure", hidden=_other_columns())
    if here != wanted:
        text = say("the columns are in another order: expected {names}", names=_listed(wanted))
        return Difference(how.path, text, "structure", hidden=say("the columns are in another order"))
    found = _names(observed.labels, expected.labels, how.into(part_step(say("the names of the columns"))))
    if found is not None:
        return found
    for label, one, other in zip(wanted, observed.columns, expected.columns, strict=True):
        step = part_step(say("column {name}", name=label))
        if (found := _dtypes(one, other, how.into(step))) is not None:
            return found
    return None


def _dtypes(observed: TableColumn, expected: TableColumn, how: Comparison) -> Difference | None:
    if not how.dtypes or dtype_kind(observed.dtype) == dtype_kind(expected.dtype):
        return None
    text = say("the dtype is {observed}; {expected} is expected", observed=observed.dtype, expected=expected.dtype)
    return Difference(how.path, text, "structure", hidden=say("the dtype of a column is not the expected one"))


def _other_columns() -> Text:
    return say("the columns are not the expected ones")


def _sizes(observed: DataTable | Series, expected: DataTable | Series, how: Comparison) -> Difference:
    text = say("expected {expected}, observed {observed}", expected=kind_text(expected), observed=kind_text(observed))
    return Difference(how.path, text, "structure", hidden=say("the number of rows is not the expected one"))


def _labels(observed: Labels, expected: Labels, how: Comparison, *, part: Text) -> Difference | None:
    step = how.into(part_step(part))
    here, wanted = list(map(quoted, observed.items)), list(map(quoted, expected.items))
    if here == wanted:
        return _names(observed, expected, step)
    place = next(place for place, pair in enumerate(zip(here, wanted, strict=True)) if pair[0] != pair[1])
    text = say(
        "label {place} is {observed}; {expected} is expected", place=place, observed=here[place], expected=wanted[place]
    )
    return Difference(step.path, text, "structure", hidden=say("the labels of the index are not the expected ones"))


def _names(observed: Labels, expected: Labels, how: Comparison) -> Difference | None:
    if not how.names or observed.names == expected.names:
        return None
    here, wanted = (_listed(list(map(quoted, labels.names))) for labels in (observed, expected))
    text = say("named {observed}; {expected} is expected", observed=here, expected=wanted)
    hidden = say("the name of a Series, an index or the columns is not the expected one")
    return Difference(how.path, text, "structure", hidden=hidden)


def _values(
    observed: TableColumn, expected: TableColumn, how: Comparison, *, inside: Compare, labels: Sequence[Value]
) -> Difference | None:
    if isinstance(observed.values, np.ndarray) and isinstance(expected.values, np.ndarray):
        return _in_row(inside(observed.values, expected.values, how), labels)
    cells = zip(_cells(observed), _cells(expected), labels, strict=True)
    for one, other, label in cells:
        if one is None or other is None:
            found = None if _is_missing(one) and _is_missing(other) else Difference(how.path, _missing_text(one))
        else:
            found = inside(one, other, how)
        if found is not None:
            return replace(found, path=(*found.path, part_step(say("row {label}", label=quoted(label)))))
    return None


def _in_row(found: Difference | None, labels: Sequence[Value]) -> Difference | None:
    """Return a difference within a column with the label of its row in the place of a number."""
    if found is None or not found.path or not found.path[-1].text:
        return found
    label = labels[int(found.path[-1].text.strip("[]"))]
    return replace(found, path=(*found.path[:-1], part_step(say("row {label}", label=quoted(label)))))


def _missing_text(observed: Value) -> Text:
    return say("a value is missing") if _is_missing(observed) else say("no value is expected here")


def _is_missing(cell: Value) -> bool:
    return cell is None or (isinstance(cell, float) and np.isnan(cell))


def _cells(column: TableColumn) -> Sequence[Value]:
    if isinstance(column.values, np.ndarray):
        return [
            column.values[place] if column.values.dtype.kind in "Mm" else column.values[place].item()
            for place in range(len(column.values))
        ]
    return column.values


def _sorted_rows(observed: DataTable, expected: DataTable, how: Comparison, *, inside: Compare) -> DataTable:
    """Return a table with its rows in the expected order: by labels where they say which is which, else by values."""
    here, wanted = list(map(quoted, observed.index.items)), list(map(quoted, expected.index.items))
    are_telling = len(set(wanted)) == len(wanted) and sorted(here) == sorted(wanted) and not _is_counted(expected.index)
    if are_telling:
        places = {label: place for place, label in enumerate(here)}
        return _taken(observed, [places[label] for label in wanted])
    rows, left, order = _rows(observed), list(range(len(here))), []
    for row in _rows(expected):
        fit = next((place for place in left if inside(rows[place], row, how) is None), left[0])
        left.remove(fit)
        order.append(fit)
    found = _taken(observed, order)
    is_meaningless = _is_counted(expected.index) and _is_left_over(observed.index)
    return replace(found, index=expected.index) if is_meaningless else found


def _is_counted(index: Labels) -> bool:
    """Say whether rows are only counted, from 0, in whatever order."""
    items = index.items
    return all(isinstance(item, int) for item in items) and sorted(items) == list(range(len(items)))


def _is_left_over(index: Labels) -> bool:
    """Say whether rows have nothing but numbers, which a table keeps where rows are dropped or sorted."""
    return index.names == (None,) and all(isinstance(item, int) for item in index.items)


def _rows(table: DataTable) -> list[tuple[Value, ...]]:
    columns = [[_nothing(cell) for cell in _cells(column)] for column in table.columns]
    return list(zip(*columns, strict=True)) if columns else [()] * len(table.index.items)


def _nothing(cell: Value) -> Value:
    return None if _is_missing(cell) else cell


def _taken(table: DataTable, order: Sequence[int]) -> DataTable:
    columns = tuple(
        replace(
            column,
            values=column.values[list(order)]
            if isinstance(column.values, np.ndarray)
            else tuple(column.values[place] for place in order),
        )
        for column in table.columns
    )
    return replace(
        table, columns=columns, index=replace(table.index, items=tuple(table.index.items[place] for place in order))
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
