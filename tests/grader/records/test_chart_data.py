"""Chart data: what chart a question or a network has, by its values alone; only what can be drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from grader.model import Exchange
from grader.networks.model import Built, Layer
from grader.records.chart_data import (
    LARGEST,
    LARGEST_COUNT,
    MOST_COLUMNS,
    MOST_LAYERS,
    MOST_LOSSES,
    MOST_ROWS,
    Bars,
    ChartData,
    Images,
    LogCurve,
    NetworkPart,
)
from grader.records.chart_data.exchanges import chart_data_of
from grader.records.chart_data.networks import network_part

if TYPE_CHECKING:
    from grader.model import Value

CHART_DATA: TypeAdapter[ChartData] = TypeAdapter(ChartData)


def exchange(arguments: tuple[Value, ...], observed: object, expected: object) -> Exchange:
    return Exchange(arguments, None if observed is None else np.asarray(observed), np.asarray(expected))


def built(*layers: Layer, losses: tuple[float, ...] = (), parameters: int = 7, loss: str | None = "mse") -> Built:
    return Built(
        layers=layers,
        parameters=parameters,
        loss=loss,
        optimizer=None,
        from_logits=False,
        scale=1.0,
        predictions=None,
        reported=None,
        penalties=0.0,
        losses=losses,
        unseen_before=None,
        unseen=None,
        weights=(),
        trouble=None,
    )


# Bars -----------------------------------------------------------------------------------------------------------------


def test_a_vector_is_a_row_of_bars_and_a_matrix_several() -> None:
    assert chart_data_of(exchange((1,), [1, 0], [0.25, 0.75])) == Bars(observed=((1, 0),), expected=((0.25, 0.75),))
    matrix = [[0.5, 0.5], [1.0, 0.0]]
    assert chart_data_of(exchange((1,), matrix, matrix)) == Bars(
        observed=((0.5, 0.5), (1, 0)), expected=((0.5, 0.5), (1, 0))
    )


def test_an_answer_that_is_no_number_has_no_bar() -> None:
    data = chart_data_of(exchange((1,), [np.nan, np.inf, -np.inf], [0.5, 0.5, 0]))
    assert isinstance(data, Bars)
    assert data.observed == ((None, None, None),)


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        ([0.5, 0.5, 0.0], [0.5, 0.5]),
        ([[0.5, 0.5]], [0.5, 0.5]),
        (0.5, [0.5, 0.5]),
        (["a", "b"], [0.5, 0.5]),
        ([1j, 2], [0.5, 0.5]),
        ([], []),
        ([1.0], [1.0]),
        (np.zeros(MOST_COLUMNS + 1), np.zeros(MOST_COLUMNS + 1)),
        (np.zeros((MOST_ROWS + 1, 2)), np.zeros((MOST_ROWS + 1, 2))),
        (np.zeros((0, 2)), np.zeros((0, 2))),
        (np.zeros((2, 2, 2)), np.zeros((2, 2, 2))),
    ],
)
def test_what_is_no_pair_of_rows_is_no_chart(observed: object, expected: object) -> None:
    assert chart_data_of(exchange((1,), observed, expected)) is None


def test_where_no_numbers_came_there_are_no_bars_and_no_curve() -> None:
    assert chart_data_of(exchange((1,), None, [0.5, 0.5])) is None
    assert chart_data_of(exchange((0.5,), None, math.log(2))) is None


# The curve ------------------------------------------------------------------------------------------------------------

ONE_HOT = np.array([0.0, 1.0, 0.0])
SHARES = np.array([0.25, 0.5, 0.25])
LOGITS = np.log(np.array([2.0, 4.0, 2.0]))


@pytest.mark.parametrize(
    "arguments",
    [(0.5,), (np.array(0.5),), (ONE_HOT, SHARES), (SHARES, ONE_HOT), (ONE_HOT, LOGITS), (LOGITS, ONE_HOT)],
    ids=["a number", "an array of it", "shares", "shares first", "logits", "logits first"],
)
def test_a_loss_of_one_probability_is_a_point_of_the_curve(arguments: tuple[Value, ...]) -> None:
    data = chart_data_of(exchange(arguments, 1.0, math.log(2)))
    assert data == LogCurve(probability=0.5, observed=1.0, expected=0.693147)


def test_a_perfect_prediction_is_the_end_of_the_curve() -> None:
    assert chart_data_of(exchange((ONE_HOT, ONE_HOT), 0.0, 0.0)) == LogCurve(probability=1, observed=0, expected=0)


@pytest.mark.parametrize("observed", [np.nan, np.inf, -np.inf])
def test_an_answer_that_is_no_number_has_no_point(observed: float) -> None:
    assert chart_data_of(exchange((0.5,), observed, math.log(2))) == LogCurve(
        probability=0.5, observed=None, expected=0.693147
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((ONE_HOT, SHARES), 0.125),
        ((SHARES, SHARES), 1.04),
        ((0.5,), 1.0),
        ((True,), 0.0),
        (("cross_entropy", ONE_HOT, SHARES), math.log(2)),
        ((ONE_HOT, SHARES[:2]), math.log(2)),
        ((ONE_HOT, np.array([0.5, 0.0, 0.5])), 16.118),
        ((np.array([], np.float64),), 0.0),
        ((np.array(np.nan),), 0.0),
        (([0.5],), math.log(2)),
    ],
)
def test_what_is_no_point_of_the_curve_is_no_chart(arguments: tuple[Value, ...], expected: float) -> None:
    assert chart_data_of(exchange(arguments, 1.0, expected)) is None


def test_an_answer_of_several_numbers_is_no_point() -> None:
    assert chart_data_of(exchange((0.5,), [0.6, 0.7], math.log(2))) is None
    assert chart_data_of(exchange((0.5,), [0.6], math.log(2))) is not None


# Images ---------------------------------------------------------------------------------------------------------------


def test_the_first_two_images_are_kept_row_by_row() -> None:
    images = np.array([[[0, 1], [16, 255]], [[2, 3], [4, 5]], [[9, 9], [9, 9]]], np.uint8)
    data = chart_data_of(exchange((images,), 1.0, 2.0))
    assert data == Images(first=("0001", "10ff"), second=("0203", "0405"))


def test_images_are_a_chart_also_where_no_answer_came() -> None:
    assert isinstance(chart_data_of(exchange((np.zeros((2, 28, 28), np.uint8),), None, 2.0)), Images)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((1, 28, 28), np.uint8),
        np.zeros((2, 28, 28), np.float64),
        np.zeros((28, 28), np.uint8),
        np.zeros((2, 65, 28), np.uint8),
        np.zeros((2, 0, 28), np.uint8),
    ],
)
def test_what_are_no_two_small_images_is_no_chart(images: Any) -> None:  # noqa: ANN401 (any argument)
    assert chart_data_of(exchange((images,), 1.0, 2.0)) is None


# Networks -------------------------------------------------------------------------------------------------------------


def test_a_network_is_kept_with_its_layers_and_losses() -> None:
    network = network_part(
        built(Layer("Flatten", None, None), Layer("Dense", 10, "softmax"), losses=(2.25, float("nan"), float("inf")))
    )
    assert [(layer.kind, layer.units, layer.activation) for layer in network.layers] == [
        ("Flatten", None, None),
        ("Dense", 10, "softmax"),
    ]
    assert network.losses == (2.25, None, None)
    assert (network.parameters, network.loss, network.left_out) == (7, "mse", 0)


def test_of_a_long_network_the_first_and_last_layers_are_kept_and_the_others_counted() -> None:
    network = network_part(built(*[Layer("Dense", number, None) for number in range(100)]))
    assert len(network.layers) == MOST_LAYERS
    assert [network.layers[0].units, network.layers[-1].units] == [0, 99]
    assert network.left_out == 100 - MOST_LAYERS
    assert len(network_part(built(losses=(1.0,) * 1000)).losses) == MOST_LOSSES


def test_what_a_network_says_of_itself_is_made_safe_and_short() -> None:
    evil = "\x1b[31m\u202e<script>" + "x" * 1000
    network = network_part(built(Layer(evil, -5, evil), Layer("Dense", 10**30, None), parameters=-1, loss=evil))
    for text in (network.layers[0].kind, network.layers[0].activation, network.loss):
        assert text is not None
        assert text.startswith("<script>xxx")
        assert len(text) <= 40
    assert [layer.units for layer in network.layers] == [0, LARGEST_COUNT]
    assert network.parameters == 0


# What is kept can be drawn --------------------------------------------------------------------------------------------

NUMBERS = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(NUMBERS, min_size=2, max_size=5), st.lists(st.floats(-1e300, 1e300), min_size=5, max_size=5))
def test_every_chart_is_read_back_from_json_as_it_was(observed: list[float], expected: list[float]) -> None:
    data = chart_data_of(exchange((1,), observed, expected[: len(observed)]))
    assert isinstance(data, Bars)
    assert CHART_DATA.validate_json(data.model_dump_json()) == data
    assert all(number is None or abs(number) <= LARGEST for row in data.observed for number in row)


@given(st.lists(NUMBERS, max_size=5).map(tuple))
def test_every_network_is_read_back_from_json_as_it_was(losses: tuple[float, ...]) -> None:
    network = network_part(built(Layer("Dense", 3, None), losses=losses))
    assert NetworkPart.model_validate_json(network.model_dump_json()) == network


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "pie"},
        {"kind": "bars", "observed": [[1, 2]], "expected": [[1, 2, 3]]},
        {"kind": "bars", "observed": [[1, 2], [1, 2]], "expected": [[1, 2]]},
        {"kind": "bars", "observed": [[1]], "expected": [[1]]},
        {"kind": "bars", "observed": [], "expected": []},
        {"kind": "bars", "observed": [[1e200, 2]], "expected": [[1, 2]]},
        {"kind": "bars", "observed": [[0] * 13], "expected": [[0] * 13]},
        {"kind": "log_curve", "probability": 0, "observed": 1, "expected": 1},
        {"kind": "log_curve", "probability": 1.5, "observed": 1, "expected": 1},
        {"kind": "images", "first": ["00"], "second": ["00", "00"]},
        {"kind": "images", "first": ["00", "0000"], "second": ["00", "00"]},
        {"kind": "images", "first": ["0g"], "second": ["00"]},
        {"kind": "images", "first": ["00\n"], "second": ["00"]},
        {"kind": "images", "first": [], "second": []},
        {"kind": "images", "first": ["00"] * 65, "second": ["00"] * 65},
        {"kind": "images", "first": ["00"], "second": ["00"], "src": "http://evil.example"},
    ],
)
def test_what_cannot_be_drawn_is_no_record(form: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CHART_DATA.validate_python(form)
