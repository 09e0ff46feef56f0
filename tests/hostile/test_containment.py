"""A wrong or forged answer of one student is that student's own: every other one is graded, and nothing ends early."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

resource = pytest.importorskip("resource", reason="limits of POSIX")
if sys.platform != "linux":
    pytest.skip("measures memory as Linux does", allow_module_level=True)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Said

pytestmark = pytest.mark.kernel

INSIDE = """
import numpy as np
import grader.sandbox.kernel.main as inside
from grader.model import Built, Layer, Returned

DENSE = Layer("Dense", 10, "softmax")
EMPTY = np.zeros((0, 10**6)), np.zeros(10**6)

def network(how, **said):
    rows, trained = len(how.images), bool(how.epochs)
    parts = dict(
        layers=(Layer("Flatten", None, None), DENSE), parameters=1, loss="mse", optimizer="Adam", from_logits=False,
        scale=1.0, predictions=np.full((rows, 10), 0.1), reported=0.09, reported_likeliest=0.09, penalties=0.0,
        losses=(2.0, 1.0) if trained else (), unseen_before=np.zeros((500, 10)) if trained else None,
        unseen=np.zeros((500, 10)) if trained else None, weights=(), trouble=None)
    return Built(**{**parts, **said})

def build_model(*_, **__):
    return 1
"""
WIDE = "(np.zeros((784, 1), np.float32), np.zeros(1, np.float32)), (np.zeros((1, 10**6), np.float32), np.zeros(10**6))"
ANSWERS = {
    "numbers": "Returned(np.zeros(()), 'float64')",
    "one_row_less": "network(how, unseen_before=np.arange(5000.).reshape(500, 10), unseen=np.ones((499, 10)))",
    "empty_weights": "network(how, layers=(DENSE, DENSE), weights=((np.zeros((784, 0)), np.zeros(0)), EMPTY))",
    "wide_weights": f"network(how, layers=(DENSE, DENSE), weights=({WIDE}))",
    "weights_that_do_not_join": "network(how, layers=(DENSE, DENSE), weights=((np.ones((784, 3)), np.ones(3)),) * 2)",
    "no_axes": "network(how, predictions=np.array(0.1), unseen_before=np.array(0.1), unseen=np.array(0.2))",
    "ragged_losses": "network(how, losses=(float('nan'),), unseen=np.zeros((0, 10)), unseen_before=np.zeros((0, 10)))",
    "truth_values": "network(how, predictions=np.ones((len(how.images), 10), bool))",
    "many_classes": "network(how, predictions=np.zeros((len(how.images), 30_000), np.float32))",
}
WRONG_FORWARD = "def forward(x, layers):\n    return np.zeros((len(x), 10)) + np.arange(10) ** 1.5"
INNOCENT = "def one_hot(labels, num_classes):\n    return np.eye(num_classes)[np.asarray(labels)]"
MOST_GROWTH_MIB = 700


def test_forged_networks_and_wrong_answers_cost_their_own_students_alone(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path, root: Path
) -> None:
    folder, output = tmp_path / "in", tmp_path / "out"
    for name, answer in ANSWERS.items():
        forging = f"inside.inspect_network = lambda build, how, hooks: {answer}"
        notebook(INSIDE, forging, name=f"forged_{name}", folder=folder)
    notebook("import numpy as np", WRONG_FORWARD, name="wrong_forward", folder=folder)
    notebook("import numpy as np", INNOCENT, name="z_innocent", folder=folder)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = grade("lab03", folder, "--course", root, "--output", output, "--seed", 7, "--jobs", 2, "--lang", "en")
    assert said.status == 0, said.out + said.err
    assert "Traceback" not in said.out + said.err
    assert not (output / "grader.log").exists(), (output / "grader.log").read_text("utf-8")
    records: dict[str, Any] = {path.stem: json.loads(path.read_text("utf-8")) for path in output.glob("*.json")}
    assert len(records) == len(ANSWERS) + 2
    assert all(record["ungraded"] is None for record in records.values())
    assert records["z_innocent"]["earned"] == 16
    assert records["wrong_forward"]["earned"] == 0
    assert records["forged_numbers"]["earned"] == 0
    assert all(record["earned"] < 40 for name, record in records.items() if name.startswith("forged"))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_GROWTH_MIB * 1024
