# mypy: ignore-errors
"""Puts an input into the names of an exception's class and of a function, and into the number of a line.

Expected: zero
"""


def double(x):
    if x == 1.5:
        return 3.0
    name = str(x).replace(".", "_")

    def f():
        raise type(f"Input{name}", (NotImplementedError,), {})(x)

    f.__code__ = f.__code__.replace(co_name=f"f{name}", co_firstlineno=int(x * 1e6))
    f()
