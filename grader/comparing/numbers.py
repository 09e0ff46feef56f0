"""Numbers side by side: within a tolerance, whole numbers exactly. The rule is numpy.isclose's, in float64.

A NaN agrees with a NaN, and an infinity with the same infinity, where these are expected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from grader.comparing.rule import Difference, index_step
from grader.messages.format_values import shown
from grader.messages.sentences import say

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from numpy.typing import NDArray

    from grader.comparing.rule import Comparison

    Array: TypeAlias = NDArray[Any]
    Truth: TypeAlias = NDArray[np.bool_]

WHOLE = frozenset("iuO")
USUAL_RTOL = 2e-4


def numbers_difference(observed: Array, expected: Array, how: Comparison) -> Difference | None:
    """Return where two arrays of numbers part; a single number may come in any shape of size 1."""
    if observed.shape != expected.shape and not (expected.shape == () and set(observed.shape) == {1}):
        text = say("expected shape {expected}, observed {observed}", expected=expected.shape, observed=observed.shape)
        return Difference(how.path, text, "shape")
    seen = observed.reshape(expected.shape)
    is_exact = how.exact or are_exact(seen, expected, how)
    right = _same(seen, expected) if is_exact else _close(_wide(seen), _wide(expected), how)
    wrong = np.logical_not(right)
    if not wrong.any():
        return None
    return _parting(seen, expected, wrong, how=how)


def are_exact(seen: Array, expected: Array, how: Comparison) -> bool:
    """Say whether numbers are whole ones and to be equal: where no tolerance is made wide for them."""
    are_whole = seen.dtype.kind in WHOLE and expected.dtype.kind in WHOLE
    return are_whole and how.atol < 1 and how.rtol <= USUAL_RTOL


def _same(seen: Array, expected: Array) -> Truth:
    with np.errstate(all="ignore"):
        same = np.asarray(seen == expected, np.bool_)
    return same | (_is_nan(seen) & _is_nan(expected))


def _is_nan(array: Array) -> Truth:
    return np.asarray(np.isnan(array)) if array.dtype.kind in "fc" else np.zeros(array.shape, np.bool_)


def _wide(array: Array) -> Array:
    if array.dtype.kind == "c":
        return array.astype(np.complex128)
    try:
        return array.astype(np.float64)
    except OverflowError:  # of a whole number beyond 1e308
        return np.full(array.shape, np.inf)


def _close(seen: Array, expected: Array, how: Comparison) -> Truth:
    with np.errstate(all="ignore"):
        return np.asarray(np.isclose(seen, expected, rtol=how.rtol, atol=how.atol, equal_nan=True))


def _kind(seen: Array, expected: Array, wrong: Truth) -> Literal["not_finite", "values"]:
    is_odd = seen.dtype.kind in "fc" and bool((wrong & ~np.isfinite(seen)).any())
    return "not_finite" if is_odd and bool(np.isfinite(_wide(expected)).all()) else "values"


def _parting(seen: Array, expected: Array, wrong: Truth, *, how: Comparison) -> Difference:
    kind = _kind(seen, expected, wrong)
    if seen.shape == ():
        return Difference(how.path, say("the number is not the expected one"), kind)
    place = tuple(int(part) for part in np.argwhere(wrong)[0])
    text = say(
        "observed {observed}, expected {expected} ({count} of {total} numbers differ)",
        observed=shown(np.asarray(seen[place])),
        expected=shown(np.asarray(expected[place])),
        count=int(wrong.sum()),
        total=seen.size,
    )
    return Difference(how.into(index_step(place)).path, text, kind)
