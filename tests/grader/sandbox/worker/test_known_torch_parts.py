"""Only a network whose every part is PyTorch's own is built anew, and whatever a kernel sends is read without harm."""

from __future__ import annotations

import inspect
import operator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.networks import torch_parts
from grader.networks.model import Alleged, Description
from grader.sandbox.worker.known_parts import unknown_part
from grader.sandbox.worker.known_torch_parts import unknown_torch_part

LINEAR = ["Linear", {"in_features": 4, "out_features": 2, "bias": True}]
STEPS = [["input", "", [], {}], ["layer", 0, [{"step": 0}], {}], ["output", "", [{"step": 1}], {}]]


def described(
    layers: object = (LINEAR,), steps: object = STEPS, loss: object = None, optimizer: object = None, **more: object
) -> Description:
    network = {"layers": list(layers) if isinstance(layers, tuple) else layers, "trained": [True, True]}
    form: dict[str, Any] = {**network, "steps": STEPS, "steps_in_training": steps, **more}
    return Description(form, {"loss": loss, "optimizer": optimizer}, (), library="torch")


def step(kind: str, name: object, *arguments: object, **options: object) -> list[object]:
    return [*STEPS[:2], [kind, name, [{"step": 1}, *arguments], options], STEPS[2]]


@pytest.mark.parametrize(
    "known",
    [
        described(),
        described(loss=["class", "NLLLoss", {"weight": None}], optimizer=["Adam", [[[0, 1, -1], {"lr": 0.1}]]]),
        described(loss=["function", "cross_entropy", {}]),
        described(steps=step("function", "torch.relu")),
        described(steps=step("function", "torch.nn.functional.softmax", dim=1, dtype=None)),
        described(steps=step("method", "view", -1, 784)),
        described(steps=step("attribute", "shape")),
        described(steps=step("function", "operator.getitem", [{"slice": [None, 3, None]}, {"ellipsis": True}])),
        described(steps=step("function", "torch.softmax", 1, dtype={"dtype": "float32"})),
        described(steps=[STEPS[0], ["tensor", {"free": 0}, [], {}], STEPS[2]]),
    ],
)
def test_a_network_of_pytorchs_own_parts_is_known(known: Description) -> None:
    assert unknown_part(known) is None


@pytest.mark.parametrize(
    ("foreign", "named"),
    [
        (described(layers=(["Mine", {}],)), "Mine"),
        (described(layers=(LINEAR, ["Transformer", {}])), "Transformer"),
        (described(steps=step("function", "torch.load", "x")), "torch.load"),
        (described(steps=step("function", "os.system", "x")), "os.system"),
        (
            described(steps=step("function", "torch.nn.functional.relu.__globals__")),
            "torch.nn.functional.relu.__globals__",
        ),
        (described(steps=step("method", "__reduce_ex__", 2)), "__reduce_ex__"),
        (described(steps=step("method", "apply_")), "apply_"),
        (described(steps=step("attribute", "__class__")), "__class__"),
        (described(steps=step("method", "sum", {"dtype": "hub"})), "hub"),
        (described(steps=step("method", "sum", {"dtype": "float32", "step": 0})), "float32"),
        (described(steps=step("method", "sum", [[{"dtype": ["float32"]}]])), "['float32']"),
        (described(loss=["class", "Module", {}]), "Module"),
        (described(loss=["function", "relu", {}]), "relu"),
        (described(loss=["class", "cross_entropy", {}]), "cross_entropy"),
        (described(optimizer=["LBFGS", [[[0], {}]]]), "LBFGS"),
        (described(steps=[["code", "print(1)", [], {}]]), ""),
        (described(layers=[["Linear"]]), ""),
        (described(layers="Linear"), ""),
        (described(steps=None), ""),
        (described(loss="mse"), ""),
        (described(optimizer=["Adam", []]), ""),
        (described(optimizer=["Adam", [[["0"], {}]]]), ""),
        (described(more={}), ""),
        (Description({}, {}, (), library="torch"), ""),
        (Description(described().network, None, (), library="torch"), ""),
    ],
)
def test_a_foreign_part_is_named_wherever_it_stands(foreign: Description, named: str) -> None:
    assert unknown_part(foreign) == Alleged("part", named, library="torch")


WORDS = st.sampled_from(
    ["layer", "function", "input", "dtype", "step", "Linear", "torch.relu", "class", "free", "", "x"]
)
FORMS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)


@given(FORMS, FORMS, FORMS, FORMS)
def test_any_form_is_known_or_has_a_part_that_is_not(layers: object, steps: object, loss: object, last: object) -> None:
    unknown = unknown_torch_part(described(layers=layers, steps=steps, loss=loss, optimizer=last))
    assert unknown is None or isinstance(unknown, str)


@pytest.mark.torch
def test_every_known_name_is_one_of_pytorch(torch: Any) -> None:  # noqa: ANN401 (PyTorch, untyped)
    nn, functional = torch.nn, torch.nn.functional
    for module, names in (
        (nn, torch_parts.LAYERS | torch_parts.LOSSES),
        (functional, torch_parts.LOSS_FUNCTIONS),
        (torch.optim, torch_parts.OPTIMIZERS),
        (torch.Tensor, torch_parts.METHODS | torch_parts.ATTRIBUTES),
        (torch, torch_parts.DTYPES),
    ):
        assert {name for name in names if not hasattr(module, name)} == set()
    found = {"operator": operator, "torch": torch, "torch.nn.functional": functional}
    split = [name.rpartition(".") for name in torch_parts.FUNCTIONS]
    assert {name for module, _, name in split if not callable(getattr(found[module], name, None))} == set()


@pytest.mark.torch
def test_every_argument_of_a_known_layer_or_loss_is_kept_under_its_name(torch: Any) -> None:  # noqa: ANN401 (same)
    """Else a layer that was made with another value would be built anew with its default."""
    samples: dict[str, Any] = {
        "in_": 4,
        "out_": 4,
        "num_": 4,
        "kernel_size": 2,
        "normalized_shape": 4,
        "output_size": 1,
        "padding": 1,
    }
    samples |= {"value": 0.0, "dim": 1, "unflattened_size": (2, 2), "groups": 1, "threshold": 0.1, "size": 2}
    samples |= {"upscale_factor": 2, "downscale_factor": 2, "norm_type": 2.0, "in1": 4, "in2": 4}
    not_kept = set()
    for name in torch_parts.LAYERS | torch_parts.LOSSES:
        parameters = inspect.signature(getattr(torch.nn, name).__init__).parameters.values()
        needed = [
            one.name for one in parameters if one.default is one.empty and one.name not in {"self", "args", "kwargs"}
        ]
        given = {one: next(value for start, value in samples.items() if one.startswith(start)) for one in needed}
        made = getattr(torch.nn, name)(**given) if name not in {"RNN", "GRU", "LSTM"} else None
        plain = {one.name for one in parameters} - {
            "self",
            "args",
            "kwargs",
            "device",
            "dtype",
            "reduce",
            "size_average",
        }
        not_kept |= {f"{name}.{one}" for one in plain if made is not None and not hasattr(made, one)}
    assert not_kept == {"Hardtanh.min_value", "Hardtanh.max_value"}  # obsolete
