"""Describes a network that a student's function returns, so that it can be built anew where the student's code is not.

Runs beside the student's code, in the kernel; Keras is whichever the notebook imported. Keras writes a network down by
the names of its parts, and takes a student's `relu` for its own: so each function is looked at here, and a network with
a part that is not Keras' own is not described. A description that lies is that of another network, which is judged.
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.networks.model import Alleged, Description
from grader.sandbox.kernel.describe_torch import describe_torch
from grader.sandbox.kernel.inspect_network import is_network, no_network, seed_libraries
from grader.sandbox.kernel.torch_answer import torch_answer_of
from grader.wire.descriptions import MOST_WEIGHT_BYTES, decode_description, encode_description
from grader.wire.values import DTYPES, LONGEST_NAME, WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.model import Array, Unreadable

NETWORKS = {"Sequential": "keras", "Functional": "keras.src.models.functional"}
"""The classes of networks that are their layers, and the modules by which Keras finds them again."""

FUNCTIONS = ("activation", "initializer", "regularizer", "constraint")
"""How the names of those attributes of a layer end that may be a function."""

TWINS = {
    "nn.elu": "elu",
    "nn.gelu": "gelu",
    "nn.leaky_relu": "leaky_relu",
    "nn.log_softmax": "log_softmax",
    "nn.relu": "relu",
    "nn.relu6": "relu6",
    "nn.selu": "selu",
    "nn.sigmoid": "sigmoid",
    "nn.silu": "silu",
    "nn.softmax": "softmax",
    "nn.softplus": "softplus",
    "nn.softsign": "softsign",
    "nn.tanh": "tanh",
    "exp": "exponential",
    "identity": "linear",
    "keras.ops.elu": "elu",
    "keras.ops.exp": "exponential",
    "keras.ops.leaky_relu": "leaky_relu",
    "keras.ops.log_softmax": "log_softmax",
    "keras.ops.relu": "relu",
    "keras.ops.relu6": "relu6",
    "keras.ops.selu": "selu",
    "keras.ops.sigmoid": "sigmoid",
    "keras.ops.silu": "silu",
    "keras.ops.softmax": "softmax",
    "keras.ops.softplus": "softplus",
    "keras.ops.softsign": "softsign",
    "keras.ops.tanh": "tanh",
}
"""Functions of TensorFlow, as one finds them from `tf`, and the activations of Keras that are equal to them."""

LOSS_TWINS = {
    "nn.softmax_cross_entropy_with_logits": "CategoricalCrossentropy",
    "nn.sparse_softmax_cross_entropy_with_logits": "SparseCategoricalCrossentropy",
}
"""Losses of TensorFlow that take logits, and the losses of Keras that are equal to them where they do."""


class _ForeignPartError(Exception):
    """A part of the network is not Keras' own; its argument is the part's name."""


def describe_network(build: Callable[[], object], seed: int) -> Description | Alleged | Unreadable:
    """Build the network and describe it. What `build` raises is raised here too: it is the caller's to observe."""
    seed_libraries(seed)
    network: Any = build()
    if (answer := torch_answer_of(network)) is not None:
        return describe_torch(answer)
    if not is_network(network):
        return no_network(network)
    try:
        with warnings.catch_warnings():  # Keras warns of functions, which the worker refuses
            warnings.simplefilter("ignore")
            return _described(network)
    except _ForeignPartError as error:
        return Alleged("part", str(error)[:LONGEST_NAME])
    except Exception as error:  # noqa: BLE001 (a network that cannot be described is inspected here, whatever the reason)
        return Alleged("library", type(error).__name__[:LONGEST_NAME])


def _described(network: Any) -> Description | Alleged:  # noqa: ANN401 (a Keras model)
    _refuse_foreign_parts(network)
    weights = tuple(_plain(array) for array in network.get_weights())
    if sum(array.nbytes for array in weights) > MOST_WEIGHT_BYTES:
        return Alleged("size")
    description = Description(_network_form(network), _compiled_form(network), weights)
    try:
        decode_description(encode_description(description))
    except WireError:  # the worker would not read it either
        return Alleged("size")
    return description


def _refuse_foreign_parts(network: Any) -> None:  # noqa: ANN401
    """Raise _ForeignPartError for the first layer or function that is not Keras' own, nor equal to one."""
    if type(network).__name__ not in NETWORKS:
        raise _ForeignPartError(type(network).__name__)
    for layer in network._flatten_layers():  # noqa: SLF001 (nothing public gives the layers inside of layers)
        if not _is_kerass_own(type(layer)):
            raise _ForeignPartError(type(layer).__name__)
        for function in _functions_of(layer):
            if _twin_of(function) is None:
                raise _ForeignPartError(_name(function))


def _functions_of(layer: Any) -> Iterator[object]:  # noqa: ANN401
    """Yield the functions that a layer has for an activation and the like; objects name their class themselves."""
    for name, value in vars(layer).items():
        if name.endswith(FUNCTIONS) and callable(value) and not hasattr(value, "get_config"):
            yield value


def _is_kerass_own(thing: Any) -> bool:  # noqa: ANN401 (a class or a function)
    module, name = getattr(thing, "__module__", None), getattr(thing, "__name__", None)
    is_inside = isinstance(module, str) and isinstance(name, str) and module.startswith("keras.src.")
    return is_inside and getattr(sys.modules.get(str(module)), str(name), None) is thing


def _twin_of(function: object) -> str | None:
    """Return the name of the activation of Keras that a function is, or is equal to; else None."""
    known = vars(sys.modules["keras.src.activations"])["ALL_OBJECTS_DICT"]
    name = next((name for name, activation in known.items() if activation is function), None)
    return name or next((twin for path, twin in TWINS.items() if _at(path) is function), None)


def _at(path: str) -> object:
    """Return what stands under a path in TensorFlow, as `tf.nn.relu` does; None where there is no such thing."""
    found: Any = sys.modules.get("tensorflow")
    for name in path.split("."):
        found = getattr(found, name, None)
    return found


def _name(function: object) -> str:
    return str(getattr(function, "__name__", type(function).__name__))


def _serialised(thing: object) -> Any:  # noqa: ANN401 (JSON)
    return sys.modules["keras.src.saving.serialization_lib"].serialize_keras_object(thing)


def _network_form(network: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return Keras' configuration of a network, without what it was compiled with."""
    name = type(network).__name__
    form = {
        "module": NETWORKS[name],
        "class_name": name,
        "config": {part: _serialised(value) for part, value in network.get_config().items()},
        "registered_name": None,
        "build_config": network.get_build_config(),
    }
    plain: dict[str, Any] = _in_kerass_words(json.loads(json.dumps(form, default=_as_number)))
    return plain


def _in_kerass_words(form: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return a configuration with Keras' names for functions, and without what networks inside were compiled with."""
    match form:
        case {"class_name": "function", "config": str(name)}:
            twins = {_name(_at(path)): twin for path, twin in TWINS.items()}
            return twins.get(name, name)
        case dict():
            return {name: _in_kerass_words(part) for name, part in form.items() if name != "compile_config"}
        case list():
            return [_in_kerass_words(part) for part in form]
    return form


def _compiled_form(network: Any) -> dict[str, Any] | None:  # noqa: ANN401
    """Return what a network was compiled with; metrics are left out, since nothing is judged by them."""
    if not network.compiled:
        return None
    weights = getattr(getattr(network, "_compile_loss", None), "_user_loss_weights", None)
    form = {"optimizer": _serialised(network.optimizer), "loss": _loss_form(network.loss), "loss_weights": weights}
    plain: dict[str, Any] = json.loads(json.dumps(form, default=_as_number))
    return plain


def _loss_form(loss: Any) -> Any:  # noqa: ANN401 (whatever `compile` was given; JSON)
    match loss:
        case None | str():
            return loss
        case dict():
            return {str(name): _loss_form(part) for name, part in loss.items()}
        case list() | tuple():
            return [_loss_form(part) for part in loss]
    if hasattr(loss, "get_config"):
        if not _is_kerass_own(type(loss)):
            raise _ForeignPartError(type(loss).__name__)
        return _serialised(loss)
    return _loss_function_form(loss)


def _loss_function_form(loss: object) -> Any:  # noqa: ANN401 (JSON)
    if getattr(sys.modules["keras.src.losses.losses"], _name(loss), None) is loss:
        return _name(loss)
    twin = next((twin for path, twin in LOSS_TWINS.items() if _at(path) is loss), None)
    if twin is None:
        raise _ForeignPartError(_name(loss))
    return {"module": "keras.losses", "class_name": twin, "config": {"from_logits": True}, "registered_name": None}


def _as_number(value: Any) -> object:  # noqa: ANN401 (what JSON does not know, such as NumPy's numbers)
    return value.item()


def _plain(array: Any) -> Array:  # noqa: ANN401
    plain = np.asarray(array)
    return plain if plain.dtype.name in DTYPES else plain.astype(np.float32)
