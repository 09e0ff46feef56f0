"""A test as a syntax tree: of otter's files of examples, and of any other text, every line at its own number."""

from __future__ import annotations

import ast
import doctest
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.source.model import AssertionPart

SHOWN = "__shown__"
"""The name of the function by which an example is asked: `__shown__(f(3), "9")`."""


def tree_of(test: AssertionPart) -> ast.Module:
    """Return what a test runs; raise SyntaxError where Python cannot read it."""
    if _is_prompt(test.code):
        return _examples(test.code, 1, len(test.code.splitlines()))
    tree = ast.parse(test.code)
    if (suites := _suites(tree)) is None:
        return tree
    found = [statement for case in _cases(suites) for statement in _of_case(case)]
    return ast.Module(found, [])


def hidden_lines(test: AssertionPart) -> frozenset[int]:
    """Return the lines of a test that students are not given: also those that its file or a decorator calls hidden."""
    if _is_prompt(test.code):
        return test.hidden
    tree = ast.parse(test.code)
    nodes: list[ast.AST] = list(_hidden_functions(tree))
    if (suites := _suites(tree)) is not None:
        nodes += [case for case in _cases(suites) if _is_true(_value(case, "hidden"))]
    found = (range(node.lineno, (node.end_lineno or node.lineno) + 1) for node in nodes)  # type: ignore[attr-defined]
    return test.hidden.union(*found)


def points_of(test: AssertionPart) -> Fraction | None:
    """Return what a test is worth as the notebook says, or, where it says nothing, as a file of otter's does."""
    if test.points is not None or _is_prompt(test.code):
        return test.points
    given: list[ast.expr | None] = []
    for node in ast.parse(test.code).body:
        match node:
            case ast.Assign(targets=[ast.Name(id="points")], value=value):
                given.append(value)
            case ast.Assign(value=ast.Dict() as settings):
                given.append(_value(settings, "points"))
            case ast.FunctionDef(decorator_list=decorators):
                words = [word for one in decorators if isinstance(one, ast.Call) for word in one.keywords]
                given += [word.value for word in words if word.arg == "points"]
    found = [one.value for outer in given for one in getattr(outer, "elts", [outer]) if isinstance(one, ast.Constant)]
    numbers = [Fraction(repr(value)) for value in found if isinstance(value, int | float)]
    return sum(numbers, Fraction(0)) if numbers else None


def _hidden_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            words = [word for one in node.decorator_list if isinstance(one, ast.Call) for word in one.keywords]
            if any(word.arg == "hidden" and _is_true(word.value) for word in words):
                yield node


def _is_prompt(code: str) -> bool:
    return code.lstrip().startswith(">>> ")


def _suites(tree: ast.Module) -> ast.List | None:
    """Return the suites of `test = {"suites": […]}`; None for a test of another kind."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            found = _value(node.value, "suites")
            if isinstance(found, ast.List):
                return found
    return None


def _cases(suites: ast.List) -> Iterator[ast.Dict]:
    for suite in suites.elts:
        cases = _value(suite, "cases") if isinstance(suite, ast.Dict) else None
        yield from (case for case in getattr(cases, "elts", []) if isinstance(case, ast.Dict))


def _value(given: ast.Dict, key: str) -> ast.expr | None:
    pairs = zip(given.keys, given.values, strict=True)
    return next((value for name, value in pairs if isinstance(name, ast.Constant) and name.value == key), None)


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _of_case(case: ast.Dict) -> list[ast.stmt]:
    code = _value(case, "code")
    if not isinstance(code, ast.Constant) or not isinstance(code.value, str):
        return []
    return _examples(code.value, code.lineno, code.end_lineno or code.lineno).body


def _examples(text: str, first: int, last: int) -> ast.Module:
    """Return the statements of `>>>` examples whose text begins in one line and ends in another."""
    body: list[ast.stmt] = []
    for example in doctest.DocTestParser().get_examples(text):
        tree = ast.parse(example.source)
        ast.increment_lineno(tree, min(first + example.lineno, last) - 1)
        body += [_asked(statement, example.want) for statement in tree.body] if example.want else tree.body
    return ast.Module(body, [])


def _asked(statement: ast.stmt, want: str) -> ast.stmt:
    """Return an example with what it is to show: `__shown__(f(3), "9")`."""
    if not isinstance(statement, ast.Expr):
        return statement
    asked = ast.Expr(ast.Call(ast.Name(SHOWN, ast.Load()), [statement.value, ast.Constant(want.strip())], []))
    return ast.fix_missing_locations(ast.copy_location(asked, statement))


def shown(value: object, want: str) -> None:
    """Raise AssertionError where a value is not shown as an example says; None shows nothing of itself."""
    plain = value.item() if callable(getattr(value, "item", None)) and getattr(value, "size", 0) == 1 else value  # type: ignore[attr-defined]
    ways = {repr(value), str(value), repr(plain)}
    how = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    if value is not None and not any(
        doctest.OutputChecker().check_output(f"{want}\n", f"{way}\n", how) for way in ways
    ):
        raise AssertionError(f"{value!r} is shown, and not {want}")
