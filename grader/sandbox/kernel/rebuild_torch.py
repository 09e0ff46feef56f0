"""Builds a network of PyTorch anew from its description.

The worker has looked at the description: each layer, function, loss and optimizer that it names is PyTorch's own. No
code crosses: the steps of the forward pass are walked through one by one.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from grader.sandbox.kernel.torch_words import function_of, unplain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.networks.model import Description


def rebuild_torch(description: Description) -> tuple[Any, Any, Any]:
    """Return the network with its tensors, its loss and its optimizer, as a student's function does.

    Raises whatever PyTorch raises where it cannot build the network.
    """
    torch: Any = importlib.import_module("torch")
    form, compiled = description.network, description.compiled or {}
    layers = [getattr(torch.nn, name)(**_arguments(arguments)) for name, arguments in form["layers"]]
    given = [torch.from_numpy(array.copy()) for array in description.weights]
    for tensor, trained in zip(given, form["trained"], strict=True):
        if trained:  # PyTorch has gradients of floats alone
            tensor.requires_grad_()
    tensors = list(_filled(layers, given))
    network = _network_class()(layers, tensors, form)
    return network, _loss(compiled.get("loss")), _optimizer(compiled.get("optimizer"), network.tensors)


def _arguments(form: dict[str, Any]) -> dict[str, Any]:
    return {name: unplain(value, {}) for name, value in form.items()}


def _filled(layers: list[Any], given: list[Any]) -> Iterator[Any]:
    """Give each layer its tensors in the place of its own, and yield the parameters and tensors in their order."""
    nn: Any = sys.modules["torch"].nn
    waiting = iter(given)
    for layer in layers:
        for path, own in list(layer.state_dict(keep_vars=True).items()):
            new = next(waiting)
            if new.shape != own.shape:
                raise ValueError(path)
            owner, _, name = path.rpartition(".")
            is_parameter = isinstance(own, nn.Parameter)
            made = nn.Parameter(new.detach(), requires_grad=new.requires_grad) if is_parameter else new
            setattr(layer.get_submodule(owner), name, made)
            yield made
    for new in waiting:
        yield nn.Parameter(new.detach(), requires_grad=new.requires_grad) if new.requires_grad else new


def _loss(form: list[Any] | None) -> Any:  # noqa: ANN401 (a loss of PyTorch's)
    torch: Any = sys.modules["torch"]
    if form is None:
        return None
    kind, name, arguments = form
    if kind == "function":
        return getattr(torch.nn.functional, name)
    return getattr(torch.nn, name)(**_arguments(arguments))


def _optimizer(form: list[Any] | None, tensors: list[Any]) -> Any:  # noqa: ANN401 (an optimizer of PyTorch's)
    """Return an optimizer of these tensors. For a tensor of another network it gets one that nobody uses."""
    torch: Any = sys.modules["torch"]
    if form is None:
        return None
    name, groups = form
    made = []
    for places, options in groups:
        mine = [tensors[place] if place >= 0 else torch.nn.Parameter(torch.zeros(1)) for place in places]
        made.append({"params": mine, **_arguments(options)})
    first = {option: value for option, value in made[0].items() if option == "lr"}
    return getattr(torch.optim, name)(made, **first)


def _network_class() -> Any:  # noqa: ANN401 (a class)
    """Return the class of networks that are built anew: PyTorch's module is there only where PyTorch was imported."""
    module: Any = sys.modules["torch"].nn.Module

    class Rebuilt(module):  # type: ignore[misc]  # the class is PyTorch's
        """A network whose forward pass is a list of steps."""

        def __init__(self, layers: list[Any], tensors: list[Any], form: dict[str, Any]) -> None:
            super().__init__()
            self.layers = sys.modules["torch"].nn.ModuleList(layers)
            self.tensors = tensors
            counted = sum(len(layer.state_dict()) for layer in layers)
            self.free = tensors[counted:]
            for number, tensor in enumerate(self.free):
                if tensor.requires_grad:
                    self.register_parameter(f"free{number}", tensor)
                else:
                    self.register_buffer(f"free{number}", tensor)
            self.form = form

        def forward(self, images: Any) -> Any:  # noqa: ANN401 (tensors)
            """Return what the last step gives."""
            results: dict[int, Any] = {}
            steps = self.form["steps_in_training" if self.training else "steps"]
            for number, (kind, name, given, options) in enumerate(steps):
                arguments = unplain(given, results)
                named = {option: unplain(value, results) for option, value in options.items()}
                results[number] = images if kind == "input" else self.walk((kind, name), arguments, named)
            return results[len(steps) - 1]

        def walk(self, step: tuple[str, Any], given: tuple[Any, ...], options: dict[str, Any]) -> Any:  # noqa: ANN401 (same)
            """Return what one step gives."""
            match step:
                case ("layer", number):
                    return self.layers[number](*given, **options)
                case ("function", name):
                    return function_of(name)(*given, **options)
                case ("method" | "attribute" as kind, name):
                    found = getattr(given[0], name)
                    return found(*given[1:], **options) if kind == "method" else found
                case ("tensor", {"layer": number, "name": name}):
                    return self.layers[number].get_parameter(name)
                case ("tensor", {"free": number}):
                    return self.free[number]
            return given[0]  # the output

    return Rebuilt
