"""How an assertion looks at a value: what of it, and how exactly; read as a syntax tree, from the call upwards."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.newlab.examples import SHOWN
from grader.newlab.heard import position_of
from grader.newlab.wanting import View, is_text_method, judge_of, tolerances_of, without_order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from grader.newlab.heard import Position, Written

MOST_STEPS = 5
"""How often a value may be given another name before it is asserted."""
PARTS = frozenset(
    {
        *("argmax", "argmin", "callable", "columns", "count", "dir", "dtype", "dtypes", "endswith", "find", "get"),
        *("hasattr", "head", "iloc", "index", "int", "isinstance", "isnan", "keys", "len", "loc", "max", "mean"),
        *(
            "median",
            "min",
            "ndim",
            "shape",
            "size",
            "split",
            "startswith",
            "std",
            "sum",
            "tail",
            "type",
            "unique",
            "var",
        ),
    }
)
"""Functions, methods and attributes that show a part of a value, or less."""
SETS = frozenset({"Counter", "frozenset", "set", "sorted", "sort"})
COPIES = frozenset({"list", "tolist", "tuple"})
"""What has the same values in the same order."""
ROUNDING = frozenset({"around", "round", "round_"})
BLOCKS = (ast.FunctionDef, ast.ClassDef, ast.For, ast.If, ast.While, ast.With, ast.Try)
DISTANCES = frozenset({"abs", "absolute", "amax", "fabs", "max", "mean", "norm", "sqrt", "square", "sum"})
"""What may stand around a difference that is to be small."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an assertion asks of a value: how it is judged, None for the default, and whether all of it is looked at."""

    judge: Mapping[str, object] | None = None
    whole: bool = False
    assertions: tuple[ast.stmt, ...] = field(default=(), repr=False)


class Assertions:
    """The assertions of one test."""

    def __init__(self, tree: ast.Module, answers: Collection[str]) -> None:
        self._answers = frozenset(answers)
        self._parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        self._expressions = {position_of(node): node for node in ast.walk(tree) if isinstance(node, ast.expr)}
        self._statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt | ast.comprehension)]
        self._helpers = {
            node.name: [one.arg for one in node.args.args]
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
        }
        self._helped = [
            node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) in self._helpers
        ]
        self.all = tuple(node for node in ast.walk(tree) if isinstance(node, ast.stmt) and is_assertion(node))

    def wanted(self, positions: Sequence[Position], value: Written) -> Wanted:
        """Return what is asked of a value at the innermost of some places where anything is."""
        for position in positions:
            node = self._expressions.get(position)
            if node is not None and (found := list(self._readings(node, View(value), MOST_STEPS))):
                return _together(found)
        return Wanted()

    def reached(self, positions: Collection[Position], names: Collection[str]) -> frozenset[ast.stmt]:
        """Return the assertions that look at some expressions or names, or at anything that is made of them."""
        nodes, known = self._made_of(positions, names)
        return frozenset(node for node in self.all if _looks_at(node, nodes, known))

    def looking(self, positions: Collection[Position], names: Collection[str]) -> Sequence[ast.AST]:
        """Return all statements that look at some expressions or names, or at anything that is made of them."""
        nodes, known = self._made_of(positions, names)
        simple = [node for node in self._statements if not isinstance(node, BLOCKS) or node in self.all]
        return [node for node in simple if _looks_at(node, nodes, known)]

    def _made_of(self, positions: Collection[Position], names: Collection[str]) -> tuple[set[ast.expr], set[str]]:
        """Return the expressions at some places, and the names of what is made of them or of some names."""
        nodes = {node for position in positions if (node := self._expressions.get(position)) is not None}
        known, before = set(names), -1
        while len(known) != before:
            before = len(known)
            for statement in self._statements:
                if _looks_at(statement, nodes, known):
                    known |= _given_names(statement)
            for call in self._helped:
                if _looks_at(call, nodes, known):
                    known.update(self._helpers[_name(call.func)])
        return nodes, known

    def _readings(self, node: ast.AST, view: View, steps: int) -> Iterator[Wanted]:
        """Yield what each assertion asks that the value of an expression reaches, also under another name."""
        while (parent := self._parents.get(node)) is not None:
            match parent:
                case ast.Assert(msg=message) if message is node:
                    return
                case ast.stmt() if is_assertion(parent):
                    ended = replace(view, whole=view.whole and isinstance(view.value, bool))  # else it is not compared
                    yield Wanted(judge_of(ended), ended.whole, self._around(parent))
                    return
                case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
                    is_itself = view.is_itself and isinstance(target, ast.Name)
                    yield from self._named(target, replace(view, is_itself=is_itself), steps)
                    return
                case ast.For(target=target, iter=several) | ast.comprehension(target=target, iter=several):
                    if several is node:
                        yield from self._named(target, replace(view, is_itself=False), steps)
                    return
                case ast.Compare():
                    ended = _compared(parent, node, view)
                    yield Wanted(judge_of(ended), ended.whole, self._around(parent))
                    return
                case ast.Call(func=function) if function is not node and _compares(_name(function)):
                    if not (_name(function) == SHOWN and _is_true(parent)):
                        ended = _held(parent, node, view)
                        yield Wanted(judge_of(ended), ended.whole, self._around(parent))
                        return
                case ast.stmt():
                    return
                case _:
                    seen = self._through(parent, node, view)
                    view = seen if _is_the_same(parent, node) else replace(seen, is_itself=False)
            node = parent

    def _through(self, parent: ast.AST, node: ast.AST, view: View) -> View:
        """Return what is seen of a value one expression further out."""
        match parent:
            case ast.Call(func=function):
                return view if function is node else self._called(parent, view)
            case ast.Attribute(attr=name, value=value):
                if name == "equals" or _name(value) in {"np", "numpy"}:
                    return view
                if is_text_method(name):
                    return replace(view, text=True, case=view.case and name == "strip")
                return view if view.difference is not None and name in DISTANCES else _under(name, view)
            case ast.Set(elts=[ast.Starred()]):
                return without_order(view)
            case ast.Subscript() | ast.IfExp() | ast.Lambda() | ast.Set() | ast.SetComp():
                return replace(view, whole=False)
            case ast.BinOp(op=ast.Sub(), left=left, right=right):
                return replace(view, difference=right if left is node else left)
            case ast.BinOp():
                return view if view.difference is not None else replace(view, whole=False)
        return view

    def _called(self, call: ast.Call, view: View) -> View:
        name = _name(call.func)
        if name in self._answers:
            return replace(view, whole=False)
        if name in ROUNDING:
            return replace(view, places=_places(call))
        if view.difference is not None and name in DISTANCES:
            return view
        return _under(name, view)

    def _named(self, target: ast.AST, view: View, steps: int) -> Iterator[Wanted]:
        """Yield what is asked of the names that a value is given."""
        names = {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
        if not steps or not isinstance(target, ast.Name | ast.Tuple | ast.List):
            return
        scope = self._scope(target)
        end = min(self._given_anew(scope, names, target), default=float("inf"))
        for node in ast.walk(scope):
            if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or node.id not in names:
                continue
            if target.lineno <= node.lineno <= end and not _contains(self._statement(target), node):
                yield from self._readings(node, view, steps - 1)

    def _given_anew(self, scope: ast.AST, names: set[str], target: ast.expr) -> Iterator[int]:
        for node in ast.walk(scope):
            if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Store):
                continue
            if node.id in names and node.lineno > target.lineno:
                yield node.lineno

    def _scope(self, node: ast.AST) -> ast.AST:
        while (parent := self._parents.get(node)) is not None:
            if isinstance(parent, ast.FunctionDef | ast.GeneratorExp | ast.ListComp):
                return parent
            node = parent
        return node

    def _statement(self, node: ast.AST) -> ast.AST:
        """Return the assignment that a target belongs to; the target itself of a loop, whose body reads it."""
        parent = self._parents.get(node)
        return parent if isinstance(parent, ast.Assign | ast.AnnAssign) else node

    def _around(self, node: ast.AST) -> tuple[ast.stmt, ...]:
        """Return the smallest statement around an expression that is an assertion."""
        found: ast.AST | None = node
        while found is not None:
            if isinstance(found, ast.stmt) and is_assertion(found):
                return (found,)
            found = self._parents.get(found)
        return ()


def is_assertion(node: ast.stmt) -> bool:
    """Say whether a statement asserts something: assert, a function for it, or an `if` that raises."""
    match node:
        case ast.Assert():
            return True
        case ast.Expr(value=ast.Call(func=function)):
            name = _name(function)
            return name.lower().startswith("assert") or name in {"eq_", "ok_", SHOWN}
        case ast.If(body=[*_, ast.Raise()]):
            return True
        case ast.With(items=items):
            return any("aises" in ast.unparse(item.context_expr) for item in items)
    return False


def _name(function: ast.AST) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):  # env["f"]
            return name
    return ""


def _compares(name: str) -> bool:
    """Say whether a function holds its first two arguments against each other."""
    plain = name.replace("_", "").lower()
    is_assertion_of_two = plain.startswith("assert") and "not" not in plain
    return (
        name == SHOWN
        or plain in {"allclose", "arrayequal", "arrayequiv", "eq", "equals", "isclose"}
        or (is_assertion_of_two and ("equal" in plain or "close" in plain or plain == "assertis"))
    )


def _under(name: str, view: View) -> View:
    """Return what is seen of a value behind a function, method or attribute."""
    if name in SETS:
        return without_order(view)
    if name in PARTS:
        return replace(view, whole=False)
    return view


def _is_the_same(parent: ast.AST, node: ast.AST) -> bool:
    """Say whether an expression has the very values of one inside it."""
    match parent:
        case ast.Call(func=function) if function is not node:
            return _name(function) in COPIES | SETS
        case ast.Attribute(attr=name):
            return name in COPIES | SETS
    return isinstance(parent, ast.Call | ast.NamedExpr | ast.Starred)


def _compared(parent: ast.Compare, node: ast.AST, view: View) -> View:
    sides = [parent.left, *parent.comparators]
    others = [side for side in sides if side is not node]
    if all(isinstance(operator, ast.Eq | ast.Is) for operator in parent.ops):
        approx = next((side for side in others if isinstance(side, ast.Call) and _name(side.func) == "approx"), None)
        if approx is not None:
            return tolerances_of(approx, view)
        return replace(view, other=others[0] if len(others) == 1 else None)
    if view.difference is not None and len(sides) == 2:  # noqa: PLR2004 (a distance, and what it may be)
        return replace(view, within=others[0], other=view.difference)
    return replace(view, whole=False)


def _held(parent: ast.Call, node: ast.AST, view: View) -> View:
    """Return what is seen by a function that compares two values."""
    others = [one for one in parent.args[:2] if one is not node]
    seen = replace(view, other=others[0] if len(others) == 1 else None)
    if _name(parent.func) in {"assertCountEqual", "assert_count_equal"}:
        return without_order(seen)
    return tolerances_of(parent, seen)


def _is_true(call: ast.Call) -> bool:
    """Say whether an example shows True or False: then it is an assertion about what stands in it."""
    return isinstance(call.args[-1], ast.Constant) and call.args[-1].value in {"True", "False"}


def _places(call: ast.Call) -> int:
    given = [*call.args[1:2], *(word.value for word in call.keywords if word.arg in {"ndigits", "decimals"})]
    value = given[0].value if given and isinstance(given[0], ast.Constant) else 0
    return value if isinstance(value, int) else 0


def _looks_at(node: ast.AST, nodes: set[ast.expr], names: set[str]) -> bool:
    return any(one in nodes or (isinstance(one, ast.Name) and one.id in names) for one in ast.walk(node))


def _given_names(node: ast.AST) -> set[str]:
    """Return the names that a statement gives a value, or that it changes, as `found.append(x)`; of a block none."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.If | ast.While | ast.With | ast.Try):
        return set()
    looked_at = [node.target] if isinstance(node, ast.For | ast.comprehension) else [node]
    inside = [one for outer in looked_at for one in ast.walk(outer)]
    stored = {one.id for one in inside if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    changed = {
        one.func.value.id
        for one in inside
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and isinstance(one.func.value, ast.Name)
    }
    return stored | (changed if isinstance(node, ast.Expr) else set())


def _contains(outer: ast.AST, inner: ast.AST) -> bool:
    return any(node is inner for node in ast.walk(outer))


def _together(found: Sequence[Wanted]) -> Wanted:
    """Return what several assertions ask of one value: all of it, if one does, as exactly as the mildest of these."""
    about = [one for one in found if one.whole] or list(found)
    judge = mildest([one.judge for one in about])
    return Wanted(
        judge, found != [] and about[0].whole, tuple(dict.fromkeys(sum((one.assertions for one in found), ())))
    )


def mildest(judges: Sequence[Mapping[str, object] | None]) -> Mapping[str, object] | None:
    """Return the judge that forgives most; the order counts where it counts for one of them."""
    with_order = [judge for judge in judges if judge is None or judge["kind"] != "same_set"]
    return max(with_order or judges, key=_mildness)


def _mildness(judge: Mapping[str, object] | None) -> tuple[bool, float]:
    if judge is None:
        return False, 0.0
    numbers = [float(str(judge[name])) for name in ("rtol", "atol") if name in judge]
    return judge["kind"] != "close", max(numbers, default=0.0)
