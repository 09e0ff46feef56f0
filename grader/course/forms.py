"""The forms in which a rubric writes an input: plain numbers and texts, arrays, and a form for all other values."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import Discriminator, Field, Tag

from grader.course.strict import Strict

DType: TypeAlias = Literal[
    "bool", "int8", "int16", "int32", "int64", "uint8", "float16", "float32", "float64", "complex128", "str"
]
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


NAMES = (*FORMS, "array")


def form_of(given: Any) -> str:  # noqa: ANN401 (whatever the file says)
    """Return which form an input is meant to have, so that a mistake is reported once; an unknown one as it is."""
    if isinstance(given, Strict):
        return next((form for form, model in FORMS.items() if isinstance(given, model)), "array")
    if isinstance(given, dict):
        known = [form for form in (*FORMS, "array") if form in given]
        return known[0] if known else str(next(iter(given), "array"))
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
    Discriminator(lambda given: "complex" if (form := form_of(given)) in TextForm.model_fields else form),
]
