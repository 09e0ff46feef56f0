"""What each expression in a notebook's code stands for: something outside, or something of the notebook's own."""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from grader.submission.scopes import NESTED, Binding, Own, Scope, inner_scope
from grader.submission.spellings import BUILTINS, SHORT

if TYPE_CHECKING:
    from typing import Protocol

    class _Resolve(Protocol):
        def __call__(self, *nodes: ast.AST) -> tuple[Referent, ...]: ...


MOST_STEPS = 200_000
"""How many names are looked up for one notebook; an ordinary one needs some hundreds."""
DEEPEST = 40
MOST_REFERENTS = 50
NAMESPACES = frozenset({"builtins.globals", "builtins.locals", "builtins.vars"})

Referent: TypeAlias = "str | Own"
"""The whole name of something outside, or something of the notebook's own; an instance is taken for its class."""


class TooManyStepsError(Exception):
    """A notebook's code takes too long to be looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Meanings:
    """What the names and expressions of a notebook stand for."""

    notebook: Scope
    inner: dict[int, Scope] = field(default_factory=dict)
    known: dict[int, tuple[Referent, ...]] = field(default_factory=dict)
    steps: list[int] = field(default_factory=lambda: [0])

    def scope_of(self, own: Own) -> Scope:
        """Return the scope inside of a function or class."""
        key = id(own.node)
        if key not in self.inner:
            self.inner[key] = inner_scope(own)
        return self.inner[key]

    def lookup(self, name: str, scope: Scope, before: int | None = None) -> tuple[Binding, ...] | None:
        """Return what a name stands for in a scope; None where the notebook gives it nothing."""
        here: Scope | None = scope
        while here is not None:
            if (here.kind != "class" or here is scope) and name not in here.elsewhere:
                self._step(len(here.names.get(name, ())))
                found = here.bound(name, before if here.kind == "notebook" else None)
                if found:
                    return found
            here = here.parent
        return None

    def _step(self, count: int) -> None:
        self.steps[0] += count
        if self.steps[0] > MOST_STEPS:
            raise TooManyStepsError

    def resolve(self, node: ast.AST, scope: Scope, before: int | None = None, depth: int = 0) -> tuple[Referent, ...]:
        """Return what an expression may stand for; nothing for a mere value. Raises TooManyStepsError."""
        self._step(1)
        if depth > DEEPEST:
            return ()
        deeper = depth + 1

        def resolved(*nodes: ast.AST) -> tuple[Referent, ...]:
            return tuple(found for one in nodes for found in self.resolve(one, scope, before, depth=deeper))

        match node:
            case ast.Name(id=name):
                return self._named(name, scope, before, depth=deeper)
            case ast.Attribute(value=value, attr=attr):
                return tuple(found for base in resolved(value) for found in self.attribute(base, attr, depth=deeper))
            case ast.Call():
                return self._called(node, resolved)
            case ast.IfExp(body=body, orelse=orelse):
                return resolved(body, orelse)
            case ast.BoolOp(values=values) | ast.Dict(values=values):
                return resolved(*values)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return resolved(*elements)
            case ast.NamedExpr(value=value):
                return resolved(value)
            case ast.Subscript(value=value, slice=key):
                return self._item(value, key, scope, resolved=resolved)
        return ()

    def _named(self, name: str, scope: Scope, before: int | None, *, depth: int) -> tuple[Referent, ...]:
        bindings = self.lookup(name, scope, before)
        if bindings is None:
            return self._unbound(name)
        return tuple(found for one in bindings for found in self.given(one, depth=depth))

    def given(self, binding: Binding, depth: int = 0) -> tuple[Referent, ...]:
        """Return what a name may stand for that was bound so."""
        value = binding.value
        if value is None:
            return ()
        if isinstance(value, str) or isinstance(value.node, NESTED):
            return (value,)
        key = id(binding)
        if key not in self.known:
            self.known[key] = ()  # what is given itself (x = x.T) says nothing more
            found = self.resolve(value.node, value.scope, value.before, depth=depth + 1)
            self.known[key] = tuple(dict.fromkeys(found))[:MOST_REFERENTS]
        return self.known[key]

    def _unbound(self, name: str) -> tuple[Referent, ...]:
        known = [star for star in self.notebook.stars if name in (_names_in(star) or ())]
        if known:
            return (f"{known[-1]}.{name}",)
        if name in BUILTINS or name == "get_ipython":
            return (f"builtins.{name}",)
        unknown = [star for star in self.notebook.stars if _names_in(star) is None]
        if unknown:
            return tuple(f"{star}.{name}" for star in unknown)
        return (SHORT[name],) if name in {"np", "tf"} else ()  # of a cell that could not be read

    def attribute(self, base: Referent, attr: str, depth: int = 0) -> tuple[Referent, ...]:
        """Return what an attribute of something may be."""
        if isinstance(base, str):
            return (f"{base}.{attr}",)
        if not isinstance(base.node, ast.ClassDef) or depth > DEEPEST:
            return ()
        if found := self.scope_of(base).bound(attr, None):
            return tuple(one for binding in found for one in self.given(binding, depth=depth))
        above = [one for node in base.node.bases for one in self.resolve(node, base.scope, depth=depth + 1)]
        return tuple(
            one for parent in above if parent is not base for one in self.attribute(parent, attr, depth=depth + 1)
        )

    def _called(self, node: ast.Call, resolved: _Resolve) -> tuple[Referent, ...]:
        found: list[Referent] = []
        for function in resolved(node.func):
            text = _text(node.args[-1]) if node.args else None
            if isinstance(function, Own):
                found += [function] if isinstance(function.node, ast.ClassDef) else []
            elif function == "builtins.getattr" and len(node.args) > 1 and (named := _text(node.args[1])):
                found += [one for base in resolved(node.args[0]) for one in self.attribute(base, named)]
            elif function == "importlib.import_module" and text:
                found.append(text)
            elif function == "builtins.__import__" and text:
                found.append(text.partition(".")[0])
            elif function == "functools.partial" and node.args:
                found += resolved(node.args[0])
        return tuple(found)

    def _item(self, value: ast.expr, key: ast.expr, scope: Scope, *, resolved: _Resolve) -> tuple[Referent, ...]:
        """Return what `globals()["f"]`, `vars(np)["sum"]`, `np.__dict__["sum"]` or an item of a list stands for."""
        named = _text(key)
        if isinstance(value, ast.Call) and (spaces := [one for one in resolved(value.func) if one in NAMESPACES]):
            if named is None:
                return ()
            if value.args and spaces == ["builtins.vars"]:
                return tuple(one for base in resolved(value.args[0]) for one in self.attribute(base, named))
            return self._named(named, scope if "builtins.locals" in spaces else self.notebook, None, depth=1)
        bases = resolved(value)
        of_modules = [
            one.removesuffix(".__dict__") for one in bases if isinstance(one, str) and one[-9:] == ".__dict__"
        ]
        if named is not None and of_modules:
            return tuple(f"{one}.{named}" for one in of_modules)
        if bases == ("sys.modules",):
            return () if named is None else (named,)
        return tuple(one for one in bases if isinstance(one, Own) or isinstance(value, ast.Name | ast.List | ast.Dict))


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _names_in(module: str) -> frozenset[str] | None:
    """Return what `from module import *` gives; None for a module that is not imported here."""
    match module:
        case "numpy":
            return frozenset(np.__all__)
        case "math":
            return frozenset(name for name in dir(math) if not name.startswith("_"))
    return None
