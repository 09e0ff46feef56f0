"""Holds the reference of the Corelab against the course's numbers, Keras and its own promises."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from grader.course.python_file import load_code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

Images = NDArray[np.uint8]

ROOT = Path(__file__).resolve().parents[2]
T10K = ROOT.parent / "shared" / "data" / "mnist-t10k"
SEEDS = range(60)
SCRIBBLERS = ("images", "dim_images", "low_contrast_images")
MAKERS = (*SCRIBBLERS, "grainy_images")
RTOL = 2e-4
"""By how much two answers may differ and be the same: as in `kind: close`."""


corelab = load_code(ROOT / "reference" / "corelab.py")
MSE, CROSS_ENTROPY = corelab.READINGS["mnist_mse"], corelab.READINGS["mnist_cross_entropy"]
EPSILONS = {"1e-7": 1e-7, "1e-8": 1e-8, "1e-9": 1e-9, "1e-10": 1e-10, "1e-12": 1e-12, "1e-15": 1e-15}


@cache
def made(maker: str) -> tuple[Images, ...]:
    """Return one set of images for each seed."""
    return tuple(getattr(corelab, maker)(np.random.default_rng(seed))["images"] for seed in SEEDS)


def flat(images: Images) -> tuple[Any, Any]:
    return images[0].ravel().astype(float), images[1].ravel().astype(float)


def differ(one: float, other: float) -> bool:
    """Say whether two answers are clearly not the same: five times the tolerance apart, or one is no number."""
    return not np.isfinite([one, other]).all() or abs(one - other) > 5 * RTOL * max(abs(one), abs(other))


def two_images(first: int, second: int) -> Images:
    """Return images of one grey each."""
    grey = np.array([first, second], np.uint8)
    return np.broadcast_to(grey[:, np.newaxis, np.newaxis], (2, 28, 28)).copy()


# Numbers of the course


def test_the_readings_of_the_mse_are_as_far_apart_as_in_the_course() -> None:
    for images in made("images")[:10]:
        raw, scaled = (MSE[name](images) for name in ("raw", "scaled"))
        assert raw / scaled == pytest.approx(7268.242346938776 / 0.11177612221359133, rel=1e-12)


def test_the_mse_is_the_sum_over_784_pixels() -> None:
    images = two_images(0, 0)
    images[1].flat[:5] = (255, 1, 2, 3, 4)
    assert corelab.mnist_mse(images) == pytest.approx((255**2 + 1 + 4 + 9 + 16) / 784, rel=1e-15)


def test_the_task_texts_examples_hold() -> None:
    assert MSE["raw"](two_images(10, 20)) == MSE["raw"](two_images(20, 10)) == 100
    assert round(MSE["scaled"](two_images(10, 20)), 6) == 0.001538
    assert round(corelab.mnist_cross_entropy(two_images(50, 90)), 6) == 6.664409


def test_pixels_that_a_uint8_cannot_hold_are_not_wrapped() -> None:
    images = two_images(0, 255)
    assert MSE["raw"](images) == MSE["raw"](images[::-1]) == 65025, "beyond uint8, int8 and int16"
    assert MSE["scaled"](images) == 1.0


def two_halves() -> Images:
    """Return a left half of 100 expected, and all of 200 but a column of the left half predicted."""
    images = two_images(0, 200)
    images[0, :, :14] = 100
    images[1, :, 3] = 0
    return images


@pytest.mark.parametrize("epsilon", list(EPSILONS))
def test_cross_entropies_of_two_halves_are_those_by_hand(epsilon: str) -> None:
    images, least = two_halves(), EPSILONS[epsilon]
    lit, dark = 13 / 14, 1 / 14  # of the expected half
    by_sum = -lit * np.log(1 / (27 * 28)) - dark * np.log(least)
    by_255 = -(100 / 255) * 14 * 28 * (lit * np.log(200 / 255) + dark * np.log(least))
    assert CROSS_ENTROPY[f"distributions_{epsilon}"](images) == pytest.approx(by_sum, rel=1e-12)
    assert CROSS_ENTROPY[f"scaled_sum_{epsilon}"](images) == pytest.approx(by_255, rel=1e-12)


def test_the_steps_between_the_epsilons_are_those_of_the_course() -> None:
    for images in made("images")[:10]:
        y, q = flat(images)
        lost = float((y / y.sum())[q == 0].sum())
        values = [CROSS_ENTROPY[f"distributions_{epsilon}"](images) for epsilon in EPSILONS]
        steps = lost * np.log([1e-7 / 1e-8, 1e-8 / 1e-9, 1e-9 / 1e-10, 1e-10 / 1e-12, 1e-12 / 1e-15])
        np.testing.assert_allclose(np.diff(values), steps, rtol=1e-9)
    course = np.diff([613.6852988, 695.7476256, 859.8722791, 1023.9969327, 1270.1839129])
    np.testing.assert_allclose(course / course[0], [1, 2, 2, 3], rtol=1e-6)


def test_there_are_two_and_fifteen_readings_and_the_pinned_one_is_first() -> None:
    assert list(MSE) == ["raw", "scaled"]
    epsilons = list(EPSILONS)
    expected = [f"{kind}_{epsilon}" for kind in ("distributions", "scaled_sum") for epsilon in epsilons]
    assert list(CROSS_ENTROPY) == [*expected, "keras_flat", "softmax_both", "logits"]
    for maker in MAKERS:
        for images in made(maker)[:5]:
            assert corelab.mnist_mse(images) == MSE["raw"](images)
            assert corelab.mnist_cross_entropy(images) == CROSS_ENTROPY["distributions_1e-7"](images)


def test_the_network_is_compiled_with_the_cross_entropy() -> None:
    assert corelab.build_dnn() == "cross_entropy"


@pytest.fixture
def real() -> Images:
    """Return the first two real test images: a 7 and a 2."""
    if not T10K.is_dir():
        pytest.skip("the MNIST test set is not at shared/data/mnist-t10k beside the repository")
    import gzip  # noqa: PLC0415 (only where the file is)

    content = gzip.decompress((T10K / "t10k-images-idx3-ubyte.gz").read_bytes())
    return np.frombuffer(content, np.uint8, 2 * 784, offset=16).reshape(2, 28, 28)


def test_real_images_give_what_whole_numbers_give(real: Images) -> None:
    squares = sum((int(a) - int(b)) ** 2 for a, b in zip(real[0].flat, real[1].flat, strict=True))
    assert corelab.mnist_mse(real) == pytest.approx(squares / 784, rel=1e-15)
    values = [reading(real) for reading in CROSS_ENTROPY.values()]
    assert all(differ(one, other) for one, other in itertools.combinations(values, 2))
    assert np.isfinite(values).all()


# Keras


@pytest.mark.parametrize("maker", MAKERS)
def test_the_mse_agrees_with_keras(tensorflow: ModuleType, maker: str) -> None:
    keras_loss = tensorflow.keras.losses.MeanSquaredError(dtype="float64")
    for images in made(maker)[:5]:
        first, second = images[0].astype(float), images[1].astype(float)
        assert MSE["raw"](images) == pytest.approx(float(keras_loss(first, second)), rel=1e-12)
        assert MSE["scaled"](images) == pytest.approx(float(keras_loss(first / 255, second / 255)), rel=1e-12)


@pytest.mark.parametrize("maker", MAKERS)
def test_the_cross_entropies_agree_with_keras_and_tensorflow(tensorflow: ModuleType, maker: str) -> None:
    losses = tensorflow.keras.losses
    probabilities = losses.CategoricalCrossentropy(dtype="float64")
    logits = losses.CategoricalCrossentropy(from_logits=True, dtype="float64")
    for images in made(maker)[:5]:
        y, q = flat(images)
        told = {
            "keras_flat": probabilities(y / 255, q / 255),
            "logits": logits(y / 255, q / 255),
            "softmax_both": logits(tensorflow.nn.softmax(y / 255), q / 255),
        }
        for name, observed in told.items():
            assert CROSS_ENTROPY[name](images) == pytest.approx(float(observed), rel=1e-9), name
        # Keras clips and does not divide again: its own answer for distributions differs by what clipping adds.
        told_of = float(probabilities(y / y.sum(), q / q.sum()))
        assert corelab.mnist_cross_entropy(images) == pytest.approx(told_of, rel=1e-6)


# Readings and what is none


@pytest.mark.parametrize("maker", MAKERS)
def test_the_readings_of_the_mse_are_distinct_on_every_image_set(maker: str) -> None:
    for images in made(maker):
        assert differ(*(reading(images) for reading in MSE.values()))


@pytest.mark.parametrize("task", ["mnist_mse", "mnist_cross_entropy"])
def test_over_the_image_sets_of_a_check_every_two_readings_are_distinct(task: str) -> None:
    for seed in SEEDS:
        values = {name: answers(reading, seed) for name, reading in corelab.READINGS[task].items()}
        for one, other in itertools.combinations(values, 2):
            assert any(map(differ, values[one], values[other])), (seed, one, other)


@pytest.mark.parametrize("maker", ["images", "dim_images"])
@pytest.mark.parametrize("kind", ["distributions", "scaled_sum"])
def test_every_epsilon_gives_another_answer_on_every_set_with_black_pixels(maker: str, kind: str) -> None:
    for images in made(maker):
        values = [CROSS_ENTROPY[f"{kind}_{epsilon}"](images) for epsilon in EPSILONS]
        assert all(differ(one, other) for one, other in itertools.combinations(values, 2))


@pytest.mark.parametrize("kind", ["distributions", "scaled_sum"])
def test_without_black_pixels_no_epsilon_matters(kind: str) -> None:
    for images in made("low_contrast_images"):
        assert len({CROSS_ENTROPY[f"{kind}_{epsilon}"](images) for epsilon in EPSILONS}) == 1


@cache
def image_sets(seed: int) -> tuple[Images, ...]:
    """Return seven image sets, as one check asks about."""
    return tuple(
        getattr(corelab, maker)(np.random.default_rng([seed, number]))["images"]
        for number, maker in enumerate((*SCRIBBLERS, *MAKERS))
    )


def answers(answer: Callable[[Images], float], seed: int) -> list[float]:
    with np.errstate(all="ignore"):
        return [answer(images.copy()) for images in image_sets(seed)]


def clipped(q: Any, least: float = 1e-7) -> Any:  # noqa: ANN401 (an array)
    return np.clip(q, least, 1)


WRONG_MSE: dict[str, Callable[[Images], float]] = {
    "all in uint8": lambda m: float(np.mean((m[0] - m[1]) ** 2)),
    "subtracted in uint8": lambda m: float(np.mean((m[0] - m[1]).astype(float) ** 2)),
    "absolute in uint8": lambda m: float(np.mean(np.abs(m[0] - m[1]).astype(float) ** 2)),
    "squared in int16": lambda m: float(np.mean((m[0].astype(np.int16) - m[1]) ** 2)),
    "in int8": lambda m: float(np.mean((m[0].astype(np.int8) - m[1].astype(np.int8)) ** 2)),
    "summed": lambda m: 784 * MSE["raw"](m),
    "summed, scaled": lambda m: 784 * MSE["scaled"](m),
    "halved": lambda m: MSE["raw"](m) / 2,
    "root": lambda m: MSE["raw"](m) ** 0.5,
    "root, scaled": lambda m: MSE["scaled"](m) ** 0.5,
    "absolute": lambda m: float(np.abs(m[0].astype(float) - m[1]).mean()),
    "divided by 256": lambda m: MSE["raw"](m) / 256**2,
    "divided by 255 once": lambda m: MSE["raw"](m) / 255,
    "mean of rows summed": lambda m: 28 * MSE["scaled"](m),
    "divided by the maximum": lambda m: float(np.mean((m[0] / m[0].max() - m[1] / m[1].max()) ** 2)),
    "divided by the sum": lambda m: float(np.mean((m[0] / m[0].sum() - m[1] / m[1].sum()) ** 2)),
    "of the first and third": lambda m: MSE["raw"](m[[0, 2]]),
    "variance": lambda m: float(np.var(m[0].astype(float) - m[1])),
    "typed in": lambda _: 7268.242346938776,
    "typed in, scaled": lambda _: 0.11177612221359133,
}

WRONG_CROSS_ENTROPY: dict[str, Callable[[Images], float]] = {
    "swapped": lambda m: corelab.mnist_cross_entropy(m[1::-1]),
    "mean": lambda m: corelab.mnist_cross_entropy(m) / 784,
    "rows": lambda m: corelab.mnist_cross_entropy(m) / 28,
    "bits": lambda m: corelab.mnist_cross_entropy(m) / np.log(2),
    "decimal": lambda m: corelab.mnist_cross_entropy(m) / np.log(10),
    "negative": lambda m: -corelab.mnist_cross_entropy(m),
    "entropy of the first": lambda m: corelab.mnist_cross_entropy(m[[0, 0]]),
    "entropy of the second": lambda m: corelab.mnist_cross_entropy(m[[1, 1]]),
    "divergence": lambda m: corelab.mnist_cross_entropy(m) - corelab.mnist_cross_entropy(m[[0, 0]]),
    "of the first and third": lambda m: corelab.mnist_cross_entropy(m[[0, 2]]),
    "raw pixels": lambda m: float(-np.sum(m[0] * np.log(m[1] + 1e-7))),
    "divided by the maximum": lambda m: float(-np.sum(m[0] / m[0].max() * np.log(clipped(m[1] / m[1].max())))),
    "epsilon of 1e-5": lambda m: float(-np.sum(m[0] / m[0].sum() * np.log(clipped(m[1] / m[1].sum(), 1e-5)))),
    "binary": lambda m: float(
        -np.mean(m[0] / 255 * np.log(clipped(m[1] / 255)) + (1 - m[0] / 255) * np.log(clipped(1 - m[1] / 255)))
    ),
    "typed in": lambda _: 8.902909917415233,
    "typed in, another reading": lambda _: 613.6852988,
}


def agreeing(functions: Mapping[str, Callable[[Images], float]], readings: Any, seed: int) -> set[str]:  # noqa: ANN401
    """Return which agree with one reading on every image set, as a task of several readings is judged."""
    expected = [answers(reading, seed) for reading in readings.values()]
    return {
        name
        for name, function in functions.items()
        for told in (answers(function, seed),)
        if any(np.isclose(told, one, rtol=RTOL, atol=1e-6).all() for one in expected)
    }


@pytest.mark.parametrize(
    ("wrong", "readings"),
    [(WRONG_MSE, MSE), (WRONG_CROSS_ENTROPY, CROSS_ENTROPY)],
    ids=["mnist_mse", "mnist_cross_entropy"],
)
def test_every_wrong_answer_agrees_with_no_reading(wrong: Any, readings: Any) -> None:  # noqa: ANN401
    for seed in range(10):
        assert agreeing(wrong, readings, seed) == set()
        assert agreeing(readings, readings, seed) == set(readings)


# Refusals and purity

EVERY = [*MSE.items(), *CROSS_ENTROPY.items()]


@pytest.mark.parametrize(
    "images",
    [
        np.ones((2, 28, 28)),
        np.ones((2, 28, 28), np.int64),
        np.ones((1, 28, 28), np.uint8),
        np.ones((2, 784), np.uint8),
        np.ones((2, 28, 28, 1), np.uint8),
        np.ones((2, 32, 32), np.uint8),
    ],
)
def test_every_reading_refuses_what_are_no_images(images: Any) -> None:  # noqa: ANN401
    for name, reading in EVERY:
        with pytest.raises(ValueError, match="images are uint8 of shape"):
            pytest.fail(f"{name} gave {reading(images)}")


@pytest.mark.parametrize("name", ["distributions_1e-7", "distributions_1e-15", "keras_flat"])
def test_a_black_image_is_refused_where_it_is_to_be_divided_by_its_sum(name: str) -> None:
    with pytest.raises(ValueError, match="black"):
        CROSS_ENTROPY[name](two_images(5, 0))


@pytest.mark.parametrize("maker", MAKERS)
def test_every_reading_is_pure_finite_and_well_above_the_tolerance(maker: str) -> None:
    for images in made(maker)[:20]:
        before = images.copy()
        for name, reading in EVERY:
            first = reading(images)
            assert type(first) is float, name
            assert reading(images) == first, name
            assert np.isfinite(first), name
            assert first > 1e-3, name
        np.testing.assert_array_equal(images, before)


# The makers


@pytest.mark.parametrize("maker", MAKERS)
def test_made_images_are_as_mnists_three_to_five_and_all_different(maker: str) -> None:
    assert {len(images) for images in made(maker)} == {3, 4, 5}
    assert len({images.tobytes() for images in made(maker)}) == len(SEEDS)
    for images in made(maker):
        assert (images.dtype.name, images.shape[1:]) == ("uint8", (28, 28))
        assert len(np.unique(images.reshape(-1, 784), axis=0)) == len(images)
        assert getattr(corelab, maker)(np.random.default_rng(1)).keys() == {"images"}


def test_the_brightest_pixel_of_each_image_is_255_and_paper_is_black() -> None:
    for images in made("images"):
        assert images.max((1, 2)).tolist() == [255] * len(images)
        assert np.all((images == 0).mean((1, 2)) > 0.2)


def test_the_brightest_pixel_of_each_dim_image_is_another_one_and_never_255() -> None:
    for images in made("dim_images"):
        brightest = images.max((1, 2)).tolist()
        assert sorted(brightest) == sorted(np.rint(np.linspace(120, 230, len(images))).tolist())
        assert len(set(brightest)) == len(brightest)


def test_low_contrast_images_have_no_black_pixel_and_differ_by_30_to_60_levels() -> None:
    for images in made("low_contrast_images"):
        darkest, brightest = images.min((1, 2)).astype(int), images.max((1, 2)).astype(int)
        assert darkest.min() >= 70
        assert brightest.max() <= 220
        assert np.all((brightest - darkest >= 29) & (brightest - darkest <= 61))
        assert len(set(darkest.tolist())) == len(darkest)


def test_grainy_images_have_no_black_pixel_and_no_two_rows_columns_or_corners_alike() -> None:
    for images in made("grainy_images"):
        assert images.min() >= 1
        assert len(np.unique(images.reshape(-1, 28), axis=0)) == 28 * len(images)
        assert len(np.unique(images.swapaxes(1, 2).reshape(-1, 28), axis=0)) == 28 * len(images)
        assert not np.array_equal(images[:2, 0, 0], images[:2, -1, -1])


@pytest.mark.parametrize("maker", ["images", "dim_images"])
def test_in_sets_with_black_pixels_some_are_expected_where_black_is_predicted(maker: str) -> None:
    for images in made(maker):
        y, q = flat(images)
        assert (y / y.sum())[q == 0].sum() > 0.02
        assert (y * q).any(), "they overlap"


@pytest.mark.parametrize("maker", MAKERS)
def test_in_every_set_differences_of_both_signs_overflow_a_uint8(maker: str) -> None:
    for images in made(maker):
        differences = images[0].astype(int) - images[1]
        assert (differences**2).max() > 255
        if maker != "low_contrast_images":
            assert differences.min() < 0 < differences.max()
