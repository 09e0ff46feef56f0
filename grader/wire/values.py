"""Writes arrays as JSON and reads them back, and reads texts and numbers, on both sides of the wall: without pickle.

An array is its dtype, shape and bytes. Nothing that comes from a kernel is trusted: everything is checked here, and
whatever is malformed raises a WireError.
"""

from __future__ import annotations

import base64
import binascii
import functools
import math
import re
import sys
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

if TYPE_CHECKING:
    from grader.model import Array

Word = TypeVar("Word", bound=str)

LARGEST_ARRAY_BYTES = 8 * 2**20
"""Larger answers are not read. The largest right answer of the course has 80 bytes a row."""

DTYPES = frozenset(
    {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
    | {"float16", "float32", "float64"}
)
"""Of numbers that are compared by a tolerance."""
OTHER_DTYPES = re.compile(r"complex(?:64|128)|str\d+|bytes\d+|(?:datetime64|timedelta64)(?:\[\d*[A-Za-z]{1,2}\])?")
"""By NumPy's names: complex numbers, text and bytes of a length in bits, dates and durations."""
MOST_AXES = 32
LONGEST_DTYPE = 20
LONGEST_NAME = 200
LONGEST_MESSAGE = 2000
LONGEST_NUMBER = 400
"""How many characters a number may have. Python's own limit is 4300 digits, float's 309."""


class WireError(ValueError):
    """Something on the wire does not have the form that `encode_*` writes."""


class PastBoundError(WireError):
    """A value passes a bound: it is nested too deep, of too many values, or too large."""

    def __init__(self, reason: Literal["deep", "many", "large"]) -> None:
        super().__init__(f"the value is too {reason}")
        self.reason = reason


def encode_array(array: Array) -> dict[str, Any]:
    """Return the dtype, shape and bytes (little-endian, C order, base64) of an array of numbers, texts or dates."""
    name = _name_of(array.dtype)
    if name not in DTYPES and not OTHER_DTYPES.fullmatch(name):
        raise WireError(f"no array can be of dtype {name}")
    little = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    content = base64.b64encode(little.tobytes()).decode("ascii")
    return {"dtype": name, "shape": list(array.shape), "bytes": content}


@functools.cache  # NumPy works it out anew each time, and there are thousands
def _name_of(dtype: np.dtype[Any]) -> str:
    return dtype.name


@functools.cache  # there are few: a dtype of texts is bounded by the length of the longest
def _dtype_of(name: str) -> np.dtype[Any]:
    if name in DTYPES:
        return np.dtype(name)
    if len(name) > LONGEST_DTYPE or not OTHER_DTYPES.fullmatch(name):
        raise WireError("expected a known dtype")
    kind, length = name.rstrip("0123456789"), name[len(name.rstrip("0123456789")) :]
    try:
        match kind:
            case "str":
                return np.dtype(f"U{int(length) // 32}")
            case "bytes":
                return np.dtype(f"S{int(length) // 8}")
        return np.dtype(name)
    except (TypeError, ValueError, OverflowError) as error:
        raise WireError("expected a known dtype") from error


def decode_array(form: object) -> Array:
    """Return a fresh, writable array; raise WireError unless dtype, shape and the number of bytes agree."""
    if not isinstance(form, dict) or set(form) != {"dtype", "shape", "bytes"}:
        raise WireError("expected the dtype, shape and bytes of an array")
    name, shape, content = form["dtype"], form["shape"], form["bytes"]
    if not isinstance(name, str) or not isinstance(content, str):
        raise WireError("expected a dtype, and bytes as text")
    plain = _dtype_of(name)
    if not isinstance(shape, list) or len(shape) > MOST_AXES:
        raise WireError("expected a shape of few axes")
    if not all(type(length) is int and 0 <= length <= LARGEST_ARRAY_BYTES for length in shape):
        raise WireError("expected a shape of whole numbers from 0")
    dtype = plain.newbyteorder("<")
    size = math.prod(shape) * dtype.itemsize  # Python's integers: no overflow
    # An array of no numbers may be long as well: a list of its rows, or a product with another one, takes memory.
    longest = math.prod(max(1, length) for length in shape) * dtype.itemsize
    if longest > LARGEST_ARRAY_BYTES or len(content) != 4 * ((size + 2) // 3):
        raise WireError("expected as many bytes as dtype and shape need")
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WireError("expected bytes in base64") from error
    if len(raw) != size or (plain.kind == "U" and not _is_text(raw)):
        raise WireError("expected as many bytes as dtype and shape need")
    try:
        return np.frombuffer(raw, dtype).reshape(shape).astype(plain) if size else np.zeros(shape, plain)
    except ValueError as error:  # an array of no numbers may have any lengths
        raise WireError("expected a shape that NumPy can hold") from error


def _is_text(raw: bytes) -> bool:
    """Say whether it is what NumPy holds of texts: a number for each character."""
    return bool(np.all(np.frombuffer(raw, "<u4") <= sys.maxunicode))


def text(form: object, longest: int) -> str:
    """Return a text, cut at `longest` characters; raise WireError for anything else."""
    if not isinstance(form, str):
        raise WireError("expected a text")
    return form[:longest]


def optional_text(form: object) -> str | None:
    """Return a name, or None."""
    return None if form is None else text(form, LONGEST_NAME)


def optional_int(form: object) -> int | None:
    """Return a whole number, or None."""
    if form is None or type(form) is int:
        return form
    raise WireError("expected a whole number")


def number(form: object) -> float:
    """Return a finite number."""
    if isinstance(form, bool) or not isinstance(form, int | float):
        raise WireError("expected a finite number")
    try:
        value = float(form)
    except OverflowError as error:
        raise WireError("expected a finite number") from error
    if not math.isfinite(value):
        raise WireError("expected a finite number")
    return value


def one_of(form: object, *words: Word) -> Word:
    """Return the form if it is one of the words; else raise WireError."""
    for word in words:
        if form == word:
            return word
    raise WireError(f"expected one of {', '.join(words)}")
