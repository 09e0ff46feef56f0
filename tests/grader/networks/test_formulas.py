"""NumPy's account of a network against Keras: its losses, and its outputs from its weights."""

from __future__ import annotations

import importlib
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.checks.architecture import judge
from grader.checks.loss import judge as judge_loss
from grader.data.digits import draw
from grader.model import Agrees, Differs
from grader.networks.formulas import (
    EPSILON,
    SMALLEST,
    are_probabilities,
    cross_entropy,
    forward_pass,
    keras_probabilities,
    mean_squared_error,
    softmax,
)
from grader.networks.model import Built, Goal, Inspection, Layer

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from numpy.typing import NDArray

    from grader.model import Array

ROWS = np.random.default_rng(1).dirichlet(np.ones(10), 40)
LABELS = np.arange(40) % 10
ONE_HOT = np.eye(10)[LABELS]
LOGITS = np.random.default_rng(2).normal(0, 4, (40, 10))
IMAGES = draw(32, 8)[0]


@pytest.fixture(scope="module")
def keras(tensorflow: ModuleType) -> ModuleType:
    del tensorflow  # Keras is imported with it
    return importlib.import_module("keras")


# Distributions


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_rows_that_add_up_to_1_are_probabilities(dtype: str) -> None:
    assert are_probabilities(ROWS.astype(dtype))
    assert are_probabilities(np.eye(10, dtype=dtype))


@pytest.mark.parametrize("place", [0, 39])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -0.01, 1.1])
def test_one_wrong_number_makes_them_no_probabilities(place: int, value: float) -> None:
    rows = np.eye(40, 10)
    rows[place, 0] = value
    assert not are_probabilities(rows)


def test_logits_sigmoid_outputs_and_negative_shares_are_no_probabilities() -> None:
    assert not are_probabilities(LOGITS)
    assert not are_probabilities(1 / (1 + np.exp(-LOGITS)))
    assert not are_probabilities(np.array([[1.5, -0.5]]))
    assert not are_probabilities(0.99 * ROWS)


def test_softmax_is_that_of_keras_and_makes_probabilities(keras: ModuleType) -> None:
    np.testing.assert_allclose(softmax(LOGITS), np.asarray(keras.ops.softmax(LOGITS)), rtol=1e-12)
    assert are_probabilities(softmax(LOGITS))


@pytest.mark.parametrize("shift", [-1e300, -1e4, 1e4, 1e300])
def test_softmax_neither_overflows_nor_warns(shift: float) -> None:
    far = softmax(np.array([[shift, shift], [shift, 0.0]]))
    np.testing.assert_array_equal(far, [[0.5, 0.5], [float(shift > 0), float(shift < 0)]])


def test_softmax_of_small_types_is_computed_in_float64() -> None:
    assert softmax(LOGITS.astype(np.float16)).dtype == np.float64
    np.testing.assert_array_equal(softmax(np.array([[200, 0]], np.uint8)), softmax(np.array([[200.0, 0.0]])))


# Losses


def test_cross_entropy_is_that_of_keras(keras: ModuleType) -> None:
    one_hot = float(keras.losses.CategoricalCrossentropy(dtype="float64")(ONE_HOT, ROWS))
    sparse = float(keras.losses.SparseCategoricalCrossentropy(dtype="float64")(LABELS, ROWS))
    assert cross_entropy(ROWS, LABELS) == pytest.approx(one_hot, rel=1e-12)
    assert cross_entropy(ROWS, LABELS) == pytest.approx(sparse, rel=1e-6)


@pytest.mark.parametrize("share", [0.0, 1e-9, 1e-7, 1 - 1e-9, 1.0])
def test_cross_entropy_clips_as_keras_does(keras: ModuleType, share: float) -> None:
    rows = np.array([[share, 1 - share]])
    observed = float(keras.losses.CategoricalCrossentropy(dtype="float64")(np.array([[1.0, 0.0]]), rows))
    assert cross_entropy(rows, np.array([0])) == pytest.approx(observed, rel=1e-9)


def test_cross_entropy_of_what_is_not_finite_is_not_finite() -> None:
    assert np.isnan(cross_entropy(np.full((1, 2), np.nan), np.array([0])))


def test_cross_entropy_takes_each_rows_own_label() -> None:
    rows = np.array([[0.1, 0.9], [0.2, 0.8]])
    assert cross_entropy(rows, np.array([0, 1])) == pytest.approx(-(np.log(0.1) + np.log(0.8)) / 2, rel=1e-12)


def readings(outputs: Array) -> list[float]:
    """Return every cross-entropy that Keras may report for outputs that are no distributions."""
    return [
        cross_entropy(rows, LABELS, epsilon=smallest)
        for rows in keras_probabilities(outputs)
        for smallest in (EPSILON, SMALLEST)
    ]


def test_what_keras_makes_of_outputs_that_are_no_distributions_is_among_the_readings(keras: ModuleType) -> None:
    positive = np.abs(LOGITS)
    losses = keras.losses
    told = {
        "logits, one-hot": (LOGITS, losses.CategoricalCrossentropy(from_logits=True, dtype="float64")(ONE_HOT, LOGITS)),
        "logits": (LOGITS, losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float64")(LABELS, LOGITS)),
        "shares, one-hot": (positive, losses.CategoricalCrossentropy(dtype="float64")(ONE_HOT, positive)),
        "shares": (positive, losses.SparseCategoricalCrossentropy(dtype="float64")(LABELS, positive)),
    }
    for name, (outputs, reported) in told.items():
        assert np.isclose(readings(outputs), float(reported), rtol=1e-5).any(), (name, float(reported))


HUGE_FIRST_LOSS = {
    "softmax": ("softmax", "categorical_crossentropy"),
    "softmax, whole numbers": ("softmax", "sparse_categorical_crossentropy"),
    "logits": (None, "logits"),
}


@pytest.mark.parametrize("name", list(HUGE_FIRST_LOSS))
@pytest.mark.parametrize("deviation", [0.3, 1.0])
def test_a_right_loss_that_is_huge_at_first_agrees(keras: ModuleType, name: str, deviation: float) -> None:
    keras.utils.set_random_seed(5)
    activation, loss = HUGE_FIRST_LOSS[name]
    wide = keras.initializers.RandomNormal(stddev=deviation, seed=3)
    hidden = [keras.layers.Dense(64, "relu", kernel_initializer=wide) for _ in range(4)]
    network = sequential(keras, *hidden, keras.layers.Dense(10, activation, kernel_initializer=wide))
    network.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True) if loss == "logits" else loss)
    labels = np.arange(32) % 10
    built = looked_at(network)
    assert built.reported is not None
    assert built.reported > 20
    judgement = judge_loss(built, Goal("cross_entropy", IMAGES, labels, labels))
    assert isinstance(judgement, Agrees), judgement


@pytest.mark.parametrize("loss", ["categorical_crossentropy", "sparse_categorical_crossentropy"])
@pytest.mark.parametrize("activation", ["sigmoid", "relu", "softplus", "linear"])
def test_what_a_network_reports_for_such_outputs_is_among_the_readings(
    keras: ModuleType, loss: str, activation: str
) -> None:
    keras.utils.set_random_seed(4)
    network = keras.Sequential([keras.Input((10,)), keras.layers.Dense(10, activation=activation)])
    network.compile(loss=loss)
    labels = LABELS if "sparse" in loss else ONE_HOT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reported = network.evaluate(ROWS, labels, batch_size=40, verbose=0)
        outputs = network.predict(ROWS, verbose=0)
    assert np.isclose(readings(outputs), reported, rtol=1e-4, atol=1e-5, equal_nan=True).any(), reported


def test_mean_squared_error_is_that_of_keras(keras: ModuleType) -> None:
    observed = float(keras.losses.MeanSquaredError(dtype="float64")(ONE_HOT, ROWS))
    assert mean_squared_error(ROWS, LABELS) == pytest.approx(observed, rel=1e-12)
    assert mean_squared_error(ONE_HOT, LABELS) == 0.0


def test_mean_squared_error_takes_no_more_memory_than_the_outputs() -> None:
    """A table of one-hot labels for a million classes would have terabytes."""
    assert mean_squared_error(np.zeros((2, 10**6)), np.array([0, 999_999])) == pytest.approx(1e-6)


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan, 1e300, -1e300])
def test_outputs_that_blew_up_are_computed_without_a_word(value: float) -> None:
    rows = np.zeros((4, 10))
    rows[1:3, 2] = value
    labels = np.arange(4)
    assert not np.isfinite(mean_squared_error(rows, labels))
    for shares in (softmax(rows), *keras_probabilities(rows)):
        assert shares.shape == rows.shape
        assert type(cross_entropy(shares, labels)) is float


# Outputs from weights: a network of Keras, looked at as in the kernel


def looked_at(network: Any) -> Built:  # noqa: ANN401 (a Keras model)
    from grader.sandbox.kernel.inspect_network import inspect_network  # noqa: PLC0415 (it is of the kernel's side)

    inspection = Inspection(IMAGES, np.arange(32) % 10, IMAGES, epochs=0, seconds=1.0, seed=3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        built = inspect_network(lambda: network, inspection, None)
    assert isinstance(built, Built)
    assert built.trouble is None, built.trouble
    return built


def outputs_of(built: Built) -> NDArray[np.float64]:
    assert built.predictions is not None
    return built.predictions.astype(np.float64)


def lively(network: Any) -> Any:  # noqa: ANN401
    """Return a network whose biases are not 0 and whose outputs differ from image to image, compiled."""
    rng = np.random.default_rng(6)
    network.set_weights([part + rng.normal(0, 0.2, part.shape) for part in network.get_weights()])
    network.compile(loss="categorical_crossentropy")
    return network


def sequential(keras: ModuleType, *layers: Any) -> Any:  # noqa: ANN401
    return lively(keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), *layers]))


ACTIVATIONS = ("linear", "relu", "sigmoid", "tanh")


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("last", [*ACTIVATIONS, "softmax"])
def test_the_outputs_of_a_chain_of_dense_layers_follow_from_its_weights(
    keras: ModuleType, hidden: str, last: str
) -> None:
    dense = keras.layers.Dense
    built = looked_at(sequential(keras, dense(20, hidden), dense(15, hidden), dense(10, last)))
    mine = forward_pass(built, IMAGES)
    assert mine is not None
    np.testing.assert_allclose(mine, outputs_of(built), rtol=1e-4, atol=1e-5)
    assert np.ptp(mine, axis=0).max() > 1e-3, "the images are told apart"


CHAINS: dict[str, Callable[[ModuleType], Any]] = {
    "activation layers": lambda k: sequential(
        k, k.layers.Dense(20), k.layers.ReLU(), k.layers.Dense(10), k.layers.Softmax()
    ),
    "activations by name": lambda k: sequential(
        k, k.layers.Dense(20), k.layers.Activation("tanh"), k.layers.Dense(10), k.layers.Activation("softmax")
    ),
    "activations as functions": lambda k: sequential(
        k, k.layers.Dense(20, k.activations.relu), k.layers.Dense(10, k.activations.softmax)
    ),
    "without biases": lambda k: sequential(
        k, k.layers.Dense(20, "relu", use_bias=False), k.layers.Dense(10, "softmax")
    ),
    "dropout": lambda k: sequential(
        k, k.layers.Dense(20, "relu"), k.layers.Dropout(0.5), k.layers.Dense(10, "softmax")
    ),
    "a network in a network": lambda k: sequential(
        k, k.Sequential([k.layers.Dense(20, "relu"), k.layers.Dense(12, "tanh")]), k.layers.Dense(10, "softmax")
    ),
    "functional": lambda k: functional(
        k, lambda x: k.layers.Dense(10, "softmax")(k.layers.Dense(20, "relu")(k.layers.Flatten()(x)))
    ),
    "one layer": lambda k: sequential(k, k.layers.Dense(10, "softmax")),
}


def functional(keras: ModuleType, chain: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    start = keras.Input((28, 28))
    return lively(keras.Model(start, chain(start)))


@pytest.mark.parametrize("name", list(CHAINS))
def test_the_outputs_of_every_plain_chain_follow_from_its_weights(keras: ModuleType, name: str) -> None:
    built = looked_at(CHAINS[name](keras))
    mine = forward_pass(built, IMAGES)
    assert mine is not None
    np.testing.assert_allclose(mine, outputs_of(built), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["functional", "activation layers"])
def test_changed_outputs_and_changed_weights_show(keras: ModuleType, name: str) -> None:
    built = looked_at(CHAINS[name](keras))
    kernel, bias = built.weights[0]
    changed = replace(built, weights=((kernel.astype(np.float64) + 0.05, bias), *built.weights[1:]))
    mine = forward_pass(changed, IMAGES)
    assert mine is not None
    assert not np.allclose(mine, outputs_of(built), rtol=1e-3, atol=1e-3)


def subclassed(keras: ModuleType, call: Callable[[Any, Any], Any]) -> Any:  # noqa: ANN401
    class Network(keras.Model):  # type: ignore[misc, name-defined]  # the class is Keras'
        def __init__(self) -> None:
            super().__init__()
            self.flat = keras.layers.Flatten()
            self.first = keras.layers.Dense(20)
            self.third = keras.layers.Dense(20, "tanh")
            self.second = keras.layers.Dense(20, "relu")
            self.last = keras.layers.Dense(10)
            self.first.build((None, 784))
            for layer in (self.third, self.second, self.last):
                layer.build((None, 20))

        def call(self, x: Any) -> Any:  # noqa: ANN401
            return call(self, x)

    network = Network()
    network(IMAGES[:1] / 255)
    return lively(network)


def halved(keras: ModuleType) -> Any:  # noqa: ANN401
    class Halved(keras.Sequential):  # type: ignore[misc, name-defined]  # the class is Keras'
        def call(self, x: Any, **options: Any) -> Any:  # noqa: ANN401
            return super().call(x * 0.5, **options)

    return lively(Halved([keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]))


def shared(keras: ModuleType) -> Any:  # noqa: ANN401
    twice = keras.layers.Dense(20, "relu")
    dense = keras.layers.Dense
    return functional(keras, lambda x: dense(10, "softmax")(twice(twice(dense(20, "relu")(keras.layers.Flatten()(x))))))


def residual(keras: ModuleType) -> Any:  # noqa: ANN401
    dense = keras.layers.Dense

    def chain(x: Any) -> Any:  # noqa: ANN401
        hidden = dense(20, "relu")(keras.layers.Flatten()(x))
        return dense(10, "softmax")(hidden + dense(20, "relu")(hidden))

    return functional(keras, chain)


def an_own_relu(keras: ModuleType) -> Any:  # noqa: ANN401
    def relu(x: Any) -> Any:  # noqa: ANN401
        return keras.ops.maximum(x, 0.3 * x)

    return sequential(keras, keras.layers.Dense(20, relu), keras.layers.Dense(10, "softmax"))


OTHERS: dict[str, Callable[[ModuleType], Any]] = {
    "pixels divided in the network": lambda k: functional(
        k, lambda x: k.layers.Dense(10, "softmax")(k.layers.Dense(20, "relu")(k.layers.Flatten()(x / 2.0)))
    ),
    "functions between the layers": lambda k: functional(
        k, lambda x: k.ops.softmax(k.layers.Dense(10)(k.ops.relu(k.layers.Dense(20)(k.layers.Flatten()(x)))))
    ),
    "activations called as functions": lambda k: functional(
        k,
        lambda x: k.activations.softmax(
            k.layers.Dense(10)(k.activations.relu(k.layers.Dense(20)(k.layers.Flatten()(x))))
        ),
    ),
    "a sum of two layers": residual,
    "a layer used twice": shared,
    "a class with functions in its call": lambda k: subclassed(
        k, lambda m, x: k.ops.softmax(m.last(k.ops.relu(m.first(m.flat(x)))))
    ),
    "a class in another order than its layers": lambda k: subclassed(
        k, lambda m, x: m.last(m.third(m.second(m.first(m.flat(x)))))
    ),
    "a Sequential with a call of its own": halved,
    "a relu with a limit": lambda k: sequential(
        k, k.layers.Dense(20), k.layers.ReLU(max_value=0.2), k.layers.Dense(10, "softmax")
    ),
    "a relu with a slope": lambda k: sequential(
        k, k.layers.Dense(20), k.layers.ReLU(negative_slope=0.3), k.layers.Dense(10, "softmax")
    ),
    "a relu with a threshold": lambda k: sequential(
        k, k.layers.Dense(20), k.layers.ReLU(threshold=0.3), k.layers.Dense(10, "softmax")
    ),
    "an own function of the name relu": an_own_relu,
    "another activation": lambda k: sequential(k, k.layers.Dense(20, "gelu"), k.layers.Dense(10, "softmax")),
    "batch normalisation": lambda k: sequential(
        k, k.layers.Dense(20, "relu"), k.layers.BatchNormalization(), k.layers.Dense(10, "softmax")
    ),
    "a Lambda": lambda k: sequential(
        k, k.layers.Lambda(lambda x: x / 2), k.layers.Dense(20, "relu"), k.layers.Dense(10, "softmax")
    ),
    "rescaling": lambda k: lively(
        k.Sequential(
            [k.Input((28, 28)), k.layers.Rescaling(1 / 255), k.layers.Flatten(), k.layers.Dense(10, "softmax")]
        )
    ),
    "layers of each row": lambda k: lively(
        k.Sequential([k.Input((28, 28)), k.layers.Dense(28, "relu"), k.layers.Flatten(), k.layers.Dense(10, "softmax")])
    ),
    "convolutions": lambda k: lively(
        k.Sequential([k.Input((28, 28, 1)), k.layers.Conv2D(2, 5), k.layers.Flatten(), k.layers.Dense(10, "softmax")])
    ),
}


@pytest.mark.parametrize("name", list(OTHERS))
def test_a_network_whose_layers_are_not_the_whole_story_is_not_recomputed(keras: ModuleType, name: str) -> None:
    built = looked_at(OTHERS[name](keras))
    assert outputs_of(built).shape == (32, 10)
    mine = forward_pass(built, IMAGES)
    assert mine is None or np.allclose(mine, outputs_of(built), rtol=1e-3, atol=1e-3), "right, or not computed"


# What a kernel may allege


def alleged(layers: tuple[Layer, ...], weights: tuple[tuple[Array, Array], ...], scale: float = 1 / 255) -> Built:
    return Built(
        layers=layers,
        parameters=0,
        loss=None,
        optimizer=None,
        from_logits=False,
        scale=scale,
        predictions=None,
        reported=None,
        penalties=0.0,
        losses=(),
        unseen_before=None,
        unseen=None,
        weights=weights,
        trouble=None,
    )


DENSE = Layer("Dense", 10, "softmax")
PAIR = (np.full((784, 10), 0.01), np.zeros(10))
LAST = (np.ones((10, 10)), np.zeros(10))
ALLEGED: dict[str, Built] = {
    "no weights": alleged((DENSE,), ()),
    "fewer weights than layers": alleged((DENSE, DENSE), (PAIR,)),
    "more weights than layers": alleged((DENSE,), (PAIR, LAST)),
    "a kernel of other inputs": alleged((DENSE,), (LAST,)),
    "a bias of another length": alleged((DENSE,), ((PAIR[0], np.zeros(9)),)),
    "a bias of no axis": alleged((DENSE,), ((PAIR[0], np.array(0.0)),)),
    "a kernel of no axis": alleged((DENSE,), ((np.array(1.0), np.array(1.0)),)),
    "a kernel of one axis": alleged((DENSE,), ((np.ones(784), np.array(0.0)),)),
    "a kernel of three axes": alleged((DENSE,), ((np.ones((784, 10, 10)), np.zeros((10, 10))),)),
    "kernels that do not join": alleged((DENSE, DENSE), (PAIR, PAIR)),
    "a kernel of no outputs": alleged(
        (DENSE, DENSE), ((np.zeros((784, 0)), np.zeros(0)), (np.zeros((0, 9)), np.zeros(9)))
    ),
    "a pass of gigabytes": alleged(
        (DENSE, DENSE), ((np.zeros((784, 1)), np.zeros(1)), (np.zeros((1, 2**20)), np.zeros(2**20)))
    ),
    "a pass without an end": alleged((DENSE, *[Layer("Softmax", None, None)] * 2**17), (PAIR,)),
    "an unknown activation": alleged((Layer("Dense", 10, "no such"),), (PAIR,)),
    "a rescaling": alleged((Layer("Rescaling", None, None), DENSE), (PAIR,)),
}


@pytest.mark.parametrize("name", list(ALLEGED))
def test_weights_that_do_not_fit_the_layers_are_not_recomputed(name: str) -> None:
    assert forward_pass(ALLEGED[name], IMAGES) is None


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308])
@pytest.mark.parametrize("activation", ["linear", "relu", "sigmoid", "tanh", "softmax"])
def test_weights_that_blow_up_are_computed_without_a_word(value: float, activation: str) -> None:
    layer = Layer("Dense", 10, activation)
    wild = (np.full((784, 10), value), np.full(10, -value))
    mine = forward_pass(alleged((layer, layer), (wild, (np.full((10, 10), value), np.zeros(10)))), IMAGES)
    assert mine is not None
    assert mine.shape == (32, 10)


@pytest.mark.parametrize("scale", [np.nan, np.inf, -np.inf, 1e308])
def test_a_scale_that_blows_up_is_computed_without_a_word(scale: float) -> None:
    mine = forward_pass(alleged((DENSE,), (PAIR,), scale), IMAGES)
    assert mine is not None
    assert not np.isfinite(mine).all()


@pytest.mark.parametrize("classes", [1, 7, 11])
def test_weights_that_give_another_number_of_classes_are_judged_as_wrong(classes: int) -> None:
    pair = (np.zeros((784, classes)), np.zeros(classes))
    observed = replace(alleged((DENSE,), (pair,)), predictions=np.full((32, 10), 0.1), reported=np.log(10))
    labels = np.arange(32) % 10
    judgement = judge(observed, Goal("cross_entropy", IMAGES, labels, labels))
    assert isinstance(judgement, Differs)
    assert "weights" in judgement.because.en
