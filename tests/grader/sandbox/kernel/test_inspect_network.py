"""Networks in a real kernel: right ones of every style keep all marks; wrong ones lose what they should, by name.

Training costs ten times as much as a look at a network: where it is not lost, and nothing else would show, it is left
to `grade audit`, which asks every check of every network.
"""

from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.course.rubric import TrainingEntry
from grader.grading.explaining.known import known_mistake
from grader.grading.judging import judge_run
from grader.grading.key import Key
from grader.grading.make_key import make_key
from grader.model import Cell, Failed, Limits, Passed, Submission
from grader.networks.model import Built, Goal
from grader.sandbox.pool import single_runner
from grader.sandbox.runner import RunSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.course.lab import Lab
    from grader.course.mistakes_and_laws import Mistake
    from grader.grading.judging import Judged
    from grader.grading.key import Asked

pytestmark = [pytest.mark.kernel, pytest.mark.tensorflow, pytest.mark.slow]

ROOT = Path(__file__).parents[4]
LABS = {"build_dnn": "corelab", "build_model": "lab03"}
SEED = 7
SHORT = TrainingEntry(epochs=1, images=600, steps=100, seconds=60)
LIMITS = Limits(cell_seconds=120, call_seconds=120, submission_seconds=900, memory_mib=8192)

TRAINED = {
    ("correct", "build_dnn"): {
        "sequential_by_list",
        "functional",
        "subclassed",
        "sparse_logits_with_from_logits",
        "custom_loss_of_logits",
        "batch_normalisation",
        "dropout",
        "l2_regularisation",
        "rescaling_layer",
        "run_eagerly",
        "plain_sgd",
        "softmax_as_a_layer",
        "sigmoids_by_plain_sgd",
        "pixels_in_a_row_without_an_input",
        "softmax_of_tensorflow_with_from_logits",
    },
    ("correct", "build_model"): {
        "names_in_a_condition",
        "losses_of_my_own",
        "pixels_in_a_row",
        "convolutions",
        "sigmoids_by_plain_sgd",
    },
    ("wrong", "build_dnn"): {"four_dense", "mse", "sigmoid_at_the_end", "summed_over_the_images"},
    ("wrong", "build_model"): {"always_mse", "logits_in_the_mse"},
}
"""The networks that keep the training and are trained here: the others of their file train as one of these does."""

OTHERS = """
import keras
import tensorflow as tf


def returns_nothing():
    four_dense()


def returns_a_name():
    return "model"


def name_that_keras_3_dropped():
    return _net(loss=tf.keras.losses.mean_squared_error)


def a_hundred_times_the_loss():
    return _net(loss=lambda y, p: 100 * keras.losses.categorical_crossentropy(y, p))
"""
"""Wrong in ways that have no name: what is told of them is what was judged."""

HELPLESS = """
def _normalised(optimizer, activation="sigmoid"):
    # what a normalisation counts changes in training, and the loss with it, whatever the optimizer does
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten()])
    for units in (64, 48, 32, 24):
        model.add(layers.Dense(units, activation=activation))
        model.add(layers.BatchNormalization(momentum=0.5))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer=optimizer, loss="categorical_crossentropy")
    return model


def a_rate_of_nothing_beside_normalisation():
    return _normalised(keras.optimizers.SGD(0.0))


def a_rate_of_nearly_nothing_beside_normalisation():
    return _normalised(keras.optimizers.SGD(1e-30))


def uphill_beside_normalisation():
    return _normalised(keras.optimizers.SGD(-1e-4))


def frozen_sigmoids():
    model = _net(optimizer="sgd")
    for layer in model.layers[:-1]:
        layer.activation = keras.activations.sigmoid
    model.trainable = False
    model.compile(optimizer="sgd", loss="categorical_crossentropy")
    return model


def steps_absurdly_large():
    return _net(optimizer=keras.optimizers.Adam(100.0))


def labels_of_other_images():
    def loss(y_true, y_pred):
        return keras.losses.categorical_crossentropy(tf.random.shuffle(y_true), y_pred)

    return _net(loss=loss, optimizer="sgd")


def labels_of_other_digits():
    def loss(y_true, y_pred):
        return keras.losses.categorical_crossentropy(tf.roll(y_true, 1, axis=-1), y_pred)

    return _net(loss=loss, optimizer=keras.optimizers.SGD(1e-3))
"""
"""Wrong, and not because they are slow: no other optimizer may help them."""

UNUSUAL = """
import tensorflow as tf


def a_loss_that_needs_to_be_run_eagerly():
    def loss(y, p):
        assert float(tf.reduce_sum(y)) > 0  # no number yet, in a graph
        return keras.losses.categorical_crossentropy(y, p)

    model = sequential_by_list()
    model.compile(optimizer="adam", loss=loss, run_eagerly=True)
    return model


class Mine(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = sequential_by_list()

    def call(self, images):
        return self.inner(images)

    def fit(self, x, y, batch_size=32, epochs=1, verbose=0):
        return super().fit(tf.convert_to_tensor(x), y, batch_size=batch_size, epochs=epochs, verbose=verbose)

    def evaluate(self, x, y, **options):
        return super().evaluate(x, y, **options)

    def predict(self, x, **options):
        return super().predict(x, **options)


def methods_of_its_own():
    model = Mine()
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


class Stepping(Mine):
    fit, evaluate, predict = keras.Model.fit, keras.Model.evaluate, keras.Model.predict

    def train_step(self, data):
        images, labels = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(y=labels, y_pred=self(images, training=True))
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        return {"loss": loss}


def a_training_step_of_its_own():
    model = Stepping()
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


def pixels_made_small_in_its_own_way_and_slow():
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Lambda(lambda pixels: pixels / 255.0)])
    for layer in sequential_by_list().layers:
        model.add(layer)
    model.compile(optimizer=keras.optimizers.SGD(0.002), loss="categorical_crossentropy")
    return model
"""
"""Right, in ways that hardly anybody takes."""

Graded: TypeAlias = "Mapping[str, Mapping[str, Judged]]"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A file of networks: those of tests/correct or tests/wrong for one task."""

    kind: str
    task: str

    @property
    def path(self) -> Path:
        """Return where it stands."""
        return ROOT / "tests" / self.kind / LABS[self.task] / f"{self.task}.py"

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of its networks."""
        return functions_in(self.path.read_text("utf-8"))


SHELVES = tuple(Shelf(kind, task) for kind in ("wrong", "correct") for task in LABS)  # the longest first


@cache  # asked first in one thread: Python 3.11 before 3.11.5 does not parse in two at once (python/cpython#106905)
def functions_in(source: str) -> tuple[str, ...]:
    found = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return tuple(name for name in found if not name.startswith("_"))


@cache
def lab_of(task: str) -> Lab:
    lab = load_lab(Course(ROOT), LABS[task])
    return replace(lab, rubric=lab.rubric.model_copy(update={"training": SHORT}))


@cache
def mistakes_of(task: str) -> Mapping[str, Mistake]:
    return {mistake.name: mistake for mistake in lab_of(task).mistakes[task]}


@pytest.fixture(scope="module")
def graded() -> Callable[[str, str], Graded]:
    """Grade the networks of each file in a kernel, two at a time: kind, task -> name -> check."""
    assert all(
        [
            *(functions_in(cell.source) for shelf in SHELVES for cell in cells_of(shelf)),
            functions_in(UNUSUAL),
            functions_in(HELPLESS),
        ]
    )
    with ThreadPoolExecutor(2) as at_once:
        results = dict(zip(SHELVES, at_once.map(grade, SHELVES), strict=True))
    return lambda kind, task: results[Shelf(kind, task)]


def cells_of(shelf: Shelf) -> list[Cell]:
    cells = [Cell(1, shelf.path.read_text("utf-8"))]
    if shelf == Shelf("wrong", "build_dnn"):
        cells += [Cell(2, OTHERS), Cell(3, HELPLESS)]
    if shelf == Shelf("correct", "build_dnn"):
        cells.append(Cell(2, UNUSUAL))
    return cells


def grade(shelf: Shelf) -> Graded:
    cells = cells_of(shelf)
    names = [name for cell in cells for name in functions_in(cell.source)]
    lab = lab_of(shelf.task)
    of_task = [asked for asked in make_key(lab, SEED).asked if asked.question.task == shelf.task]
    asked = tuple(
        replace(one, question=replace(one.question, task=name))
        for name in names
        for one in of_task
        if is_asked(shelf, name, one)
    )
    submission = Submission("s001", shelf.path, tuple(cells), "")
    with single_runner() as runner:
        run = runner.run(
            submission,
            RunSpec(questions=tuple(one.question for one in asked), limits=LIMITS, packages=("tensorflow", "keras")),
        )
    checks: dict[str, dict[str, Judged]] = {name: {} for name in names}
    for judged in judge_run(Key(lab.name, SEED, asked), run, cells):
        checks[judged.task][judged.check] = judged
    return checks


def is_asked(shelf: Shelf, name: str, asked: Asked) -> bool:
    if asked.question.check != "training" or name in (*TRAINED[shelf.kind, shelf.task], *functions_in(UNUSUAL)):
        return True
    mistake = mistakes_of(shelf.task).get(name)
    return shelf.kind == "wrong" and (mistake is None or "training" in mistake.loses)


def because(judged: Judged) -> str | None:
    return judged.verdict.because.en if isinstance(judged.verdict, Failed) else None


def networks(kind: str) -> list[tuple[str, str]]:
    return [(shelf.task, name) for shelf in SHELVES if shelf.kind == kind for name in shelf.names]


@pytest.mark.parametrize(("task", "name"), networks("correct"))
def test_a_right_network_keeps_all_marks(graded: Callable[[str, str], Graded], task: str, name: str) -> None:
    checks = graded("correct", task)[name]
    assert {check: because(judged) for check, judged in checks.items()} == dict.fromkeys(checks)
    assert all(isinstance(judged.verdict, Passed) for judged in checks.values())


@pytest.mark.parametrize("name", functions_in(UNUSUAL))
def test_a_right_network_of_an_unusual_kind_keeps_all_marks(graded: Callable[[str, str], Graded], name: str) -> None:
    checks = graded("correct", "build_dnn")[name]
    assert set(checks) == {"architecture", "loss", "training"}
    assert {check: because(judged) for check, judged in checks.items()} == dict.fromkeys(checks)


@pytest.mark.parametrize(("task", "name"), networks("correct"))
def test_a_right_network_shows_no_known_mistake(graded: Callable[[str, str], Graded], task: str, name: str) -> None:
    for judged in graded("correct", task)[name].values():
        for answer in judged.answers:
            seen, goal = answer.observed, answer.asked.expected
            assert isinstance(seen, Built)
            assert isinstance(goal, Goal)
            assert [one.name for one in mistakes_of(task).values() if one.function(seen, goal)] == []


@pytest.mark.parametrize(("task", "name"), networks("wrong"))
def test_a_wrong_network_loses_just_what_it_should(graded: Callable[[str, str], Graded], task: str, name: str) -> None:
    checks = graded("wrong", task)[name]
    failed = {check: because(judged) for check, judged in checks.items() if not isinstance(judged.verdict, Passed)}
    assert set(failed) == set(mistakes_of(task)[name].loses), failed


@pytest.mark.parametrize(("task", "name"), networks("wrong"))
def test_a_wrong_network_is_given_its_own_name(graded: Callable[[str, str], Graded], task: str, name: str) -> None:
    mistakes = tuple(mistakes_of(task).values())
    for check in mistakes_of(task)[name].loses:
        checks = graded("wrong", task)[name]
        explanation = known_mistake(mistakes, checks[check], tuple(checks.values()))
        assert explanation is not None
        assert explanation.name == name


@pytest.mark.parametrize("task", LABS)
def test_every_known_mistake_has_a_wrong_network(task: str) -> None:
    assert sorted(Shelf("wrong", task).names) == sorted(mistakes_of(task))


@pytest.mark.parametrize("name", functions_in(OTHERS))
def test_a_network_that_is_wrong_in_another_way_loses_and_is_given_no_name(
    graded: Callable[[str, str], Graded], name: str
) -> None:
    lost = {"a_hundred_times_the_loss": {"loss"}}.get(name, {"architecture", "loss", "training"})
    checks = graded("wrong", "build_dnn")[name]
    assert {check for check, judged in checks.items() if isinstance(judged.verdict, Failed)} == lost
    for check in lost:
        assert known_mistake(tuple(mistakes_of("build_dnn").values()), checks[check], tuple(checks.values())) is None


@pytest.mark.parametrize("name", functions_in(HELPLESS))
def test_a_network_that_is_wrong_and_not_slow_is_not_helped(graded: Callable[[str, str], Graded], name: str) -> None:
    training = graded("wrong", "build_dnn")[name]["training"]
    assert isinstance(training.verdict, Failed)
    assert training.network is not None
    assert not training.network.helped


@pytest.mark.parametrize("task", LABS)
def test_a_network_that_learns_slowly_passes_and_is_told_why(graded: Callable[[str, str], Graded], task: str) -> None:
    for judged in (graded("correct", task)["sigmoids_by_plain_sgd"]["training"],):
        assert isinstance(judged.verdict, Passed)
        [note] = judged.verdict.notes
        assert "learns slowly: several sigmoid or tanh layers" in note.en
        assert all(
            isinstance(answer.observed, Built) and answer.observed.optimizer == "SGD" for answer in judged.answers
        )


@pytest.mark.parametrize(
    ("name", "check", "told"),
    [
        ("four_dense", "architecture", "the network does not have the 5 Dense layers that were asked for"),
        ("too_many_classes", "architecture", "the outputs are not 10 numbers for each image"),
        ("sigmoid_at_the_end", "architecture", "the outputs for one image do not add up to 1"),
        ("mse", "loss", "the loss that the network reports is not the cross-entropy of its predictions"),
        ("name_misspelled", "loss", "compile was given the name of a loss that Keras does not know"),
        ("nothing_changes", "training", "training did not make the loss fall"),
        ("returns_nothing", "loss", "so it gives None"),
        ("returns_a_name", "loss", "a compiled Keras model is to be returned; this is none"),
        ("name_that_keras_3_dropped", "loss", "a name that Keras or TensorFlow does not have"),
    ],
)
def test_a_wrong_network_of_a_hidden_question_is_told_in_what_way_without_its_numbers(
    graded: Callable[[str, str], Graded], name: str, check: str, told: str
) -> None:
    assert told in (because(graded("wrong", "build_dnn")[name][check]) or "")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("softmax_with_from_logits", "from_logits=True"),
        ("five_hidden_and_an_output", "5 hidden layers and an output layer: accepted as 5 layers"),
    ],
)
def test_advice_is_a_note_and_costs_nothing(graded: Callable[[str, str], Graded], name: str, told: str) -> None:
    verdict = graded("correct", "build_dnn")[name]["architecture"].verdict
    assert isinstance(verdict, Passed)
    [note] = verdict.notes
    assert told in note.en
