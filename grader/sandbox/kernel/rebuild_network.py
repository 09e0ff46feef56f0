"""Builds a network anew from its description, in a kernel in which no notebook was ever run.

The worker has looked at the description: each part that it names is the library's own. Keras or PyTorch is imported
here, and not by a notebook.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from grader.sandbox.kernel.inspect_network import inspect_network
from grader.sandbox.kernel.rebuild_torch import rebuild_torch

if TYPE_CHECKING:
    from grader.model import Observation
    from grader.networks.model import Description, Inspection


def inspect_described(description: Description, inspection: Inspection) -> Observation:
    """Build a described network anew, as often as that is needed, and inspect it.

    Raises whatever the library raises where it cannot build the network from its description.
    """
    if description.library == "torch":
        importlib.import_module("torch").set_num_threads(1)  # submissions are graded side by side
        return inspect_network(lambda: rebuild_torch(description), inspection, hooks=None)
    importlib.import_module("keras")
    return inspect_network(lambda: rebuild(description), inspection, hooks=None)


def rebuild(description: Description) -> object:
    """Return the network with its weights, compiled as the description says."""
    network = _deserialised(dict(description.network))
    if description.compiled is not None:
        parts = {name: _deserialised(part) for name, part in description.compiled.items()}
        network.compile(**parts)
    if description.weights:
        network.set_weights(list(description.weights))
    return network


def _deserialised(form: Any) -> Any:  # noqa: ANN401 (JSON; a network, an optimizer, a loss, or its name)
    if isinstance(form, dict) and "class_name" in form:
        return importlib.import_module("keras").saving.deserialize_keras_object(form, safe_mode=True)
    if isinstance(form, dict):
        return {name: _deserialised(part) for name, part in form.items()}
    return [_deserialised(part) for part in form] if isinstance(form, list) else form
