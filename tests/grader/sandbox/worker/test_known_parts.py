"""Only a network whose every part is Keras' own is built anew."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest

from grader.networks.model import Alleged, Description
from grader.sandbox.worker.known_parts import KNOWN, unknown_part

if TYPE_CHECKING:
    from types import ModuleType


def layer(name: str, module: object = "keras.layers", **more: object) -> dict[str, Any]:
    return {"module": module, "class_name": name, "config": {}, "registered_name": None, **more}


def described(*layers: object, loss: object = "mse", optimizer: object = None) -> Description:
    network = layer("Sequential", "keras") | {"config": {"layers": list(layers)}}
    return Description(network, {"optimizer": optimizer, "loss": loss, "loss_weights": None}, ())


def test_a_network_of_kerass_own_parts_is_known() -> None:
    tensor = {"class_name": "__keras_tensor__", "config": {"shape": [None, 10]}}
    assert unknown_part(described(layer("Dense"), tensor, optimizer=layer("Adam", "keras.optimizers"))) is None


@pytest.mark.parametrize(
    ("foreign", "named"),
    [
        (layer("Lambda"), "Lambda"),
        (layer("TFSMLayer"), "TFSMLayer"),
        (layer("TextVectorization"), "TextVectorization"),
        (layer("Dense", None), "Dense"),
        (layer("Dense", "__main__"), "Dense"),
        (layer("Dense", "keras.src.layers.core.dense"), "Dense"),
        (layer("Dense", ["keras.layers"]), "Dense"),
        (layer("Dense", registered_name="Mine>Dense"), "Dense"),
        (layer("Dense", registered_name=["Dense"]), "Dense"),
        (layer("Popen", "subprocess"), "Popen"),
        (layer("function", "builtins", config="mine"), "mine"),
        ({"class_name": "__lambda__", "config": {"value": "4wE="}}, "lambda"),
        ({"class_name": "__tensor__", "config": {"value": [1]}}, "tensor"),
        ({"class_name": ["Dense"], "module": "keras.layers"}, ""),
        ({"module": "os"}, ""),
        ({"registered_name": "Dense"}, ""),
    ],
)
@pytest.mark.parametrize("place", ["layer", "inside", "loss", "optimizer"])
def test_a_foreign_part_is_named_wherever_it_stands(foreign: dict[str, Any], named: str, place: str) -> None:
    inside = layer("Dense") | {"config": {"kernel_regularizer": [{"x": foreign}]}}
    network = {
        "layer": lambda: described(layer("Dense"), foreign),
        "inside": lambda: described(inside),
        "loss": lambda: described(loss={"out": [foreign]}),
        "optimizer": lambda: described(optimizer=layer("Adam", "keras.optimizers") | {"config": {"lr": foreign}}),
    }[place]()
    assert unknown_part(network) == Alleged("part", named)


@pytest.mark.tensorflow
@pytest.mark.parametrize("module", sorted(KNOWN))
def test_every_known_part_is_a_class_of_the_keras_that_is_installed(tensorflow: ModuleType, module: str) -> None:
    assert tensorflow
    found = vars(importlib.import_module(module))
    classes = {name for name in KNOWN[module] if isinstance(found.get(name), type)}
    assert classes == KNOWN[module]
