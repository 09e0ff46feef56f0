"""Networks through the whole grader: right ones of every style keep all marks, wrong ones lose what they should."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

pytest.importorskip("tensorflow", reason="TensorFlow is not installed", exc_type=ImportError)

NETWORKS = Path(__file__).parents[2] / "networks"
CHECKS = ("architecture", "loss", "training")
ALL = set(CHECKS)
LOST: dict[str, set[str]] = {
    "four_dense": {"architecture"},
    "three_dense": {"architecture"},
    "seven_dense": {"architecture"},
    "ten_dense": {"architecture"},
    "sigmoid_output": {"architecture"},
    "relu_output_sparse": {"architecture"},
    "softmax_along_the_batch": {"architecture"},
    "linear_output_without_from_logits": {"architecture"},
    "eleven_classes": {"architecture"},
    "outputs_784": {"architecture"},
    "mse_loss": {"loss"},
    "mae_loss": {"loss"},
    "binary_loss": {"loss"},
    "hinge_loss": {"loss"},
    "kl_loss_with_smoothing": {"loss"},
    "focal_loss": {"loss"},
    "scaled_loss": {"loss"},
    "log2_loss": {"loss"},
    "mean_over_classes": {"loss"},
    "summed_over_the_batch": {"loss"},
    "sign_flipped": {"loss", "training"},
    "typo_in_the_loss_name": {"loss", "training"},
    "compiled_without_a_loss": {"loss", "training"},
    "not_compiled": {"loss", "training"},
    "frozen": {"training"},
    "learning_rate_of_zero": {"training"},
    "huge_learning_rate": {"training"},
    "one_output_unit": ALL,
    "returns_nothing": ALL,
    "returns_a_name": ALL,
    "name_that_keras_3_dropped": ALL,
    "cross_entropy_where_mse_is_asked": {"loss"},
    "mse_summed_over_classes": {"loss"},
}
MAY_LOSE = {  # a loss that takes these outputs for something else: they train by luck
    "relu_output_sparse": {"training"},
    "linear_output_without_from_logits": {"training"},
}
MSE = {"mse_by_name", "mse_by_class", "mse_by_plain_sgd", "cross_entropy_where_mse_is_asked", "mse_summed_over_classes"}
WORDS = '{zh-TW: "字", en: "words"}'


def functions_in(file: str) -> list[str]:
    names = re.findall(r"^def (\w+)\(\):", (NETWORKS / file).read_text("utf-8"), re.MULTILINE)
    return [name for name in names if name != "net"]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, dict[str, Any]]]:
    """Grade the networks of both files at once, each a task of a course: file -> name -> check -> record."""
    folder = tmp_path_factory.mktemp("networks")
    running = {file: (start_grading(folder / file, file), folder / file) for file in ("right.py", "wrong.py")}
    records = {file: finish_grading(*started) for file, started in running.items()}
    return records.__getitem__


def start_grading(folder: Path, file: str) -> subprocess.Popen[str]:
    names = functions_in(file)
    for room in ("rubrics", "reference", "labs"):
        (folder / room).mkdir(parents=True)
    rows = [f"title: {WORDS}", "minutes: 1", f"points: {3 * len(names)}", "packages: [tensorflow, keras]"]
    rows += ["limits: {cell_seconds: 60, call_seconds: 30, submission_seconds: 900}"]
    rows += ["training: {epochs: 3, images: 600, steps: 100, seconds: 10}", "tasks:"]
    for name in names:
        rows += [f"  {name}:", f"    title: {WORDS}", f"    lecture: {WORDS}", "    points: 3", "    checks:"]
        for check in CHECKS:
            options = ", dense: 5" if check == "architecture" else ""
            rows += [f"      {check}:", "        points: 1", f"        promise: {WORDS}", f"        hint: {WORDS}"]
            rows += [f"        judge: {{kind: {check}{options}}}", "        questions: [{inputs: {}}]"]
    (folder / "rubrics/networks.yaml").write_text("\n".join(rows), "utf-8")
    functions = [f"def {name}():\n    return {'mse' if name in MSE else 'cross_entropy'!r}\n" for name in names]
    (folder / "reference/networks.py").write_text("\n".join(functions), "utf-8")
    cell: dict[str, Any] = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": []}
    cell["source"] = (NETWORKS / file).read_text("utf-8")
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "s001.ipynb").write_text(json.dumps(notebook), "utf-8")
    words = ("networks", folder / "s001.ipynb", "--course", folder, "--output", folder, "--seed", "7")
    command = [str(word) for word in (Path(sys.executable).with_name("grade"), *words)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish_grading(grading: subprocess.Popen[str], folder: Path) -> dict[str, dict[str, Any]]:
    _, error = grading.communicate(timeout=600)
    assert grading.returncode in {0, 1}, error
    record = json.loads((folder / "s001.json").read_text("utf-8"))
    return {task["name"]: {check["name"]: check for check in task["checks"]} for task in record["tasks"]}


@pytest.mark.parametrize("name", functions_in("right.py"))
def test_a_right_network_keeps_all_marks(graded: Callable[[str], dict[str, dict[str, Any]]], name: str) -> None:
    checks = graded("right.py")[name]
    assert {check: checks[check]["because"] for check in CHECKS} == dict.fromkeys(CHECKS)


@pytest.mark.parametrize("name", list(LOST))
def test_a_wrong_network_loses_just_what_it_should(
    graded: Callable[[str], dict[str, dict[str, Any]]], name: str
) -> None:
    checks = graded("wrong.py")[name]
    failed = {check: checks[check]["because"]["en"] for check in CHECKS if checks[check]["verdict"] != "passed"}
    assert LOST[name] <= set(failed) <= LOST[name] | MAY_LOSE.get(name, set()), failed


@pytest.mark.parametrize(
    ("name", "check", "told"),
    [
        ("four_dense", "architecture", "the network has 4 Dense layers; 5 were asked for"),
        (
            "eleven_classes",
            "architecture",
            "64 images gave outputs of shape (64, 11); 10 numbers for each were promised",
        ),
        ("sigmoid_output", "architecture", "the outputs for one image add up to"),
        ("mse_loss", "loss", "the network reports a loss of"),
        ("typo_in_the_loss_name", "loss", "Keras knows no loss of the name that compile was given"),
        ("frozen", "training", "training did not make the loss fall"),
        ("returns_nothing", "loss", "nothing was returned (None)"),
        ("returns_a_name", "loss", "a compiled Keras model is to be returned; this is of the type str"),
        ("name_that_keras_3_dropped", "loss", "Keras 3"),
    ],
)
def test_a_wrong_network_is_told_in_what_way(
    graded: Callable[[str], dict[str, dict[str, Any]]], name: str, check: str, told: str
) -> None:
    assert told in graded("wrong.py")[name][check]["because"]["en"]


def test_softmax_with_from_logits_is_advice_and_six_layers_a_note(
    graded: Callable[[str], dict[str, dict[str, Any]]],
) -> None:
    networks = graded("right.py")
    [note] = networks["softmax_with_from_logits"]["architecture"]["notes"]
    assert "from_logits=True" in note["en"]
    [note] = networks["five_hidden_and_an_output"]["architecture"]["notes"]
    assert note["en"] == "5 hidden layers and an output layer: accepted as 5 layers"
