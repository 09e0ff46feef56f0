"""Holds the reference of lab02 against the lecture's numbers, Keras and its own promises."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.course.python_file import load_code

if TYPE_CHECKING:
    from types import ModuleType

SEEDS = range(200)

DISTRIBUTION_1 = np.array([1 / 3, 1 / 2, 1 / 6])
DISTRIBUTION_2 = np.array([1 / 4, 1 / 2, 1 / 4])
LABEL = np.array([0.0, 1.0, 0.0])
LOGITS = np.array([0.0, 0.006, 0.12])

MAKERS = {
    "probability": "information_content",
    "probabilities": "information_content",
    "distribution": "entropy",
    "distribution_with_zeros": "entropy",
    "logits": "softmax",
    "logit_rows": "softmax",
    "large_logits": "softmax",
    "large_negative_logits": "softmax",
    "two_distributions": "cross_entropy",
    "confident_prediction": "cross_entropy",
    "distribution_rows": "cross_entropy",
    "label_and_prediction": "cross_entropy",
    "shared_zeros": "cross_entropy",
    "hopeless_prediction": "cross_entropy",
    "label_and_logits": "softmax_cross_entropy",
    "distribution_and_logits": "softmax_cross_entropy",
    "label_and_large_logits": "softmax_cross_entropy",
    "label_and_large_negative_logits": "softmax_cross_entropy",
}
WITHOUT_ZEROS = ("two_distributions", "confident_prediction", "distribution_rows")
FAR = ("label_and_large_logits", "label_and_large_negative_logits")


lab02 = load_code(Path(__file__).parents[2] / "reference" / "lab02.py")


@cache
def questions(maker: str) -> tuple[dict[str, Any], ...]:
    return tuple(getattr(lab02, maker)(np.random.default_rng(seed)) for seed in SEEDS)


def arguments(maker: str, name: str) -> list[Any]:
    return [question[name] for question in questions(maker)]


# The lecture's numbers


@pytest.mark.parametrize(("p", "expected"), [(1.0, 0.0), (1 / 2, 0.6931471805599453), (1 / 6, 1.791759469228055)])
def test_information_content_of_sure_half_and_sixth(p: float, expected: float) -> None:
    assert lab02.information_content(p) == pytest.approx(expected, rel=1e-15)


def test_entropy_of_distribution_1_is_the_lectures_1_0114() -> None:
    assert lab02.entropy(DISTRIBUTION_1) == pytest.approx(1.0114042647073516, rel=1e-15)
    by_hand = math.log(3) / 3 + math.log(2) / 2 + math.log(6) / 6
    assert lab02.entropy(DISTRIBUTION_1) == pytest.approx(by_hand, rel=1e-15)


def test_entropy_of_distribution_2_is_the_lectures_1_0397_or_1_5_bits() -> None:
    assert lab02.entropy(DISTRIBUTION_2) == pytest.approx(1.0397207708399179, rel=1e-15)
    assert lab02.entropy(DISTRIBUTION_2) / math.log(2) == pytest.approx(1.5, rel=1e-15)


def test_cross_entropy_of_distribution_1_and_2_is_the_lectures_1_0397() -> None:
    observed = lab02.cross_entropy(DISTRIBUTION_1, DISTRIBUTION_2)
    assert observed == pytest.approx(1.0397207708399179, rel=1e-15)


def test_cross_entropy_of_distribution_2_and_1_is_the_lectures_1_0692() -> None:
    observed = lab02.cross_entropy(DISTRIBUTION_2, DISTRIBUTION_1)
    assert observed == pytest.approx(1.0691665297540138, rel=1e-15)


def test_cross_entropy_exceeds_entropy_by_the_lectures_gaps() -> None:
    one_two = lab02.cross_entropy(DISTRIBUTION_1, DISTRIBUTION_2) - lab02.entropy(DISTRIBUTION_1)
    two_one = lab02.cross_entropy(DISTRIBUTION_2, DISTRIBUTION_1) - lab02.entropy(DISTRIBUTION_2)
    assert one_two == pytest.approx(0.02831650613256631, rel=1e-12)
    assert two_one == pytest.approx(0.029445758914095954, rel=1e-12)


def test_softmax_of_the_slides_0_9_1_2_0_4_whose_third_rounds_to_0_21() -> None:
    expected = [0.33825042710530284, 0.45659031819443785, 0.20515925470025936]
    observed = lab02.softmax([0.9, 1.2, 0.4])
    np.testing.assert_allclose(observed, expected, rtol=1e-15)
    assert [round(float(share), 2) for share in observed] == [0.34, 0.46, 0.21]


def test_softmax_of_the_5_3_example_is_0_319_0_321_0_36() -> None:
    expected = [0.3191304448389716, 0.3210509833619623, 0.3598185717990661]
    observed = lab02.softmax(LOGITS)
    np.testing.assert_allclose(observed, expected, rtol=1e-15)
    assert [round(float(share), 3) for share in observed] == [0.319, 0.321, 0.36]


def test_softmax_cross_entropy_of_the_5_3_example_is_1_136155() -> None:
    observed = lab02.softmax_cross_entropy(LABEL, LOGITS)
    assert observed == pytest.approx(1.136155341790962, rel=1e-15)


def test_the_slides_1_1363_comes_from_probabilities_rounded_before_the_logarithm() -> None:
    observed = lab02.cross_entropy(LABEL, [0.319, 0.321, 0.36])
    assert observed == pytest.approx(1.1363141558521213, rel=1e-15)


def test_the_lab_texts_batch_has_cross_entropy_1_142458() -> None:
    y_true = [DISTRIBUTION_2, [0.2, 0.3, 0.5]]
    observed = lab02.cross_entropy(y_true, [DISTRIBUTION_1, [0.1, 0.6, 0.3]])
    second = -(0.2 * math.log(0.1) + 0.3 * math.log(0.6) + 0.5 * math.log(0.3))
    assert observed == pytest.approx((1.0691665297540138 + second) / 2, rel=1e-14)
    assert math.floor(observed * 1e6) == 1142458


# What the tasks promise


def test_information_content_of_an_array_is_elementwise() -> None:
    observed = lab02.information_content(DISTRIBUTION_1)
    np.testing.assert_allclose(observed, np.log([3, 2, 6]), rtol=1e-15)


def test_entropy_counts_0_log_0_as_0() -> None:
    assert lab02.entropy([0, 1, 0]) == 0.0
    assert lab02.entropy([0.5, 0, 0.5]) == pytest.approx(math.log(2), rel=1e-15)


def test_softmax_treats_each_row_on_its_own() -> None:
    observed = lab02.softmax([[0.9, 1.2, 0.4], LOGITS])
    np.testing.assert_array_equal(observed[0], lab02.softmax([0.9, 1.2, 0.4]))
    np.testing.assert_array_equal(observed[1], lab02.softmax(LOGITS))


@pytest.mark.parametrize("shift", [1000.0, -1000.0, 1e6])
def test_softmax_does_not_change_when_one_number_is_added(shift: float) -> None:
    near = np.array([0.5, -1.25, 2.0, 0.0])
    np.testing.assert_array_equal(lab02.softmax(near + shift), lab02.softmax(near))


def test_softmax_of_logits_very_far_apart_is_one_hot() -> None:
    np.testing.assert_array_equal(lab02.softmax([1000, 0, -1000]), [1, 0, 0])


def test_cross_entropy_of_a_batch_is_the_mean_of_its_rows() -> None:
    for question in questions("distribution_rows"):
        rows = zip(question["y_true"], question["y_pred"], strict=True)
        mean = np.mean([lab02.cross_entropy(y_true, y_pred) for y_true, y_pred in rows])
        assert lab02.cross_entropy(**question) == pytest.approx(mean, rel=1e-14)


def test_cross_entropy_counts_an_expected_0_as_0_even_beside_a_predicted_0() -> None:
    observed = lab02.cross_entropy([0.5, 0.5, 0], [0.25, 0.75, 0])
    assert observed == pytest.approx(-0.5 * math.log(0.25 * 0.75), rel=1e-15)


def test_cross_entropy_of_a_perfect_prediction_is_0() -> None:
    assert lab02.cross_entropy(LABEL, LABEL) == 0.0


def test_cross_entropy_of_a_predicted_0_is_the_finite_16_118() -> None:
    assert lab02.cross_entropy(LABEL, [0.5, 0, 0.5]) == pytest.approx(16.11809565095832)


@pytest.mark.parametrize("maker", ["two_distributions", "confident_prediction"])
def test_cross_entropy_is_smallest_where_the_prediction_is_the_expectation(maker: str) -> None:
    for question in questions(maker):
        entropy = lab02.entropy(question["y_true"])
        assert lab02.cross_entropy(**question) > entropy
        own = lab02.cross_entropy(question["y_true"], question["y_true"])
        assert own == pytest.approx(entropy, rel=1e-14)


@pytest.mark.parametrize("maker", ["label_and_logits", "distribution_and_logits", *FAR])
def test_softmax_cross_entropy_is_the_cross_entropy_of_the_softmax(maker: str) -> None:
    for question in questions(maker):
        shares = lab02.softmax(question["logits"])
        expected = lab02.cross_entropy(question["y_true"], shares)
        assert lab02.softmax_cross_entropy(**question) == pytest.approx(expected, rel=1e-12)


# Refusals


@pytest.mark.parametrize("p", [0.0, -0.1, 1.1, [0.5, 0.0], math.nan])
def test_information_content_refuses_what_is_no_probability(p: object) -> None:
    with pytest.raises(ValueError, match="probability"):
        lab02.information_content(p)


@pytest.mark.parametrize("p", [[0.5, 0.6], [1.5, -0.5], 1.0, [[0.5, 0.5]]])
def test_entropy_refuses_what_is_no_distribution(p: object) -> None:
    with pytest.raises(ValueError, match=r"sum|negative|vector|one distribution"):
        lab02.entropy(p)


@pytest.mark.parametrize("z", [1.0, [0.0, math.nan], [math.inf, 0.0]])
def test_softmax_refuses_a_number_and_what_is_not_finite(z: object) -> None:
    with pytest.raises(ValueError, match="needs"):
        lab02.softmax(z)


@pytest.mark.parametrize("name", ["cross_entropy", "softmax_cross_entropy"])
def test_losses_refuse_different_shapes(name: str) -> None:
    with pytest.raises(ValueError, match="shapes"):
        getattr(lab02, name)(LABEL, [[0.0, 1.0, 0.0]])


# TensorFlow and Keras in float64


@pytest.mark.parametrize("maker", [*WITHOUT_ZEROS, "label_and_prediction", "hopeless_prediction"])
def test_cross_entropy_agrees_with_keras(tensorflow: ModuleType, maker: str) -> None:
    keras_loss = tensorflow.keras.losses.CategoricalCrossentropy(dtype="float64")
    for question in questions(maker)[:20]:
        observed = float(keras_loss(question["y_true"], question["y_pred"]))
        assert lab02.cross_entropy(**question) == pytest.approx(observed, rel=1e-12)


@pytest.mark.parametrize("maker", ["logits", "logit_rows", "large_logits", "large_negative_logits"])
def test_softmax_agrees_with_tensorflow(tensorflow: ModuleType, maker: str) -> None:
    for z in arguments(maker, "z")[:20]:
        np.testing.assert_allclose(lab02.softmax(z), tensorflow.nn.softmax(z).numpy(), rtol=1e-12)


@pytest.mark.parametrize("maker", ["label_and_logits", "distribution_and_logits", *FAR])
def test_softmax_cross_entropy_agrees_with_keras(tensorflow: ModuleType, maker: str) -> None:
    losses = tensorflow.keras.losses
    keras_loss = losses.CategoricalCrossentropy(from_logits=True, dtype="float64")
    for question in questions(maker)[:20]:
        observed = float(keras_loss(question["y_true"], question["logits"]))
        assert lab02.softmax_cross_entropy(**question) == pytest.approx(observed, rel=1e-12)


@pytest.mark.parametrize("maker", ["distribution", "distribution_with_zeros"])
def test_entropy_agrees_with_tensorflow(tensorflow: ModuleType, maker: str) -> None:
    for p in arguments(maker, "p")[:20]:
        observed = -float(tensorflow.reduce_sum(tensorflow.math.xlogy(p, p)))
        assert lab02.entropy(p) == pytest.approx(observed, rel=1e-12)


@pytest.mark.parametrize("maker", ["probability", "probabilities"])
def test_information_content_agrees_with_tensorflow(tensorflow: ModuleType, maker: str) -> None:
    for p in arguments(maker, "p")[:20]:
        observed = -tensorflow.math.log(tensorflow.constant(p, dtype="float64")).numpy()
        np.testing.assert_allclose(lab02.information_content(p), observed, rtol=1e-12)


# The makers


@pytest.mark.parametrize("maker", MAKERS)
def test_made_inputs_are_float64_of_one_shape_and_never_of_length_3(maker: str) -> None:
    for question in questions(maker):
        arrays = [np.asarray(value) for value in question.values()]
        assert {array.dtype for array in arrays} == {np.dtype(np.float64)}
        assert len({array.shape for array in arrays}) == 1
        assert arrays[0].shape[-1:] != (3,)


@pytest.mark.parametrize("maker", MAKERS)
def test_expected_answers_are_0_or_well_above_the_tolerance(maker: str) -> None:
    for question in questions(maker):
        expected = np.abs(getattr(lab02, MAKERS[maker])(**question))
        assert np.all(expected >= 1e-3)


@pytest.mark.parametrize("maker", ["probability", "probabilities"])
def test_made_probabilities_lie_from_0_03_to_0_9(maker: str) -> None:
    for p in arguments(maker, "p"):
        assert np.all((np.asarray(p) >= 0.03) & (np.asarray(p) <= 0.9))


def test_a_made_probability_is_a_python_number() -> None:
    assert {type(p) for p in arguments("probability", "p")} == {float}


@pytest.mark.parametrize(
    ("maker", "name"),
    [
        ("distribution", "p"),
        ("distribution_and_logits", "y_true"),
        ("label_and_prediction", "y_pred"),
        *((maker, name) for maker in WITHOUT_ZEROS for name in ("y_true", "y_pred")),
    ],
)
def test_made_distributions_sum_to_1_and_stay_above_0_03(maker: str, name: str) -> None:
    for made in arguments(maker, name):
        assert np.min(made) >= 0.03
        np.testing.assert_allclose(np.sum(made, axis=-1), 1, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("maker", "name"),
    [("distribution_with_zeros", "p"), ("shared_zeros", "y_true"), ("shared_zeros", "y_pred")],
)
def test_made_zeros_are_1_to_3_beside_entries_above_0_03(maker: str, name: str) -> None:
    for made in arguments(maker, name):
        assert 1 <= np.count_nonzero(made == 0) <= 3
        assert np.min(made[made > 0]) >= 0.03
        assert np.sum(made) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("maker", "name"), [("distribution_with_zeros", "p"), ("shared_zeros", "y_pred")])
def test_made_zeros_are_never_at_an_end_so_that_a_loop_that_ends_early_shows(maker: str, name: str) -> None:
    for made in arguments(maker, name):
        assert made[0] > 0
        assert made[-1] > 0


def test_shared_zeros_are_at_the_same_places() -> None:
    for question in questions("shared_zeros"):
        np.testing.assert_array_equal(question["y_true"] == 0, question["y_pred"] == 0)


@pytest.mark.parametrize("maker", ["label_and_prediction", "hopeless_prediction", "label_and_logits", *FAR])
def test_made_labels_are_one_hot(maker: str) -> None:
    for label in arguments(maker, "y_true"):
        assert np.count_nonzero(label) == 1
        assert np.max(label) == 1


def test_a_hopeless_prediction_is_a_distribution_with_0_at_the_label_only() -> None:
    for question in questions("hopeless_prediction"):
        np.testing.assert_array_equal(question["y_pred"] == 0, question["y_true"] == 1)
        assert np.sum(question["y_pred"]) == pytest.approx(1, abs=1e-12)
        assert lab02.cross_entropy(**question) > 9


@pytest.mark.parametrize("maker", ["logit_rows", "distribution_rows"])
def test_made_batches_have_at_least_2_rows_and_more_columns(maker: str) -> None:
    for question in questions(maker):
        rows, columns = next(iter(question.values())).shape
        assert 2 <= rows < columns


@pytest.mark.parametrize("maker", ["logits", "logit_rows"])
def test_made_logits_hold_a_negative_number_in_every_row(maker: str) -> None:
    for z in arguments(maker, "z"):
        assert np.all(np.min(z, axis=-1) <= -0.5)
        assert np.min(lab02.softmax(z)) > 1e-3


@pytest.mark.parametrize(
    ("maker", "name", "sign"),
    [
        ("large_logits", "z", 1),
        ("large_negative_logits", "z", -1),
        ("label_and_large_logits", "logits", 1),
        ("label_and_large_negative_logits", "logits", -1),
    ],
)
def test_far_logits_are_beyond_exp_exact_in_float32_and_of_moderate_softmax(maker: str, name: str, sign: int) -> None:
    for z in arguments(maker, name):
        assert np.all(sign * z >= 900)
        assert np.all(sign * z <= 1103)
        np.testing.assert_array_equal(z.astype(np.float32), z)
        assert np.min(lab02.softmax(z)) > 1e-3


def test_two_distributions_show_an_exchange_of_the_arguments() -> None:
    for question in questions("two_distributions"):
        swapped = lab02.cross_entropy(question["y_pred"], question["y_true"])
        assert abs(swapped - lab02.cross_entropy(**question)) > 1e-5
