"""Writes values as JSON and reads them back, on both sides of the wall: no pickle, NumPy and the standard library only.

An argument keeps its type (int, float, text, array, list, tuple); an array is its dtype, shape and bytes. Nothing that
comes from a kernel is trusted: everything is checked here, and whatever is malformed raises a WireError.
"""

from __future__ import annotations

import base64
import binascii
import functools
import math
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.model import Array, Value

Number = TypeVar("Number", int, float)
Word = TypeVar("Word", bound=str)

LARGEST_ARRAY_BYTES = 8 * 2**20
"""Larger answers are not read. The largest right answer of the course has 80 bytes a row."""

DEEPEST = 8
"""How deep lists may be nested in an argument."""

DTYPES = frozenset(
    {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
    | {"float16", "float32", "float64"}
)
MOST_AXES = 32
LONGEST_NAME = 200
LONGEST_MESSAGE = 2000
LONGEST_NUMBER = 400
"""How many characters a number may have. Python's own limit is 4300 digits, float's 309."""


class WireError(ValueError):
    """Something on the wire does not have the form that `encode_*` writes."""


def copied(value: Value) -> Value:
    """Return a copy that shares no array or list with the value; `copy.deepcopy` takes up to three times as long."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list):
        return [copied(item) for item in value]
    return tuple(map(copied, value)) if isinstance(value, tuple) else value


def encode_argument(value: Value, *, depth: int = 0) -> dict[str, Any]:
    """Return one argument as JSON; raise WireError for a value that `decode_argument` would not read."""
    if depth > DEEPEST:
        raise WireError(f"lists are nested more than {DEEPEST} deep")
    match value:
        case bool():
            return {"bool": value}
        case str():
            return {"str": str(value)}
        case int() if abs(value) < 10 ** (LONGEST_NUMBER - 1):
            return {"int": str(int(value))}  # text: JSON numbers lose digits beyond 2**53 elsewhere
        case float():
            return {"float": value.hex()}
        case list():
            return {"list": [encode_argument(item, depth=depth + 1) for item in value]}
        case tuple():
            return {"tuple": [encode_argument(item, depth=depth + 1) for item in value]}
        case np.ndarray():
            return {"array": encode_array(value)}
    raise WireError(f"no argument can be of type {type(value).__name__}")


def decode_argument(form: object, *, depth: int = 0) -> Value:
    """Return the value that `encode_argument` was given, arrays as fresh copies."""
    if not isinstance(form, dict) or len(form) != 1 or depth > DEEPEST:
        raise WireError("expected an argument: an object with one key")
    [(kind, content)] = form.items()
    match kind, content:
        case ("bool", bool()) | ("str", str()):
            return cast("Value", content)
        case "int", str():
            return _number(int, content)
        case "float", str():
            return _number(float.fromhex, content)
        case "list", list():
            return [decode_argument(item, depth=depth + 1) for item in content]
        case "tuple", list():
            return tuple(decode_argument(item, depth=depth + 1) for item in content)
        case "array", _:
            return decode_array(content)
    raise WireError(f"no argument is of the kind {kind!r}")


def encode_array(array: Array) -> dict[str, Any]:
    """Return the dtype, shape and bytes (little-endian, C order, base64) of an array of numbers."""
    name = _name_of(array.dtype)
    if name not in DTYPES:
        raise WireError(f"no array can be of dtype {name}")
    little = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    content = base64.b64encode(little.tobytes()).decode("ascii")
    return {"dtype": name, "shape": list(array.shape), "bytes": content}


@functools.cache  # NumPy works it out anew each time, and there are thousands
def _name_of(dtype: np.dtype[Any]) -> str:
    return dtype.name


def decode_array(form: object) -> Array:
    """Return a fresh, writable array; raise WireError unless dtype, shape and the number of bytes agree."""
    if not isinstance(form, dict) or set(form) != {"dtype", "shape", "bytes"}:
        raise WireError("expected the dtype, shape and bytes of an array")
    name, shape, content = form["dtype"], form["shape"], form["bytes"]
    if not isinstance(name, str) or name not in DTYPES or not isinstance(content, str):
        raise WireError("expected a known dtype, and bytes as text")
    if not isinstance(shape, list) or len(shape) > MOST_AXES:
        raise WireError("expected a shape of few axes")
    if not all(type(length) is int and 0 <= length <= LARGEST_ARRAY_BYTES for length in shape):
        raise WireError("expected a shape of whole numbers from 0")
    dtype = np.dtype(name).newbyteorder("<")
    size = math.prod(shape) * dtype.itemsize  # Python's integers: no overflow
    # An array of no numbers may be long as well: a list of its rows, or a product with another one, takes memory.
    longest = math.prod(max(1, length) for length in shape) * dtype.itemsize
    if longest > LARGEST_ARRAY_BYTES or len(content) != 4 * ((size + 2) // 3):
        raise WireError("expected as many bytes as dtype and shape need")
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WireError("expected bytes in base64") from error
    if len(raw) != size:
        raise WireError("expected as many bytes as dtype and shape need")
    try:
        return np.frombuffer(raw, dtype).reshape(shape).astype(np.dtype(name))
    except ValueError as error:  # an array of no numbers may have any lengths
        raise WireError("expected a shape that NumPy can hold") from error


def _number(read: Callable[[str], Number], content: str) -> Number:
    if len(content) > LONGEST_NUMBER:
        raise WireError("expected a shorter number")
    try:
        return read(content)
    except (ValueError, OverflowError) as error:
        raise WireError("expected a number") from error


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
