"""Holds the reference of lab03 against the lecture's numbers, Keras and its own promises."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.course.python_file import load_code

if TYPE_CHECKING:
    from types import ModuleType

SEEDS = range(200)

LABEL = np.array([0.0, 1.0, 0.0])
PUBLIC = ("lecture_network", "lecture_target_mse", "lecture_target_cross_entropy")
NETWORKS = ("small_network", "deep_network")
TARGETS = ("network_with_target_mse", "network_with_target_cross_entropy")
MAKERS = {
    "labels_one": "one_hot",
    "labels_batch": "one_hot",
    **dict.fromkeys(("lecture_network", *NETWORKS), "forward"),
    **dict.fromkeys(("lecture_target_mse", "lecture_target_cross_entropy", *TARGETS), "network_loss"),
}


lab03 = load_code(Path(__file__).parents[2] / "reference" / "lab03.py")
X, LAYERS = lab03.LECTURE_X, lab03.LECTURE_LAYERS


@cache
def questions(maker: str) -> tuple[dict[str, Any], ...]:
    return tuple(getattr(lab03, maker)(np.random.default_rng(seed)) for seed in SEEDS)


def flat(value: object) -> list[Any]:
    """Return the arrays, numbers and texts in a question's argument, one after another."""
    return [part for item in value for part in flat(item)] if isinstance(value, list | tuple) else [value]


def softmax(z: Any) -> Any:  # noqa: ANN401 (an array)
    powers = np.exp(z - z.max())
    return powers / powers.sum()


# The lecture's numbers


def test_the_lectures_network_gives_its_logits() -> None:
    np.testing.assert_allclose(lab03.forward(X, LAYERS), [0.0, 0.006, 0.12], rtol=0, atol=1e-15)


def test_cross_entropy_of_the_lectures_network_is_1_136155() -> None:
    observed = lab03.network_loss(X, LABEL, LAYERS, "cross_entropy")
    assert observed == pytest.approx(1.136155341790962, rel=1e-14)
    assert round(observed, 4) == 1.1362


def test_mse_of_the_lectures_network_is_0_230762() -> None:
    shares = np.array([0.3191304448389716, 0.3210509833619623, 0.3598185717990661])
    observed = lab03.network_loss(X, LABEL, LAYERS, "mse")
    assert observed == pytest.approx(np.mean((LABEL - shares) ** 2), rel=1e-13)
    assert round(observed, 6) == 0.230762


def test_in_the_lectures_network_relu_and_both_biases_matter() -> None:
    (w1, b1), (w2, b2) = ((np.array(w), np.array(b)) for w, b in LAYERS)
    right = lab03.forward(X, LAYERS)
    hidden = np.array(X) @ w1 + b1
    assert hidden.min() < 0 < hidden.max()
    for wrong in (hidden @ w2 + b2, np.maximum(hidden, 0) @ w2, np.maximum(np.array(X) @ w1, 0) @ w2 + b2):
        assert np.abs(wrong - right).max() > 1e-3


# What the tasks promise


def test_one_hot_of_one_label_is_a_vector() -> None:
    np.testing.assert_array_equal(lab03.one_hot(1, 3), [0, 1, 0])
    np.testing.assert_array_equal(lab03.one_hot(0, 4), [1, 0, 0, 0])
    np.testing.assert_array_equal(lab03.one_hot(np.int64(3), 4), [0, 0, 0, 1])


def test_one_hot_of_labels_is_a_row_for_each() -> None:
    expected = [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]]
    for labels in ([2, 0, 2], np.array([2, 0, 2]), np.array([2, 0, 2], np.uint8)):
        observed = lab03.one_hot(labels, 4)
        np.testing.assert_array_equal(observed, expected)
        assert observed.dtype == np.float64


def test_one_hot_of_no_label_has_no_row() -> None:
    assert lab03.one_hot([], 4).shape == (0, 4)


def test_forward_of_one_layer_has_no_relu() -> None:
    np.testing.assert_array_equal(lab03.forward([1.0, -2.0], [([[1.0], [1.0]], [0.0])]), [-1.0])


def test_forward_has_relu_after_each_layer_but_the_last() -> None:
    turn = ([[-1.0]], [0.0])
    assert lab03.forward([2.0], [turn]) == [-2.0]
    assert lab03.forward([2.0], [turn, turn]) == [0.0]
    assert lab03.forward([-2.0], [turn, turn, turn]) == [0.0]
    assert lab03.forward([-2.0], [turn, turn]) == [-2.0]


@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
def test_the_loss_of_logits_very_far_apart_is_finite(loss: str) -> None:
    layers = [([[1000.0, -1000.0]], [0.0, 0.0])]
    assert lab03.network_loss([1.0], [1.0, 0.0], layers, loss) == 0.0
    assert lab03.network_loss([1.0], [0.0, 1.0], layers, loss) == {"mse": 1.0, "cross_entropy": 2000.0}[loss]


def test_build_model_says_which_loss_is_named() -> None:
    assert [lab03.build_model(loss) for loss in ("mse", "cross_entropy")] == ["mse", "cross_entropy"]


# Refusals


@pytest.mark.parametrize(("labels", "classes"), [(3, 3), (-1, 3), ([0, 5], 4), ([-1, 0], 4), (0, 0)])
def test_one_hot_refuses_a_label_outside_of_the_classes(labels: object, classes: int) -> None:
    with pytest.raises(ValueError, match="labels must lie in 0 to"):
        lab03.one_hot(labels, classes)


def test_forward_refuses_no_layer_and_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="at least one layer"):
        lab03.forward([1.0], [])
    with pytest.raises(ValueError, match="size 2 is different from 3"):
        lab03.forward([1.0, 2.0, 3.0], LAYERS)


@pytest.mark.parametrize("y_true", [[0.0, 1.0], [[0.0, 1.0, 0.0]], 1.0])
def test_network_loss_refuses_a_target_of_another_shape(y_true: object) -> None:
    with pytest.raises(ValueError, match="y_true must have shape"):
        lab03.network_loss(X, y_true, LAYERS, "mse")


def test_network_loss_refuses_another_word() -> None:
    with pytest.raises(ValueError, match="hinge"):
        lab03.network_loss(X, LABEL, LAYERS, "hinge")


# Keras in float64


@pytest.mark.parametrize("maker", ["labels_one", "labels_batch"])
def test_one_hot_agrees_with_keras(tensorflow: ModuleType, maker: str) -> None:
    for question in questions(maker)[:50]:
        expected = tensorflow.keras.utils.to_categorical(question["labels"], question["num_classes"])
        np.testing.assert_array_equal(lab03.one_hot(**question), expected)


def keras_network(tensorflow: ModuleType, question: dict[str, Any]) -> Any:  # noqa: ANN401 (a Keras model)
    """Return the question's network as a Keras model of float64."""
    keras, layers = tensorflow.keras, question["layers"]
    network = keras.Sequential([keras.Input((len(question["x"]),), dtype="float64")])
    for number, (weights, bias) in enumerate(layers, start=1):
        activation = "relu" if number < len(layers) else None
        network.add(keras.layers.Dense(len(bias), activation=activation, dtype="float64"))
        network.layers[-1].set_weights([weights, bias])
    return network


@pytest.mark.parametrize("maker", ["lecture_network", *NETWORKS])
def test_forward_agrees_with_keras(tensorflow: ModuleType, maker: str) -> None:
    for question in questions(maker)[:5]:
        observed = keras_network(tensorflow, question)(question["x"][np.newaxis]).numpy()[0]
        np.testing.assert_allclose(lab03.forward(**question), observed, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("maker", ["lecture_target_mse", "lecture_target_cross_entropy", *TARGETS])
def test_network_loss_agrees_with_keras(tensorflow: ModuleType, maker: str) -> None:
    losses = {
        "mse": tensorflow.keras.losses.MeanSquaredError(dtype="float64"),
        "cross_entropy": tensorflow.keras.losses.CategoricalCrossentropy(dtype="float64"),
    }
    for question in questions(maker)[:5]:
        shares = tensorflow.nn.softmax(keras_network(tensorflow, question)(question["x"][np.newaxis]))
        observed = float(losses[question["loss"]](question["y_true"][np.newaxis], shares))
        assert lab03.network_loss(**question) == pytest.approx(observed, rel=1e-12)


# The makers


@pytest.mark.parametrize("maker", [maker for maker in MAKERS if maker not in PUBLIC])
def test_another_seed_makes_another_question(maker: str) -> None:
    answers = {np.asarray(getattr(lab03, MAKERS[maker])(**question)).tobytes() for question in questions(maker)}
    assert len(answers) > (20 if maker == "labels_one" else 190)


@pytest.mark.parametrize("maker", PUBLIC)
def test_a_public_question_is_the_lectures_for_every_seed(maker: str) -> None:
    for question in questions(maker)[:5]:
        np.testing.assert_array_equal(question["x"], X)
        assert list(question) == (
            ["x", "layers"] if maker == "lecture_network" else ["x", "y_true", "layers", "loss"]
        ), "the order of the arguments"
        if "y_true" in question:
            np.testing.assert_array_equal(question["y_true"], LABEL)


def test_one_label_is_a_whole_number_apart_from_both_ends_and_the_middle() -> None:
    made = questions("labels_one")
    assert {question["num_classes"] for question in made} == set(range(5, 13))
    for question in made:
        label, classes = question["labels"], question["num_classes"]
        assert type(label) is type(classes) is int
        assert 2 <= label < classes - 1
        assert label != classes - 1 - label, "counted from the right it is another place"


def test_a_batch_of_labels_shows_exchanged_axes_guessed_widths_and_a_row_per_class() -> None:
    for question in questions("labels_batch"):
        labels, classes = question["labels"], question["num_classes"]
        assert (labels.dtype.name, labels.ndim) == ("int64", 1)
        assert 3 <= len(labels) <= 8
        assert len(labels) != classes
        assert 0 in labels
        assert labels.max() < classes - 1
        assert len(set(labels.tolist())) < len(labels)


@pytest.mark.parametrize("maker", [*NETWORKS, *TARGETS])
def test_made_networks_fit_together_in_different_widths(maker: str) -> None:
    depths = set()
    for question in questions(maker):
        layers = question["layers"]
        depths.add(len(layers))
        sizes = [len(question["x"]), *(len(bias) for _, bias in layers)]
        assert len(set(sizes)) == len(sizes)
        assert sizes[-1] > len(LABEL), "a division by the lecture's 3 gives another loss"
        assert [weights.shape for weights, _ in layers] == list(pairwise(sizes))
        assert {part.dtype.name for part in flat(layers)} == {"float64"}
    assert depths == {"small_network": {2}, "deep_network": {3, 4}}.get(maker, {2, 3})


@pytest.mark.parametrize("maker", [*NETWORKS, *TARGETS])
def test_in_made_networks_every_relu_matters_and_one_too_many_as_well(maker: str) -> None:
    for question in questions(maker):
        values = question["x"]
        for weights, bias in question["layers"][:-1]:
            before = values @ weights + bias
            assert before.min() <= -0.3
            assert before.max() >= 1.2
            values = np.maximum(before, 0)
        weights, bias = question["layers"][-1]
        logits = values @ weights + bias
        np.testing.assert_allclose(lab03.forward(question["x"], question["layers"]), logits, rtol=1e-12)
        assert logits.min() < -0.3
        assert logits.max() > 0.3


def without_relu(x: Any, layers: Any) -> Any:  # noqa: ANN401
    for weights, bias in layers:
        x = x @ weights + bias
    return x


def without_biases(x: Any, layers: Any) -> Any:  # noqa: ANN401
    return lab03.forward(x, [(weights, 0 * bias) for weights, bias in layers])


def with_relu_at_the_end(x: Any, layers: Any) -> Any:  # noqa: ANN401
    return np.maximum(lab03.forward(x, layers), 0)


def with_sigmoid(x: Any, layers: Any) -> Any:  # noqa: ANN401
    for weights, bias in layers[:-1]:
        x = 1 / (1 + np.exp(-(x @ weights + bias)))
    return x @ layers[-1][0] + layers[-1][1]


def through_two_layers(x: Any, layers: Any) -> Any:  # noqa: ANN401
    return lab03.forward(x, layers[:2])


def softmaxed(x: Any, layers: Any) -> Any:  # noqa: ANN401
    return softmax(lab03.forward(x, layers))


@pytest.mark.parametrize("wrong", [without_relu, without_biases, with_relu_at_the_end, with_sigmoid, softmaxed])
@pytest.mark.parametrize("maker", NETWORKS)
def test_a_wrong_forward_gives_other_logits_on_every_made_network(wrong: Any, maker: str) -> None:  # noqa: ANN401
    for question in questions(maker):
        assert np.abs(wrong(**question) - lab03.forward(**question)).max() > 0.01


def test_a_fixed_number_of_layers_gives_another_shape_or_other_logits_on_every_deep_network() -> None:
    for question in questions("deep_network"):
        observed, expected = through_two_layers(**question), lab03.forward(**question)
        assert observed.shape != expected.shape


@pytest.mark.parametrize("maker", TARGETS)
def test_made_targets_are_one_hot_at_neither_the_best_nor_the_worst_class(maker: str) -> None:
    for question in questions(maker):
        target, logits = question["y_true"], lab03.forward(question["x"], question["layers"])
        assert sorted(target)[-2:] == [0.0, 1.0]
        assert target.argmax() not in {logits.argmax(), logits.argmin()}
        assert softmax(logits).min() >= 0.03
        assert question["loss"] == maker.removeprefix("network_with_target_")


@pytest.mark.parametrize("maker", TARGETS)
def test_a_wrong_loss_gives_another_number_on_every_made_network(maker: str) -> None:
    for question in questions(maker):
        y, logits = question["y_true"], lab03.forward(question["x"], question["layers"])
        shares, n = softmax(logits), len(y)
        mse, entropy = float(np.mean((y - shares) ** 2)), float(-np.sum(y * np.log(shares)))
        wrong = {
            "mse": [n * mse, mse / 2, mse**0.5, float(np.mean((y - logits) ** 2)), float(np.mean(abs(y - shares)))],
            "cross_entropy": [entropy / n, -entropy, entropy / np.log(2), entropy / np.log(10)],
        }[question["loss"]]
        right = lab03.network_loss(**question)
        assert right == pytest.approx({"mse": mse, "cross_entropy": entropy}[question["loss"]], rel=1e-12)
        for value in (*wrong, entropy if question["loss"] == "mse" else mse):
            assert abs(value - right) > 1e-3 * right
