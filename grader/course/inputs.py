"""What a rubric may write as the input of a function: plain numbers and texts, arrays, and whatever has a form."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeAlias, get_args

import numpy as np
from pydantic import Discriminator, Field, Tag

from grader.course.strict import Strict
from grader.model import Array, DataTable, Given, Labels, Masked, Series, Sparse, TableColumn, Value
from grader.wire.plain import decode_value, encode_value

DType: TypeAlias = Literal[
    "bool", "int8", "int16", "int32", "int64", "uint8", "float16", "float32", "float64", "complex128", "str"
]
NUMBERS = "biufc"
NUMERIC_DTYPES = frozenset(get_args(DType)) - {"complex128", "str"}


class ArrayInput(Strict):
    """An array of a dtype other than float64."""

    array: list[Any]
    dtype: DType


class ListInput(Strict):
    """A plain Python list: of numbers, texts, lists, and whatever is written as one of these forms."""

    list: list[Any]  # noqa: A003 (it is the word in the rubric)


class TupleInput(Strict):
    """The same as a tuple."""

    tuple: list[Any]


class SetInput(Strict):
    """The same as a set."""

    set: list[Any]


class DictInput(Strict):
    """A dict; its keys are texts and numbers, its values whatever may stand in a list."""

    pairs: Annotated[dict[str | int | float | bool, Any], Field(alias="dict")]


class TextForm(Strict):
    """A value that YAML does not have, as text: a complex number, a fraction, a decimal, a date, bytes as hex."""

    complex: str | None = None
    fraction: str | None = None
    decimal: str | None = None
    date: str | None = None
    bytes: str | None = None


class MaskedInput(Strict):
    """A masked array: the mask has true where there is no number."""

    masked: list[Any]
    mask: list[Any]


class SparseInput(Strict):
    """A sparse matrix, written as its rows."""

    sparse: list[list[float]]


class SeriesInput(Strict):
    """A pandas Series; without an index its values are counted from 0."""

    series: list[Any]
    name: str | None = None
    index: list[Any] | None = None


class TableInput(Strict):
    """A pandas DataFrame: the values of each column; without an index its rows are counted from 0."""

    table: dict[str, list[Any]]
    index: list[Any] | None = None


class FunctionInput(Strict):
    """A function of probes/LAB.py."""

    function: str


class ValueInput(Strict):
    """Any value, as a student's kit writes it."""

    value: dict[str, Any]


FORMS: dict[str, type[Strict]] = {
    "list": ListInput,
    "tuple": TupleInput,
    "set": SetInput,
    "dict": DictInput,
    "masked": MaskedInput,
    "sparse": SparseInput,
    "series": SeriesInput,
    "table": TableInput,
    "function": FunctionInput,
    "value": ValueInput,
    **dict.fromkeys(TextForm.model_fields, TextForm),
}


def _form_of(given: Any) -> str:  # noqa: ANN401 (whatever the file says)
    """Return which form an input is meant to have, so that a mistake in it is reported once."""
    if isinstance(given, Strict):
        return next((form for form, model in FORMS.items() if isinstance(given, model)), "array")
    if isinstance(given, dict):
        return next((form for form in FORMS if form in given), "array")
    return "numbers" if isinstance(given, list) else "plain"


Plain: TypeAlias = bool | int | Annotated[float, Field(allow_inf_nan=False)] | str | None
Input: TypeAlias = Annotated[
    Annotated[Plain, Tag("plain")]
    | Annotated[list[Any], Tag("numbers")]
    | Annotated[ArrayInput, Tag("array")]
    | Annotated[ListInput, Tag("list")]
    | Annotated[TupleInput, Tag("tuple")]
    | Annotated[SetInput, Tag("set")]
    | Annotated[DictInput, Tag("dict")]
    | Annotated[TextForm, Tag("complex")]
    | Annotated[MaskedInput, Tag("masked")]
    | Annotated[SparseInput, Tag("sparse")]
    | Annotated[SeriesInput, Tag("series")]
    | Annotated[TableInput, Tag("table")]
    | Annotated[FunctionInput, Tag("function")]
    | Annotated[ValueInput, Tag("value")],
    Discriminator(lambda given: "complex" if (form := _form_of(given)) in TextForm.model_fields else form),
]


def value_of(given: Input) -> Value:
    """Return the value that an input of the rubric stands for; raise ValueError for a ragged list or one with texts."""
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
            form = _form_of(given)
            model = ArrayInput if form == "array" else FORMS[form]
            return _value(model.model_validate(given))
    return given  # type: ignore[no-any-return]


def _member(given: Any) -> Any:  # noqa: ANN401 (same)
    value = _item(given)
    if isinstance(value, list | dict | np.ndarray):
        raise ValueError("a set has no lists")  # noqa: TRY004 (it is told as all else that is no value)
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
    except (ArithmeticError, InvalidOperation) as error:
        raise ValueError(text) from error


def _date(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) <= len("2026-01-01") else datetime.fromisoformat(text)


def _masked(values: Array, mask: Array) -> Masked:
    if values.shape != mask.shape:
        raise ValueError("the mask has another shape")
    return Masked(values, mask)


def _sparse(rows: Array) -> Sparse:
    height, width = rows.shape
    above, beside = (np.asarray(places, np.int64) for places in np.nonzero(rows))
    return Sparse((height, width), above, beside, values=rows[above, beside])


def _table(columns: dict[str, list[Any]], index: list[Any] | None) -> DataTable:
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise ValueError("columns of several lengths")
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
        raise ValueError("as many labels as values")
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
