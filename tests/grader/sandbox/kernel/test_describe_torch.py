"""A network of PyTorch that is described and built anew is the same network; else it is said which part is why.

Here both happen in this process, without a kernel.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.data.digits import draw
from grader.model import Unreadable
from grader.networks.model import Alleged, Built, Description, Inspection, Layer
from grader.sandbox.kernel import keras_hooks
from grader.sandbox.kernel.describe_network import describe_network
from grader.sandbox.kernel.inspect_network import inspect_network
from grader.sandbox.kernel.rebuild_network import inspect_described
from grader.sandbox.worker.known_parts import unknown_part
from grader.wire.descriptions import decode_description, encode_description
from grader.wire.networks import decode_built, encode_built

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [
    pytest.mark.torch,
    pytest.mark.usefixtures("torch"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of PyTorch's own parts, which torch.compile imports
]

IMAGES, LABELS = draw(48, 3)
UNSEEN, _ = draw(20, 4)
INSPECTION = Inspection(IMAGES, LABELS, UNSEEN, epochs=0, seconds=20.0, seed=5)
TRAINING = Inspection(IMAGES, LABELS, UNSEEN, epochs=2, seconds=20.0, seed=5)

HEAD = """
import operator
import torch
import torch.nn.functional as F
from torch import nn
"""
CLASS = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {made}
    def forward(self, x):
        {passed}
"""


def build(code: str, *, loss: str = "nn.CrossEntropyLoss()", optimizer: str = "SGD(net.parameters(), lr=0.1)") -> Any:  # noqa: ANN401 (what a student returns)
    """Return a function as a notebook has it: it makes the network of an expression, or of a class Net."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(HEAD + (code if "class Net" in code else ""), names)  # noqa: S102 (a test's own code, as a notebook runs it)
    made = "Net()" if "class Net" in code else code
    returned = f"(lambda net: (net, {loss}, torch.optim.{optimizer}))({made})"
    return lambda: eval(returned, names)  # noqa: S307 (same)


def net(made: str, passed: str) -> str:
    return CLASS.format(made=made.replace("\n", "\n        "), passed=passed.replace("\n", "\n        "))


LINEAR = "self.a = nn.Linear(784, 16); self.b = nn.Linear(16, 10)"
PLAIN = {
    "in a row": "nn.Sequential(nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 10))",
    "flattened": "nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.Tanh(), nn.Linear(16, 10))",
    "networks inside": "nn.Sequential(nn.Flatten(), nn.Sequential(nn.Linear(784, 8), nn.ELU(0.5)), nn.Linear(8, 10))",
    "convolutions": "nn.Sequential(nn.Conv2d(1, 4, 3, padding='same'), nn.BatchNorm2d(4), nn.LeakyReLU(0.2), "
    "nn.MaxPool2d(2), nn.Dropout2d(0.1), nn.Flatten(), nn.Linear(784, 10))",
    "normalised": "nn.Sequential(nn.Flatten(), nn.Linear(784, 16, bias=False), nn.BatchNorm1d(16), nn.GELU('tanh'), "
    "nn.LayerNorm(16), nn.Dropout(0.5), nn.Linear(16, 10), nn.LogSoftmax(dim=1))",
    "unflattened": "nn.Sequential(nn.Unflatten(1, (1, 28, 28)), nn.AvgPool2d(4), nn.Flatten(), nn.Linear(49, 10))",
    "a lazy layer": "nn.Sequential(nn.Flatten(), nn.LazyLinear(16), nn.ReLU(), nn.Linear(16, 10))",
    "twice the same activation": "(lambda a: nn.Sequential(nn.Linear(784, 9), a, nn.Linear(9, 10), a))(nn.PReLU())",
    "in double precision": "nn.Sequential(nn.Flatten(), nn.Linear(784, 10)).double()",
    "a class": net(LINEAR, "return self.b(F.relu(self.a(x.view(-1, 784))))"),
    "its own shape": net(LINEAR, "return self.b(torch.sigmoid(self.a(x.reshape(x.shape[0], -1))))"),
    "methods": net(LINEAR, "return self.b(self.a(x.flatten(start_dim=1)).relu()).softmax(dim=-1)"),
    "rescaled": net(LINEAR, "x = (x.view(x.size(0), 784) - 0.13) / 0.3\nreturn self.b(self.a(x).tanh() * 2 + 1)"),
    "dropout in training alone": net(
        LINEAR, "x = F.dropout(self.a(x.view(-1, 784)), 0.3, training=self.training)\nreturn self.b(x)"
    ),
    "a list of layers": net(
        "self.all = nn.ModuleList([nn.Linear(784, 10), nn.Linear(10, 10), nn.Linear(10, 10)])",
        "x = x.flatten(1)\nfor layer in self.all:\n    x = F.elu(layer(x))\nreturn x",
    ),
    "around a layer": net(
        "self.a = nn.Linear(784, 10); self.b = nn.Linear(10, 10)",
        "x = self.a(x.view(-1, 784))\nreturn x + torch.relu(self.b(x))",
    ),
    "two ways": net(LINEAR, "x = self.a(x.view(-1, 784))\nreturn self.b(torch.cat([x[:, :8], x[:, 8:].abs()], dim=1))"),
    "numbers of its own": net(
        "self.w = nn.Parameter(torch.randn(784, 10) * 0.1); self.c = nn.Parameter(torch.zeros(10))\n"
        "self.register_buffer('mean', torch.full((784,), 0.1))",
        "return (x.view(-1, 784) - self.mean) @ self.w + self.c",
    ),
    "a linear layer of its own": "class Mine(nn.Linear):\n    pass\n"
    + net("self.a = Mine(784, 10)", "return self.a(x.view(-1, 784))"),
    "moved to where it computes": net(
        LINEAR + "; self.device = torch.device('cpu')",
        "x = x.to(self.device).view(-1, 784).type(torch.float32)\nreturn self.b(self.a(x.to(torch.float32)).to('cpu'))",
    ),
    "numbers that forward makes": net(LINEAR, "return self.b(self.a(x.view(-1, 784))) * torch.tensor([2.0])"),
    "compiled": "torch.compile(nn.Sequential(nn.Flatten(), nn.Linear(784, 10)))",
    "pooling functions": net(
        "self.c = nn.Conv2d(1, 4, 5); self.out = nn.Linear(4 * 36, 10)",
        "x = F.max_pool2d(F.relu(self.c(x)), 2)\nx = F.avg_pool2d(x, 2)\nreturn self.out(x.flatten(1))",
    ),
    "rows one after another": net(
        "self.r = nn.GRU(28, 12, batch_first=True); self.out = nn.Linear(12, 10)",
        "x, last = self.r(x.view(-1, 28, 28))\nreturn self.out(x[:, -1])",
    ),
}
FOREIGN = {
    "a layer that changes what it is told": (
        "class Odd(nn.Module):\n    def forward(self, x):\n        return x if x.sum() > 0 else -x\n"
        + net(LINEAR + "; self.odd = Odd()", "return self.b(self.odd(self.a(x.view(-1, 784))))"),
        "nn.CrossEntropyLoss()",
        Alleged("library", "TraceError", library="torch"),
    ),
    "a loss of the student's": (
        PLAIN["in a row"],
        "(lambda z, y: z.mean())",
        Alleged("part", "<lambda>", library="torch"),
    ),
    "a loss that is a class": (
        PLAIN["in a row"],
        "nn.CrossEntropyLoss",
        Alleged("library", "TypeError", library="torch"),
    ),
    "attention": (
        net(
            "self.m = nn.MultiheadAttention(28, 2, batch_first=True); self.out = nn.Linear(784, 10)",
            "x = x.view(-1, 28, 28)\nreturn self.out(self.m(x, x, x)[0].flatten(1))",
        ),
        "nn.CrossEntropyLoss()",
        Alleged("part", "MultiheadAttention", library="torch"),
    ),
    "a sort": (
        net(LINEAR, "return self.b(self.a(x.view(-1, 784)).sort(dim=1)[0])"),
        "nn.CrossEntropyLoss()",
        Alleged("part", "sort", library="torch"),
    ),
    "a hook": (
        net(LINEAR + "\nself.a.register_forward_hook(lambda m, i, o: o * 2)", "return self.b(self.a(x.view(-1, 784)))"),
        "nn.CrossEntropyLoss()",
        Alleged("part", "Linear", library="torch"),
    ),
    "a forward of one layer's own": (
        net(LINEAR + "\nself.a.forward = lambda x: x[:, :16]", "return self.b(self.a(x.view(-1, 784)))"),
        "nn.CrossEntropyLoss()",
        Alleged("part", "Linear", library="torch"),
    ),
    "too many numbers": (
        "nn.Sequential(nn.Flatten(), nn.Linear(784, 4000), nn.Linear(4000, 10))",
        "nn.CrossEntropyLoss()",
        Alleged("size", library="torch"),
    ),
    "weights that two layers share": (
        net(
            "self.a = nn.Linear(784, 10); self.b = nn.Linear(10, 10); self.c = nn.Linear(10, 10)\n"
            "self.c.weight = self.b.weight",
            "return self.c(self.b(self.a(x.view(-1, 784))))",
        ),
        "nn.CrossEntropyLoss()",
        Alleged("library", library="torch"),
    ),
}


def described(making: Callable[[], object]) -> Description:
    """Return a description as it arrives in the clean kernel."""
    found = describe_network(making, INSPECTION.seed)
    assert isinstance(found, Description), found
    arrived = decode_description(encode_description(found))
    assert isinstance(arrived, Description)
    assert unknown_part(arrived) is None
    return arrived


def built(seen: object) -> Built:
    assert isinstance(seen, Built), seen
    return decode_built(encode_built(seen))


@pytest.mark.parametrize("name", PLAIN)
def test_a_network_built_anew_gives_the_same_outputs_and_loss(name: str) -> None:
    making = build(PLAIN[name])
    mine, anew = (
        built(inspect_network(making, INSPECTION, None)),
        built(inspect_described(described(making), INSPECTION)),
    )
    assert mine.trouble is None
    assert mine.predictions is not None
    assert anew.predictions is not None
    assert np.allclose(mine.predictions, anew.predictions, atol=1e-6)
    assert mine.reported == pytest.approx(anew.reported, rel=1e-6)


@pytest.mark.parametrize("name", [name for name in PLAIN if "ropout" not in PLAIN[name]])
def test_it_is_trained_by_the_same_steps(name: str) -> None:
    """Dropout draws random numbers, and tracing draws none: there the steps differ by chance."""
    making = build(PLAIN[name], optimizer="SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True)")
    mine, anew = built(inspect_network(making, TRAINING, None)), built(inspect_described(described(making), TRAINING))
    assert len(mine.losses) > 2
    assert mine.losses == pytest.approx(anew.losses, rel=1e-3)


@pytest.mark.parametrize("name", FOREIGN)
def test_a_network_that_is_not_built_anew_says_why(name: str) -> None:
    code, loss, why = FOREIGN[name]
    assert describe_network(build(code, loss=loss), INSPECTION.seed) == why


@pytest.mark.parametrize(
    "loss",
    [
        "nn.NLLLoss()",
        "F.cross_entropy",
        "nn.MSELoss()",
        "F.mse_loss",
        "nn.BCEWithLogitsLoss()",
        "nn.SmoothL1Loss(beta=0.5)",
        "nn.CrossEntropyLoss(label_smoothing=0.1)",
        "nn.CrossEntropyLoss(torch.linspace(1.0, 2.0, 10))",
    ],
)
def test_a_loss_gets_the_labels_that_it_takes_and_is_the_same_anew(loss: str) -> None:
    making = build(PLAIN["in a row"], loss=loss)
    mine, anew = (
        built(inspect_network(making, INSPECTION, None)),
        built(inspect_described(described(making), INSPECTION)),
    )
    assert mine.trouble is None
    assert mine.reported == pytest.approx(anew.reported, rel=1e-6)


@pytest.mark.parametrize(
    "optimizer",
    [
        "Adam(net.parameters())",
        "AdamW(net.parameters(), lr=torch.tensor(0.01))",
        "RMSprop(net.parameters(), momentum=0.5)",
        "Adagrad(net.parameters())",
        "NAdam(net.parameters())",
        "Rprop(net.parameters())",
        "Adadelta(net.parameters())",
        "SGD([{'params': net[0].parameters()}, {'params': net[2].parameters(), 'lr': 0.5}], lr=0.01, weight_decay=0.1)",
    ],
)
def test_an_optimizer_takes_the_same_steps_anew(optimizer: str) -> None:
    making = build(PLAIN["in a row"], optimizer=optimizer)
    mine, anew = built(inspect_network(making, TRAINING, None)), built(inspect_described(described(making), TRAINING))
    assert mine.losses == pytest.approx(anew.losses, rel=1e-3)
    assert mine.losses[-1] < mine.losses[0]


@pytest.mark.parametrize("optimizer", ["SGD(nn.Linear(784, 10).parameters(), lr=0.1)", "SGD(net.parameters(), lr=0.0)"])
def test_an_optimizer_that_leaves_the_network_as_it_is_does_so_anew(optimizer: str) -> None:
    losses = built(inspect_described(described(build(PLAIN["in a row"], optimizer=optimizer)), TRAINING)).losses
    assert len(set(losses)) == 1


def test_one_that_its_later_steps_throw_off_counts_by_what_it_had_learnt() -> None:
    """Batch normalisation has numbers that are no parameters: these are taken back, too."""
    torch: Any = sys.modules["torch"]

    def making() -> tuple[Any, Any, Any]:
        nn = torch.nn
        network = nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 10))
        optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
        steps: list[int] = []

        def slower(*_: object) -> None:
            steps.append(1)
            optimizer.param_groups[0]["lr"] = 0.1 if len(steps) < 3 else 1e20

        optimizer.register_step_post_hook(slower)
        return network, nn.CrossEntropyLoss(), optimizer

    seen = built(inspect_network(making, TRAINING, None))
    assert seen.thrown_off
    assert np.isfinite(seen.losses).all()
    assert seen.unseen is not None
    assert np.isfinite(seen.unseen).all()


def test_frozen_numbers_stay_frozen() -> None:
    code = "(lambda made: (made[0].requires_grad_(False), made)[1])(nn.Sequential(nn.Linear(784, 9), nn.Linear(9, 10)))"
    form = described(build(code)).network
    assert form["trained"] == [False, False, True, True]


@pytest.mark.parametrize(
    ("name", "layers"),
    [
        ("in a row", (Layer("Linear", 16, "relu"), Layer("Linear", 10, None))),
        ("a class", (Layer("Linear", 16, "relu"), Layer("Linear", 10, None))),
        ("methods", (Layer("Linear", 16, "relu"), Layer("Linear", 10, "softmax"))),
        ("a linear layer of its own", (Layer("Linear", 10, None),)),
        ("rows one after another", (Layer("GRU", None, None), Layer("Linear", 10, None))),
    ],
)
def test_layers_are_told_in_the_order_of_their_use_with_what_they_are_activated_by(
    name: str, layers: tuple[Layer, ...]
) -> None:
    seen = built(inspect_described(described(build(PLAIN[name])), INSPECTION))
    assert seen.layers == layers
    assert seen.library == "torch"


@pytest.mark.parametrize(
    "parts", ["(net, loss, optimizer)", "[net, optimizer, loss]", "(net, loss, None)", "(net, loss)"]
)
def test_parts_are_told_apart_by_what_they_are(parts: str) -> None:
    torch: Any = sys.modules["torch"]
    network = torch.nn.Sequential(torch.nn.Linear(784, 10))
    names = {"net": network, "loss": torch.nn.NLLLoss(), "optimizer": torch.optim.Adam(network.parameters())}
    seen = built(inspect_network(lambda: eval(parts, names), INSPECTION, None))  # noqa: S307 (a test's own)
    assert (seen.loss, seen.optimizer) == ("NLLLoss", "Adam" if "optimizer" in parts else None)


@pytest.mark.parametrize("answer", ["torch.zeros(3, 10)", "nn.Linear", "nn.MSELoss()", "(1, 2)", "3.0"])
def test_what_is_no_network_is_told_as_none_of_pytorchs(answer: str) -> None:
    torch: Any = sys.modules["torch"]
    names = {"torch": torch, "nn": torch.nn}
    seen = describe_network(lambda: eval(answer, names), 1)  # noqa: S307 (same)
    assert isinstance(seen, Unreadable)
    assert seen.reason == ("network" if "keras" in sys.modules else "module")


def test_random_numbers_of_pytorch_begin_with_the_kernels_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    torch: Any = sys.modules["torch"]
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    drawn = []
    for seed in (3, 3, 4):
        keras_hooks.install(seed=seed, mnist=None, training=None)
        drawn.append(float(torch.rand(1)))
    assert drawn[0] == drawn[1] != drawn[2]
