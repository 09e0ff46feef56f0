"""Which names a piece of code takes from outside: what a function calls its own is none of them."""

from __future__ import annotations

import ast

import pytest

from grader.source.names import used


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("y = x + 1", {"x"}),
        ("def f(x, *a, k=K, **o):\n    y = x + z\n    return y, a, k, o", {"K", "z"}),
        ("def f(x: T) -> U:\n    return x", {"T", "U"}),
        ("@cached\ndef f(x):\n    return x", {"cached"}),
        ("def f():\n    global n\n    n = n + 1", {"n"}),
        ("def f(x):\n    def g(y):\n        return x + y + z\n    return g(1)", {"z"}),
        ("def f():\n    import math\n    for i in r:\n        with o as p:\n            p(i, math)", {"r", "o"}),
        ("f = lambda x: x + y", {"y"}),
        ("f = [n + m for n in n if n > k]", {"n", "m", "k"}),
        ("f = {a: b for a, b in pairs for c in a}", {"pairs"}),
        ("class A(B):\n    k = K\n    def f(self):\n        return self.k + g", {"B", "K", "g"}),
        ("x[0] = 1", {"x"}),
        ("for x in data:\n    print(x)", {"data", "print", "x"}),
    ],
)
def test_what_a_statement_takes_from_outside(code: str, expected: set[str]) -> None:
    assert used(ast.parse(code).body[0]) == expected
