"""`kind: large`: one finite number above a bound, whatever clip made it."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks.large import judge
from grader.model import Agrees, Differs, Returned, Text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

EXPECTED = np.asarray(16.118095650958)


def answer(value: ArrayLike) -> Returned:
    array: np.ndarray[Any, Any] = np.asarray(value)
    return Returned(array, array.dtype.name)


def differs(value: ArrayLike, **options: float) -> Text:
    """Return why the answer differs; it must."""
    judgement = judge(answer(value), EXPECTED, **{"above": 9.0, **options})
    assert isinstance(judgement, Differs)
    return judgement.because


@pytest.mark.parametrize("epsilon", [1e-7, 1e-8, 1e-10, 1e-12, 1e-15])
def test_the_loss_of_every_clip_in_use_agrees(epsilon: float) -> None:
    assert judge(answer(-math.log(epsilon)), EXPECTED, above=9.0) == Agrees()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int32", "uint8"])
@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_one_large_number_agrees_in_any_dtype_and_in_any_shape_of_size_1(dtype: str, shape: tuple[int, ...]) -> None:
    assert judge(answer(np.full(shape, 16, dtype)), EXPECTED, above=9.0) == Agrees()


@pytest.mark.parametrize("value", [9.0, 8.999, 1.0, 0.0, -0.0, -16.1, -1e9, 0, -1])
def test_what_is_not_above_the_bound_differs_and_the_bound_is_told(value: float) -> None:
    because = differs(value)
    assert "above 9" in because.en
    assert "大於 9 " in because.zh_tw


def test_the_bound_itself_is_outside_and_one_step_further_inside() -> None:
    differs(2.5, above=2.5)
    assert judge(answer(np.nextafter(2.5, 3)), EXPECTED, above=2.5) == Agrees()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1.7976931348623157e308, 1e6])
def test_what_is_finite_in_name_only_differs_and_is_told(value: float) -> None:
    because = differs(value)
    assert f"{value:.4g}" in because.en
    assert f"{value:.4g}" in because.zh_tw
    assert "finite" in because.en


def test_the_upper_bound_is_outside_and_one_step_before_inside() -> None:
    differs(100.0, below=100.0)
    assert judge(answer(np.nextafter(100.0, 0)), EXPECTED, above=9.0, below=100.0) == Agrees()


@pytest.mark.parametrize("shape", [(0,), (2,), (3,), (0, 3), (1, 2), (2, 1)])
def test_more_or_less_than_one_number_differs_and_its_shape_is_told(shape: tuple[int, ...]) -> None:
    because = differs(np.full(shape, 16.0))
    assert str(shape) in because.en
    assert str(shape) in because.zh_tw


@pytest.mark.parametrize("value", [True, np.ones((1,), bool)])
def test_true_is_no_large_number_even_above_a_bound_below_1(value: ArrayLike) -> None:
    differs(value, above=0.5)


def test_true_is_told_as_true_and_not_as_an_array() -> None:
    because = differs(np.True_, above=0.5)
    assert "array of shape ()" not in because.en


@given(st.floats())
def test_any_number_is_judged_by_the_bounds_alone_and_without_a_warning(value: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        judgement = judge(answer(value), EXPECTED, above=9.0, below=1e6)
    assert isinstance(judgement, Agrees) is (9.0 < value < 1e6)
