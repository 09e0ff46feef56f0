"""Which names a notebook's code gives, and what: scopes and what is bound in them. Nothing is run.

A name of a function's own (a parameter, a local value) hides what a package or Python itself calls so. A name that the
notebook gives several times is what it was given last; where a condition decides, it may be each of them.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.submission.python_cells import PythonCell

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
NESTED = (*FUNCTIONS, ast.ClassDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True, eq=False)
class Own:
    """Something of the notebook's own: a function, a lambda, a class, or the expression that a name was given."""

    name: str
    node: ast.expr | ast.stmt
    scope: Scope
    """Where it stands."""
    cell: int
    before: int | None = None
    """Of a top-level expression: how many names were given before it."""


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """What a name was given: the whole name of something outside, something of one's own, or None, a mere value."""

    value: str | Own | None
    cell: int
    line: int
    order: int
    is_sure: bool
    is_deleted: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The names of a notebook, a class or a function."""

    kind: Literal["notebook", "class", "function"]
    parent: Scope | None = None
    owner: Own | None = None
    """The class, of a class's scope."""
    names: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)
    """What is declared `global` or `nonlocal`."""
    stars: list[str] = field(default_factory=list)
    """The modules of which all names are imported."""
    count: list[int] = field(default_factory=lambda: [0])
    """How often a name was given something."""

    def bound(self, name: str, before: int | None) -> tuple[Binding, ...]:
        """Return what a name may stand for here; nothing where it is not given anything here."""
        given = [one for one in self.names.get(name, ()) if before is None or one.order < before]
        if self.kind == "function":
            return tuple(given)
        last_sure = next((at for at in range(len(given) - 1, -1, -1) if given[at].is_sure), 0)
        return tuple(one for one in given[last_sure:] if not one.is_deleted)


def notebook_scope(cells: Sequence[PythonCell]) -> Scope:
    """Return the names that a notebook gives in its cells; what cannot be read as a whole counts least."""
    notebook = Scope("notebook")
    for cell in sorted(cells, key=lambda one: one.is_whole):
        _bind(cell.statements, notebook, cell=cell.number)
    return notebook


def inner_scope(own: Own) -> Scope:
    """Return the scope inside of a function, a class or a comprehension."""
    node = own.node
    if isinstance(node, ast.ClassDef):
        scope = Scope("class", own.scope, owner=own)
        _bind(node.body, scope, cell=own.cell)
        return scope
    scope = Scope("function", own.scope)
    if isinstance(node, COMPREHENSIONS):
        for one in node.generators:
            _bind_target(one.target, None, scope, cell=own.cell)
        return scope
    if isinstance(node, FUNCTIONS):
        _bind_parameters(node, own, scope)
    body = node.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else []
    _bind(body, scope, cell=own.cell, is_sure=False)
    return scope


def _bind_parameters(node: Function, own: Own, scope: Scope) -> None:
    given = [*node.args.posonlyargs, *node.args.args]
    for parameter, default in _parameters(node.args):
        value = None if default is None else Own(parameter.arg, default, own.scope, cell=own.cell)
        _add(scope, parameter.arg, value, cell=own.cell, line=parameter.lineno)
    is_method = own.scope.kind == "class" and given and not isinstance(node, ast.Lambda)
    if is_method and not any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in _decorators(node)):
        _add(scope, given[0].arg, own.scope.owner, cell=own.cell, line=node.lineno)


def _parameters(arguments: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    """Yield the parameters of a function with their defaults."""
    plain = [*arguments.posonlyargs, *arguments.args]
    without: list[ast.expr | None] = [None] * (len(plain) - len(arguments.defaults))
    yield from zip(plain, [*without, *arguments.defaults], strict=True)
    yield from zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    yield from ((one, None) for one in (arguments.vararg, arguments.kwarg) if one is not None)


def _decorators(node: Function) -> Sequence[ast.expr]:
    return () if isinstance(node, ast.Lambda) else node.decorator_list


def _bind(statements: Iterable[ast.stmt], scope: Scope, cell: int, *, is_sure: bool = True) -> None:
    """Bind what statements give a name, of a function all that it ever gives."""
    for statement in statements:
        line = statement.lineno
        for walrus in _walruses(statement):
            _bind_target(walrus.target, walrus.value, scope, cell=cell, is_sure=False)
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                _add(scope, name, Own(name, statement, scope, cell=cell), cell=cell, line=line, is_sure=is_sure)
            case ast.Import(names=aliases):
                for alias in aliases:
                    first = alias.name.partition(".")[0]
                    module = alias.name if alias.asname else first
                    _add(scope, alias.asname or first, module, cell=cell, line=line, is_sure=is_sure)
            case ast.ImportFrom(names=aliases):
                _bind_from(statement, aliases, scope, cell=cell, is_sure=is_sure)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    _bind_target(target, value, scope, cell=cell, is_sure=is_sure)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                _bind_target(target, value, scope, cell=cell, is_sure=is_sure)
            case ast.AugAssign(target=target):
                _bind_target(target, None, scope, cell=cell, is_sure=is_sure)
            case ast.Delete(targets=targets):
                for target in targets:
                    if isinstance(target, ast.Name) and scope.kind == "notebook" and is_sure:
                        _delete(scope, target.id, cell=cell, line=line)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                scope.elsewhere.update(names)
            case _:
                _bind_block(statement, scope, cell=cell, is_sure=is_sure)


def _bind_block(statement: ast.stmt, scope: Scope, cell: int, *, is_sure: bool) -> None:
    match statement:
        case ast.If(test=test):
            taken = constant(test)
            _bind(statement.body if taken is not False else (), scope, cell=cell, is_sure=is_sure and taken is True)
            _bind(statement.orelse if taken is not True else (), scope, cell=cell, is_sure=is_sure and taken is False)
        case ast.For(target=target) | ast.AsyncFor(target=target):
            _bind_target(target, None, scope, cell=cell, is_sure=is_sure)
            _bind((*statement.body, *statement.orelse), scope, cell=cell, is_sure=False)
        case ast.While():
            _bind((*statement.body, *statement.orelse), scope, cell=cell, is_sure=False)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for item in items:
                if item.optional_vars is not None:
                    _bind_target(item.optional_vars, None, scope, cell=cell, is_sure=is_sure)
            _bind(statement.body, scope, cell=cell, is_sure=is_sure)
        case ast.Try() | ast.TryStar():
            _bind((*statement.body, *statement.orelse), scope, cell=cell, is_sure=False)
            for handler in statement.handlers:
                if handler.name:
                    _add(scope, handler.name, None, cell=cell, line=handler.lineno, is_sure=False)
                _bind(handler.body, scope, cell=cell, is_sure=False)
            _bind(statement.finalbody, scope, cell=cell, is_sure=is_sure)
        case ast.Match(cases=cases):
            for case in cases:
                for name in _captured(case.pattern):
                    _add(scope, name, None, cell=cell, line=statement.lineno, is_sure=False)
                _bind(case.body, scope, cell=cell, is_sure=False)


def _bind_from(
    statement: ast.ImportFrom, aliases: Sequence[ast.alias], scope: Scope, cell: int, *, is_sure: bool
) -> None:
    module = "." * statement.level + (statement.module or "")
    for alias in aliases:
        if alias.name == "*":
            scope.stars.append(module)
        else:
            name, whole = alias.asname or alias.name, f"{module}.{alias.name}"
            _add(scope, name, whole, cell=cell, line=statement.lineno, is_sure=is_sure)


def _bind_target(target: ast.expr, value: ast.expr | None, scope: Scope, cell: int, *, is_sure: bool = True) -> None:
    match target:
        case ast.Name(id=name):
            before = scope.count[0] if scope.kind == "notebook" else None
            own = None if value is None else Own(name, value, scope, cell=cell, before=before)
            _add(scope, name, own, cell=cell, line=target.lineno, is_sure=is_sure)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            values: Sequence[ast.expr | None] = [None] * len(targets)
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(targets):
                values = value.elts
            for one, its in zip(targets, values, strict=True):
                _bind_target(one, its, scope, cell=cell, is_sure=is_sure)
        case ast.Starred(value=one):
            _bind_target(one, None, scope, cell=cell, is_sure=is_sure)


def _add(scope: Scope, name: str, value: str | Own | None, *, cell: int, line: int, is_sure: bool = True) -> None:
    scope.names.setdefault(name, []).append(Binding(value, cell, line=line, order=scope.count[0], is_sure=is_sure))
    scope.count[0] += 1


def _delete(scope: Scope, name: str, cell: int, line: int) -> None:
    gone = Binding(None, cell, line=line, order=scope.count[0], is_sure=True, is_deleted=True)
    scope.names.setdefault(name, []).append(gone)
    scope.count[0] += 1


def constant(test: ast.expr) -> bool | None:
    """Return what a condition is that is written down as a constant; None for any other."""
    return bool(test.value) if isinstance(test, ast.Constant) else None


def _captured(pattern: ast.pattern) -> Iterator[str]:
    for node in ast.walk(pattern):
        match node:
            case (
                ast.MatchAs(name=str() as name)
                | ast.MatchStar(name=str() as name)
                | ast.MatchMapping(rest=str() as name)
            ):
                yield name


def _walruses(statement: ast.stmt) -> Iterator[ast.NamedExpr]:
    """Yield what a statement's own expressions name by `:=`."""
    waiting: list[ast.AST] = [one for one in ast.iter_child_nodes(statement) if isinstance(one, ast.expr)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.NamedExpr):
            yield node
        if not isinstance(node, NESTED):
            waiting += [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr | ast.comprehension)]
