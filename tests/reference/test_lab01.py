"""Holds the reference of lab01 against the lecture's numbers, Keras and its own promises."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.course.python_file import load_code

if TYPE_CHECKING:
    from types import ModuleType

FUNCTIONS = ("sum_of_squared_errors", "euclidean_distance", "mse")
MAKERS = ("vectors", "prediction", "matrices")
SEEDS = range(200)

EXPECTED = np.array([0.0, 1.0, 0.0])
PREDICTED = np.array([0.15, 0.2, 0.3])


lab01 = load_code(Path(__file__).parents[2] / "reference" / "lab01.py")


@cache
def questions(maker: str) -> tuple[dict[str, Any], ...]:
    return tuple(getattr(lab01, maker)(np.random.default_rng(seed)) for seed in SEEDS)


def test_sum_of_squared_errors_of_the_slides_three_entries_is_301_over_400() -> None:
    assert lab01.sum_of_squared_errors(EXPECTED, PREDICTED) == pytest.approx(301 / 400, rel=1e-15)


def test_euclidean_distance_of_the_slides_three_entries_is_0_8675() -> None:
    observed = lab01.euclidean_distance(EXPECTED, PREDICTED)
    assert observed == pytest.approx(0.8674675786448737, rel=1e-15)


def test_mse_of_the_slides_three_entries_is_0_2508() -> None:
    assert lab01.mse(EXPECTED, PREDICTED) == pytest.approx(0.25083333333333335, rel=1e-15)


def test_the_lab_texts_batch_has_mse_0_14875() -> None:
    y_true = [[0, 1, 0], [1, 0, 0]]
    assert lab01.mse(y_true, [[0.15, 0.2, 0.3], [0.7, 0.2, 0.1]]) == pytest.approx(0.14875)


def test_euclidean_distance_from_the_origin_to_3_4_is_5() -> None:
    assert lab01.euclidean_distance([0, 0], [3, 4]) == 5.0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_equal_vectors_have_loss_0(name: str) -> None:
    assert getattr(lab01, name)(PREDICTED, PREDICTED) == 0.0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_integers_are_not_truncated_or_wrapped(name: str) -> None:
    dark, bright = np.array([0, 3], dtype=np.uint8), np.array([200, 1], dtype=np.uint8)
    observed = getattr(lab01, name)(dark, bright)
    assert observed == getattr(lab01, name)([0.0, 3.0], [200.0, 1.0])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_different_shapes_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="shapes differ"):
        getattr(lab01, name)([1.0, 2.0], [[1.0], [2.0]])


def test_the_mean_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no element"):
        lab01.mse([], [])


@pytest.mark.parametrize("maker", MAKERS)
def test_mse_agrees_with_keras_in_float64(tensorflow: ModuleType, maker: str) -> None:
    keras_mse = tensorflow.keras.losses.MeanSquaredError(dtype="float64")
    for question in questions(maker)[:20]:
        observed = float(keras_mse(question["y_true"], question["y_pred"]))
        assert lab01.mse(**question) == pytest.approx(observed, rel=1e-12)


@pytest.mark.parametrize("maker", ["vectors", "prediction"])
def test_sum_and_distance_agree_with_tensorflow(tensorflow: ModuleType, maker: str) -> None:
    for question in questions(maker)[:20]:
        differences = tensorflow.constant(question["y_true"] - question["y_pred"])
        total = float(tensorflow.reduce_sum(tensorflow.square(differences)))
        distance = float(tensorflow.norm(differences))
        assert lab01.sum_of_squared_errors(**question) == pytest.approx(total, rel=1e-12)
        assert lab01.euclidean_distance(**question) == pytest.approx(distance, rel=1e-12)


@pytest.mark.parametrize("maker", MAKERS)
def test_functions_give_a_python_number_whatever_maker_is_asked(maker: str) -> None:
    assert {type(getattr(lab01, name)(**questions(maker)[0])) for name in FUNCTIONS} == {float}


@pytest.mark.parametrize("maker", MAKERS)
def test_made_inputs_are_float64_of_one_shape_and_of_several_sizes(maker: str) -> None:
    for question in questions(maker):
        assert list(question) == ["y_true", "y_pred"]
        assert question["y_true"].dtype == question["y_pred"].dtype == np.float64
        assert question["y_true"].shape == question["y_pred"].shape
    assert len({question["y_true"].size for question in questions(maker)}) > 3


@pytest.mark.parametrize("maker", ["vectors", "matrices"])
def test_made_errors_tell_sum_root_mean_and_variance_apart(maker: str) -> None:
    for question in questions(maker):
        errors = question["y_true"] - question["y_pred"]
        assert np.sum(errors**2) > 1.4
        assert np.mean(errors**2) < 0.65
        assert np.mean(errors) ** 2 > 1e-3 * np.mean(errors**2)
        assert np.min(errors) < 0 < np.max(errors)


def test_vectors_hold_8_to_14_numbers() -> None:
    assert {question["y_true"].shape for question in questions("vectors")} == {(size,) for size in range(8, 15)}


def test_matrices_have_at_least_2_rows_and_more_columns() -> None:
    for question in questions("matrices"):
        rows, columns = question["y_true"].shape
        assert 2 <= rows < columns


def test_prediction_is_a_one_hot_label_beside_probabilities_from_0_03() -> None:
    for question in questions("prediction"):
        assert sorted(question["y_true"])[-2:] == [0.0, 1.0]
        assert np.min(question["y_pred"]) >= 0.03
        assert np.sum(question["y_pred"]) == pytest.approx(1, abs=1e-12)
