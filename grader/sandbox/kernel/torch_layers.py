"""What the layers of a network of PyTorch are, as words and numbers, in the order in which they are used."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.networks.model import Layer
from grader.wire.values import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_LAYERS = 500
ACTIVATIONS = {
    "CELU": "celu",
    "ELU": "elu",
    "GELU": "gelu",
    "Hardsigmoid": "hardsigmoid",
    "Hardswish": "hardswish",
    "Hardtanh": "hardtanh",
    "LeakyReLU": "leaky_relu",
    "LogSigmoid": "logsigmoid",
    "LogSoftmax": "log_softmax",
    "Mish": "mish",
    "PReLU": "prelu",
    "ReLU": "relu",
    "ReLU6": "relu6",
    "SELU": "selu",
    "SiLU": "silu",
    "Sigmoid": "sigmoid",
    "Softmax": "softmax",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Tanh": "tanh",
}
"""Layers that are an activation, and the functions that are the same."""


def layers_of(network: Any) -> tuple[Layer, ...]:  # noqa: ANN401 (an nn.Module)
    """Return the layers. An activation behind a layer with units is that layer's own, as it is written in Keras."""
    found: list[Layer] = []
    for layer in _used(network):
        before = found[-1] if found else None
        if layer.units is None and layer.activation and before and before.units is not None and not before.activation:
            found[-1] = replace(before, activation=layer.activation)
        else:
            found.append(layer)
    return tuple(found[:MOST_LAYERS])


def _used(network: Any) -> Iterator[Layer]:  # noqa: ANN401 (same)
    form = getattr(network, "form", None)
    if type(network).__name__ != "Rebuilt" or not isinstance(form, dict):
        yield from (_layer_of(module) for module in network.modules() if not list(module.children()))
        return
    seen: set[int] = set()
    for kind, name, given, _ in form["steps"]:
        if kind == "layer":
            layer = _layer_of(network.layers[name])
            if layer.units is None or name not in seen:
                yield layer
            seen.add(name)
        elif kind in {"function", "method"} and (own := name.rpartition(".")[2]) in ACTIVATIONS.values():
            yield Layer(own, None, own)
        elif name == "torch.nn.functional.linear":
            yield Layer("Linear", _rows(network, form["steps"], given), None)


def _layer_of(module: Any) -> Layer:  # noqa: ANN401 (an nn.Module)
    nn = sys.modules["torch"].nn
    kind = "Linear" if isinstance(module, nn.Linear) else type(module).__name__
    units = next((getattr(module, name) for name in ("out_features", "out_channels") if hasattr(module, name)), None)
    return Layer(kind[:LONGEST_NAME], units if type(units) is int else None, ACTIVATIONS.get(kind))


def _rows(network: Any, steps: list[Any], given: list[Any]) -> int | None:  # noqa: ANN401 (same)
    """Return how many units a linear function has whose weights are a tensor of the network's own."""
    weights = given[1] if len(given) > 1 and isinstance(given[1], dict) else {}
    match steps[weights["step"]] if "step" in weights else None:
        case ["tensor", name, _, _]:
            return len(network.walk(("tensor", name), (), {}))
    return None
