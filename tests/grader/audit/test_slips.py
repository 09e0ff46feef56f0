"""What may stand in the place of a piece of a formula."""

from __future__ import annotations

import ast

import pytest

from grader.audit.slips import is_signed, slips


def after(source: str, kind: type[ast.AST]) -> list[str]:
    """Return what the first node of a kind becomes, as Python writes it."""
    tree = ast.parse(source)
    node = next(node for node in ast.walk(tree) if isinstance(node, kind))
    return [ast.unparse(new) for new in slips(node, frozenset({"np"}))]


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        ("a + b", ast.BinOp, ["a - b", "a", "b"]),
        ("a - b", ast.BinOp, ["a + b", "b - a", "a", "b"]),
        ("a / b", ast.BinOp, ["a * b", "b / a", "a", "b"]),
        ("a @ b", ast.BinOp, ["a * b", "b @ a", "a", "b"]),
        ("a ** b", ast.BinOp, ["a * b", "b ** a", "a", "b"]),
        ("-a", ast.UnaryOp, ["a"]),
        ("not a", ast.UnaryOp, ["a"]),
        ("-1", ast.UnaryOp, ["0", "-2"]),
        ("-0.5", ast.UnaryOp, ["-1.0", "0.5"]),
        ("a < b", ast.Compare, ["a <= b", "a >= b"]),
        ("a <= b < c", ast.Compare, ["a < b < c", "a > b < c", "a <= b <= c", "a <= b >= c"]),
        ("a == b", ast.Compare, ["a != b"]),
        ("a and b", ast.BoolOp, ["a or b", "a", "b"]),
        ("2", ast.Constant, ["3", "1"]),
        ("0.0", ast.Constant, ["1.0"]),
        ("0.25", ast.Constant, ["0.5", "-0.25"]),
        ("True", ast.Constant, ["False"]),
        ("'mse'", ast.Constant, ["'mse?'"]),
        ("None", ast.Constant, []),
        ("a if b else c", ast.IfExp, ["a", "c"]),
        ("x[1:3]", ast.Slice, [":3", "1:"]),
        ("[x for x in y if x]", ast.comprehension, [" for x in y"]),
        ("np.sum(x, axis=-1)", ast.Call, ["np.mean(x, axis=-1)", "np.prod(x, axis=-1)", "x", "np.sum(x)"]),
        ("x.max()", ast.Call, ["x.min()", "x"]),
        ("f(a, b)", ast.Call, ["a", "f(b, a)"]),
        ("np.maximum(a, b)", ast.Call, ["np.minimum(a, b)", "a"]),
        ("float(x)", ast.Call, []),
        ("f(*a)", ast.Call, []),
        ("f(**a)", ast.Call, []),
        ("a += b", ast.AugAssign, ["a = b", "a -= b", "pass"]),
        ("f(x)", ast.Expr, ["pass"]),
        ("if a:\n    b()", ast.If, ["if True:\n    b()", "if False:\n    b()"]),
        ("while a:\n    break", ast.While, ["while False:\n    break"]),
        ("while a:\n    break", ast.Break, ["continue"]),
        ("x", ast.Name, []),
    ],
)
def test_a_slip_puts_something_else_in_the_place_of(source: str, kind: type[ast.AST], expected: list[str]) -> None:
    assert after(source, kind) == expected


def test_a_number_with_its_sign_is_one_constant() -> None:
    assert is_signed(ast.parse("-1", mode="eval").body)
    assert not is_signed(ast.parse("-x", mode="eval").body)
    assert not is_signed(ast.parse("1", mode="eval").body)
    assert not is_signed(ast.parse("-'a'", mode="eval").body)
