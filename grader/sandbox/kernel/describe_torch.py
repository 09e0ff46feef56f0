"""Describes a network of PyTorch, so that it can be built anew where the student's code is not.

Runs beside the student's code, in the kernel. PyTorch's own tracer (torch.fx) runs `forward` with stand-ins for
numbers, and writes down each step: so a class of the student's whose `forward` uses parts of PyTorch's alone is plain
data too. What depends on the numbers themselves (`if x.sum() > 0`) cannot be traced. A description that lies is that of
another network, which is judged.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.networks.model import Alleged, Description
from grader.networks.torch_parts import ATTRIBUTES, LAYERS, LOSS_FUNCTIONS, LOSSES, METHODS, OPTIMIZERS
from grader.sandbox.kernel.rebuild_torch import rebuild_torch
from grader.sandbox.kernel.torch_subject import SHAPES
from grader.sandbox.kernel.torch_words import UnknownPartError, arguments_of, class_name, names_of_functions, plain
from grader.wire.descriptions import MOST_WEIGHT_BYTES, decode_description, encode_description
from grader.wire.values import DTYPES, LONGEST_NAME, WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.model import Array
    from grader.sandbox.kernel.torch_answer import TorchAnswer

HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
TRIED = 3
"""With so many images of noise it is tried whether the network built anew is the same one."""


def describe_torch(answer: TorchAnswer) -> Description | Alleged:
    """Return the network as plain data, or why it is none."""
    try:
        return _described(answer)
    except UnknownPartError as error:
        return Alleged("part", str(error)[:LONGEST_NAME], library="torch")
    except Exception as error:  # noqa: BLE001 (a network that cannot be described is inspected here, whatever the reason)
        return Alleged("library", type(error).__name__[:LONGEST_NAME], library="torch")


def _described(answer: TorchAnswer) -> Description | Alleged:
    network = answer.network
    _complete(network)
    _refuse_hooks(network)
    seen = _Seen(network)
    steps = {"steps": _traced(seen, is_training=False), "steps_in_training": _traced(seen, is_training=True)}
    tensors = seen.tensors()
    if len({id(tensor) for tensor in tensors}) < len(tensors):
        return Alleged("library", library="torch")  # what two layers share is trained as one
    form = {
        "layers": [[name, arguments] for name, arguments in seen.forms()],
        "trained": [bool(tensor.requires_grad) for tensor in tensors],
        **steps,
    }
    compiled = {"loss": _loss_form(answer.loss), "optimizer": _optimizer_form(answer.optimizer, tensors)}
    weights = tuple(_plain_array(tensor) for tensor in tensors)
    if sum(array.nbytes for array in weights) > MOST_WEIGHT_BYTES:
        return Alleged("size", library="torch")
    description = Description(form, compiled, weights, library="torch")
    try:
        decode_description(encode_description(description))
    except WireError:  # the worker would not read it either
        return Alleged("size", library="torch")
    is_same = _is_same(network, rebuild_torch(description)[0])
    return description if is_same else Alleged("library", library="torch")


class _Seen:
    """The layers of PyTorch's own that the steps of a network use, and the tensors that it uses by itself."""

    def __init__(self, network: Any) -> None:  # noqa: ANN401 (an nn.Module)
        self.network = network
        self.layers: list[Any] = []
        self.free: list[Any] = []

    def layer(self, path: str) -> int:
        """Return the number of the layer at a path of the network; raise UnknownPartError where it is a foreign one."""
        return _place(self.layers, self.network.get_submodule(path))

    def tensor(self, path: str) -> dict[str, Any]:
        """Return how the tensor at a path of the network is written down: as a layer's, or as one of the free ones."""
        owner, _, name = path.rpartition(".")
        tensor = getattr(self.network.get_submodule(owner), name)
        for number, layer in enumerate(self.layers):
            for own, found in layer.state_dict(keep_vars=True).items():
                if found is tensor:
                    return {"layer": number, "name": own}
        return {"free": _place(self.free, tensor)}

    def forms(self) -> list[tuple[str, dict[str, Any]]]:
        """Return each layer as the name of its class and its arguments."""
        nn = sys.modules["torch"].nn
        return [(class_name(layer, nn, LAYERS), arguments_of(layer)) for layer in self.layers]

    def tensors(self) -> list[Any]:
        """Return all tensors: those of the layers, in PyTorch's order, and the free ones."""
        return [part for layer in self.layers for part in layer.state_dict(keep_vars=True).values()] + self.free


def _place(found: list[Any], thing: Any) -> int:  # noqa: ANN401 (anything)
    """Return the place of a thing, which is added where it is new. Tensors must not be asked whether they are equal."""
    place = next((place for place, other in enumerate(found) if other is thing), None)
    if place is None:
        found.append(thing)
    return len(found) - 1 if place is None else place


def _complete(network: Any) -> None:  # noqa: ANN401 (an nn.Module)
    """Have lazy layers find their sizes: by the first images that they are shown."""
    torch: Any = sys.modules["torch"]
    lazy = torch.nn.parameter.UninitializedTensorMixin
    if any(isinstance(tensor, lazy) for tensor in (*network.parameters(), *network.buffers())):
        _first_outputs(network)


def _refuse_hooks(network: Any) -> None:  # noqa: ANN401 (an nn.Module)
    for module in network.modules():
        if any(getattr(module, hooks, None) for hooks in HOOKS):
            raise UnknownPartError(type(module).__name__)


def _traced(seen: _Seen, *, is_training: bool) -> list[list[Any]]:
    """Return the steps of the forward pass, each as its kind, its name, its arguments and its options."""
    was_training = seen.network.training
    seen.network.train(is_training)
    try:
        graph = sys.modules["torch"].fx.Tracer().trace(seen.network)
    finally:
        seen.network.train(was_training)
    nodes, functions = list(graph.nodes), names_of_functions()
    if sum(node.op == "placeholder" for node in nodes) != 1:
        raise UnknownPartError(type(seen.network).__name__)
    places = {node: place for place, node in enumerate(nodes)}

    def step(value: Any) -> Any:  # noqa: ANN401 (an argument of a step; JSON)
        return {"step": places[value]} if getattr(value, "graph", None) is graph else None

    return [_step_form(node, seen, functions, step=step) for node in nodes]


def _step_form(
    node: Any,  # noqa: ANN401 (a node of torch.fx)
    seen: _Seen,
    functions: Mapping[Any, str],
    *,
    step: Callable[[Any], Any],
) -> list[Any]:
    kind, name, given = node.op, node.target, list(node.args)
    match kind:
        case "placeholder":
            return ["input", "", [], {}]
        case "call_module":
            kind, name = "layer", seen.layer(name)
        case "get_attr":
            return ["tensor", seen.tensor(name), [], {}]
        case "call_function" if name is getattr and given[1] in ATTRIBUTES:
            kind, name, given = "attribute", given[1], given[:1]
        case "call_function":
            kind, name = "function", _known(functions.get(name), name)
        case "call_method":
            kind, name = "method", _known(name if name in METHODS else None, name)
    options = {option: plain(value, step) for option, value in node.kwargs.items()}
    return [kind, name, plain(given, step), options]


def _known(name: str | None, part: Any) -> str:  # noqa: ANN401 (a function, or a method's name)
    if name is None:
        raise UnknownPartError(str(getattr(part, "__name__", part)))
    return name


def _loss_form(loss: Any) -> list[Any] | None:  # noqa: ANN401 (a loss of PyTorch's, or anything of the student's)
    torch: Any = sys.modules["torch"]
    if loss is None:
        return None
    if isinstance(loss, type):
        raise TypeError("a class is no loss")
    name = str(getattr(loss, "__name__", ""))
    if name in LOSS_FUNCTIONS and getattr(torch.nn.functional, name, None) is loss:
        return ["function", name, {}]
    if not isinstance(loss, torch.nn.Module):
        raise UnknownPartError(name or type(loss).__name__)
    return ["class", class_name(loss, torch.nn, LOSSES), arguments_of(loss)]


def _optimizer_form(optimizer: Any, tensors: list[Any]) -> list[Any] | None:  # noqa: ANN401 (an optimizer of PyTorch's, or None)
    """Return an optimizer as its class, and what each of its groups trains: a tensor of another network is -1."""
    if optimizer is None:
        return None
    places = {id(tensor): place for place, tensor in enumerate(tensors)}
    groups = []
    for group in optimizer.param_groups:
        options = {name: plain(_number(value)) for name, value in group.items() if name != "params"}
        groups.append([[places.get(id(tensor), -1) for tensor in group["params"]], options])
    return [class_name(optimizer, sys.modules["torch"].optim, OPTIMIZERS), groups]


def _number(value: Any) -> Any:  # noqa: ANN401 (a learning rate may be a tensor)
    return value.item() if isinstance(value, sys.modules["torch"].Tensor) else value


def _plain_array(tensor: Any) -> Array:  # noqa: ANN401 (a tensor)
    array: Array = tensor.detach().cpu().numpy().copy()
    if array.dtype.name not in DTYPES:
        raise UnknownPartError(str(tensor.dtype))
    return array


def _is_same(network: Any, anew: Any) -> bool:  # noqa: ANN401 (two nn.Modules)
    """Say whether two networks give the same for noise, in the first shape in which the first one takes it."""
    found = _first_outputs(network)
    if found is None:
        return True  # what it raises is seen when it is inspected
    noise, expected = found
    anew.eval()
    with sys.modules["torch"].no_grad():
        return bool(np.allclose(expected, anew(noise), rtol=1e-4, atol=1e-5, equal_nan=True))


def _first_outputs(network: Any) -> tuple[Any, Any] | None:  # noqa: ANN401 (an nn.Module; tensors)
    """Return noise in the first shape in which a network takes it, and its outputs; None where it takes none."""
    torch: Any = sys.modules["torch"]
    was_training = network.training
    network.eval()
    try:
        for shape in SHAPES:
            noise = torch.rand((TRIED, *shape), generator=torch.Generator().manual_seed(0))
            with torch.no_grad(), contextlib.suppress(Exception):  # it may take another shape
                return noise, network(noise).detach()
    finally:
        network.train(was_training)
    return None
