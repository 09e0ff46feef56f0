"""Writes the description of a network as JSON and reads it back. Nothing in it is trusted.

What the parts are that a description names is not looked at here: that is `sandbox.worker.known_parts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.networks.model import Alleged, Description
from grader.wire.networks import LIBRARIES, decode_alleged, encode_alleged
from grader.wire.values import WireError, decode_array, encode_array, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.model import Array

MOST_WEIGHT_BYTES = 9 * 2**20
"""All weights together, 2.3 million numbers: a reply may have 14 MiB, and base64 makes three bytes four."""
MOST_ARRAYS = 2000
MOST_PARTS = 50_000
"""Of a configuration: a Dense layer has some sixty objects, lists, names and numbers in it."""
DEEPEST_PART = 60
LONGEST_TEXT = 1000


def encode_description(description: Description | Alleged) -> dict[str, Any]:
    """Return a description, or why there is none, as JSON."""
    if isinstance(description, Alleged):
        return {"undescribed": encode_alleged(description)}
    return {
        "described": {
            "network": description.network,
            "compiled": description.compiled,
            "weights": [encode_array(array) for array in description.weights],
            "library": description.library,
        }
    }


def is_description(form: object) -> bool:
    """Say whether a form is meant to be what `encode_description` writes."""
    return isinstance(form, dict) and len(form) == 1 and ("described" in form or "undescribed" in form)


def decode_description(form: object) -> Description | Alleged:
    """Return what `encode_description` was given; raise WireError for anything else."""
    match form:
        case {"undescribed": content}:
            return decode_alleged(content)
        case {
            "described": {
                "network": dict(network),
                "compiled": dict() | None as compiled,
                "weights": list(weights),
            } as form
        }:
            _refuse_other_than_json(network)
            _refuse_other_than_json(compiled or {})
            library = one_of(form.get("library"), *LIBRARIES)
            return Description(network, compiled, tuple(_decode_weights(weights)), library=library)
    raise WireError("expected the description of a network")


def _decode_weights(forms: list[Any]) -> Iterator[Array]:
    if len(forms) > MOST_ARRAYS:
        raise WireError(f"expected at most {MOST_ARRAYS} arrays of weights")
    left = MOST_WEIGHT_BYTES
    for form in forms:
        array = decode_array(form)
        left -= array.nbytes
        if left < 0:
            raise WireError(f"expected weights of at most {MOST_WEIGHT_BYTES} bytes")
        yield array


def _refuse_other_than_json(form: Mapping[str, Any]) -> None:
    """Raise WireError for a configuration that is too large or too deep, or has a text that is too long."""
    waiting: list[tuple[object, int]] = [(form, 0)]
    parts = 0
    while waiting:
        part, depth = waiting.pop()
        parts += 1
        if parts > MOST_PARTS or depth > DEEPEST_PART:
            raise WireError("expected a smaller configuration")
        match part:
            case dict():
                waiting.extend((inner, depth + 1) for pair in part.items() for inner in pair)
            case list():
                waiting.extend((inner, depth + 1) for inner in part)
            case str() if len(part) > LONGEST_TEXT:
                raise WireError("expected shorter texts in a configuration")
            case None | bool() | int() | float() | str():
                continue
            case _:
                raise WireError("expected JSON")
