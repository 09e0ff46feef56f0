"""Values <-> JSON, on both sides of the wall: no pickle, NumPy and the standard library only.

An argument keeps its type (int, float, text, array, list, tuple). An answer becomes an array: dtype, shape, bytes.
What arrives from a kernel is an allegation: everything is checked here, and anything out of form is a WireError.
"""

from __future__ import annotations

import base64
import binascii
import math
import numbers
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import numpy as np

from grader.model import (
    Died,
    Missing,
    NotAsked,
    NotAttempted,
    Observation,
    Place,
    Raised,
    Returned,
    TimedOut,
    Unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.model import Array, Value

Number = TypeVar("Number", int, float)
Word = TypeVar("Word", bound=str)

LARGEST_ARRAY_BYTES = 64 * 2**20
"""An answer larger than this is not looked at. The largest right answer of the course has 80 bytes a row."""

DEEPEST = 8
"""How deep lists may be nested in an argument."""

DTYPES = frozenset(
    {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
    | {"float16", "float32", "float64"}
)
MOST_AXES = 32
LONGEST_NAME = 200
LONGEST_MESSAGE = 2000


class WireError(ValueError):
    """Something on the wire is not of the form that `encode_*` writes."""


def encode_argument(value: Value) -> dict[str, Any]:
    """Return a JSON-able form of one argument; raise WireError for a value of any other type."""
    match value:
        case bool() | str():
            return {type(value).__name__: value}
        case int():
            return {"int": str(value)}  # text: JSON numbers lose digits beyond 2**53 elsewhere
        case float():
            return {"float": value.hex()}
        case list() | tuple():
            return {type(value).__name__: [encode_argument(item) for item in value]}
        case np.ndarray():
            return {"array": encode_array(value)}
    raise WireError(f"no argument can be of type {type(value).__name__}")


def decode_argument(form: object, *, depth: int = 0) -> Value:
    """Return the value that `encode_argument` was given, arrays as fresh copies."""
    if not isinstance(form, dict) or len(form) != 1 or depth > DEEPEST:
        raise WireError("an argument is an object with one key")
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
    """Return dtype, shape and the bytes (little-endian, C order, base64) of an array of numbers."""
    if array.dtype.name not in DTYPES:
        raise WireError(f"no array can be of dtype {array.dtype.name}")
    little = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    content = base64.b64encode(little.tobytes()).decode("ascii")
    return {"dtype": array.dtype.name, "shape": list(array.shape), "bytes": content}


def decode_array(form: object) -> Array:
    """Return a fresh, writable array; raise WireError unless dtype, shape and the number of bytes agree."""
    if not isinstance(form, dict) or set(form) != {"dtype", "shape", "bytes"}:
        raise WireError("an array has dtype, shape and bytes")
    name, shape, content = form["dtype"], form["shape"], form["bytes"]
    if not isinstance(name, str) or name not in DTYPES or not isinstance(content, str):
        raise WireError("an array's dtype is one of a fixed list, its bytes are text")
    if not isinstance(shape, list) or len(shape) > MOST_AXES:
        raise WireError("an array's shape is a list of a few lengths")
    if not all(type(length) is int and 0 <= length <= LARGEST_ARRAY_BYTES for length in shape):
        raise WireError("an array's lengths are whole numbers from 0")
    dtype = np.dtype(name).newbyteorder("<")
    size = math.prod(shape) * dtype.itemsize  # Python's integers: no overflow
    if size > LARGEST_ARRAY_BYTES or len(content) != 4 * ((size + 2) // 3):
        raise WireError("an array's bytes are as many as its dtype and shape say")
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WireError("an array's bytes are base64") from error
    if len(raw) != size:
        raise WireError("an array's bytes are as many as its dtype and shape say")
    return np.frombuffer(raw, dtype).reshape(shape).astype(np.dtype(name))


def observe(answer: object) -> Returned | Unreadable:
    """Say what a function gave back: numbers, lists, arrays and tensors become one array, all else Unreadable.

    Runs beside the student's code, so `answer` may do anything when it is touched; the caller deals with what it
    raises. bfloat16, which NumPy does not have, is widened to float32 and keeps its name.
    """
    found = type(answer).__name__[:LONGEST_NAME]
    if answer is None:
        return Unreadable("nothing", found)
    if isinstance(answer, str | bytes | bytearray | np.str_ | np.bytes_):
        return Unreadable("text", found)
    if callable(getattr(answer, "numpy", None)):
        answer = answer.numpy()  # type: ignore[attr-defined]  # a tensor of TensorFlow or PyTorch
    if isinstance(answer, numbers.Number) and not isinstance(answer, np.generic | int | float | complex):
        answer = float(answer)  # type: ignore[arg-type]  # Fraction, Decimal
    try:
        array = np.array(_plain(answer, 0))
    except ValueError:
        return Unreadable("ragged", found)
    return _read(array, found)


def _plain(answer: object, depth: int) -> object:
    """Return lists with the tensors in them made arrays."""
    if isinstance(answer, list | tuple) and depth < DEEPEST:
        return [_plain(item, depth + 1) for item in answer]
    if callable(getattr(answer, "numpy", None)):
        return answer.numpy()  # type: ignore[attr-defined]
    return answer


def _read(array: Array, found: str) -> Returned | Unreadable:
    name = array.dtype.name
    if name == "bfloat16":
        array = array.astype(np.float32)
    elif array.dtype.kind == "O":
        try:
            array = array.astype(np.float64)  # numbers of a type that NumPy does not know
        except (TypeError, ValueError):
            return Unreadable("text" if _holds_text(array) else "type", found)
        name = array.dtype.name
    elif array.dtype.kind in "US":
        return Unreadable("text", found)
    elif array.dtype.kind == "c":
        return Unreadable("complex", found)
    elif array.dtype.kind == "f" and name not in DTYPES:
        array = array.astype(np.float64)  # longdouble
        name = array.dtype.name
    if array.dtype.name not in DTYPES:
        return Unreadable("type", found)
    return Unreadable("large", found) if array.nbytes > LARGEST_ARRAY_BYTES else Returned(array, name)


def _holds_text(array: Array) -> bool:
    return any(isinstance(item, str) for item in array.ravel()[:10].tolist())


def encode_observation(observation: Observation) -> dict[str, Any]:
    """Return a JSON-able form of an observation."""
    match observation:
        case Returned(value, dtype):
            return {"returned": {"array": encode_array(value), "dtype": dtype}}
        case Raised(kind, message, place, function):
            content = {"kind": kind, "message": message, "place": encode_place(place), "function": function}
            return {"raised": content}
        case TimedOut(limit, seconds):
            return {"timed_out": {"limit": limit, "seconds": seconds}}
        case Missing(found):
            return {"missing": {"found": found}}
        case Died(signal):
            return {"died": {"signal": signal}}
        case Unreadable(reason, found):
            return {"unreadable": {"reason": reason, "found": found}}
        case NotAttempted():
            return {"not_attempted": {}}
        case NotAsked():
            return {"not_asked": {}}


def decode_observation(form: object) -> Observation:
    """Return what `encode_observation` was given; raise WireError for anything else."""
    if not isinstance(form, dict) or len(form) != 1:
        raise WireError("an observation is an object with one key")
    [(kind, content)] = form.items()
    if not isinstance(content, dict):
        raise WireError("an observation's content is an object")
    match kind:
        case "returned":
            return _decode_returned(content)
        case "raised":
            return Raised(
                kind=_text(content.get("kind"), LONGEST_NAME),
                message=_text(content.get("message"), LONGEST_MESSAGE),
                place=decode_place(content.get("place")),
                function=_optional_text(content.get("function")),
            )
        case "timed_out":
            return TimedOut(_one_of(content.get("limit"), "call", "submission"), _seconds(content.get("seconds")))
        case "missing":
            return Missing(_optional_text(content.get("found")))
        case "died":
            return Died(_optional_int(content.get("signal")))
        case "unreadable":
            return _decode_unreadable(content)
        case "not_attempted":
            return NotAttempted()
        case "not_asked":
            return NotAsked()
    raise WireError("no observation is of that kind")


def encode_place(place: Place | None) -> list[int | None] | None:
    """Return a place in the notebook as a cell and a line."""
    return None if place is None else [place.cell, place.line]


def decode_place(form: object) -> Place | None:
    """Return a place in the notebook, or None; raise WireError for anything but None or two whole numbers."""
    match form:
        case None:
            return None
        case [int(cell), (int() | None) as line]:
            return Place(cell, line)
    raise WireError("a place is a cell and a line")


def _decode_returned(content: dict[str, Any]) -> Returned:
    value = decode_array(content.get("array"))
    dtype = content.get("dtype")
    if dtype != value.dtype.name and (dtype, value.dtype.name) != ("bfloat16", "float32"):
        raise WireError("an answer's dtype is that of its array")
    return Returned(value, cast("str", dtype))


def _decode_unreadable(content: dict[str, Any]) -> Unreadable:
    reasons: tuple[Literal["nothing", "text", "ragged", "complex", "type", "large", "malformed"], ...] = (
        "nothing",
        "text",
        "ragged",
        "complex",
        "type",
        "large",
        "malformed",
    )
    return Unreadable(_one_of(content.get("reason"), *reasons), _text(content.get("found"), LONGEST_NAME))


def _number(read: Callable[[str], Number], content: str) -> Number:
    try:
        return read(content[:400])
    except (ValueError, OverflowError) as error:
        raise WireError("a number is written as one") from error


def _text(form: object, longest: int) -> str:
    if not isinstance(form, str):
        raise WireError("a text is a text")
    return form[:longest]


def _optional_text(form: object) -> str | None:
    return None if form is None else _text(form, LONGEST_NAME)


def _optional_int(form: object) -> int | None:
    if form is None or type(form) is int:
        return form
    raise WireError("a signal is a whole number")


def _seconds(form: object) -> float:
    if isinstance(form, bool) or not isinstance(form, int | float) or not math.isfinite(form):
        raise WireError("seconds are a number")
    return float(form)


def _one_of(form: object, *words: Word) -> Word:
    for word in words:
        if form == word:
            return word
    raise WireError(f"expected one of {', '.join(words)}")
