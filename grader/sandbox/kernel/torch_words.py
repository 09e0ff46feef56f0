"""The parts of PyTorch by their names, and names for its parts: what `networks.torch_parts` lists, in this process.

Runs in the kernel; PyTorch is whichever was imported there.
"""

from __future__ import annotations

import inspect
import math
import operator
import sys
from typing import TYPE_CHECKING, Any

from grader.networks.torch_parts import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RECURRENT = ("input_size", "hidden_size", "num_layers", "bias", "batch_first", "dropout", "bidirectional")
MORE = {"RNN": (*RECURRENT, "nonlinearity"), "GRU": RECURRENT, "LSTM": (*RECURRENT, "proj_size")}
"""The arguments of classes whose signatures do not name them."""

NO_ARGUMENTS = frozenset({"self", "args", "kwargs", "device", "dtype", "size_average", "reduce"})
"""What a class of PyTorch is not made anew with: it says nothing of the numbers, or is obsolete."""


class UnknownPartError(Exception):
    """A part of the network is not PyTorch's own, or cannot be told as plain data; its argument is the part's name."""


def names_of_functions() -> Mapping[Any, str]:
    """Return the names of all known functions by the functions themselves."""
    return {function_of(name): name for name in sorted(FUNCTIONS)}


def function_of(name: str) -> Any:  # noqa: ANN401 (a function)
    """Return the function of a name, such as torch.nn.functional.relu."""
    module, _, own = name.rpartition(".")
    found: Any = operator if module == "operator" else sys.modules[module]
    return getattr(found, own)


def class_name(thing: Any, module: Any, known: frozenset[str]) -> str:  # noqa: ANN401 (an object, and a module of PyTorch)
    """Return the name of the class of a thing; raise UnknownPartError where it is none of those known in the module."""
    name = type(thing).__name__
    if name not in known or getattr(module, name, None) is not type(thing) or "forward" in vars(thing):
        raise UnknownPartError(name)
    return name


def arguments_of(thing: Any) -> dict[str, Any]:  # noqa: ANN401 (a layer or a loss)
    """Return what a layer or a loss of PyTorch was made with: it keeps each argument under the argument's name."""
    signature = MORE.get(type(thing).__name__) or inspect.signature(type(thing).__init__).parameters
    names = [name for name in signature if name not in NO_ARGUMENTS]
    found = {name: getattr(thing, name) for name in names if hasattr(thing, name)}
    if "bias" in found:
        found["bias"] = found["bias"] is not None and found["bias"] is not False
    return {name: plain(value) for name, value in found.items()}


def plain(value: Any, step: Callable[[Any], Any] | None = None) -> Any:  # noqa: ANN401 (JSON, of anything)
    """Return a value as JSON, another step's result by `step`; raise UnknownPartError for what has no place in it."""
    torch = sys.modules["torch"]
    if value is None or isinstance(value, bool | str) or (isinstance(value, int | float) and math.isfinite(value)):
        return value
    if isinstance(value, tuple | list):
        return [plain(part, step) for part in value]
    if isinstance(value, slice):
        return {"slice": [plain(part, step) for part in (value.start, value.stop, value.step)]}
    if value is Ellipsis:
        return {"ellipsis": True}
    if isinstance(value, torch.dtype):
        return {"dtype": str(value).removeprefix("torch.")}
    if isinstance(value, torch.device):
        return str(value)
    if isinstance(value, torch.Tensor) and value.ndim <= 1:
        return {"tensor": [plain(number, step) for number in value.detach().reshape(-1).tolist()]}
    if step is not None and (told := step(value)) is not None:
        return told
    raise UnknownPartError(type(value).__name__)


def unplain(form: Any, results: Mapping[int, Any]) -> Any:  # noqa: ANN401 (same)
    """Return what `plain` was given, with the results of other steps in their places."""
    torch: Any = sys.modules["torch"]
    match form:
        case list():
            return tuple(unplain(part, results) for part in form)
        case {"slice": list(parts)}:
            return slice(*(unplain(part, results) for part in parts))
        case {"ellipsis": _}:
            return Ellipsis
        case {"dtype": str(name)}:
            return getattr(torch, name)
        case {"tensor": list(numbers)}:
            return torch.tensor(numbers)
        case {"step": int(number)}:
            return results[number]
    return form
