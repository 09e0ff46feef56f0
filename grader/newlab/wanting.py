"""How a value is judged that an assertion looks at: the kind of check and its options, as a rubric writes them."""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from grader import checks
from grader.comparing.kinds import is_number
from grader.model import Series
from grader.registry import module_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.newlab.heard import Written

ROUNDING_ERROR = 1e-9
"""How far apart, relative to the answer, two right ways to compute it may be, however near an author wants them."""
HALF = 0.5
_POSITIONAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "isclose": ("rtol", "atol"),
        "allclose": ("rtol", "atol"),
        "assert_allclose": ("rtol", "atol"),
        "assert_almost_equal": ("decimal",),
        "assert_array_almost_equal": ("decimal",),
        "assert_approx_equal": ("significant",),
        "assertAlmostEqual": ("places",),
        "assertAlmostEquals": ("places",),
        "approx": ("rel", "abs"),
    }
)


@dataclass(frozen=True, slots=True)
class View:
    """What an assertion sees of a value."""

    value: Written
    whole: bool = True
    is_set: bool = False
    """Whether the order does not count."""
    is_itself: bool = True
    """Whether it is the very value still, and nothing that is computed from it."""
    text: bool = False
    case: bool = True
    places: int | None = None
    """To how many decimal places it is rounded."""
    difference: ast.expr | None = None
    """From what it is subtracted, or what from it."""
    within: ast.expr | None = None
    """How large the difference may be."""
    other: ast.expr | None = None
    """What it is held against."""
    rtol: float | None = None
    atol: float | None = None
    options: tuple[tuple[str, object], ...] = ()


def without_order(view: View) -> View:
    """Return what is seen of a value in any order: a set of what is computed from a value shows a part of it."""
    if view.is_itself and isinstance(view.value, list | tuple | frozenset | np.ndarray | Series):
        return replace(view, is_set=True)
    return replace(view, whole=False)


def is_text_method(name: str) -> bool:
    """Say whether a method of a text makes it another text of the same words."""
    return name in {"casefold", "lower", "strip", "upper"}


def judge_of(view: View) -> Mapping[str, object] | None:
    """Return how a value is judged that is seen in this way; None for the default."""
    if not view.whole:
        return None
    if view.is_set:
        return {"kind": "same_set"}
    if view.text and isinstance(view.value, str):
        return {"kind": "printed", "punctuation": True, **({} if view.case else {"case": False})}
    rtol, atol = view.rtol, view.atol
    if view.places is not None:
        atol = HALF * 10.0**-view.places + _apart(view, otherwise=HALF * 10.0**-view.places)
    if view.within is not None and (allowed := number(view.within)) is not None and allowed > 0:
        rtol, atol = ROUNDING_ERROR, allowed + _apart(view, otherwise=0.0)
    given = {"rtol": rtol, "atol": atol}
    found = {name: float(f"{value:.3g}") for name, value in given.items() if value is not None}
    told = {name: value for name, value in (*found.items(), *view.options) if value != _defaults()[name]}
    return {"kind": "close", **told} if told else None


def tolerances_of(call: ast.Call, view: View) -> View:
    """Return what is seen by a function that compares numbers, with the tolerances that its author wrote."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            pass
        case _:
            return view
    given = {word.arg: number(word.value) for word in call.keywords if word.arg is not None}
    given.update(
        zip(_POSITIONAL.get(name, ()), map(number, call.args[2:] if name != "approx" else call.args[1:]), strict=False)
    )
    rtol = _first(given, "rtol", "rel_tol", "rel")
    atol = _first(given, "atol", "abs_tol", "abs", "delta")
    if (places := _first(given, "places")) is not None:
        atol = HALF * 10.0**-places
    if (decimal := _first(given, "decimal")) is not None:
        atol = 1.5 * 10.0**-decimal
    if (digits := _first(given, "significant")) is not None:
        rtol = 10.0 ** (1 - digits)
    if atol is not None:
        atol += _apart(view, otherwise=0.0)
    return replace(view, rtol=rtol, atol=atol, options=tuple(_table_options(call)))


def _table_options(call: ast.Call) -> list[tuple[str, object]]:
    """Return what pandas' own functions are told that does not count."""
    off = {word.arg for word in call.keywords if isinstance(word.value, ast.Constant) and word.value.value is False}
    on = {word.arg for word in call.keywords if isinstance(word.value, ast.Constant) and word.value.value is True}
    found: list[tuple[str, object]] = []
    if "check_dtype" in off:
        found.append(("dtypes", "any"))
    if "check_names" in off:
        found.append(("names", "any"))
    if "check_like" in on:
        found.append(("order", "any"))
    return found


def number(node: ast.expr) -> float | None:
    """Return the number that an expression is, such as 1e-6 or 10**-6; None for any other."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = number(operand)
            return None if inner is None else -inner
        case ast.BinOp(left=left, op=ast.Pow() | ast.Mult() | ast.Div() as operator, right=right):
            return _computed(number(left), operator, number(right))
    return None


def _computed(left: float | None, operator: ast.operator, right: float | None) -> float | None:
    if left is None or right is None or (isinstance(operator, ast.Div) and right == 0) or left == 0:
        return None
    if isinstance(operator, ast.Pow):
        return left**right if left > 0 and abs(right * math.log10(left)) < 300 else None  # noqa: PLR2004 (a float's largest exponent)
    return left * right if isinstance(operator, ast.Mult) else left / right


def _apart(view: View, *, otherwise: float) -> float:
    """Return how far the solution's answer is from the number that the author wrote: what is right lies around it."""
    wanted = None if view.other is None else number(view.other)
    if wanted is None or not is_number(view.value) or isinstance(view.value, complex):  # type: ignore[arg-type]
        return otherwise
    return abs(float(view.value) - wanted)  # type: ignore[arg-type]


def _first(given: Mapping[str, float | None], *names: str) -> float | None:
    return next((value for name in names if (value := given.get(name)) is not None), None)


def _defaults() -> Mapping[str, object]:
    return dict(module_in(checks, "close").judge.__kwdefaults__)
