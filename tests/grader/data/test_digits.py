"""The drawn digits: MNIST's shapes and dtypes, the same for the same seed, quick, and worth more than one layer."""

from __future__ import annotations

from itertools import pairwise
from time import process_time

import numpy as np
import pytest
from numpy.typing import NDArray

from grader.data.digits import draw

Floats = NDArray[np.float32]
Labels = NDArray[np.uint8]


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1234])
def test_drawn_digits_have_the_shapes_and_dtypes_of_mnist(count: int) -> None:
    images, labels = draw(count, 1)
    assert (images.shape, images.dtype.name) == ((count, 28, 28), "uint8")
    assert (labels.shape, labels.dtype.name) == ((count,), "uint8")


@pytest.mark.parametrize("seed", [0, 5, 2**53 - 1])
def test_the_same_seed_draws_the_same_digits(seed: int) -> None:
    for one, other in zip(draw(700, seed), draw(700, seed), strict=True):
        np.testing.assert_array_equal(one, other)


def test_another_seed_draws_other_digits() -> None:
    (one, one_labels), (other, other_labels) = draw(500, 1), draw(500, 2)
    assert not np.array_equal(one_labels, other_labels)
    assert not np.array_equal(one, other)


def test_drawing_depends_on_no_state_and_leaves_none() -> None:
    np.random.seed(3)  # noqa: NPY002 (the state that notebooks use)
    expected = np.random.random(4)  # noqa: NPY002
    np.random.seed(3)  # noqa: NPY002
    first = draw(100, 1)
    np.testing.assert_array_equal(np.random.random(4), expected)  # noqa: NPY002
    np.testing.assert_array_equal(draw(100, 1)[0], first[0])


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 999])
def test_a_shorter_draw_is_the_beginning_of_a_longer_one(count: int) -> None:
    for shorter, longer in zip(draw(count, 9), draw(1400, 9), strict=True):
        np.testing.assert_array_equal(shorter, longer[:count])


@pytest.mark.parametrize("seed", range(5))
def test_all_ten_classes_are_drawn_about_equally_often(seed: int) -> None:
    _, labels = draw(2000, seed)
    counts = np.bincount(labels)
    assert counts.shape == (10,)
    assert counts.min() > 140  # five standard deviations below 200 is 133
    assert counts.max() < 268


def test_a_class_is_drawn_in_many_ways() -> None:
    images, labels = draw(1000, 4)
    for digit in range(10):
        same = images[labels == digit].reshape(-1, 784).astype(np.float64)
        assert len(np.unique(same, axis=0)) == len(same)
        assert np.abs(same - same.mean(0)).mean() > 10, "grey levels from the mean shape"


def test_drawn_digits_are_white_on_black_and_centred() -> None:
    images, _ = draw(1000, 4)
    ink = images.astype(np.float64)
    assert np.all(images.reshape(-1, 784).max(1) > 150)
    assert 0.6 < (images == 0).mean() < 0.9
    mass = ink.sum((1, 2))
    places = np.arange(28)
    down, right = (ink.sum(2) * places).sum(1) / mass, (ink.sum(1) * places).sum(1) / mass
    assert np.abs(down - 13.5).max() < 5
    assert np.abs(right - 13.5).max() < 5


def test_two_thousand_digits_take_less_than_two_seconds_of_processor_time() -> None:
    draw(1, 0)
    seconds = []
    for seed in range(3):
        began = process_time()
        draw(2000, seed)
        seconds.append(process_time() - began)
    assert min(seconds) < 2


@pytest.mark.parametrize("count", [-1, -500])
def test_a_negative_count_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"count must be 0 or more, observed {count}"):
        draw(count, 1)


def test_five_layers_beat_a_linear_network_clearly() -> None:
    images, labels = draw(5000, 1)
    pixels = (images.reshape(-1, 784) / 255).astype(np.float32)
    right = {
        sizes: accuracy(sizes, pixels[:4000], labels[:4000], pixels[4000:], labels[4000:], steps=300)
        for sizes in ((784, 10), (784, 128, 64, 64, 32, 10))
    }
    linear, deep = right.values()
    assert deep > linear + 0.04
    assert linear > 0.7, "hard, but no noise"
    assert deep < 0.99, "no toy"


def accuracy(sizes: tuple[int, ...], x: Floats, y: Labels, unseen: Floats, truth: Labels, steps: int) -> float:
    """Train a network of ReLU layers and a softmax with Adam; return the share of unseen images that it gets right."""
    rng = np.random.default_rng(0)
    weights = [
        part.astype(np.float32)
        for inputs, outputs in pairwise(sizes)
        for part in (rng.normal(0, np.sqrt(2 / inputs), (inputs, outputs)), np.zeros(outputs))
    ]
    means, squares = [np.zeros_like(part) for part in weights], [np.zeros_like(part) for part in weights]
    for step in range(1, steps + 1):
        some = rng.integers(0, len(x), 64)
        for number, slope in enumerate(slopes(weights, x[some], y[some])):
            means[number] += 0.1 * (slope - means[number])
            squares[number] += 0.001 * (slope**2 - squares[number])
            rate = 0.002 / (1 - 0.9**step) / (np.sqrt(squares[number] / (1 - 0.999**step)) + 1e-8)
            weights[number] -= rate * means[number]
    return float((values(weights, unseen)[-1].argmax(1) == truth).mean())


def values(weights: list[Floats], x: Floats) -> list[Floats]:
    """Return the input, the output of each hidden layer, and the logits."""
    found = [x]
    for number in range(0, len(weights), 2):
        z = found[-1] @ weights[number] + weights[number + 1]
        found.append(z if number == len(weights) - 2 else np.maximum(z, 0))
    return found


def slopes(weights: list[Floats], x: Floats, y: Labels) -> list[Floats]:
    """Return the gradient of the cross-entropy by every part of the weights."""
    found = values(weights, x)
    powers = np.exp(found[-1] - found[-1].max(1, keepdims=True))
    behind: Floats = (powers / powers.sum(1, keepdims=True) - np.eye(10, dtype=np.float32)[y]) / np.float32(len(x))
    result: list[Floats] = []
    for number in range(len(weights) - 2, -1, -2):
        before = found[number // 2]
        result = [before.T @ behind, behind.sum(0), *result]
        behind = (behind @ weights[number].T) * (before > 0)
    return result
