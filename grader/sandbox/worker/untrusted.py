"""What a kernel says is untrusted: only the right form is accepted, places are the notebook's, and texts made safe."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.messages.sentences import clean
from grader.model import (
    Died,
    Missing,
    NotAsked,
    NotAttempted,
    OverLimit,
    Raised,
    Refusal,
    Returned,
    TimedOut,
    Unfit,
    Unreadable,
)
from grader.networks.model import Alleged, Built, Description
from grader.sandbox.worker.known_parts import unknown_part
from grader.wire.descriptions import decode_description, is_description
from grader.wire.observations import decode_observation
from grader.wire.values import WireError

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.model import Limits, Observation, Place


def is_out_of_memory(kind: str, message: str) -> bool:
    """Say whether an exception is about memory: TensorFlow has one of its own."""
    return kind == "MemoryError" or (kind == "ResourceExhaustedError" and "OOM" in message)


def read_untrusted(untrusted: object, place_of: Callable[[object], Place | None], limits: Limits) -> Observation:
    """Return an observation, whatever a kernel sent; `place_of` turns its (execution count, line) into a place."""
    try:
        return _made_safe(decode_observation(untrusted), place_of, limits)
    except Exception:  # noqa: BLE001 (WireError, and all else that a form may bring about: it is the kernel's own)
        return Unreadable("malformed", "")


def _made_safe(observation: Observation, place_of: Callable[[object], Place | None], limits: Limits) -> Observation:
    match observation:
        case Raised(kind, message) if is_out_of_memory(kind, message):
            return OverLimit("memory", limits.memory_mib)
        case Raised():
            return _clean_raised(observation, place_of)
        case NotAttempted(place):
            return NotAttempted(None if place is None else place_of([place.cell, place.line]))
        case Unreadable(reason, found):
            return Unreadable(reason, clean(found))
        case Built():
            return _clean_built(observation)
        case Missing(found, name):
            return Missing(found and clean(found), name and clean(name))
        case Unfit():
            texts = {
                key: clean(getattr(observation, key)) for key in ("function", "returned", "needs", "kind", "message")
            }
            return Unfit(**texts)
        case TimedOut():  # it was interrupted, but not by the worker
            return Raised("KeyboardInterrupt", "")
        case Died() | OverLimit() | NotAsked():  # only this side can know that
            return Unreadable("malformed", "")
    return observation


def _clean_raised(raised: Raised, place_of: Callable[[object], Place | None]) -> Raised:
    """Return an exception with its place in the notebook, and its texts made safe."""
    place, function, refused = raised.place, raised.function, raised.refused
    return Raised(
        kind=clean(raised.kind),
        message=clean(raised.message),
        place=None if place is None else place_of([place.cell, place.line]),
        function=None if function is None else clean(function),
        refused=None if refused is None else clean_refusal(refused),
        bases=tuple(map(clean, raised.bases)),
    )


def clean_refusal(refusal: Refusal) -> Refusal:
    """Return a refusal with its name made safe."""
    return replace(refusal, name=clean(refusal.name))


def read_description(
    untrusted: object, place_of: Callable[[object], Place | None], limits: Limits
) -> Description | Alleged | Observation:
    """Return a network's description if all of its parts are Keras' own, or why there is none, or what came instead.

    A network that a kernel says to have inspected is none of these: it was asked for a description.
    """
    if not is_description(untrusted):
        seen = read_untrusted(untrusted, place_of, limits)
        return Unreadable("malformed", "") if isinstance(seen, Built | Returned) else seen
    try:
        described = decode_description(untrusted)
    except WireError:
        return Unreadable("malformed", "")
    why = unknown_part(described) if isinstance(described, Description) else described
    return described if why is None else Alleged(why.reason, clean(why.part))


def _clean_built(built: Built) -> Built:
    """Return a network's observation with its texts made safe."""
    trouble = built.trouble
    return replace(
        built,
        layers=tuple(
            replace(layer, kind=clean(layer.kind), activation=layer.activation and clean(layer.activation))
            for layer in built.layers
        ),
        loss=None if built.loss is None else clean(built.loss),
        optimizer=None if built.optimizer is None else clean(built.optimizer),
        trouble=trouble and replace(trouble, kind=clean(trouble.kind), message=clean(trouble.message)),
    )
