"""A network that is described and built anew is the same network; one that cannot be says which part stands in the way.

Here both happen in this process, without a kernel.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.model import Unreadable
from grader.networks.blank import BLANK
from grader.networks.model import Alleged, Built, Description, Inspection
from grader.sandbox.kernel.describe_network import describe_network
from grader.sandbox.kernel.inspect_network import inspect_network
from grader.sandbox.kernel.rebuild_network import inspect_described
from grader.sandbox.worker.known_parts import unknown_part
from grader.wire.descriptions import decode_description, encode_description

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

pytestmark = [pytest.mark.tensorflow, pytest.mark.usefixtures("tensorflow")]

RNG = np.random.default_rng(3)
INSPECTION = Inspection(
    images=RNG.integers(0, 256, (32, 28, 28), np.uint8),
    labels=RNG.integers(0, 10, 32),
    unseen=RNG.integers(0, 256, (0, 28, 28), np.uint8),
    epochs=0,
    seconds=20.0,
    seed=5,
)


def tf() -> Any:  # noqa: ANN401 (TensorFlow, untyped)
    return sys.modules["tensorflow"]


def network(*layers: Any, loss: Any = "mse", optimizer: Any = "adam", **options: Any) -> Any:  # noqa: ANN401 (Keras' own)
    made = tf().keras.Sequential([tf().keras.Input((28, 28)), tf().keras.layers.Flatten(), *layers])
    made.compile(optimizer=optimizer, loss=loss, **options)
    return made


def dense(units: int = 10, activation: Any = "softmax", **options: Any) -> Any:  # noqa: ANN401 (Keras' own)
    return tf().keras.layers.Dense(units, activation=activation, **options)


def functional_with_arithmetic() -> object:
    inputs = tf().keras.Input((28, 28))
    flat = tf().keras.layers.Flatten()(inputs / 255.0)
    doubled = tf().keras.layers.Concatenate()([flat, 2 * flat[:, :10]])
    made = tf().keras.Model(inputs, dense()(doubled))
    made.compile("sgd", "categorical_crossentropy")
    return made


def shape_known_when_called() -> object:
    made = tf().keras.Sequential([tf().keras.layers.Flatten(), dense(8, "relu"), dense()])
    made.compile("adam", "mse")
    return made


def called_in_the_notebook() -> object:
    made = shape_known_when_called()
    made(np.zeros((64, 28, 28), np.float32))  # type: ignore[operator]
    return made


def trained_in_the_notebook() -> object:
    made = network(dense(), loss="categorical_crossentropy", metrics=["accuracy"])
    made.fit(INSPECTION.images.astype(np.float32) / 255, np.eye(10)[INSPECTION.labels], epochs=2, verbose=0)
    return made


def network_inside() -> object:
    inner = tf().keras.Sequential([dense(12, "relu"), dense(11, "tanh")])
    inner.compile("adam", lambda y, p: y - p, metrics=[lambda y, p: y - p])
    return network(inner, dense())


def not_compiled() -> object:
    return tf().keras.Sequential([tf().keras.Input((28, 28)), tf().keras.layers.Flatten(), dense()])


def recurrent() -> object:
    made = tf().keras.Sequential(
        [tf().keras.Input((28, 28)), tf().keras.layers.Bidirectional(tf().keras.layers.GRU(6))]
    )
    made.add(dense())
    made.compile("adam", "sparse_categorical_crossentropy")
    return made


def own_metric(y: Any, p: Any) -> Any:  # noqa: ANN401 (tensors)
    return y - p


def schedule() -> Any:  # noqa: ANN401 (Keras' own)
    return tf().keras.optimizers.schedules.ExponentialDecay(0.01, decay_steps=10, decay_rate=0.9)


SAME: dict[str, Callable[[], object]] = {
    "losses by name": lambda: network(dense(), loss="categorical_crossentropy"),
    "a loss function": lambda: network(dense(), loss=tf().keras.losses.categorical_crossentropy),
    "a loss object of logits": lambda: network(
        dense(activation=None), loss=tf().keras.losses.CategoricalCrossentropy(from_logits=True)
    ),
    "a loss summed and smoothed": lambda: network(
        dense(), loss=tf().keras.losses.CategoricalCrossentropy(reduction="sum", label_smoothing=0.1)
    ),
    "a loss in a list": lambda: network(dense(), loss=["mse"], loss_weights=[0.5]),
    "TensorFlow's loss of logits": lambda: network(
        dense(activation=None), loss=tf().nn.softmax_cross_entropy_with_logits
    ),
    "TensorFlow's activations": lambda: network(
        dense(30, tf().nn.relu), dense(20, tf().nn.swish), dense(20, tf().nn.gelu), dense(activation=tf().nn.softmax)
    ),
    "Keras' activations as functions": lambda: network(
        dense(30, tf().keras.activations.relu), dense(activation=tf().keras.ops.softmax)
    ),
    "an activation that is a layer": lambda: network(dense(30, tf().keras.layers.LeakyReLU(0.1)), dense()),
    "penalties": lambda: network(dense(30, "relu", kernel_regularizer="l2", kernel_constraint="non_neg"), dense()),
    "normalisation and dropout": lambda: network(
        dense(30), tf().keras.layers.BatchNormalization(), tf().keras.layers.Dropout(0.5), dense()
    ),
    "a schedule": lambda: network(dense(), optimizer=tf().keras.optimizers.SGD(schedule())),
    "metrics of one's own": lambda: network(dense(), metrics=[own_metric, "accuracy"]),
    "run eagerly": lambda: network(dense(), run_eagerly=True),
    "whole numbers": lambda: network(dense(), loss="sparse_categorical_crossentropy"),
    "a loss that does not exist": lambda: network(dense(), loss="mean_square_error"),
    "half precision": lambda: network(dense(dtype="mixed_float16")),
    "arithmetic": functional_with_arithmetic,
    "a shape known when called": shape_known_when_called,
    "called in the notebook": called_in_the_notebook,
    "trained in the notebook": trained_in_the_notebook,
    "a network inside": network_inside,
    "not compiled": not_compiled,
    "recurrent": recurrent,
}


def described(build: Callable[[], object]) -> Description:
    """Describe a network, and send the description across the wire."""
    description = describe_network(build, INSPECTION.seed)
    assert isinstance(description, Description), description
    arrived = decode_description(encode_description(description))
    assert isinstance(arrived, Description)
    assert unknown_part(arrived) is None
    return arrived


def built(seen: object) -> Built:
    assert isinstance(seen, Built), seen
    return seen


@pytest.mark.parametrize("build", SAME.values(), ids=SAME)
def test_a_network_built_anew_is_the_same_network(build: Callable[[], object]) -> None:
    kept: list[object] = []

    def once() -> object:  # so that both are about one network, whose weights are not drawn again
        kept[:] = kept or [build()]
        return kept[0]

    anew = built(inspect_described(described(once), INSPECTION))
    mine = built(inspect_network(once, INSPECTION, hooks=None))
    assert (anew.trouble and anew.trouble.kind) == (mine.trouble and mine.trouble.kind)
    assert anew.parameters == mine.parameters
    assert [(one.kind, one.units) for one in anew.layers] == [(one.kind, one.units) for one in mine.layers]
    assert anew.scale == mine.scale
    if build is not shape_known_when_called:  # it has no weights yet: they are drawn where it is first called
        assert mine.predictions is not None
        assert anew.predictions is not None
        assert np.allclose(
            anew.predictions.astype(float), mine.predictions.astype(float), rtol=1e-4, atol=1e-5, equal_nan=True
        )
        assert (anew.reported is None) == (mine.reported is None)
        assert mine.reported is None or anew.reported == pytest.approx(mine.reported, rel=1e-4)
        assert anew.penalties == pytest.approx(mine.penalties, rel=1e-4)


def test_the_learning_rate_and_the_optimizer_are_kept() -> None:
    description = described(lambda: network(dense(), optimizer=tf().keras.optimizers.SGD(0.25, momentum=0.5)))
    assert description.compiled is not None
    assert description.compiled["optimizer"]["config"]["learning_rate"] == 0.25
    assert description.compiled["optimizer"]["config"]["momentum"] == 0.5


def test_one_optimizer_for_two_networks_trains_both() -> None:
    optimizer = tf().keras.optimizers.Adam()
    for _ in range(2):
        description = described(lambda: network(dense(), loss="categorical_crossentropy", optimizer=optimizer))
        training = Inspection(INSPECTION.images, INSPECTION.labels, INSPECTION.images, epochs=1, seconds=20.0, seed=5)
        seen = built(inspect_described(description, training))
        assert seen.trouble is None
        assert seen.losses[-1] < seen.losses[0]


def relu(z: Any) -> Any:  # noqa: ANN401 (a tensor)
    return -z


def mean_squared_error(y: Any, p: Any) -> Any:  # noqa: ANN401 (tensors)
    return y - p


def ones(shape: Any, dtype: Any = None) -> Any:  # noqa: ANN401 (Keras' own)
    return tf().ones(shape, dtype)


def own_layer() -> object:
    return type("Dense", (tf().keras.layers.Dense,), {})(10)


def own_network() -> object:
    return type("Sequential", (tf().keras.Sequential,), {})([dense()])


def own_optimizer() -> object:
    return type("Adam", (tf().keras.optimizers.Adam,), {})()


FOREIGN: dict[str, tuple[Callable[[], object], str]] = {
    "an activation with the name of Keras' own": (lambda: network(dense(activation=relu)), "relu"),
    "a lambda": (lambda: network(dense(activation=lambda z: z)), "<lambda>"),
    "a loss with the name of Keras' own": (lambda: network(dense(), loss=mean_squared_error), "mean_squared_error"),
    "an initializer": (lambda: network(dense(kernel_initializer=ones)), "ones"),
    "a layer with the name of Keras' own": (lambda: network(own_layer()), "Dense"),
    "a layer inside a layer": (
        lambda: network(tf().keras.layers.Reshape((28, 28)), tf().keras.layers.TimeDistributed(own_layer())),
        "Dense",
    ),
    "a network with the name of Keras' own": (own_network, "Sequential"),
    "an optimizer with the name of Keras' own": (lambda: network(dense(), optimizer=own_optimizer()), "Adam"),
    "a learning rate that is a function": (
        lambda: network(dense(), optimizer=tf().keras.optimizers.SGD(lambda: 0.1)),
        "lambda",
    ),
    "a Lambda layer": (lambda: network(tf().keras.layers.Lambda(lambda z: z), dense()), "Lambda"),
}


@pytest.mark.parametrize(("build", "part"), FOREIGN.values(), ids=FOREIGN)
def test_a_part_that_is_not_kerass_own_is_named(build: Callable[[], object], part: str) -> None:
    description = describe_network(build, INSPECTION.seed)
    why = unknown_part(description) if isinstance(description, Description) else description
    assert why == Alleged("part", part)


def test_a_network_with_too_many_weights_says_so() -> None:
    assert describe_network(lambda: network(dense(4000), dense()), INSPECTION.seed) == Alleged("size")


@pytest.mark.parametrize(("answer", "reason"), [(None, "nothing"), ("model", "network"), (BLANK, "network")])
def test_what_is_no_network_is_unreadable(answer: object, reason: str) -> None:
    seen = describe_network(lambda: answer, INSPECTION.seed)
    assert isinstance(seen, Unreadable)
    assert seen.reason == reason


def test_a_description_that_keras_cannot_build_raises(tensorflow: ModuleType) -> None:
    assert tensorflow
    description = described(lambda: network(dense()))
    wrong = Description(description.network, description.compiled, description.weights[:-1])
    with pytest.raises(ValueError, match="weights"):
        inspect_described(wrong, INSPECTION)
