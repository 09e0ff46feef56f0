"""Makes the value that an input of a rubric stands for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from grader.course.forms import (
    FORMS,
    NAMES,
    ArrayInput,
    DictInput,
    FunctionInput,
    ListInput,
    MaskedInput,
    SeriesInput,
    SetInput,
    SparseInput,
    TableInput,
    TextForm,
    TupleInput,
    ValueInput,
    form_of,
)
from grader.course.strict import Strict, problem_of
from grader.messages.sentences import nearest_text, say
from grader.model import Array, DataTable, Given, Labels, Masked, Series, Sparse, TableColumn, Value
from grader.wire.plain import decode_value, encode_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.course.forms import Input
    from grader.model import Text

NUMBERS = "biufc"
EXAMPLES: Mapping[str, str] = MappingProxyType(
    {"complex": "1+2j", "fraction": "1/3", "decimal": "0.10", "date": "2026-01-31 or 2026-01-31T08:30", "bytes": "00ff"}
)


class FormError(ValueError):
    """An input is not what its form needs; `text` says what it needs."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def value_of(given: Input) -> Value:
    """Return the value that an input of the rubric stands for.

    Raises FormError for one that is not as its form needs it, ValueError for a ragged list or one with texts.
    """
    value = _value(given)
    encode_value(value)  # raises WireError, a ValueError, for what cannot be asked
    return value


def _value(given: Any) -> Value:  # noqa: ANN401 (an input)
    match given:
        case ArrayInput():
            return _array(given.array, given.dtype)
        case list():
            return _array(given, "float64")
        case Strict():
            return _formed(given)
    return given  # type: ignore[no-any-return]


def _formed(given: Strict) -> Value:
    match given:
        case ListInput(list=items):
            return list(map(_item, items))
        case TupleInput(tuple=items):
            return tuple(map(_item, items))
        case SetInput(set=items):
            return frozenset(map(_member, items))
        case DictInput(pairs=items):
            return {key: _item(item) for key, item in items.items()}
        case TextForm():
            return _of_text(given)
        case MaskedInput(masked=values, mask=mask):
            return _masked(_array(values, "float64"), _array(mask, "bool"))
        case SparseInput(sparse=rows):
            return _sparse(_array(rows, "float64"))
        case SeriesInput(series=values, name=name, index=index):
            return Series(_column(values), _labels(index, len(values)), name)
        case TableInput(table=columns, index=index):
            return _table(columns, index)
        case FunctionInput(function=name):
            return Given(name)
        case ValueInput(value=form):
            return decode_value(form)
    raise ValueError(type(given).__name__)


def _item(given: Any) -> Value:  # noqa: ANN401 (whatever the file says)
    """Return the value of an item of a list; raise ValueError for a form that is none."""
    match given:
        case list():
            return list(map(_item, given))
        case dict():
            return _value(_form(given))
    return given  # type: ignore[no-any-return]


def _form(given: dict[Any, Any]) -> Strict:
    form = form_of(given)
    if form not in FORMS and form != "array":
        raise FormError(
            say("there is no form {name}; allowed: {allowed}", name=form, allowed=nearest_text(form, NAMES))
        )
    model = ArrayInput if form == "array" else FORMS[form]
    try:
        return model.model_validate(given)
    except ValidationError as error:
        problem = problem_of(error.errors()[0])
        keys = ".".join(map(str, problem.keys)) or form
        raise FormError(say("{key}: {problem}", key=keys, problem=problem.text)) from error


def _member(given: Any) -> Any:  # noqa: ANN401 (same)
    value = _item(given)
    if isinstance(value, list | dict | np.ndarray):
        raise FormError(say("a set holds numbers, texts and tuples, and no list, dict or array"))
    return value


def _of_text(given: TextForm) -> Value:
    [(form, text)] = [(name, text) for name, text in given if text is not None]
    readers: dict[str, Any] = {
        "complex": complex,
        "fraction": Fraction,
        "decimal": Decimal,
        "date": _date,
        "bytes": bytes.fromhex,
    }
    try:
        return readers[form](text)  # type: ignore[no-any-return]
    except (ArithmeticError, InvalidOperation, ValueError) as error:
        example = EXAMPLES[form]
        raise FormError(
            say("{text} is no {form}; write it as {example}", text=text, form=form, example=example)
        ) from error


def _date(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) <= len("2026-01-01") else datetime.fromisoformat(text)


def _masked(values: Array, mask: Array) -> Masked:
    if values.shape != mask.shape:
        raise FormError(say("masked and mask must have the same shape"))
    return Masked(values, mask)


def _sparse(rows: Array) -> Sparse:
    height, width = rows.shape
    above, beside = (np.asarray(places, np.int64) for places in np.nonzero(rows))
    return Sparse((height, width), above, beside, values=rows[above, beside])


def _table(columns: dict[str, list[Any]], index: list[Any] | None) -> DataTable:
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        lengths_text = ", ".join(f"{name}: {len(values)}" for name, values in columns.items())
        raise FormError(say("all columns of a table must be of one length; here: {lengths}", lengths=lengths_text))
    found = tuple(map(_column, columns.values()))
    return DataTable(found, Labels(tuple(columns), (None,)), _labels(index, lengths.pop() if lengths else 0))


def _column(values: list[Any]) -> TableColumn:
    array = np.array(values) if values else np.zeros(0)
    if array.dtype.kind in NUMBERS and array.ndim == 1 and None not in values:
        return TableColumn(array, array.dtype.name)
    return TableColumn(tuple(map(_item, values)), "")


def _labels(index: list[Any] | None, count: int) -> Labels:
    items = tuple(range(count)) if index is None else tuple(map(_item, index))
    if len(items) != count:
        text = say(
            "index must have as many labels as there are values: {count}, not {labels}", count=count, labels=len(items)
        )
        raise FormError(text)
    return Labels(items, (None,))


def _array(numbers: list[Any], dtype: str) -> Array:
    array = np.array(numbers)  # raises ValueError when ragged
    if dtype == "str":
        return array.astype(str)
    if array.dtype.kind not in NUMBERS:
        raise ValueError("not numbers")
    with np.errstate(all="ignore"):  # what does not fit is found below
        cast = array.astype(dtype)
    if not np.isfinite(cast).all() or (dtype[0] not in "fc" and not np.array_equal(cast, array)):
        raise ValueError("out of range")
    return cast
