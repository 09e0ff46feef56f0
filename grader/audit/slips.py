"""What a slip of the pen makes of a piece of a formula: for one node of a syntax tree, the nodes to put in its place.

No library fits. Those that are maintained, mutmut and cosmic-ray, change the files of a package and run its test
command once per mutant, in a copy of the project or from a database of jobs; mutatest changes cached bytecode and is
no longer maintained. Here a mutant is not tested by a test suite but by the questions of a rubric, which takes some
milliseconds, and a lab is one file that no import statement finds.
"""

from __future__ import annotations

import ast
import copy
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OPERATORS: Mapping[type[ast.operator], type[ast.operator]] = MappingProxyType(
    {
        ast.Add: ast.Sub,
        ast.Sub: ast.Add,
        ast.Mult: ast.Div,
        ast.Div: ast.Mult,
        ast.MatMult: ast.Mult,
        ast.Pow: ast.Mult,
        ast.FloorDiv: ast.Div,
        ast.Mod: ast.FloorDiv,
        ast.BitAnd: ast.BitOr,
        ast.BitOr: ast.BitAnd,
    }
)
DIRECTED = (ast.Sub, ast.Div, ast.Pow, ast.MatMult, ast.FloorDiv, ast.Mod)
"""Operators whose sides cannot be exchanged."""

COMPARISONS: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = MappingProxyType(
    {
        ast.Lt: (ast.LtE, ast.GtE),
        ast.LtE: (ast.Lt, ast.Gt),
        ast.Gt: (ast.GtE, ast.LtE),
        ast.GtE: (ast.Gt, ast.Lt),
        ast.Eq: (ast.NotEq,),
        ast.NotEq: (ast.Eq,),
        ast.In: (ast.NotIn,),
        ast.NotIn: (ast.In,),
        ast.Is: (ast.IsNot,),
        ast.IsNot: (ast.Is,),
    }
)
CALLS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sum": ("mean", "prod"),
        "mean": ("sum", "median"),
        "max": ("min",),
        "min": ("max",),
        "maximum": ("minimum",),
        "minimum": ("maximum",),
        "argmax": ("argmin",),
        "argmin": ("argmax",),
        "exp": ("exp2", "expm1"),
        "log": ("log2", "log10", "log1p"),
        "sqrt": ("square",),
        "square": ("sqrt",),
        "all": ("any",),
        "any": ("all",),
        "zeros": ("ones",),
        "ones": ("zeros",),
        "floor": ("ceil",),
        "ceil": ("floor",),
        "std": ("var",),
        "var": ("std",),
    }
)
"""Functions and methods of NumPy that are easily taken for each other."""

SYMMETRIC = frozenset({"maximum", "minimum", "add", "multiply", "equal", "isclose", "allclose", "array_equal"})
"""Functions whose two arguments can be exchanged."""


def slips(node: ast.AST, modules: frozenset[str]) -> Iterator[ast.AST]:
    """Yield what a slip may put in the place of a node. `modules` are the names of imported modules, such as np.

    The nodes share their parts with `node`: use one at a time.
    """
    match node:
        case ast.BinOp():
            yield from _operator(node)
        case ast.UnaryOp():
            yield from _sign(node)
        case ast.Compare():
            yield from _comparison(node)
        case ast.BoolOp():
            other = ast.Or if isinstance(node.op, ast.And) else ast.And
            yield ast.BoolOp(other(), node.values)
            yield from node.values
        case ast.Constant():
            yield from _constant(node.value)
        case ast.Call():
            yield from _call(node, modules)
        case ast.IfExp():
            yield from (node.body, node.orelse)
        case ast.Slice():
            yield from _slice(node)
        case ast.comprehension(ifs=[_, *_]):
            yield ast.comprehension(node.target, node.iter, [], node.is_async)
        case ast.If() | ast.While():
            yield from _branch(node)
        case ast.AugAssign():
            yield from _augmented(node)
        case ast.Expr(ast.Call()):
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()


def is_signed(node: ast.AST) -> bool:
    """Say whether a node is a negative number, which is one constant and two nodes."""
    return (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.USub)
        and isinstance(node.operand, ast.Constant)
        and isinstance(node.operand.value, int | float)
    )


def _operator(node: ast.BinOp) -> Iterator[ast.AST]:
    if (other := OPERATORS.get(type(node.op))) is not None:
        yield ast.BinOp(node.left, other(), node.right)
    if isinstance(node.op, DIRECTED):
        yield ast.BinOp(node.right, node.op, node.left)
    yield node.left
    yield node.right


def _sign(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if is_signed(node) and isinstance(node.operand, ast.Constant):
        yield from _constant(-node.operand.value)  # type: ignore[operator]  # a number, as is_signed says
    else:
        yield node.operand


def _comparison(node: ast.Compare) -> Iterator[ast.AST]:
    for place, operator in enumerate(node.ops):
        for other in COMPARISONS.get(type(operator), ()):
            yield ast.Compare(node.left, [*node.ops[:place], other(), *node.ops[place + 1 :]], node.comparators)


def _constant(value: object) -> Iterator[ast.AST]:
    match value:
        case bool():
            yield ast.Constant(not value)
        case int():
            yield from (_number(value + 1), _number(value - 1))
        case float():
            yield from (_number(2 * value), _number(-value)) if value else (_number(1.0),)
        case str():
            yield ast.Constant(f"{value}?")


def _number(value: float) -> ast.expr:
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def _call(node: ast.Call, modules: frozenset[str]) -> Iterator[ast.AST]:
    function = node.func
    is_method = isinstance(function, ast.Attribute) and not (
        isinstance(function.value, ast.Name) and function.value.id in modules
    )
    if isinstance(function, ast.Attribute):
        for name in CALLS.get(function.attr, ()):
            yield ast.Call(ast.Attribute(function.value, name, function.ctx), node.args, node.keywords)
        if is_method:
            yield function.value
    positional = [argument for argument in node.args if not isinstance(argument, ast.Starred)]
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if positional and not is_method and len(positional) == len(node.args) and name != "float":
        yield positional[0]  # not for float(): without it an answer is the same number of another type
    if len(positional) == len(node.args) == 2 and name not in SYMMETRIC:  # noqa: PLR2004 (two that can be exchanged)
        yield ast.Call(function, [node.args[1], node.args[0]], node.keywords)
    for place, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            yield ast.Call(function, node.args, node.keywords[:place] + node.keywords[place + 1 :])


def _slice(node: ast.Slice) -> Iterator[ast.AST]:
    if node.lower is not None:
        yield ast.Slice(None, node.upper, node.step)
    if node.upper is not None:
        yield ast.Slice(node.lower, None, node.step)
    if node.step is not None:
        yield ast.Slice(node.lower, node.upper, None)


def _branch(node: ast.If | ast.While) -> Iterator[ast.AST]:
    for value in (True, False) if isinstance(node, ast.If) else (False,):
        branch = copy.copy(node)
        branch.test = ast.Constant(value)
        yield branch


def _augmented(node: ast.AugAssign) -> Iterator[ast.AST]:
    """Yield `+=` as `=`, as `-=`, and left out."""
    yield ast.Assign([copy.copy(node.target)], node.value, lineno=node.lineno)
    if (other := OPERATORS.get(type(node.op))) is not None:
        yield ast.AugAssign(node.target, other(), node.value)
    yield ast.Pass()
