"""Keras in a kernel: MNIST without a network, training within the budget, and the same numbers every time.

Three notebooks run in real kernels; each records what happens in its cells, and is asked for it afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.model import Cell, Limits, Question, Returned, Run, Submission, Training
from grader.networks.model import Built, Inspection
from grader.sandbox.pool import single_runner
from grader.sandbox.runner import Runner, RunSpec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from grader.model import Array

pytestmark = [pytest.mark.kernel, pytest.mark.tensorflow, pytest.mark.slow]

LIMITS = Limits(cell_seconds=200, call_seconds=60, submission_seconds=500)
BUDGET = Training(epochs=3, steps=5, images=64, seconds=1000.0)
ONE_SECOND = Training(epochs=10**6, steps=10**6, images=10**6, seconds=1.0)

RECORDER = '''
values = {}


def record(name, act):
    """Keep what act() gives, or the error that it raises, to be asked for."""
    try:
        values[name] = act()
    except Exception as error:
        values[name] = error


def recorded(name):
    if isinstance(values[name], Exception):
        raise values[name]
    return values[name]
'''


@dataclass(frozen=True)
class Seen:
    """A notebook that was run, and what it recorded by name."""

    run: Run
    answers: Mapping[str, object]

    def value(self, name: str) -> NDArray[Any]:
        """Return what was recorded under a name."""
        answer = self.answers[name]
        assert isinstance(answer, Returned), (name, answer)
        return answer.value

    def numbers(self, name: str) -> list[float]:
        """Return the recorded numbers as a list."""
        numbers: list[float] = self.value(name).tolist()
        return numbers


def run(
    runner: Runner,
    cells: tuple[str, ...],
    names: tuple[str, ...],
    *,
    training: Training | None,
    mnist: Path | None = None,
    seed: int = 0,
    inspection: Inspection | None = None,
) -> Seen:
    """Run a notebook, have its function `inspected` inspected if it is to be, and ask for what it recorded."""
    sources = (RECORDER, *cells)
    submission = Submission("s001", Path("s001.ipynb"), tuple(map(Cell, range(1, len(sources) + 1), sources)), "")
    questions = [] if inspection is None else [Question("inspected", "inspected", (), inspection)]
    questions += [Question("recorded", name, (name,)) for name in names]
    spec = RunSpec(
        questions=tuple(questions),
        limits=LIMITS,
        packages=("tensorflow", "keras"),
        mnist=mnist,
        training=training,
        seed=seed,
    )
    done = runner.run(submission, spec)
    assert done.cells == (), done.cells
    return Seen(done, {question.check: told for question, told in zip(questions, done.observations, strict=True)})


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with single_runner() as one:
        yield one


# MNIST and the budget: one notebook

NETWORKS = """
import numpy as np
import tensorflow as tf
import keras

hooks = get_ipython().kernel._hooks
X = np.random.default_rng(0).normal(size=(400, 4)).astype("float32")
Y = (X @ np.array([1.0, 2, 3, 4], "float32"))[:, None]
batches = tf.data.Dataset.from_tensor_slices((X, Y)).batch(10)


class Count(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.begun = self.ended = self.tested = 0
        self.batches, self.epochs = [], []

    def on_train_begin(self, logs=None):
        self.begun += 1

    def on_train_end(self, logs=None):
        self.ended += 1

    def on_epoch_end(self, epoch, logs=None):
        assert "loss" in logs
        self.epochs.append(epoch)

    def on_train_batch_end(self, batch, logs=None):
        self.batches.append(batch)

    def on_test_batch_end(self, batch, logs=None):
        self.tested += 1


class Batches(keras.utils.PyDataset):
    def __init__(self, length):
        super().__init__()
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, place):
        return X[:10], Y[:10]


def endless():
    while True:
        yield X[:10], Y[:10]


def four():
    for _ in range(4):
        yield X[:10], Y[:10]


def net(rate=0.01):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(rate), "mse", run_eagerly=True)  # nothing is traced: many quick trainings
    return model


def named_net(outputs=1):
    start = keras.Input((4,), name="a")
    ends = [keras.layers.Dense(1)(start) for _ in range(outputs)]
    model = keras.Model({"a": start}, ends if outputs > 1 else ends[0])
    model.compile("sgd", ["mse"] * outputs if outputs > 1 else "mse", run_eagerly=True)
    return model


def fit(*arguments, model=None, **options):
    "Entries of the history, epochs, batches of each epoch, whether it was cut, batches of validation, in an epoch."
    count = Count()
    options = {"verbose": 0, **options, "callbacks": [count, *options.get("callbacks", [])]}
    hooks.shortened = False
    history = (model or net()).fit(*arguments, **options)
    epochs = len(count.epochs)
    assert (count.begun, count.ended) == (1, 1)
    return [len(history.history["loss"]), epochs, len(count.batches) / epochs, hooks.shortened, count.tested / epochs]
"""

FITS: dict[str, tuple[str, list[float]]] = {
    # name: what is called; entries of the history, epochs, batches of each, whether it was cut, validation batches
    "many epochs and images": ("fit(X, Y, epochs=50, batch_size=16)", [3, 3, 4, 1, 0]),
    "many images": ("fit(X, Y, epochs=2, batch_size=16)", [2, 2, 4, 1, 0]),
    "many epochs": ("fit(X[:64], Y[:64], epochs=50, batch_size=16)", [3, 3, 4, 1, 0]),
    "within the budget": ("fit(X[:64], Y[:64], epochs=3, batch_size=16)", [3, 3, 4, 0, 0]),
    "without options": ("fit(X[:64], Y[:64])", [1, 1, 2, 0, 0]),
    "by name": ("fit(x=X, y=Y, batch_size=32, epochs=50)", [3, 3, 2, 1, 0]),
    "by position": ("fit(X, Y, 32, 50)", [3, 3, 2, 1, 0]),
    "tensors": ("fit(tf.constant(X), tf.constant(Y), epochs=2, batch_size=16)", [2, 2, 4, 1, 0]),
    "initial epoch": ("fit(X[:64], Y[:64], batch_size=16, epochs=50, initial_epoch=10)", [3, 3, 4, 1, 0]),
    "initial epoch within": ("fit(X[:64], Y[:64], batch_size=16, epochs=12, initial_epoch=10)", [2, 2, 4, 0, 0]),
    "a list of one input": ("fit([X], Y, epochs=50, batch_size=16)", [3, 3, 4, 1, 0]),
    "a list within": ("fit([X[:64]], Y[:64], epochs=2, batch_size=16)", [2, 2, 4, 0, 0]),
    "inputs by name": ('fit({"a": X}, Y, model=named_net(), epochs=50, batch_size=16)', [3, 3, 4, 1, 0]),
    "labels in a list": ("fit(X, [Y, Y], model=named_net(2), epochs=50, batch_size=16)", [3, 3, 4, 1, 0]),
    "sample weights": ("fit(X, Y, epochs=50, batch_size=16, sample_weight=np.ones(400))", [3, 3, 4, 1, 0]),
    "validation split": ("fit(X, Y, epochs=50, batch_size=16, validation_split=0.25)", [3, 3, 3, 1, 1]),
    "validation data": ("fit(X, Y, epochs=50, batch_size=16, validation_data=(X, Y))", [3, 3, 4, 1, 4]),
    "validation data in a list": ("fit(X, Y, epochs=50, batch_size=16, validation_data=[X, Y])", [3, 3, 4, 1, 4]),
    "weighted validation": (
        "fit(X, Y, epochs=50, batch_size=16, validation_data=(X, Y, np.ones(400)))",
        [3, 3, 4, 1, 4],
    ),
    "validation dataset": ("fit(X, Y, epochs=50, batch_size=16, validation_data=batches)", [3, 3, 4, 1, 5]),
    "short validation dataset": (
        "fit(X, Y, epochs=50, batch_size=16, validation_data=batches.take(2))",
        [3, 3, 4, 1, 2],
    ),
    "validation generator": (
        "fit(X, Y, epochs=50, batch_size=16, validation_data=endless(), validation_steps=3)",
        [3, 3, 4, 1, 3],
    ),
    "endless validation": (
        "fit(X, Y, epochs=50, batch_size=16, validation_data=batches.repeat(), validation_steps=300)",
        [3, 3, 4, 1, 5],
    ),
    "dataset": ("fit(batches, epochs=50)", [3, 3, 5, 1, 0]),
    "dataset, one epoch": ("fit(batches)", [1, 1, 5, 1, 0]),
    "dataset within": ("fit(batches.take(4), epochs=2)", [2, 2, 4, 0, 0]),
    "dataset of just as many": ("fit(batches.take(5), epochs=3)", [3, 3, 5, 0, 0]),
    "dataset without end": ("fit(batches.repeat(), epochs=2)", [2, 2, 5, 1, 0]),
    "dataset without end, few steps": ("fit(batches.repeat(), epochs=2, steps_per_epoch=2)", [2, 2, 2, 0, 0]),
    "dataset without end, many steps": ("fit(batches.repeat(), epochs=2, steps_per_epoch=10**6)", [2, 2, 5, 1, 0]),
    "dataset with steps": ("fit(batches, epochs=2, steps_per_epoch=40)", [2, 2, 5, 1, 0]),
    "dataset of unknown length": (
        "fit(tf.data.Dataset.from_generator(four, output_signature=batches.element_spec), epochs=2)",
        [2, 2, 4, 0, 0],
    ),
    "generator": ("fit(endless(), epochs=2, steps_per_epoch=100)", [2, 2, 5, 1, 0]),
    "generator without steps": ("fit(endless(), epochs=2)", [2, 2, 5, 1, 0]),
    "generator with few steps": ("fit(endless(), epochs=2, steps_per_epoch=3)", [2, 2, 3, 0, 0]),
    "generator that ends": ("fit(four())", [1, 1, 4, 0, 0]),
    "sequence of batches": ("fit(Batches(20), epochs=50)", [3, 3, 5, 1, 0]),
    "sequence of batches within": ("fit(Batches(3), epochs=2)", [2, 2, 3, 0, 0]),
}

MORE: dict[str, str] = {
    "epochs seen": """
def act():
    count = Count()
    net().fit(X, Y, epochs=50, initial_epoch=10, callbacks=[count], verbose=0)
    return count.epochs""",
    "early stopping": """
def act():
    stopping = keras.callbacks.EarlyStopping(monitor="loss", patience=1)
    return len(net(0.0).fit(X, Y, epochs=50, callbacks=[stopping], verbose=0).history["loss"])""",
    "early stopping by validation": """
def act():
    stopping = keras.callbacks.EarlyStopping(patience=1)
    data = {"validation_data": (X, Y), "callbacks": stopping}
    return len(net(0.0).fit(X, Y, epochs=50, verbose=0, **data).history["val_loss"])""",
    "one callback alone": """
def act():
    count = Count()
    net().fit(X, Y, epochs=50, callbacks=count, verbose=0)
    return len(count.epochs)""",
    "learning rates": """
def act():
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 / 2**epoch)
    history = net().fit(X, Y, epochs=50, callbacks=(schedule,), verbose=0)
    return history.history["learning_rate"]""",
    "a list of callbacks of Keras": """
def act():
    model, count = net(), Count()
    callbacks = keras.callbacks.CallbackList([count], add_history=True, model=model, epochs=50, steps=2, verbose=0)
    for _ in range(2):
        model.fit(X, Y, epochs=50, callbacks=callbacks, verbose=0)
    return len(count.epochs)""",
    "callbacks stay as they were": """
def act():
    callbacks = [Count()]
    net().fit(X, Y, epochs=50, callbacks=callbacks, verbose=0)
    return len(callbacks)""",
    "history": """
def act():
    model = net()
    history = model.fit(X, Y, epochs=50, verbose=0)
    assert history is model.history
    return [*history.epoch, len(history.history["loss"])]""",
    "falling": """
def act():
    return net(0.1).fit(X, Y, epochs=50, verbose=0).history["loss"]""",
    "weights of nothing": """
def act():
    weights = np.ones(400)
    weights[:64] = 0
    return net().fit(X, Y, epochs=50, sample_weight=weights, verbose=0).history["loss"]""",
    "all by position": """
def act():
    count, weights = Count(), np.ones(400)
    net().fit(X, Y, 16, 50, 0, [count], 0.25, None, False, None, weights, 1, None, None, 8, 2)
    return [*count.epochs, len(count.batches), count.tested]""",
    "the first images": """
def act():
    model = net(0.0)
    told = model.fit(X, Y, epochs=1, verbose=0).history["loss"][0]
    return [told, model.evaluate(X[:64], Y[:64], verbose=0)]""",
    "images stay as they were": """
def act():
    x, y = X.copy(), Y.copy()
    net().fit(x, y, epochs=50, verbose=0)
    return [x.shape[0], y.shape[0], bool((x == X).all() and (y == Y).all())]""",
    "twice in one call": """
def act():
    return len(net().fit(X, Y, 32, batch_size=16, epochs=50, verbose=0).history["loss"])""",
    "an unknown word": """
def act():
    return len(net().fit(X, Y, epoch=50).history["loss"])""",
    "more images than labels": """
def act():
    return len(net().fit(X, Y[:300], epochs=50).history["loss"])""",
    "a class of its own": """
def act():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, x):
            return self.dense(x)

        def fit(self, *arguments, **options):
            return super().fit(*arguments, **options)

    model = Own()
    model.compile("sgd", "mse")
    return fit(X, Y, model=model, epochs=50, batch_size=16)""",
    "predicted and evaluated": """
def act():
    count, model = Count(), net()
    model.evaluate(X, Y, batch_size=10, callbacks=[count], verbose=0)
    return [len(model.predict(X, verbose=0)), count.tested]""",
    "load by tf.keras": """
def act():
    return [int(part.sum()) for pair in tf.keras.datasets.mnist.load_data() for part in pair]""",
    "load by keras": """
def act():
    return [int(part.sum()) for pair in keras.datasets.mnist.load_data() for part in pair]""",
    "load by its own name": """
def act():
    from tensorflow.keras.datasets import mnist
    return [int(part.sum()) for pair in mnist.load_data("mnist.npz") for part in pair]""",
    "load to a path": """
def act():
    from keras.datasets.mnist import load_data
    return [int(part.sum()) for pair in load_data(path="mnist.npz") for part in pair]""",
    "forms": """
def act():
    (x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
    assert x_train.dtype == y_train.dtype == x_test.dtype == y_test.dtype == np.uint8
    return [*x_train.shape, *y_train.shape, *x_test.shape, *y_test.shape]""",
    "loaded once more": """
def act():
    (x_train, _), _ = keras.datasets.mnist.load_data()
    x_train[:] = 7
    (again, _), _ = keras.datasets.mnist.load_data()
    return [int(x_train.sum()), int(again.sum())]""",
    "x_train": """
def act():
    return keras.datasets.mnist.load_data()[0][0]""",
    "y_test": """
def act():
    return tf.keras.datasets.mnist.load_data()[1][1]""",
}

INSPECTED = """
built = []


class Own(keras.Sequential):  # it cannot be built anew, and is inspected in this kernel
    pass


def inspected():
    model = Own([
        keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(32, "relu"), keras.layers.Dense(10, "softmax")
    ])
    model.compile("adam", "categorical_crossentropy")
    built.append(model)
    return model


values["steps of the inspected"] = lambda: float(built[-1].optimizer.iterations.numpy())
"""
ASKED_LATER = """
before = recorded


def recorded(name):
    value = before(name)
    return value() if callable(value) else value
"""


def digits(count: int, seed: int) -> tuple[Array, Array]:
    """Return images that a network learns at once: each class is another bright block."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 10
    images = rng.integers(0, 60, (count, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 * label : 2 * label + 4] += 180
    return images, labels.astype(np.int64)


IMAGES, LABELS = digits(320, 1)
INSPECTION = Inspection(IMAGES, LABELS, digits(50, 2)[0], epochs=4, seconds=60.0, seed=9)
MNIST: dict[str, Array] = {
    "x_train": np.random.default_rng(3).integers(0, 256, (25, 28, 28), np.uint8),
    "y_train": np.random.default_rng(4).integers(0, 10, 25, np.uint8),
    "x_test": np.random.default_rng(5).integers(0, 256, (8, 28, 28), np.uint8),
    "y_test": np.random.default_rng(6).integers(0, 10, 8, np.uint8),
}


@pytest.fixture(scope="module")
def budgeted(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    mnist = tmp_path_factory.mktemp("data") / "mnist.npz"
    arrays: dict[str, Any] = MNIST
    np.savez(mnist, **arrays)
    fits = [f"record({name!r}, lambda: {call})" for name, (call, _) in FITS.items()]
    more = [f"{code}\n\n\nrecord({name!r}, act)" for name, code in MORE.items()]
    names = (*FITS, *MORE, "steps of the inspected")
    cells = (NETWORKS, "\n".join(fits), *more, INSPECTED, ASKED_LATER)
    return run(runner, cells, names, training=BUDGET, mnist=mnist, inspection=INSPECTION)


SUMS = [float(array.astype(np.int64).sum()) for array in MNIST.values()]


@pytest.mark.parametrize("name", ["load by tf.keras", "load by keras", "load by its own name", "load to a path"])
def test_load_data_gives_the_given_mnist(budgeted: Seen, name: str) -> None:
    assert budgeted.numbers(name) == SUMS


def test_load_data_gives_the_very_arrays(budgeted: Seen) -> None:
    for name in ("x_train", "y_test"):
        np.testing.assert_array_equal(budgeted.value(name), MNIST[name], strict=True)
    assert budgeted.numbers("forms") == [25, 28, 28, 25, 8, 28, 28, 8]


def test_load_data_gives_fresh_arrays_each_time(budgeted: Seen) -> None:
    assert budgeted.numbers("loaded once more") == [7.0 * 25 * 784, SUMS[0]]


@pytest.mark.parametrize("name", list(FITS))
def test_fit_keeps_within_the_budget_and_says_so(budgeted: Seen, name: str) -> None:
    assert budgeted.numbers(name) == FITS[name][1]


def test_epochs_are_counted_from_the_initial_one(budgeted: Seen) -> None:
    assert budgeted.numbers("epochs seen") == [10, 11, 12]


@pytest.mark.parametrize("name", ["early stopping", "early stopping by validation"])
def test_early_stopping_stops_before_the_budget(budgeted: Seen, name: str) -> None:
    assert budgeted.value(name) == 2


def test_callbacks_in_every_form_are_called(budgeted: Seen) -> None:
    assert budgeted.value("one callback alone") == 3
    assert budgeted.numbers("learning rates") == pytest.approx([0.1, 0.05, 0.025])
    assert budgeted.value("a list of callbacks of Keras") == 6
    assert budgeted.value("callbacks stay as they were") == 1


def test_the_history_is_that_of_the_epochs_that_ran(budgeted: Seen) -> None:
    assert budgeted.numbers("history") == [0, 1, 2, 3]
    first, _, last = budgeted.numbers("falling")
    assert last < first


def test_sample_weights_are_cut_with_their_images(budgeted: Seen) -> None:
    assert budgeted.numbers("weights of nothing") == [0, 0, 0]


def test_every_argument_may_be_given_by_position(budgeted: Seen) -> None:
    assert budgeted.numbers("all by position") == [1, 2, 3, 9, 4], "validated in two epochs, 8 at a time"


def test_the_first_images_are_trained_on_and_none_is_changed(budgeted: Seen) -> None:
    told, evaluated = budgeted.numbers("the first images")
    assert told == pytest.approx(evaluated, rel=1e-4)
    assert budgeted.numbers("images stay as they were") == [400, 400, 1]


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("twice in one call", "TypeError", "multiple values for argument 'batch_size'"),
        ("an unknown word", "TypeError", "unexpected keyword argument 'epoch'"),
        ("more images than labels", "ValueError", "same number of samples"),
    ],
)
def test_a_wrong_call_is_refused_as_keras_refuses_it(budgeted: Seen, name: str, kind: str, told: str) -> None:
    answer: Any = budgeted.answers[name]
    assert (type(answer).__name__, getattr(answer, "kind", "")) == ("Raised", kind)
    assert told in answer.message


def test_a_class_with_a_fit_of_its_own_keeps_within_the_budget(budgeted: Seen) -> None:
    assert budgeted.numbers("a class of its own") == [3, 3, 4, 1, 0]


def test_predicting_and_evaluating_are_not_cut(budgeted: Seen) -> None:
    assert budgeted.numbers("predicted and evaluated") == [400, 40]


def test_training_of_a_network_that_is_looked_at_is_not_cut(budgeted: Seen) -> None:
    built = budgeted.answers["inspected"]
    assert isinstance(built, Built)
    assert len(built.losses) == 1 + INSPECTION.epochs
    assert budgeted.value("steps of the inspected") == INSPECTION.epochs * len(IMAGES) / 32
    assert built.unseen is not None
    assert (built.unseen.argmax(1) == LABELS[:50]).mean() > 0.5


# Seconds: one notebook

SLOW = """
import time


def timed(act):
    began = time.monotonic()
    told = act()
    return [*told, time.monotonic() - began]


record("first", lambda: timed(lambda: fit(batches.repeat(), epochs=1000, steps_per_epoch=10**6)))
record("second", lambda: timed(lambda: fit(X, Y, epochs=1000, batch_size=10)))


def listed():
    model, count = net(), Count()
    callbacks = keras.callbacks.CallbackList([count], add_history=True, model=model, epochs=9, steps=9, verbose=0)
    model.fit(X, Y, epochs=1000, callbacks=callbacks, verbose=0)
    return len(count.batches)


record("listed", listed)


class Stop(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        raise KeyError("student")


def spent():
    before = hooks.seconds
    try:
        net().fit(X, Y, callbacks=[Stop()], verbose=0)
    except KeyError:
        return hooks.seconds - before


record("spent", spent)
"""


@pytest.fixture(scope="module")
def hurried(runner: Runner) -> Seen:
    names = ("first", "second", "listed", "spent", "steps of the inspected")
    return run(runner, (NETWORKS, SLOW, INSPECTED, ASKED_LATER), names, training=ONE_SECOND, inspection=INSPECTION)


def test_the_seconds_of_the_budget_end_a_long_training(hurried: Seen) -> None:
    entries, epochs, batches, cut, _, seconds = hurried.numbers("first")
    assert (entries, epochs, cut) == (1, 1, 1)
    assert 1 < batches < 10**6
    assert 1 <= seconds < 15
    assert hurried.run.shortened


def test_all_trainings_together_have_the_seconds(hurried: Seen) -> None:
    entries, epochs, batches, cut, _, _ = hurried.numbers("second")
    assert (entries, epochs, batches, cut) == (1, 1, 1, 1)
    assert hurried.value("listed") == 1


def test_a_training_that_raises_is_counted_too(hurried: Seen) -> None:
    assert hurried.value("spent") > 0


def test_a_network_that_is_looked_at_has_seconds_of_its_own(hurried: Seen) -> None:
    built = hurried.answers["inspected"]
    assert isinstance(built, Built)
    assert len(built.losses) == 1 + INSPECTION.epochs
    assert hurried.value("steps of the inspected") == INSPECTION.epochs * len(IMAGES) / 32


# The same numbers every time: one notebook three times

SEEDED = (
    """
import random
import numpy as np

record("unseeded", lambda: [random.random(), *np.random.random(3)])
random.seed(5)
np.random.seed(123)
record("before", lambda: [random.random(), *np.random.random(3)])
import keras
import tensorflow as tf
record("after", lambda: [random.random(), *np.random.random(3)])
""",
    """
x = np.random.default_rng(0).random((64, 28, 28)).astype("float32")
y = np.arange(64) % 10


def training():
    model = keras.Sequential([
        keras.layers.Flatten(), keras.layers.Dense(32, "relu"), keras.layers.Dropout(0.3), keras.layers.Dense(10)
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    losses = model.fit(x, y, epochs=3, batch_size=16, verbose=0).history["loss"]
    return [*losses, *model.get_weights()[0][0], *model.get_weights()[-1]]


record("training", training)
record("tensors", lambda: tf.random.normal((3,)))
keras.utils.set_random_seed(99)
record("own seed", training)
""",
)


@pytest.fixture(scope="module")
def seeded(runner: Runner) -> tuple[Seen, Seen, Seen]:
    """Return the notebook run with the seeds 7, 7 and 8."""
    names = ("unseeded", "before", "after", "training", "tensors", "own seed")
    first, second, other = (run(runner, SEEDED, names, training=BUDGET, seed=seed) for seed in (7, 7, 8))
    return first, second, other


@pytest.mark.parametrize("name", ["unseeded", "training", "tensors"])
def test_the_same_seed_gives_the_same_numbers_and_another_one_others(
    seeded: tuple[Seen, Seen, Seen], name: str
) -> None:
    first, second, other = (one.value(name) for one in seeded)
    np.testing.assert_array_equal(first, second, strict=True)
    assert not np.array_equal(first, other)


def test_a_seed_of_the_notebooks_own_decides_alone(seeded: tuple[Seen, Seen, Seen]) -> None:
    first, second, other = (one.numbers("own seed") for one in seeded)
    assert first == second == other
    assert first != seeded[0].numbers("training")


def test_importing_keras_leaves_the_notebooks_random_numbers_alone(seeded: tuple[Seen, Seen, Seen]) -> None:
    stream = np.random.RandomState(123)  # the generator that notebooks use
    for name in ("before", "after"):
        expected = stream.random_sample(3).tolist()
        assert [one.numbers(name)[1:] for one in seeded] == [expected] * 3
    assert seeded[0].numbers("after") == seeded[2].numbers("after"), "Python's own, too"


def test_a_notebook_that_trains_within_the_budget_is_not_said_to_be_shortened(
    seeded: tuple[Seen, Seen, Seen],
) -> None:
    assert [one.run.shortened for one in seeded] == [False, False, False]
