"""Writes what was seen of a network as JSON and reads it back. Numbers may be NaN or infinite, as losses can be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

from grader.networks.model import Alleged, Built, Inspection, Layer, Library, Trouble
from grader.wire.values import (
    LONGEST_MESSAGE,
    LONGEST_NAME,
    WireError,
    decode_array,
    encode_array,
    one_of,
    optional_int,
    optional_text,
    text,
)

if TYPE_CHECKING:
    from grader.model import Array

MOST_LAYERS = 1000
MOST_EPOCHS = 1000
REASONS: tuple[Literal["part", "size", "library"], ...] = ("part", "size", "library")
LIBRARIES: tuple[Library, ...] = ("keras", "torch")
STEPS: tuple[Literal["predict", "evaluate", "fit"], ...] = ("predict", "evaluate", "fit")


def encode_inspection(inspection: Inspection | None) -> dict[str, Any] | None:
    """Return as JSON how a network is to be inspected."""
    if inspection is None:
        return None
    return {
        "images": encode_array(inspection.images),
        "labels": encode_array(inspection.labels),
        "unseen": encode_array(inspection.unseen),
        "epochs": inspection.epochs,
        "seconds": inspection.seconds,
        "seed": inspection.seed,
    }


def decode_inspection(form: dict[str, Any] | None) -> Inspection | None:
    """Return what `encode_inspection` was given."""
    if form is None:
        return None
    return Inspection(
        images=decode_array(form["images"]),
        labels=decode_array(form["labels"]),
        unseen=decode_array(form["unseen"]),
        epochs=form["epochs"],
        seconds=form["seconds"],
        seed=form["seed"],
    )


def encode_built(built: Built) -> dict[str, Any]:
    """Return a network's observation as JSON."""
    return {
        "layers": [[layer.kind, layer.units, layer.activation] for layer in built.layers],
        "parameters": built.parameters,
        "loss": built.loss,
        "optimizer": built.optimizer,
        "from_logits": built.from_logits,
        "scale": _encode_float(built.scale),
        "predictions": _encode_optional(built.predictions),
        "reported": None if built.reported is None else _encode_float(built.reported),
        "reported_likeliest": None if built.reported_likeliest is None else _encode_float(built.reported_likeliest),
        "penalties": _encode_float(built.penalties),
        "losses": [_encode_float(loss) for loss in built.losses],
        "unseen_before": _encode_optional(built.unseen_before),
        "unseen": _encode_optional(built.unseen),
        "weights": [[encode_array(kernel), encode_array(bias)] for kernel, bias in built.weights],
        "trouble": built.trouble and [built.trouble.step, built.trouble.kind, built.trouble.message],
        "alleged": None if built.alleged is None else encode_alleged(built.alleged),
        "gentle": built.gentle,
        "helped": built.helped,
        "thrown_off": built.thrown_off,
        "library": built.library,
    }


def decode_built(form: dict[str, Any]) -> Built:
    """Return what `encode_built` was given; raise WireError for anything else."""
    reported, likeliest = form.get("reported"), form.get("reported_likeliest")
    parameters = optional_int(form.get("parameters"))
    if parameters is None:
        raise WireError("expected a number of parameters")
    return Built(
        layers=tuple(_decode_layer(layer) for layer in _list(form.get("layers"), MOST_LAYERS)),
        parameters=parameters,
        loss=optional_text(form.get("loss")),
        optimizer=optional_text(form.get("optimizer")),
        from_logits=form.get("from_logits") is True,
        scale=_decode_float(form.get("scale")),
        predictions=_decode_optional(form.get("predictions")),
        reported=None if reported is None else _decode_float(reported),
        reported_likeliest=None if likeliest is None else _decode_float(likeliest),
        penalties=_decode_float(form.get("penalties")),
        losses=tuple(_decode_float(loss) for loss in _list(form.get("losses"), MOST_EPOCHS)),
        unseen_before=_decode_optional(form.get("unseen_before")),
        unseen=_decode_optional(form.get("unseen")),
        weights=tuple(_decode_pair(pair) for pair in _list(form.get("weights"), MOST_LAYERS)),
        trouble=_decode_trouble(form.get("trouble")),
        alleged=None if form.get("alleged") is None else decode_alleged(form["alleged"]),
        gentle=form.get("gentle") is True,
        helped=form.get("helped") is True,
        thrown_off=form.get("thrown_off") is True,
        library=one_of(form.get("library"), *LIBRARIES),
    )


def encode_alleged(alleged: Alleged) -> list[str]:
    """Return why a network was not built anew as JSON."""
    return [alleged.reason, alleged.part, alleged.library]


def decode_alleged(form: object) -> Alleged:
    """Return what `encode_alleged` was given; raise WireError for anything else."""
    reason, part, library = _list_of(form, 3)
    return Alleged(one_of(reason, *REASONS), text(part, LONGEST_NAME), one_of(library, *LIBRARIES))


def _decode_layer(form: object) -> Layer:
    kind, units, activation = _list_of(form, 3)
    return Layer(text(kind, LONGEST_NAME), optional_int(units), optional_text(activation))


def _decode_pair(form: object) -> tuple[Array, Array]:
    kernel, bias = _list_of(form, 2)
    return decode_array(kernel), decode_array(bias)


def _decode_trouble(form: object) -> Trouble | None:
    if form is None:
        return None
    step, kind, message = _list_of(form, 3)
    return Trouble(one_of(step, *STEPS), text(kind, LONGEST_NAME), text(message, LONGEST_MESSAGE))


def _encode_optional(array: Array | None) -> dict[str, Any] | None:
    return None if array is None else encode_array(array)


def _decode_optional(form: object) -> Array | None:
    return None if form is None else decode_array(form)


def _encode_float(number: float) -> str:
    return number.hex() if math.isfinite(number) else repr(number)


def _decode_float(form: object) -> float:
    if not isinstance(form, str) or len(form) > LONGEST_NAME:
        raise WireError("expected a number as a short text")
    try:
        return float.fromhex(form)
    except (ValueError, OverflowError) as error:
        raise WireError("expected a number in hexadecimal") from error


def _list(form: object, longest: int) -> list[Any]:
    if not isinstance(form, list) or len(form) > longest:
        raise WireError(f"expected a list of at most {longest} items")
    return form


def _list_of(form: object, length: int) -> list[Any]:
    if not isinstance(form, list) or len(form) != length:
        raise WireError(f"expected a list of {length} items")
    return form
