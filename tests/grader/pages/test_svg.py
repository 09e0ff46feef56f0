"""Shapes of charts: every length is finite and inside, whatever the numbers; bars and points stand where due."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.pages.svg import LEFT, RIGHT, WIDTH, Axis, spread
from grader.pages.svg.bars import draw_bars
from grader.pages.svg.curves import draw_log_curve, draw_losses
from grader.pages.svg.figures import figure_of, layers_figure, losses_figure
from grader.pages.svg.images import draw_images
from grader.pages.svg.layers import draw_layers
from grader.records.chart_data import (
    LARGEST,
    LARGEST_COUNT,
    MOST_COLUMNS,
    MOST_LAYERS,
    MOST_ROWS,
    Bars,
    Images,
    LayerPart,
    LogCurve,
    NetworkPart,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

FINITE = st.floats(-LARGEST, LARGEST)
NUMBERS = FINITE | st.none() | st.floats(-3, 3)


@st.composite
def bars(draw: st.DrawFn) -> Bars:
    rows, columns = draw(st.integers(1, MOST_ROWS)), draw(st.integers(2, MOST_COLUMNS))

    def matrix(numbers: st.SearchStrategy[Any]) -> tuple[tuple[Any, ...], ...]:
        row = st.lists(numbers, min_size=columns, max_size=columns).map(tuple)
        return tuple(draw(row) for _ in range(rows))

    return Bars(observed=matrix(NUMBERS), expected=matrix(FINITE | st.floats(0, 1)))


LAYERS = st.builds(
    LayerPart,
    kind=st.text(max_size=40),
    units=st.none() | st.integers(0, LARGEST_COUNT),
    activation=st.none() | st.text(max_size=40),
)
NETWORKS = st.builds(
    NetworkPart,
    layers=st.lists(LAYERS, max_size=MOST_LAYERS).map(tuple),
    left_out=st.integers(0, LARGEST_COUNT),
    parameters=st.integers(0, LARGEST_COUNT),
    loss=st.none() | st.text(max_size=40),
    losses=st.lists(NUMBERS, max_size=20).map(tuple),
)


def numbers_in(value: Any) -> Iterator[float]:  # noqa: ANN401 (a chart as plain data)
    """Yield every number of a chart."""
    if isinstance(value, int | float):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from numbers_in(one)


def is_inside(chart: Any, height: float) -> bool:  # noqa: ANN401 (any chart)
    """Say whether every place in a chart is a finite number inside of it."""
    largest = max(height, WIDTH)
    return all(math.isfinite(number) and -1 <= number <= largest for number in numbers_in(asdict(chart)))


# Whatever the numbers -------------------------------------------------------------------------------------------------


@given(bars())
def test_bars_of_any_numbers_stay_inside_of_the_chart(data: Bars) -> None:
    chart = draw_bars(data)
    assert is_inside(chart, chart.height)
    assert len(chart.plots) == len(data.expected)
    assert all(bar.height >= 0 and bar.width > 0 for plot in chart.plots for bar in (*plot.observed, *plot.expected))


@given(st.floats(1e-12, 1), FINITE | st.none() | st.floats(-9, 9), FINITE | st.floats(0, 30))
def test_a_point_of_any_loss_stays_inside_of_the_chart(
    probability: float, observed: float | None, expected: float
) -> None:
    chart = draw_log_curve(LogCurve(probability=probability, observed=observed, expected=expected))
    assert is_inside(chart, chart.height)
    assert chart.is_missing == (observed is None)


@given(st.lists(NUMBERS, max_size=30))
def test_losses_of_any_size_stay_inside_of_the_chart(losses: list[float | None]) -> None:
    chart = draw_losses(losses)
    if chart is None:
        assert len(losses) < 2 or set(losses) == {None}
    else:
        assert is_inside(chart, chart.height)
        assert len(chart.points) + len(chart.missing) == len(losses)


@given(NETWORKS)
def test_layers_of_any_kind_stay_inside_of_the_chart(network: NetworkPart) -> None:
    chart = draw_layers(network)
    if chart is None:
        assert network.layers == ()
    else:
        assert is_inside(chart, chart.height)
        assert len({row.y for row in chart.rows}) == len(network.layers)


@given(FINITE, FINITE)
def test_an_axis_has_few_round_numbers_in_their_order(one: float, other: float) -> None:
    axis = Axis(*spread([one, other]), bottom=100, top=0)
    labels = axis.labels()
    assert len(labels) <= 8
    assert [label.y for label in labels] == sorted((label.y for label in labels), reverse=True)


@given(NETWORKS)
def test_everything_that_is_drawn_of_a_network_is_told_in_words(network: NetworkPart) -> None:
    for figure in (layers_figure(network), losses_figure(network)):
        if figure is not None:
            assert figure.title.en
            assert figure.description.zh_tw
            assert json.dumps(asdict(figure.chart))


# Where they stand -----------------------------------------------------------------------------------------------------


def test_a_bar_is_as_high_as_its_number_and_negative_ones_hang() -> None:
    [plot] = draw_bars(Bars(observed=((0.5, -0.5),), expected=((1.0, 0.25),))).plots
    (half, below), (whole, quarter) = plot.observed, plot.expected
    assert half.height == pytest.approx(whole.height / 2, abs=0.02)
    assert quarter.height == pytest.approx(whole.height / 4, abs=0.02)
    assert half.y + half.height == pytest.approx(plot.zero, abs=0.02)
    assert below.y == plot.zero
    assert LEFT < whole.x < half.x < quarter.x < below.x < RIGHT


def test_right_answers_have_bars_of_the_height_that_is_expected() -> None:
    [plot] = draw_bars(Bars(observed=((0.2, 0.8),), expected=((0.2, 0.8),))).plots
    assert [bar.height for bar in plot.observed] == [bar.height for bar in plot.expected]


def test_a_huge_answer_is_cut_off_so_that_what_is_expected_is_seen() -> None:
    chart = draw_bars(Bars(observed=((1e9, 0.5, -1e9, None),), expected=((0.5, 0.5, 0.5, 0.5),)))
    [plot] = chart.plots
    assert [point.cut for point in plot.cut] == ["above", "below"]
    assert all(bar.height > 4 for bar in plot.expected)
    assert len(plot.missing) == 1
    assert chart.is_cut
    assert chart.is_missing


def test_rows_of_a_matrix_share_one_scale() -> None:
    first, second = draw_bars(Bars(observed=((1, 1), (1, 1)), expected=((1, 0.5), (0.5, 1)))).plots
    assert first.expected[0].height == second.expected[1].height
    assert second.zero > first.zero


def test_the_expected_point_is_on_the_curve_and_the_answer_above_or_below() -> None:
    high = draw_log_curve(LogCurve(probability=0.5, observed=1.0, expected=math.log(2)))
    low = draw_log_curve(LogCurve(probability=0.5, observed=-1.0, expected=math.log(2)))
    for chart in (high, low):
        points = [tuple(map(float, pair.split(","))) for pair in chart.curve.split()]
        x, y = min(points, key=lambda point: abs(point[0] - chart.expected.x))
        assert (x, y) == pytest.approx((chart.expected.x, chart.expected.y), abs=6)
    assert high.observed is not None
    assert low.observed is not None
    assert high.observed.x == high.expected.x
    assert high.observed.y < high.expected.y
    assert low.observed.y > low.expected.y


def test_an_answer_far_from_the_curve_is_cut_off() -> None:
    for observed, cut in ((1e6, "above"), (-1e6, "below"), (1.0, "")):
        chart = draw_log_curve(LogCurve(probability=0.5, observed=observed, expected=0.7))
        assert chart.observed is not None
        assert chart.observed.cut == cut
        assert chart.is_cut == bool(cut)


def test_a_loss_that_falls_is_a_line_that_falls() -> None:
    chart = draw_losses([2.0, 1.0, 0.5])
    assert chart is not None
    assert [point.y for point in chart.points] == sorted(point.y for point in chart.points)
    assert [label.text for label in chart.names] == ["0", "1", "2"]
    assert draw_losses([]) is draw_losses([1.0]) is draw_losses([None, None]) is None


def test_an_image_is_drawn_with_the_pixels_that_it_has() -> None:
    chart = draw_images(Images(first=("00ff", "ff00"), second=("ffff", "ff00")))
    first, second, difference = chart.panels
    assert [ink.path for ink in first.inks] == ["M1 0h1v1h-1zM0 1h1v1h-1z"]
    assert [ink.path for ink in second.inks] == ["M0 0h2v1h-2zM0 1h1v1h-1z"]
    assert [(ink.colour, ink.opacity, ink.path) for ink in difference.inks] == [("less", 1, "M0 0h1v1h-1z")]
    assert chart.differing == 1


def test_the_first_image_less_the_second_is_more_where_it_is_brighter() -> None:
    difference = draw_images(Images(first=("ff80",), second=("00ff",))).panels[2]
    assert {ink.colour: ink.path for ink in difference.inks} == {"more": "M0 0h1v1h-1z", "less": "M1 0h1v1h-1z"}


def test_a_layer_is_as_wide_as_it_has_units() -> None:
    names = [("Flatten", None), ("Dense", 128), ("Dense", 10), ("Dense", 1)]
    layers = tuple(LayerPart(kind=kind, units=units, activation="relu") for kind, units in names)
    chart = draw_layers(NetworkPart(layers=layers, parameters=1, loss=None, losses=()))
    assert chart is not None
    flat, most, some, one = chart.rows
    assert most.width > some.width > one.width == flat.width
    assert flat.height < most.height
    assert chart.gap is None


def test_layers_that_were_left_out_have_a_gap_in_the_middle() -> None:
    layers = tuple(LayerPart(kind="Dense", units=3, activation=None) for _ in range(4))
    chart = draw_layers(NetworkPart(layers=layers, left_out=9, parameters=1, loss=None, losses=()))
    assert chart is not None
    assert chart.gap is not None
    assert chart.rows[1].y < chart.gap < chart.rows[2].y


@pytest.mark.parametrize(
    ("data", "description"),
    [
        (
            Bars(observed=((0.5, None), (1, 0)), expected=((0.25, 0.75), (1, 0))),
            "observed 0.5, not a finite number | 1, 0; expected 0.25, 0.75 | 1, 0",
        ),
        (LogCurve(probability=0.5, observed=None, expected=0.7), "p = 0.5: observed not a finite number, expected 0.7"),
        (
            Images(first=("00ff",), second=("0000",)),
            "1 of 2 pixels differ. Orange: the first image is brighter; blue: the second is.",
        ),
    ],
)
def test_a_chart_is_told_in_words_too(data: Bars | LogCurve | Images, description: str) -> None:
    figure = figure_of(data)
    assert figure.description.en == description
    assert figure.kind == data.kind


def test_a_network_is_told_in_words_too() -> None:
    layers = (LayerPart(kind="Flatten", units=None, activation=None), LayerPart(kind="Dense", units=10, activation="x"))
    network = NetworkPart(layers=layers, parameters=1234, loss="mse", losses=(2.5, 0.25, None))
    assert (figure := layers_figure(network)) is not None
    assert figure.description.en == "Flatten, Dense 10 x; 1,234 parameters; loss: mse"
    assert (figure := losses_figure(network)) is not None
    assert figure.description.en == "2.5 before training, not a finite number after epoch 2"
