"""A lab of PyTorch from the notebook to the record: right networks keep all points, wrong ones lose what they should.

The networks are written as students write them. The course of the lab is tests/torch_course.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.cli import main

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = [pytest.mark.kernel, pytest.mark.torch, pytest.mark.slow]

COURSE = Path(__file__).parent / "torch_course"
HEAD = """
import numpy as np
import torch
import torch.nn.functional as F
import torch.optim as optim
from torch import nn
"""
ALLEGED = frozenset({"own_losses", "asks_for_axes"})
"""Right networks with a part that is not PyTorch's own, or that cannot be traced."""

RIGHT = {
    "sequential": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model, criterion, optim.Adam(model.parameters(), lr=1e-3)
""",
    "subclass": """class Net(nn.Module):
    def __init__(self, is_mse):
        super().__init__()
        self.is_mse = is_mse
        self.fc1 = nn.Linear(28 * 28, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = x.view(-1, 784)
        x = F.relu(self.fc1(x))
        x = self.fc2(x)
        return F.softmax(x, dim=1) if self.is_mse else x

def build_model(loss):
    model = Net(loss == "mse")
    criterion = nn.MSELoss() if loss == "mse" else nn.CrossEntropyLoss()
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    return model, criterion, optimizer
""",
    "cnn": """class Net(nn.Module):
    def __init__(self, is_mse):
        super().__init__()
        self.is_mse = is_mse
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3)
        self.pool = nn.MaxPool2d(2, 2)
        self.drop = nn.Dropout(0.25)
        self.fc = nn.Linear(16 * 6 * 6, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = torch.flatten(x, 1)
        x = self.drop(x)
        x = self.fc(x)
        return x.softmax(dim=1) if self.is_mse else x

def build_model(loss):
    model = Net(loss == "mse")
    criterion = nn.MSELoss() if loss == "mse" else nn.CrossEntropyLoss()
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    return model, criterion, optimizer
""",
    "nll": """class Net(nn.Module):
    def __init__(self, is_mse):
        super().__init__()
        self.is_mse = is_mse
        self.fc1 = nn.Linear(28 * 28, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = x.view(-1, 784)
        x = F.relu(self.fc1(x))
        x = self.fc2(x)
        return F.softmax(x, dim=1) if self.is_mse else F.log_softmax(x, dim=1)

def build_model(loss):
    model = Net(loss == "mse")
    criterion = nn.MSELoss() if loss == "mse" else nn.NLLLoss()
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    return model, criterion, optimizer
""",
    "functional_losses": """class Net(nn.Module):
    def __init__(self, is_mse):
        super().__init__()
        self.is_mse = is_mse
        self.fc1 = nn.Linear(28 * 28, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = x.view(-1, 784)
        x = F.relu(self.fc1(x))
        x = self.fc2(x)
        return F.softmax(x, dim=1) if self.is_mse else x

def build_model(loss):
    model = Net(loss == "mse")
    criterion = F.mse_loss if loss == "mse" else F.cross_entropy
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    return model, criterion, optimizer
""",
    "batchnorm": """class Net(nn.Module):
    def __init__(self, is_mse):
        super().__init__()
        self.is_mse = is_mse
        self.net = nn.Sequential(nn.Linear(784, 64), nn.BatchNorm1d(64), nn.GELU(), nn.Dropout(0.2), nn.Linear(64, 10))

    def forward(self, x):
        x = self.net(x.reshape(x.shape[0], -1))
        if self.is_mse:
            x = torch.softmax(x, 1)
        return x

def build_model(loss):
    model = Net(loss == "mse")
    criterion = nn.MSELoss() if loss == "mse" else nn.CrossEntropyLoss()
    optimizer = optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
    return model, criterion, optimizer
""",
    "plain_sgd": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model, criterion, optim.SGD(model.parameters(), lr=0.01)
""",
    "no_flatten_in_row": """def build_model(loss):
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model, criterion, optim.Adam(model.parameters(), lr=1e-3)
""",
    "own_losses": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = lambda p, y: ((p - y) ** 2).mean()
    else:
        criterion = lambda z, y: -F.log_softmax(z, 1)[torch.arange(len(y)), y].mean()
    return model, criterion, optim.Adam(model.parameters(), lr=1e-3)
""",
    "asks_for_axes": """class Net(nn.Module):
    def __init__(self, is_mse):
        super().__init__()
        self.is_mse = is_mse
        self.fc1 = nn.Linear(28 * 28, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        if x.dim() > 2:
            x = x.flatten(1)
        x = F.relu(self.fc1(x))
        x = self.fc2(x)
        return F.softmax(x, dim=1) if self.is_mse else x

def build_model(loss):
    model = Net(loss == "mse")
    criterion = nn.MSELoss() if loss == "mse" else nn.CrossEntropyLoss()
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    return model, criterion, optimizer
""",
    "residual": """class Net(nn.Module):
    def __init__(self, is_mse):
        super().__init__()
        self.is_mse = is_mse
        self.first = nn.Linear(784, 32)
        self.blocks = nn.ModuleList([nn.Linear(32, 32) for _ in range(3)])
        self.last = nn.Linear(32, 10)

    def forward(self, x):
        x = torch.tanh(self.first(x.flatten(1)))
        for block in self.blocks:
            x = x + torch.relu(block(x))
        x = self.last(x)
        return torch.softmax(x, dim=-1) if self.is_mse else x

def build_model(loss):
    model = Net(loss == "mse")
    criterion = nn.MSELoss() if loss == "mse" else nn.CrossEntropyLoss()
    optimizer = optim.RMSprop(model.parameters(), lr=1e-3)
    return model, criterion, optimizer
""",
    "weights_of_its_own": """class Net(nn.Module):
    def __init__(self, is_mse):
        super().__init__()
        self.is_mse = is_mse
        self.W1 = nn.Parameter(torch.randn(784, 32) * 0.05)
        self.b1 = nn.Parameter(torch.zeros(32))
        self.out = nn.Linear(32, 10)

    def forward(self, x):
        x = torch.relu(x.view(x.size(0), -1) @ self.W1 + self.b1)
        x = self.out(x)
        return F.softmax(x, 1) if self.is_mse else x

def build_model(loss):
    model = Net(loss == "mse")
    criterion = nn.MSELoss() if loss == "mse" else nn.CrossEntropyLoss()
    optimizer = optim.Adam([{"params": [model.W1, model.b1]}, {"params": model.out.parameters(), "lr": 5e-3}], lr=1e-3)
    return model, criterion, optimizer
""",
    "reads_28_rows": """class Net(nn.Module):
    def __init__(self, is_mse):
        super().__init__()
        self.is_mse = is_mse
        self.rnn = nn.GRU(28, 32, batch_first=True)
        self.out = nn.Linear(32, 10)

    def forward(self, x):
        out, _ = self.rnn(x.view(-1, 28, 28))
        x = self.out(out[:, -1])
        return F.softmax(x, 1) if self.is_mse else x

def build_model(loss):
    model = Net(loss == "mse")
    criterion = nn.MSELoss() if loss == "mse" else nn.CrossEntropyLoss()
    optimizer = optim.Adam(model.parameters(), lr=5e-3)
    return model, criterion, optimizer
""",
    "divides_by_255": """class Net(nn.Module):
    def __init__(self, is_mse):
        super().__init__()
        self.is_mse = is_mse
        self.fc1 = nn.Linear(28 * 28, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = x.view(-1, 784) / 255.0
        x = F.relu(self.fc1(x))
        x = self.fc2(x)
        return F.softmax(x, dim=1) if self.is_mse else x

def build_model(loss):
    model = Net(loss == "mse")
    criterion = nn.MSELoss() if loss == "mse" else nn.CrossEntropyLoss()
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    return model, criterion, optimizer
""",
    "sigmoids_by_sgd": """def build_model(loss):
    layers = [nn.Flatten(), nn.Linear(784, 64), nn.Sigmoid(), nn.Linear(64, 64), nn.Sigmoid()]
    layers += [nn.Linear(64, 64), nn.Sigmoid(), nn.Linear(64, 10)]
    if loss == "mse":
        layers.append(nn.Softmax(dim=1))
    model = nn.Sequential(*layers)
    return model, (nn.MSELoss() if loss == "mse" else nn.CrossEntropyLoss()), optim.SGD(model.parameters(), lr=0.01)
""",
    "lazy": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.LazyLinear(128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model, criterion, optim.Adam(model.parameters(), lr=1e-3)
""",
}

WRONG = {
    "softmax_twice": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    model.append(nn.Softmax(dim=1))
    if loss == "mse":
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model, criterion, optim.Adam(model.parameters(), lr=1e-3)
""",
    "always_cross_entropy": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.CrossEntropyLoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model, criterion, optim.Adam(model.parameters(), lr=1e-3)
""",
    "always_mse": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.MSELoss()
    return model, criterion, optim.Adam(model.parameters(), lr=1e-3)
""",
    "nll_of_logits": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.NLLLoss()
    return model, criterion, optim.Adam(model.parameters(), lr=1e-3)
""",
    "summed": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss(reduction='sum')
    return model, criterion, optim.Adam(model.parameters(), lr=1e-3)
""",
    "lr0": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model, criterion, optim.Adam(model.parameters(), lr=0.0)
""",
    "frozen": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    for p in model.parameters():
        p.requires_grad = False
    return model, criterion, optim.Adam(model.parameters(), lr=1e-3)
""",
    "optimizer_of_another": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model, criterion, optim.Adam(nn.Linear(784, 10).parameters(), lr=1e-3)
""",
    "detached": """class Net(nn.Module):
    def __init__(self, is_mse):
        super().__init__()
        self.is_mse = is_mse
        self.fc1 = nn.Linear(28 * 28, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = x.view(-1, 784)
        x = F.relu(self.fc1(x))
        x = self.fc2(x.detach()).detach()
        return F.softmax(x, dim=1) if self.is_mse else x

def build_model(loss):
    model = Net(loss == "mse")
    criterion = nn.MSELoss() if loss == "mse" else nn.CrossEntropyLoss()
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    return model, criterion, optimizer
""",
    "nine_classes": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 9))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model, criterion, optim.Adam(model.parameters(), lr=1e-3)
""",
    "no_optimizer": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model, criterion
""",
    "alone": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model
""",
    "class_of_a_loss": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss
    else:
        criterion = nn.CrossEntropyLoss
    return model, criterion, optim.Adam(model.parameters(), lr=1e-3)
""",
    "outputs": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model(torch.zeros(1, 784))
""",
    "nothing": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    pass
""",
    "huge_lr": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=1))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model, criterion, optim.Adam(model.parameters(), lr=1000.)
""",
    "softmax_over_images": """def build_model(loss):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if loss == "mse":
        model.append(nn.Softmax(dim=0))
        criterion = nn.MSELoss()
    else:
        criterion = nn.CrossEntropyLoss()
    return model, criterion, optim.Adam(model.parameters(), lr=1e-3)
""",
}

LOST = {
    "softmax_twice": (["loss"], "loss", "takes a softmax of them once more"),
    "always_cross_entropy": (["loss"], "loss", "the mean squared error of its predictions is"),
    "always_mse": (["architecture", "loss"], "loss", "the cross-entropy of its predictions is"),
    "nll_of_logits": (["architecture", "loss"], "loss", "takes the logarithms of probabilities"),
    "summed": (["loss"], "loss", "the network reports a loss of"),
    "lr0": (["training"], "training", "training did not make the loss fall"),
    "frozen": (["training"], "training", "nothing in the network can be trained"),
    "optimizer_of_another": (["training"], "training", "training did not make the loss fall"),
    "detached": (["training"], "training", "nothing in the network can be trained"),
    "nine_classes": (["architecture", "loss", "training"], "architecture", "gave outputs of shape (64, 9)"),
    "no_optimizer": (["training"], "training", "no optimizer was returned with the network"),
    "alone": (["loss", "training"], "loss", "no loss was returned with the network"),
    "class_of_a_loss": (["loss", "training"], "loss", "the loss is a class"),
    "outputs": (["architecture", "loss", "training"], "architecture", "a network of PyTorch is to be returned"),
    "nothing": (["architecture", "loss", "training"], "architecture", "has no return with a value"),
    "huge_lr": (["training"], "training", ""),
    "softmax_over_images": (["architecture"], "architecture", "add up to"),
}
"""The checks that a wrong network loses, and what is said of one of them."""

BY_LUCK = {"nll_of_logits": {"training"}}
"""The checks that a wrong network may lose as well: its loss falls without end, and it learns with some seeds."""

FORGED = {
    "code_in_a_description": """
import grader.sandbox.kernel.main as kernel
from grader.networks.model import Description

def describe(call, seed):
    step = ["function", "os.system", ["true"], {}]
    steps = [["input", "", [], {}], step, ["output", "", [{"step": 1}], {}]]
    form = {"layers": [], "trained": [], "steps": steps, "steps_in_training": steps}
    return Description(form, {"loss": None, "optimizer": None}, (), library="torch")

kernel.describe_network = describe

def build_model(loss):
    return loss
""",
    "a_description_that_cannot_be_built": """
import grader.sandbox.kernel.main as kernel
from grader.networks.model import Description

def describe(call, seed):
    steps = [["input", "", [], {}], ["layer", 7, [{"step": 9}], {}], ["output", "", [{"step": 1}], {}]]
    form = {"layers": [["Linear", {"in_features": -3}]], "trained": [True], "steps": steps, "steps_in_training": steps}
    return Description(form, {"loss": None, "optimizer": None}, (np.ones(2),), library="torch")

kernel.describe_network = describe

def build_model(loss):
    return loss
""",
}


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """Grade all of them as a class, and return the task of each record by the notebook's name."""
    handed_in, out = tmp_path_factory.mktemp("in"), tmp_path_factory.mktemp("out")
    for name, source in {**RIGHT, **WRONG, **FORGED}.items():
        cells: list[dict[str, Any]] = [
            {"cell_type": "code", "id": f"c{n}", "metadata": {}, "execution_count": None, "outputs": [], "source": text}
            for n, text in enumerate((HEAD, source))
        ]
        content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (handed_in / f"{name}.ipynb").write_text(json.dumps(content), encoding="utf-8")
    words = ("digits", handed_in, "--course", COURSE, "--output", out, "--seed", "7", "--lang", "en", "--jobs", "2")
    assert main([str(word) for word in words]) == 0
    return {path.stem: json.loads(path.read_text("utf-8"))["tasks"][0] for path in out.glob("*.json")}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_network_keeps_all_points(records: Mapping[str, Any], name: str) -> None:
    task = records[name]
    assert task["earned"] == task["points"], task
    assert {bool(check["alleged"]) for check in task["checks"]} == {name in ALLEGED}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_network_loses_what_it_should_and_is_told_why(records: Mapping[str, Any], name: str) -> None:
    checks = {check["name"]: check for check in records[name]["checks"]}
    lost, told, sentence = LOST[name]
    failed = {check for check in checks if checks[check]["verdict"] != "passed"}
    assert failed - BY_LUCK.get(name, set()) == set(lost)
    assert sentence in checks[told]["because"]["en"]


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_description_earns_nothing(records: Mapping[str, Any], name: str) -> None:
    assert records[name]["earned"] == 0


def test_a_stub_loses_nothing_but_its_points(tmp_path: Path) -> None:
    words = ("digits", COURSE / "labs/digits.ipynb", "--course", COURSE, "--output", tmp_path, "--lang", "en")
    assert main([str(word) for word in words]) in {0, 1}
    [task] = json.loads((tmp_path / "digits.json").read_text("utf-8"))["tasks"]
    assert {check["verdict"] for check in task["checks"]} == {"not_attempted"}
