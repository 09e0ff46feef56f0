"""What stands in the place of something that the surroundings refuse: it can be passed on, and says so when it is used.

It answers nothing. Only attributes and types are given, since a type in front of an argument is no use of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from grader.model import Refusal

USES = (
    *("abs", "add", "and", "bool", "bytes", "ceil", "complex", "contains", "divmod", "enter", "eq", "float", "floor"),
    *("floordiv", "format", "ge", "gt", "index", "int", "invert", "iter", "le", "len", "lshift", "lt", "matmul", "mod"),
    *("mul", "ne", "neg", "next", "pos", "pow", "round", "rshift", "setitem", "sub", "truediv", "trunc", "xor"),
    *("getitem", "delitem", "aenter", "aiter", "anext", "await", "array", "array_ufunc", "mro_entries", "fspath"),
    *("radd", "rand", "rdivmod", "rfloordiv", "rlshift", "rmatmul", "rmod", "rmul", "rpow", "rrshift", "rsub"),
    *("reversed", "rtruediv", "rxor", "call", "str", "exit", "aexit"),
)
"""The special methods by which Python uses a value."""

OF_MODULES = frozenset({"__version__", "__file__", "__path__"})


class NotAvailableError(Exception):
    """Something was used that the surroundings refuse while grading: a `refusal`."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.name or refusal.what}: not available while grading")
        self.refusal = refusal


class Unavailable:
    """Stands for a package, a file's content, or whatever else did not come about because of a refusal."""

    _refusal: Refusal

    def __init__(self, refusal: Refusal) -> None:
        vars(self)["_refusal"] = refusal

    def __getattr__(self, name: str) -> Unavailable:
        if name.startswith("_") and name not in OF_MODULES:  # how libraries ask what a value can do
            raise AttributeError(name)
        return self

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise NotAvailableError(self._refusal)

    def __or__(self, other: object) -> Unavailable:
        return self

    __ror__ = __or__

    def __instancecheck__(self, instance: object) -> bool:
        """Say that nothing is an instance of a type that is not here."""
        return False

    __subclasscheck__ = __instancecheck__

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"<{self._refusal.name or self._refusal.what}: not available while grading>"


def _refuse(self: Unavailable, *_: object, **__: object) -> NoReturn:
    raise NotAvailableError(vars(self)["_refusal"])


for _use in USES:
    setattr(Unavailable, f"__{_use}__", _refuse)
