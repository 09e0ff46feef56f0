"""`kind: close`: every trap that other comparisons fall into, the exact edge of the tolerance, and what is said."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.checks.close import COARSE_TOLERANCES, judge
from grader.model import Agrees, Differs, Returned, Text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def answer(value: ArrayLike, dtype: str | None = None) -> Returned:
    array: np.ndarray[Any, Any] = np.asarray(value)
    return Returned(array, dtype or array.dtype.name)


def differs(observed: Returned, expected: ArrayLike, **options: float) -> Text:
    """Return why the answer differs; it must."""
    given: dict[str, Any] = dict(options)
    judgement = judge(observed, np.asarray(expected), **given)
    assert isinstance(judgement, Differs)
    return judgement.because


def agrees(observed: Returned, expected: ArrayLike, **options: float) -> Text | None:
    """Return the note of an answer that agrees; it must."""
    given: dict[str, Any] = dict(options)
    judgement = judge(observed, np.asarray(expected), **given)
    assert isinstance(judgement, Agrees)
    return judgement.note


# Kind and shape come first ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        pytest.param((1, 3), (3,), id="a row for a vector"),
        pytest.param((3, 1), (3,), id="a column for a vector"),
        pytest.param((3,), (1, 3), id="a vector for a row"),
        pytest.param((3,), (3, 1), id="a vector for a column"),
        pytest.param((3, 1), (1, 3), id="a column for a row"),
        pytest.param((), (3,), id="a number for a vector"),
        pytest.param((1,), (3,), id="one number for three"),
        pytest.param((3,), (), id="a vector for a number"),
        pytest.param((2, 2), (), id="a matrix for a number"),
        pytest.param((), (1,), id="a number for a vector of one"),
        pytest.param((1, 1), (1,), id="a matrix of one for a vector of one"),
        pytest.param((2,), (3,), id="one too few"),
        pytest.param((4,), (3,), id="one too many"),
        pytest.param((3, 2), (2, 3), id="transposed"),
        pytest.param((6,), (2, 3), id="flattened"),
        pytest.param((3,), (2, 3), id="one row for two"),
        pytest.param((1, 3), (2, 3), id="one row for two, as a matrix"),
        pytest.param((2, 1), (2, 3), id="one column for three"),
        pytest.param((5, 5), (5,), id="a square for a vector"),
        pytest.param((0, 3), (), id="nothing for a number"),
        pytest.param((0, 3), (3,), id="nothing for a vector"),
        pytest.param((0, 3), (2, 3), id="nothing for a matrix"),
        pytest.param((0,), (), id="an empty list for a number"),
        pytest.param((0,), (1,), id="an empty list for one number"),
        pytest.param((1, 0), (), id="a row of nothing for a number"),
    ],
)
def test_another_shape_never_agrees_though_every_number_is_the_expected_one(
    observed: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    because = differs(answer(np.full(observed, 0.5)), np.full(expected, 0.5))
    for shape in {observed, expected} - {()}:
        assert str(shape) in because.en
        assert str(shape) in because.zh_tw


def test_a_shape_is_told_in_words_in_both_languages() -> None:
    because = differs(answer(0.5), np.full(3, 0.5))
    assert because.en == "expected an array of shape (3,), observed a single number"
    assert because.zh_tw == "預期是形狀為 (3,) 的陣列，實際是單一數值"


@pytest.mark.parametrize("shape", [(1,), (1, 1), (1, 1, 1)])
def test_one_number_in_any_shape_of_size_1_is_a_number_with_a_note(shape: tuple[int, ...]) -> None:
    note = agrees(answer(np.full(shape, 0.5)), 0.5)
    assert note is not None
    assert str(shape) in note.en
    assert str(shape) in note.zh_tw


@pytest.mark.parametrize("shape", [(), (3,), (1, 3), (2, 3)])
def test_the_right_answer_in_the_right_shape_has_no_note(shape: tuple[int, ...]) -> None:
    assert agrees(answer(np.full(shape, 0.5)), np.full(shape, 0.5)) is None


def test_a_single_true_is_not_1() -> None:
    because = differs(answer(np.True_), 1.0)
    assert "true/false" in because.en
    assert "True/False" in because.zh_tw


def test_true_and_false_are_no_other_numbers_than_1_and_0() -> None:
    assert "true/false" in differs(answer([True, False]), [1.0, 0.5]).en


@pytest.mark.parametrize("expected", [[1.0, 0.0], [[0, 1], [1, 0]], [True, False]])
def test_an_array_of_true_and_false_counts_where_nothing_but_1_and_0_is_expected(expected: ArrayLike) -> None:
    truth = np.asarray(expected)
    assert agrees(answer(truth == 1), truth.astype(float)) is None
    differs(answer(truth != 1), truth.astype(float))


@pytest.mark.parametrize(
    "dtype", ["float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
)
def test_the_dtype_of_a_right_answer_does_not_matter(dtype: str) -> None:
    assert agrees(answer(np.array([0, 1, 2], dtype)), [0.0, 1.0, 2.0]) is None


# Then finiteness ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("expected", [0.0, 1.0, math.nan, math.inf, -math.inf])
def test_what_is_not_finite_agrees_with_nothing_not_even_itself(what: float, expected: float) -> None:
    because = differs(answer(what), expected)
    assert f"{what:g}" in because.en
    assert f"{what:g}" in because.zh_tw


@pytest.mark.parametrize("what", [math.nan, math.inf, -math.inf])
def test_no_tolerance_lets_what_is_not_finite_pass(what: float) -> None:
    differs(answer([1.0, what]), [1.0, 1.0], rtol=1e300, atol=1e300)


def test_what_is_not_finite_is_told_with_count_total_value_and_first_index() -> None:
    because = differs(answer([[0.0, 1.0, 2.0], [3.0, -math.inf, math.nan]]), np.zeros((2, 3)))
    assert because.en == "2 of 6 numbers are not finite: -inf at index (1, 1)"
    assert because.zh_tw == "6 個數值中有 2 個不是有限值：索引 (1, 1) 是 -inf"


def test_the_index_in_a_vector_is_a_plain_number() -> None:
    assert "nan at index 2" in differs(answer([0.0, 1.0, math.nan]), np.zeros(3)).en


# Then values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [1, -1])
def test_the_edge_of_the_tolerance_is_inside_and_one_step_further_outside(sign: int) -> None:
    expected = sign * 2.0
    for edge, beyond in ((1.0, 1.0 - 2**-51), (3.0, np.nextafter(3.0, 4.0))):
        agrees(answer(sign * edge), expected, atol=0.5, rtol=0.25)
        differs(answer(sign * beyond), expected, atol=0.5, rtol=0.25)


def test_the_expected_value_is_the_ruler() -> None:
    agrees(answer(9.0), 10.0, rtol=0.1, atol=0.0)
    differs(answer(10.0), 9.0, rtol=0.1, atol=0.0)


def test_the_tolerance_of_a_negative_expected_value_is_that_of_its_size() -> None:
    agrees(answer(-9.0), -10.0, rtol=0.1, atol=0.0)
    differs(answer(9.0), -10.0, rtol=0.1, atol=0.0)


@pytest.mark.parametrize(
    ("observed", "expected", "is_right"),
    [
        (1e-9, 0.0, True),
        (1e-6, 0.0, True),
        (1.1e-6, 0.0, False),
        (0.0, 1e-9, True),
        (0.0, 1e-4, False),
        (1.0002, 1.0, True),
        (1.0003, 1.0, False),
        (0.9998, 1.0, True),
        (0.9997, 1.0, False),
        (1.0, 0.99, False),
        (-1.0, 1.0, False),
        (1.0394, 1.0397207708, False),
        (float(np.float32(0.3191304448)), 0.3191304448, True),
    ],
)
def test_the_tolerance_that_no_rubric_states(*, observed: float, expected: float, is_right: bool) -> None:
    assert isinstance(judge(answer(observed), np.asarray(expected)), Agrees) is is_right


def test_without_an_absolute_tolerance_a_tiny_number_is_not_0() -> None:
    differs(answer(1e-9), 0.0, atol=0.0)


def test_integers_do_not_overflow() -> None:
    differs(answer(np.array([200], np.uint8)), [456.0])
    differs(answer(np.array([-1], np.int8)), [255.0])
    agrees(answer(np.array([2**63], np.uint64)), [float(2**63)])


def test_an_expected_integer_is_compared_in_float64() -> None:
    agrees(answer([0.0, 255.0]), np.array([0, 255], np.uint8))
    differs(answer([0.0, 1.0]), np.array([255, 254], np.uint8))


def half(value: float, dtype: str) -> Returned:
    """Return an answer in half precision as it comes: float16, or bfloat16 as the upper half of a float32."""
    if dtype == "float16":
        return answer(np.array([value], np.float16))
    bits = np.array([value], np.float32).view(np.uint32) & np.uint32(0xFFFF0000)
    return answer(bits.view(np.float32), dtype)


@pytest.mark.parametrize("dtype", sorted(COARSE_TOLERANCES))
def test_half_precision_gets_the_tolerance_that_it_allows_and_a_note_where_the_rubric_says_so(dtype: str) -> None:
    rtol, _ = COARSE_TOLERANCES[dtype]
    value = 1 + rtol * 0.9
    note = agrees(half(value, dtype), [1.0], half_precision=True)
    assert note is not None
    assert dtype in note.en
    assert dtype in note.zh_tw
    differs(half(value, dtype), [1.0])
    differs(answer(np.array([value], np.float32)), [1.0], half_precision=True)
    differs(half(1.05, dtype), [1.0], half_precision=True)


@pytest.mark.parametrize("dtype", sorted(COARSE_TOLERANCES))
def test_what_is_only_called_half_precision_gets_no_other_tolerance(dtype: str) -> None:
    value = 1 + COARSE_TOLERANCES[dtype][0] * 0.9001
    differs(answer(np.array([value], np.float32), dtype), [1.0], half_precision=True)
    differs(answer(np.array([value], np.float64), dtype), [1.0], half_precision=True)
    assert agrees(answer(np.array([1.00001], np.float32), dtype), [1.0], half_precision=True) is None


@pytest.mark.parametrize("dtype", sorted(COARSE_TOLERANCES))
def test_half_precision_never_makes_a_wide_tolerance_narrower(dtype: str) -> None:
    agrees(half(1.4, dtype), [1.0], rtol=0.5, half_precision=True)
    agrees(half(0.4, dtype), [0.0], atol=0.5, half_precision=True)


def test_bfloat16_is_judged_more_loosely_than_float16() -> None:
    agrees(half(1.015625, "bfloat16"), [1.0], half_precision=True)
    differs(half(1.015625, "float16"), [1.0], half_precision=True)


# What is said -------------------------------------------------------------------------------------------------


def test_a_wrong_number_is_told_with_its_distance_and_what_is_allowed() -> None:
    because = differs(answer(1.5), 1.0, rtol=0.125, atol=0.0)
    assert because.en == "the number is off by 0.5 (relative 0.5; allowed 0.125)"
    assert because.zh_tw == "數值相差 0.5（相對誤差 0.5；容許 0.125）"


def test_wrong_numbers_are_told_with_count_total_worst_index_and_largest_differences() -> None:
    because = differs(answer([[1.0, 2.5, 4.0], [8.0, 16.0, 40.0]]), [[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])
    assert because.en == "2 of 6 numbers differ, most at index (1, 2); largest difference 8, relative 0.25"
    assert because.zh_tw == "6 個數值中有 2 個不符，差最多的在索引 (1, 2)；最大誤差 8，最大相對誤差 0.25"


def test_the_worst_index_of_a_vector_is_a_plain_number() -> None:
    assert "most at index 2;" in differs(answer([1.0, 1.0, 7.0]), np.ones(3)).en


@pytest.mark.parametrize("shape", [(), (3,)])
def test_where_0_is_expected_no_relative_difference_is_told(shape: tuple[int, ...]) -> None:
    because = differs(answer(np.ones(shape)), np.zeros(shape))
    assert "not defined" in because.en
    assert "無法計算" in because.zh_tw
    assert "nan" not in because.en
    assert "inf" not in because.en


def test_the_expected_value_itself_is_never_told() -> None:
    """The sentence is shown for hidden questions too."""
    because = differs(answer([0.125, 2.0]), [0.3190625, 2.0])
    assert "0.319" not in because.en + because.zh_tw


# Whatever numbers come ----------------------------------------------------------------------------------------


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=0, max_dims=2, max_side=3), elements=FINITE))
def test_every_finite_answer_agrees_with_itself(array: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    assert agrees(answer(array), array) is None


@given(st.floats(), st.floats(width=64, allow_nan=False, allow_infinity=False))
def test_any_number_is_judged_as_isclose_judges_it_and_without_a_warning(observed: float, expected: float) -> None:
    with np.errstate(all="ignore"):
        is_right = bool(np.isclose(observed, expected, rtol=2e-4, atol=1e-6)) and math.isfinite(observed)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(judge(answer(observed), np.asarray(expected)), Agrees) is is_right


@pytest.mark.parametrize(("observed", "expected"), [(-1.7e308, 1.7e308), (1e300, 1e-300), (1e308, 5e-324)], ids=repr)
def test_numbers_at_the_end_of_the_range_are_judged_without_a_warning(observed: float, expected: float) -> None:
    """A warning would stand in the middle of the student's page."""
    differs(answer(observed), expected)
    differs(answer([observed, 0.0]), [expected, 0.0])


@given(
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
)
def test_only_equal_shapes_agree_or_size_1_for_a_number(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    agree = isinstance(judge(answer(np.zeros(one)), np.zeros(other)), Agrees)
    assert agree is (one == other or (other == () and all(length == 1 for length in one)))


@pytest.mark.parametrize("expected", [2**53, 10, -3])
def test_whole_numbers_are_equal_or_wrong(expected: int) -> None:
    truth = np.array(expected)
    assert isinstance(judge(answer(truth), truth), Agrees)
    assert isinstance(judge(answer(truth + 1), truth), Differs)
    assert isinstance(judge(answer(truth.astype(np.float64)), truth), Agrees)


def test_a_tolerance_that_is_made_wide_holds_for_whole_numbers_too() -> None:
    assert isinstance(judge(answer(np.array(105)), np.array(100), rtol=0.1), Agrees)
    assert isinstance(judge(answer(np.array(101)), np.array(100), atol=1.0), Agrees)
