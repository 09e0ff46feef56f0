"""Goes through the code of a function, and of all of the notebook's own that it uses, and notes what is used."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from grader.model import Place
from grader.submission.scopes import Own, constant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from grader.submission.meanings import Meanings, Referent
    from grader.submission.scopes import Scope

Kind: TypeAlias = Literal["outside", "own", "method", "operator", "loop", "hidden"]

HIDDEN = frozenset(f"builtins.{name}" for name in ("eval", "exec", "compile", "get_ipython"))
"""What runs code that is not written where it is used."""
LOOK_UPS = ("sys.modules", ".__dict__", ".__getattribute__")
IMPORTS = frozenset({"builtins.__import__", "importlib.import_module", "builtins.globals"})
"""What finds something by its name: where that is no written text, nobody knows what it finds."""
TABLES = frozenset({"builtins.globals", "sys.modules"})
MAKE_FUNCTIONS = frozenset({"functools.partial", "numpy.vectorize", "numpy.frompyfunc"})
LONGEST_NAME = 80
VALUES = (ast.Call, ast.Dict, ast.List, ast.Tuple, ast.IfExp, ast.BoolOp, ast.Subscript)
ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True, slots=True)
class Use:
    """Something that a function uses: its name, where, and in which function it stands.

    The name is whole for what is `outside` (numpy.sum, builtins.sum), that of the function for the notebook's `own`,
    of the `method` of a value, the `operator`, the word of the `loop`, or what keeps the code `hidden`. It is not sure
    of what lies in a value that the function only reads.
    """

    kind: Kind
    name: str
    place: Place
    inside: str
    is_sure: bool = True


class Walk:
    """Goes through a function and all of the notebook's own that it uses, each once."""

    def __init__(self, meanings: Meanings, function: str, own_methods: frozenset[str]) -> None:
        self._meanings, self._own_methods = meanings, own_methods
        self.uses: dict[Use, None] = {}
        self._task = function
        self._waiting: dict[bool, list[Own]] = {True: [], False: []}
        self._seen: set[int] = set()
        self._classes: list[Own] = []
        self._attributes: set[str] = set()
        self._at = Own(function, ast.Pass(), meanings.notebook, cell=0)
        self._scope: Scope = meanings.notebook
        self._before: int | None = None
        self._is_sure = True

    def follow(self, own: Own, *, is_sure: bool = True) -> None:
        """Look into something of the notebook's own later, once."""
        self._waiting[is_sure and self._is_sure].append(own)

    def finish(self) -> None:
        """Look into all that is waiting, the sure first, and the methods that values of unknown classes may have."""
        while (own := self._next()) is not None:
            if id(own.node) not in self._seen:
                self._seen.add(id(own.node))
                self._enter(own)

    def _next(self) -> Own | None:
        for is_sure in (True, False):
            if self._waiting[is_sure]:
                self._is_sure = is_sure
                return self._waiting[is_sure].pop(0)
            for own in self._classes if is_sure else ():
                self._follow_methods(own, self._attributes)
            if self._waiting[is_sure]:
                return self._next()
        return None

    def _follow_methods(self, own: Own, names: Iterable[str]) -> None:
        inner = self._meanings.scope_of(own)
        for name in names:
            for binding in inner.bound(name, None):
                if isinstance(binding.value, Own) and id(binding.value.node) not in self._seen:
                    self.follow(binding.value)

    def _enter(self, own: Own) -> None:
        self._at, self._scope, self._before = own, own.scope, own.before
        match own.node:
            case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body):
                self._visit_all(own.node.decorator_list)
                self._defaults(own.node.args)
                self._scope = self._meanings.scope_of(own)
                self._block(body)
            case ast.Lambda(body=body):
                self._defaults(own.node.args)
                self._scope = self._meanings.scope_of(own)
                self.visit(body)
            case ast.ClassDef():
                self._enter_class(own, own.node)
            case _:
                self.visit(own.node)

    def _enter_class(self, own: Own, node: ast.ClassDef) -> None:
        self._visit_all([*node.decorator_list, *node.bases, *node.keywords])
        bases = [one for base in node.bases for one in self._meanings.resolve(base, own.scope)]
        self._scope = inner = self._meanings.scope_of(own)
        self._block(node.body)
        self._classes.append(own)
        is_called_from_outside = any(isinstance(base, str) for base in bases)
        self._follow_methods(own, [name for name in inner.names if is_called_from_outside or name.startswith("__")])

    def _block(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            self.visit(statement)
            if isinstance(statement, ENDS):
                return  # what follows is never reached

    def _visit_all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)

    def _defaults(self, arguments: ast.arguments) -> None:
        self._visit_all([*arguments.defaults, *(one for one in arguments.kw_defaults if one is not None)])

    def _note(self, kind: Kind, name: str, node: ast.AST | Place) -> None:
        place = node if isinstance(node, Place) else Place(self._at.cell, getattr(node, "lineno", None))
        self.uses.setdefault(Use(kind, name, place, inside=self._at.name, is_sure=self._is_sure))

    def refer(self, referent: Referent, node: ast.AST | Place) -> None:
        """Note that something is used, and look into it if it is the notebook's own."""
        if isinstance(referent, str):
            hides = referent in HIDDEN or referent.endswith(LOOK_UPS)
            self._note(
                "hidden" if hides else "outside", referent.removeprefix("builtins.") if hides else referent, node
            )
            return
        if not isinstance(node, Place) or referent.name != self._task:  # else it is the function itself
            self._note("own", referent.name, node)
        self.follow(referent)

    def _resolved(self, node: ast.AST) -> tuple[Referent, ...]:
        return tuple(dict.fromkeys(self._meanings.resolve(node, self._scope, self._before)))

    # Nodes ----------------------------------------------------------------------------------------------------------

    def visit(self, node: ast.AST) -> None:
        """Note what a statement or an expression uses."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Name(ctx=ast.Store() | ast.Del()):
                pass  # what is defined here is looked into where it is used
            case ast.Assign(targets=targets, value=ast.Lambda()) if all(isinstance(one, ast.Name) for one in targets):
                pass
            case ast.AnnAssign(target=target, value=value):
                self._visit_all(one for one in (target, value) if one is not None)
            case ast.If():
                self._if(node)
            case ast.While(test=test) if constant(test) is False:
                pass
            case ast.For() | ast.AsyncFor() | ast.While():
                self._note("loop", "while" if isinstance(node, ast.While) else "for", node)
                self._visit_parts(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._note("loop", "comprehension", node)
                self._inside(node, lambda: self._visit_parts(node))
            case ast.Lambda():
                self._defaults(node.args)
                self._inside(node, lambda: self.visit(node.body))
            case ast.BinOp():
                self._operators(node)
            case ast.Compare(left=left, comparators=others):
                self._visit_all([left, *(one for one in others if not self._is_table(one))])
            case ast.AugAssign(op=ast.MatMult()):
                self._note("operator", "@", node)
                self._visit_parts(node)
            case ast.Name():
                self._name(node)
            case ast.Attribute():
                self._attribute(node)
            case ast.Subscript():
                self._subscript(node)
            case ast.Call():
                self._call(node)
            case _:
                self._visit_parts(node)

    def _visit_parts(self, node: ast.AST) -> None:
        """Visit what a node consists of; of a list of statements what is reached."""
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                self._block(value)
            elif isinstance(value, list):
                self._visit_all(one for one in value if isinstance(one, ast.AST))
            elif isinstance(value, ast.AST):
                self.visit(value)

    def _is_table(self, node: ast.expr) -> bool:
        """Say whether it is only asked what there is: `"np" in globals()`, `"google.colab" in sys.modules`."""
        return any(one in TABLES for one in self._resolved(node.func if isinstance(node, ast.Call) else node))

    def _operators(self, node: ast.BinOp) -> None:
        """Visit a sum of many terms, which lie in each other, from the last to the first."""
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            if isinstance(left.op, ast.MatMult):
                self._note("operator", "@", left)
            self.visit(left.right)
            left = left.left
        self.visit(left)

    def _if(self, node: ast.If) -> None:
        taken = constant(node.test)
        self.visit(node.test)
        self._block(node.body if taken is not False else ())
        self._block(node.orelse if taken is not True else ())

    def _inside(self, node: ast.expr, act: Callable[[], None]) -> None:
        outer = self._scope
        self._scope = self._meanings.scope_of(Own(self._at.name, node, outer, cell=self._at.cell))
        act()
        self._scope = outer

    def _name(self, node: ast.Name) -> None:
        referents = self._resolved(node)
        for referent in referents:
            self.refer(referent, node)
        if not referents and self._meanings.lookup(node.id, self._scope) is None:
            self._note("outside", node.id, node)  # of a file that was run, or of nothing
        self._follow_value(node, is_called=False)

    def _attribute(self, node: ast.Attribute) -> None:
        if referents := self._resolved(node):
            for referent in referents:
                self.refer(referent, node)
            if any(isinstance(one, Own) for one in self._resolved(node.value)):
                self.visit(node.value)
            return
        if not self._resolved(node.value):
            self._method(node.attr, node)
        self.visit(node.value)

    def _method(self, name: str, node: ast.AST) -> None:
        self._attributes.add(name)
        if name not in self._own_methods:
            self._note("method", name, node)

    def _subscript(self, node: ast.Subscript) -> None:
        is_look_up = isinstance(node.value, ast.Call | ast.Attribute)
        if is_look_up and (referents := self._resolved(node)):
            for referent in referents:
                self.refer(referent, node)
        else:
            self._visit_parts(node)

    def _call(self, node: ast.Call) -> None:
        functions = self._resolved(node.func)
        if "builtins.getattr" in functions and len(node.args) > 1:
            self._getattr(node, node.args[1])
        elif IMPORTS.intersection(one for one in functions if isinstance(one, str)):
            self._looked_up(node)
        elif functions == ("builtins.vars",) and node.args and any(map(_is_outside, self._resolved(node.args[0]))):
            self._note("hidden", "vars", node)
        else:
            self._follow_value(node.func, is_called=True)
            self._visit_parts(node)

    def _getattr(self, node: ast.Call, name: ast.expr) -> None:
        if found := self._resolved(node):
            for referent in found:
                self.refer(referent, node)
            return
        bases = self._resolved(node.args[0])
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            self._method(name.value, node)
        elif any(map(_is_outside, bases)):
            self._note("hidden", "getattr", node)
        self._visit_all(node.args)

    def _looked_up(self, node: ast.Call) -> None:
        if found := self._resolved(node):
            for referent in found:
                self.refer(referent, node)
        else:
            self._note("hidden", ast.unparse(node.func)[:LONGEST_NAME], node)

    def _follow_value(self, node: ast.expr, *, is_called: bool) -> None:
        """Look into the expression that a name above all functions was given, where its value is called."""
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
            node = node.func if isinstance(node, ast.Call) else node.value
        if not isinstance(node, ast.Name):
            return
        for binding in self._meanings.lookup(node.id, self._scope, self._before) or ():
            value = binding.value
            if isinstance(value, Own) and value.before is not None and isinstance(value.node, VALUES):
                self.follow(value, is_sure=is_called or self._makes_a_function(value))

    def _makes_a_function(self, own: Own) -> bool:
        if not isinstance(own.node, ast.Call):
            return False
        functions = self._meanings.resolve(own.node.func, own.scope, own.before)
        return any(one in MAKE_FUNCTIONS for one in functions if isinstance(one, str))


def _is_outside(referent: Referent) -> bool:
    return isinstance(referent, str)
