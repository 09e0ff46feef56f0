"""Turns answers into observations, writes these as JSON and reads them back, on both sides of the wall.

Nothing that comes from a kernel is trusted: whatever `encode_observation` would not write raises a WireError.
"""

from __future__ import annotations

import numbers
from dataclasses import asdict, replace
from typing import Any, Literal, TypeAlias, cast, get_args

import numpy as np

from grader.model import (
    Array,
    Died,
    Missing,
    NotAsked,
    NotAttempted,
    Observation,
    OverLimit,
    PassedOver,
    Place,
    Raised,
    Refusal,
    Returned,
    Structured,
    TimedOut,
    Unfit,
    Unreadable,
)
from grader.networks.model import Built
from grader.wire.networks import decode_built, encode_built
from grader.wire.plain import DEEPEST, decode_value, encode_value
from grader.wire.reading import NotPlainError, out_of, plain_of
from grader.wire.values import (
    DTYPES,
    LARGEST_ARRAY_BYTES,
    LONGEST_MESSAGE,
    LONGEST_NAME,
    MOST_AXES,
    PastBoundError,
    WireError,
    decode_array,
    encode_array,
    number,
    one_of,
    optional_int,
    optional_text,
    text,
)

Reason: TypeAlias = Literal[
    "nothing",
    "text",
    "ragged",
    "complex",
    "type",
    "network",
    "module",
    "large",
    "malformed",
    "several",
    "deep",
    "many",
]
MOST_BASES = 20
SEVERAL = 2
What: TypeAlias = Literal[
    "package", "program", "network", "keyboard", "debugger", "file", "magic", "device", "screen", "variable", "language"
]
Limit: TypeAlias = Literal["memory", "output", "disk", "files", "depth", "processes", "threads", "messages"]


def observe(answer: object) -> Returned | Unreadable:
    """Return numbers, lists, arrays and tensors as one array, and anything else as Unreadable.

    This runs beside the student's code, so `answer` may do anything when it is touched; the caller handles whatever it
    raises. bfloat16, which NumPy does not have, is widened to float32 and keeps its name.
    """
    seen = _observed(answer)
    if not isinstance(answer, tuple) or len(answer) < SEVERAL:
        return seen
    if isinstance(seen, Returned):
        return replace(seen, values=len(answer))
    return Unreadable("several", str(len(answer))) if seen.reason in {"ragged", "type", "text"} else seen


def observe_value(answer: object) -> Structured | Unreadable:
    """Return any plain value as it is, and anything else as Unreadable."""
    try:
        value = plain_of(answer)
        encode_value(value)  # raises where a bound is passed
    except NotPlainError as error:
        return Unreadable("type", error.found)
    except PastBoundError as error:
        return Unreadable(error.reason, type(answer).__name__[:LONGEST_NAME])
    return Structured(value)


def _observed(answer: object) -> Returned | Unreadable:
    found = type(answer).__name__[:LONGEST_NAME]
    if answer is None:
        return Unreadable("nothing", found)
    if isinstance(answer, str | bytes | bytearray | np.str_ | np.bytes_):
        return Unreadable("text", found)
    if callable(getattr(answer, "numpy", None)):
        answer = out_of(answer)
    if isinstance(answer, numbers.Number) and not isinstance(answer, np.generic | int | float | complex):
        answer = float(answer)  # type: ignore[arg-type]  # Fraction, Decimal
    try:
        array = np.array(_plain(answer, 0))
    except ValueError:
        return Unreadable("ragged" if isinstance(answer, list | tuple) else "type", found)
    return _read(array, found)


def _plain(answer: object, depth: int) -> object:
    """Return lists with arrays in the place of tensors."""
    if isinstance(answer, list | tuple) and depth < DEEPEST:
        return [_plain(item, depth + 1) for item in answer]
    return out_of(answer) if callable(getattr(answer, "numpy", None)) else answer


def _read(array: Array, found: str) -> Returned | Unreadable:
    name = array.dtype.name
    if name == "bfloat16":
        array = array.astype(np.float32)
    elif array.dtype.kind == "O":
        try:
            array = _numbers_in(array)
        except (TypeError, ValueError, OverflowError):
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
    is_large = array.nbytes > LARGEST_ARRAY_BYTES or array.ndim > MOST_AXES
    return Unreadable("large", found) if is_large else Returned(array, name)


def _numbers_in(array: Array) -> Array:
    """Return numbers of types that NumPy does not know. NumPy alone would also read None as NaN, and "0.5" as 0.5."""
    if not all(isinstance(item, numbers.Number) for item in array.ravel().tolist()):
        raise TypeError
    return array.astype(np.float64)


def _holds_text(array: Array) -> bool:
    return any(isinstance(item, str | bytes) for item in array.ravel().tolist())


def encode_observation(observation: Observation) -> dict[str, Any]:
    """Return an observation as JSON."""
    match observation:
        case Returned(value, dtype, values):
            several = {} if values is None else {"values": values}
            return {"returned": {"array": encode_array(value), "dtype": dtype, **several}}
        case Raised(kind, message, place, function):
            content = {"kind": kind, "message": message, "place": encode_place(place), "function": function}
            bases = list(observation.bases)
            return {"raised": {**content, "refused": encode_refusal(observation.refused), "bases": bases}}
        case TimedOut(limit, seconds):
            return {"timed_out": {"limit": limit, "seconds": seconds}}
        case Missing(found, name):
            return {"missing": {"found": found, "name": name}}
        case Died(signal):
            return {"died": {"signal": signal}}
        case OverLimit():
            return {"over_limit": encode_over(observation)}
        case Unreadable(reason, found):
            return {"unreadable": {"reason": reason, "found": found}}
        case Built():
            return {"built": encode_built(observation)}
        case NotAttempted(place):
            return {"not_attempted": {"place": encode_place(place)}}
        case NotAsked():
            return {"not_asked": {}}
        case Structured(value):
            return {"structured": {"value": encode_value(value)}}
        case Unfit():
            return {"unfit": asdict(observation)}


def decode_observation(form: object) -> Observation:
    """Return what `encode_observation` was given; raise WireError for anything else."""
    if not isinstance(form, dict) or len(form) != 1:
        raise WireError("expected an observation: an object with one key")
    [(kind, content)] = form.items()
    if not isinstance(content, dict):
        raise WireError("expected an object as the content of an observation")
    match kind:
        case "returned":
            return _decode_returned(content)
        case "raised":
            return Raised(
                kind=text(content.get("kind"), LONGEST_NAME),
                message=text(content.get("message"), LONGEST_MESSAGE),
                place=decode_place(content.get("place")),
                function=optional_text(content.get("function")),
                refused=decode_refusal(content.get("refused")),
                bases=_bases(content.get("bases", [])),
            )
        case "timed_out":
            return TimedOut(one_of(content.get("limit"), "call", "submission"), number(content.get("seconds")))
        case "missing":
            return Missing(optional_text(content.get("found")), optional_text(content.get("name")))
        case "died":
            return Died(optional_int(content.get("signal")))
        case "over_limit":
            return decode_over(content)
        case "built":
            return decode_built(content)
        case "unreadable":
            return _decode_unreadable(content)
        case "not_attempted":
            return NotAttempted(decode_place(content.get("place")))
        case "not_asked":
            return NotAsked()
        case "structured":
            return Structured(decode_value(content.get("value")))
        case "unfit":
            return Unfit(
                function=text(content.get("function"), LONGEST_NAME),
                returned=text(content.get("returned"), LONGEST_NAME),
                needs=text(content.get("needs"), LONGEST_NAME),
                kind=text(content.get("kind"), LONGEST_NAME),
                message=text(content.get("message"), LONGEST_MESSAGE),
            )
    raise WireError("no observation is of that kind")


def _bases(form: object) -> tuple[str, ...]:
    if not isinstance(form, list) or len(form) > MOST_BASES:
        raise WireError("expected the names of classes")
    return tuple(text(name, LONGEST_NAME) for name in form)


def encode_place(place: Place | None) -> list[int | None] | None:
    """Return a place in the notebook as a cell and a line."""
    return None if place is None else [place.cell, place.line]


def decode_place(form: object) -> Place | None:
    """Return a place in the notebook, or None; raise WireError for anything but None or two whole numbers."""
    match form:
        case None:
            return None
        case [int(cell), line] if not isinstance(cell, bool):
            return Place(cell, optional_int(line))
    raise WireError("expected a cell and a line")


def encode_refusal(refusal: Refusal | None) -> list[str] | None:
    """Return a refusal as what was refused and its name."""
    return None if refusal is None else [refusal.what, refusal.name]


def decode_refusal(form: object) -> Refusal | None:
    """Return a refusal, or None; raise WireError for anything but None or one of the known words with a text."""
    match form:
        case None:
            return None
        case [what, name]:
            known: What = one_of(what, *get_args(What))
            return Refusal(known, text(name, LONGEST_NAME))
    raise WireError("expected what was refused and its name")


def encode_passed_over(passed: PassedOver) -> list[Any]:
    """Return a statement that was passed over as its place and the refusal."""
    return [encode_place(passed.place), encode_refusal(passed.refusal)]


def decode_passed_over(form: object) -> PassedOver:
    """Return what `encode_passed_over` was given; raise WireError for anything else."""
    match form:
        case [place, refusal] if (where := decode_place(place)) and (what := decode_refusal(refusal)):
            return PassedOver(where, what)
    raise WireError("expected a place and a refusal")


def encode_over(over: OverLimit) -> dict[str, Any]:
    """Return a limit that was passed as JSON."""
    return {"limit": over.limit, "allowed": over.allowed, "reached": over.reached}


def decode_over(form: dict[str, Any]) -> OverLimit:
    """Return what `encode_over` was given; raise WireError for anything else."""
    limit: Limit = one_of(form.get("limit"), *get_args(Limit))
    allowed = optional_int(form.get("allowed"))
    if allowed is None:
        raise WireError("expected how much is allowed")
    return OverLimit(limit, allowed, optional_int(form.get("reached")))


def _decode_returned(content: dict[str, Any]) -> Returned:
    value = decode_array(content.get("array"))
    dtype = content.get("dtype")
    if dtype != value.dtype.name and (dtype, value.dtype.name) != ("bfloat16", "float32"):
        raise WireError("expected the dtype of the array")
    return Returned(value, cast("str", dtype), optional_int(content.get("values")))


def _decode_unreadable(content: dict[str, Any]) -> Unreadable:
    reason: Reason = one_of(content.get("reason"), *get_args(Reason))
    return Unreadable(reason, text(content.get("found"), LONGEST_NAME))
