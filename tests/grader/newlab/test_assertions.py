"""How exactly an assertion wants an answer, and how much of it, is read however it is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.newlab.assertions import Assertions
from grader.newlab.examples import tree_of
from grader.newlab.listening import listen
from grader.source.model import AssertionPart, CodePart, Source

if TYPE_CHECKING:
    from grader.newlab.assertions import Wanted

CODE = """
import numpy as np, math, pytest
from numpy.testing import *
def f(x):
    return x * 2
def third(x):
    return x / 3
def same(x):
    return x
"""


def wanted(test: str) -> Wanted:
    """Return what a test asks of the first answer that it calls."""
    case = AssertionPart(2, test)
    answers = ("f", "third", "same")
    heard = listen(Source(Path("/none/lab.ipynb"), (CodePart(1, CODE, answers), case), {}), seconds=20)
    assert heard.failed == ()
    call = heard.calls[0]
    return Assertions(tree_of(case), answers).wanted(call.positions, call.returned)


@pytest.mark.parametrize(
    "test",
    [
        "assert f(3) == 6",
        "assert f(3) == 6, f'f(3) is {f(3)}'",
        "assert (f(3)) is not None and f(3) == 6",
        "assert 6 == f(3)",
        "assert np.array_equal(f(np.ones(2)), [2, 2])",
        "assert (f(np.ones(2)) == [2, 2]).all()",
        "assert np.all(f(np.ones(2)) == 2)",
        "assert f(np.ones(2)).tolist() == [2, 2]",
        "result = f(3)\nassert result == 6",
        "result = f(3)\nagain = result\nassert again == 6",
        "a, b = same((1, 2))\nassert a == 1\nassert b == 2",
        "for a, b in zip(same([1, 2]), [1, 2]):\n    assert a == b",
        "assert [f(1), f(2)] == [2, 4]",
        "np.testing.assert_allclose(f(3), 6)",
        "assert_almost_equal(f(3), 6)",
        "assert np.isclose(f(3), 6)",
        "assert math.isclose(f(3), 6)",
        "from nose.tools import assert_equal\nassert_equal(f(3), 6)",
        "if f(3) != 6 or not f(3) == 6:\n    raise AssertionError",
        ">>> f(3)\n6",
        ">>> f(3) == 6\nTrue",
        ">>> x = f(3)\n>>> x\n6",
        "def ask(x):\n    return f(x)\nassert ask(3) == 6",
        "import hashlib\nassert hashlib.md5(str(f(3)).encode()).hexdigest()[:3] == '167'",
    ],
)
def test_equality_is_judged_by_the_default_which_forgives_what_is_right_too(test: str) -> None:
    assert wanted(test).judge is None


@pytest.mark.parametrize(
    ("test", "judge"),
    [
        ("assert np.isclose(f(3), 6, rtol=1e-2)", {"kind": "close", "rtol": 1e-2}),
        ("assert np.allclose(f(np.ones(2)), 2, 1e-3, 1e-2)", {"kind": "close", "rtol": 1e-3, "atol": 1e-2}),
        ("assert np.isclose(f(3), 6, atol=1e-12)", {"kind": "close", "atol": 1e-12}),
        ("assert math.isclose(f(3), 6, rel_tol=0.1)", {"kind": "close", "rtol": 0.1}),
        ("np.testing.assert_allclose(f(3), 6, rtol=1e-9)", {"kind": "close", "rtol": 1e-9}),
        ("assert_almost_equal(third(1), 0.33, decimal=2)", {"kind": "close", "atol": 0.0183}),
        ("assert_array_almost_equal(f(np.ones(2)), 2, 3)", {"kind": "close", "atol": 0.0015}),
        ("assert abs(f(3) - 6) < 1e-3", {"kind": "close", "rtol": 1e-9, "atol": 1e-3}),
        ("assert abs(6 - f(3)) <= 10**-3", {"kind": "close", "rtol": 1e-9, "atol": 1e-3}),
        ("y = f(3)\nassert abs(y - 6) < 1e-3", {"kind": "close", "rtol": 1e-9, "atol": 1e-3}),
        ("assert np.abs(f(np.ones(2)) - 2).max() < 0.01", {"kind": "close", "rtol": 1e-9, "atol": 0.01}),
        ("assert np.linalg.norm(f(np.ones(2)) - 2) < 0.01", {"kind": "close", "rtol": 1e-9, "atol": 0.01}),
        (
            "assert all(abs(a - b) < 0.01 for a, b in zip(same([1, 2]), [1, 2]))",
            {"kind": "close", "rtol": 1e-9, "atol": 0.01},
        ),
        ("assert round(third(1), 2) == 0.33", {"kind": "close", "atol": 0.00833}),
        ("assert np.round(third(1), 2) == 0.33", {"kind": "close", "atol": 0.00833}),
        ("from nose.tools import *\nassert_almost_equal(third(1), 0.33, places=2)", {"kind": "close", "atol": 0.00833}),
        ("assert third(1) == pytest.approx(0.333, rel=1e-2)", {"kind": "close", "rtol": 1e-2}),
        ("assert sorted(same([2, 1])) == [1, 2]", {"kind": "same_set"}),
        ("assert set(same([2, 1])) == {1, 2}", {"kind": "same_set"}),
        ("assert {*same([2, 1])} == {1, 2}", {"kind": "same_set"}),
        ("y = same([2, 1])\nz = y\nassert set(z) == {1, 2}", {"kind": "same_set"}),
        ("assert sorted(same(np.ones(2)).tolist()) == [1, 1]", {"kind": "same_set"}),
        ("assert sorted(list(same((2, 1)))) == [1, 2]", {"kind": "same_set"}),
        ("from collections import Counter\nassert Counter(same([2, 1])) == Counter([1, 2])", {"kind": "same_set"}),
        ("assert same('Abc').lower() == 'abc'", {"kind": "printed", "punctuation": True, "case": False}),
    ],
)
def test_a_tolerance_is_the_one_that_the_author_wrote_around_the_number_that_was_wanted(
    test: str, judge: dict[str, Any]
) -> None:
    found = wanted(test)
    assert (found.judge, found.whole) == (judge, True)


@pytest.mark.parametrize(
    "test",
    [
        "assert f(np.ones(2)).shape == (2,)",
        "assert len(same([1, 2])) == 2",
        "assert isinstance(f(3), int)",
        "assert type(f(3)) is int",
        "assert same([1, 2])[0] == 1",
        "assert f(3) > 5",
        "assert f(3) != 5",
        "assert f(3) in (6, 7)",
        "assert 5.9 < f(3) < 6.1",
        "assert f(3) % 2 == 0",
        "assert same({'a': 1}).get('a') == 1",
        "assert third(f(3)) == 2",
        "y = same(np.arange(3))\nassert set(np.abs(np.diff(y))) == {1}",
        "assert set(np.diff(same(np.arange(3)))) == {1}",
        "assert sorted(np.sign(same([2, 1]))) == [1, 1]",
        "assert sorted(abs(x) for x in same([2, 1])) == [1, 2]",
        "assert {abs(x) for x in same([2, 1])} == {1, 2}",
        "assert set(map(abs, same([2, 1]))) == {1, 2}",
        "assert set(same(np.ones((2, 2))).flatten()) == {1}",
        "a, b = same(([2, 1], 3))\nassert set(a) == {1, 2}",
        "from collections import Counter\nassert Counter(len(x) for x in same(['a', 'b'])) == {1: 2}",
        "assert sorted([same([2]), same([1])]) == [[1], [2]]",
        "assert set(same({'a': 1})) == {'a'}",
        "assert sorted(same('ba')) == ['a', 'b']",
        "import unittest\nunittest.TestCase().assertCountEqual(np.diff(same([1, 2])), [1])",
        "assert same([1, 2])",
        "f(3)",
        "y = f(3)\ny = 6\nassert y == 6",
    ],
)
def test_an_assertion_that_looks_at_a_part_is_known(test: str) -> None:
    found = wanted(test)
    assert (found.judge, found.whole) == (None, False)


def test_the_order_counts_where_it_counts_for_one_of_several_assertions() -> None:
    found = wanted("y = same([2, 1])\nassert set(y) == {1, 2}\nassert y == [2, 1]")
    assert (found.judge, found.whole) == (None, True)
    found = wanted("y = same([2, 1])\nassert len(y) == 2\nassert y\nassert set(y) == {1, 2}")
    assert (found.judge, found.whole) == ({"kind": "same_set"}, True)


def test_of_several_assertions_the_mildest_counts_and_each_is_known() -> None:
    found = wanted("y = third(1)\nassert isinstance(y, float)\nassert abs(y - 1 / 3) < 0.1\nassert round(y, 1) == 0.3")
    assert (found.whole, len(found.assertions)) == (True, 3)
    assert found.judge is not None
    assert found.judge["atol"] == 0.1
