"""Whether a description of a network of PyTorch names nothing but parts of PyTorch's own, and has the form of one.

Every word that the clean kernel looks up, or calls, is held against `networks.torch_parts` here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.networks.torch_parts import (
    ATTRIBUTES,
    DTYPES,
    FUNCTIONS,
    LAYERS,
    LOSS_FUNCTIONS,
    LOSSES,
    METHODS,
    OPTIMIZERS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.networks.model import Description

NAMES = {"function": FUNCTIONS, "method": METHODS, "attribute": ATTRIBUTES}


def unknown_torch_part(description: Description) -> str | None:
    """Return the name of the first part that is not PyTorch's own, "" for a form of no network; else None."""
    return next(_unknown(description), None)


def _unknown(description: Description) -> Iterator[str]:
    network, compiled = description.network, description.compiled
    if network.keys() != {"layers", "trained", "steps", "steps_in_training"} or compiled is None:
        yield ""
        return
    yield from _unknown_layers(network["layers"])
    for steps in (network["steps"], network["steps_in_training"]):
        yield from _unknown_steps(steps)
    yield from _unknown_loss(compiled.get("loss"))
    yield from _unknown_optimizer(compiled.get("optimizer"))


def _unknown_layers(forms: object) -> Iterator[str]:
    for form in forms if isinstance(forms, list) else [None]:
        match form:
            case [str(name), dict(arguments)]:
                yield from [] if name in LAYERS else [name]
                yield from _unknown_values(*arguments.values())
            case _:
                yield ""


def _unknown_steps(forms: object) -> Iterator[str]:
    for form in forms if isinstance(forms, list) else [None]:
        match form:
            case ["input" | "output", str(), list(given), dict(options)] | ["layer", int(), list(given), dict(options)]:
                yield from _unknown_values(given, *options.values())
            case ["tensor", {"layer": int(), "name": str()} | {"free": int()}, [], {}]:
                continue
            case [str(kind), str(name), list(given), dict(options)] if kind in NAMES:
                yield from [] if name in NAMES[kind] else [name]
                yield from _unknown_values(given, *options.values())
            case _:
                yield ""


def _unknown_loss(form: object) -> Iterator[str]:
    match form:
        case None:
            return
        case ["function" | "class" as kind, str(name), dict(arguments)]:
            yield from [] if name in (LOSSES if kind == "class" else LOSS_FUNCTIONS) else [name]
            yield from _unknown_values(*arguments.values())
        case _:
            yield ""


def _unknown_optimizer(form: object) -> Iterator[str]:
    match form:
        case None:
            return
        case [str(name), [_, *_] as groups]:
            yield from [] if name in OPTIMIZERS else [name]
            for group in groups:
                match group:
                    case [list(places), dict(options)] if all(type(place) is int for place in places):
                        yield from _unknown_values(*options.values())
                    case _:
                        yield ""
        case _:
            yield ""


def _unknown_values(*forms: object) -> Iterator[str]:
    """Yield the names of dtypes that are none, wherever they stand: all other values are what they are."""
    waiting = list(forms)
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict) and "dtype" in value:
            name = value["dtype"]
            yield from [] if len(value) == 1 and isinstance(name, str) and name in DTYPES else [str(name)]
        elif isinstance(value, dict):
            waiting.extend(value.values())
