"""Runs a solved notebook and its tests, and hears every call of an answer that a test makes, however it is written.

It is the teacher's own code, so it runs in this process. Each statement runs for itself: one that raises is kept, and
the others go on.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
import io
import itertools
import linecache
import sys
import time
import traceback
from dataclasses import replace
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from grader.newlab.asking_again import SLOW_SECONDS, alike, asked_again, is_changed, written
from grader.newlab.examples import SHOWN, shown, tree_of
from grader.newlab.heard import FailedStatement, Heard, HeardCall, Position, ReadVariable, position_of
from grader.newlab.stand_ins import builtins_of_a_notebook
from grader.newlab.standing_alone import functions_among, names_alone
from grader.newlab.statements import run_statement
from grader.newlab.surroundings import Clock, surroundings
from grader.newlab.taken_away import kept
from grader.source.model import AssertionPart, CodePart

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from types import FrameType

    from grader.source.model import Source

RUN_SECONDS = 300.0
STATEMENT_SECONDS = 60.0
SEED = 20_260_101
"""Of Python's and NumPy's random numbers while a notebook runs that sets none itself."""


def listen(source: Source, *, seconds: float = RUN_SECONDS, each: float = STATEMENT_SECONDS) -> Heard:
    """Run the parts in their order, and return what the tests were heard to ask.

    All of it may take some `seconds`, and `each` statement.

    What depends on luck is found by asking again: each function in the end, with two seeds; and, where tests read
    variables, by a second run of all with another seed.
    """
    heard = _once(source, Clock(seconds, each), SEED)
    if not heard.variables or heard.stopped or heard.seconds > seconds / 2:
        return heard
    is_cut = any(isinstance(one.error, KeyboardInterrupt) for one in heard.failed)
    clock = Clock(seconds, min(each, SLOW_SECONDS) if is_cut else each)
    other = {(id(one.test), one.name): one.value for one in _once(source, clock, SEED + 1).variables}
    variables = tuple(
        replace(one, again="same" if alike(one.value, other.get((id(one.test), one.name), one.value)) else "random")
        for one in heard.variables
    )
    return replace(heard, variables=variables)


def _once(source: Source, clock: Clock, seed: int) -> Heard:
    run = _Run(source, clock)
    with surroundings(source, run.module, seed):
        heard = run.heard()
        names, broken = names_alone(source, clock)
        alone = replace(heard, names=names, functions=functions_among(names, source.answers), broken=broken)
        return asked_again(alone, clock)


class _Run:
    """One run of a notebook."""

    def __init__(self, source: Source, clock: Clock) -> None:
        self.module = ModuleType("__main__")
        self._source, self._clock = source, clock
        self._names = vars(self.module)
        self._names.update(builtins_of_a_notebook(), **{SHOWN: shown})
        self._test: AssertionPart | None = None
        self._file = ""
        self._is_asking = False
        self._calls: list[HeardCall] = []
        self._variables: list[ReadVariable] = []
        self._failed: list[FailedStatement] = []
        self._listeners: dict[FunctionType, Callable[..., Any]] = {}

    def heard(self) -> Heard:
        """Run all parts."""
        start = time.monotonic()
        for place, part in enumerate(self._source.parts):
            if self._clock.is_up:
                break
            if isinstance(part, CodePart):
                self._code(part)
            elif isinstance(part, AssertionPart):
                self._file = f"<test {place}>"
                self._tests(part)
        return Heard(
            tuple(self._calls),
            tuple(self._variables),
            tuple(self._failed),
            names=self._names,
            functions={},
            seconds=time.monotonic() - start,
            stopped=self._clock.is_up,
        )

    def _code(self, part: CodePart) -> None:
        file = f"<cell {part.cell}>"
        _remember(file, part.code)
        if (tree := self._parsed(part)) is not None:
            self._statements(tree, file, part)
        for name in self._source.answers:
            found = self._names.get(name)
            if inspect.isfunction(found) and found not in self._listeners.values():
                self._names[name] = self._listeners[found] = self._listening(name, found)

    def _tests(self, part: AssertionPart) -> None:
        _remember(self._file, part.code)
        if (tree := self._parsed(part)) is None:
            return
        self._test = part
        with kept(self._names, tree):
            self._statements(tree, self._file, part)
            for function in _test_functions(tree):
                self._act(functools.partial(self._call, function), part, function)
            self._variables += self._read(part, tree)
        self._test = None

    def _parsed(self, part: CodePart | AssertionPart) -> ast.Module | None:
        try:
            return tree_of(part) if isinstance(part, AssertionPart) else ast.parse(part.code)
        except SyntaxError as error:
            self._fail(part, error.lineno or 1, error)
            return None

    def _statements(self, tree: ast.Module, file: str, part: CodePart | AssertionPart) -> None:
        for statement in tree.body:
            if self._clock.is_up:
                return
            self._act(functools.partial(run_statement, statement, file, self.module), part, statement)

    def _act(self, action: Callable[[], None], part: CodePart | AssertionPart, statement: ast.stmt) -> None:
        start = time.monotonic()
        try:
            with self._clock.bounded():
                action()
        except (Exception, SystemExit) as error:  # noqa: BLE001 (a teacher's code may raise anything; it is reported)
            self._fail(part, self._line(part, error) or statement.lineno, error)
        else:
            if (stopped := self._clock.interrupted) is not None:
                line = self._line(part, stopped) or statement.lineno
                self._fail(part, line, stopped, seconds=time.monotonic() - start)

    def _line(self, part: CodePart | AssertionPart, error: BaseException) -> int:
        """Return the last line of a part that an error passed, 0 where it passed none."""
        file = self._file if isinstance(part, AssertionPart) else f"<cell {part.cell}>"
        lines = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
        return lines[-1] if lines else 0

    def _fail(self, part: CodePart | AssertionPart, line: int, error: BaseException, *, seconds: float = 0.0) -> None:
        test = part if isinstance(part, AssertionPart) else None
        self._failed.append(FailedStatement(part.cell, line, error, test=test, seconds=seconds))

    def _call(self, function: ast.FunctionDef) -> None:
        """Call a test that is a function, with what it asks for by name, as otter does."""
        names = [argument.arg for argument in function.args.args]
        self._names[function.name](*[self._names if name == "env" else self._names[name] for name in names])

    # What is heard ---------------------------------------------------------------------------------------------

    def _listening(self, name: str, function: FunctionType) -> Callable[..., Any]:
        @functools.wraps(function)
        def listener(*given: Any, **named: Any) -> Any:  # noqa: ANN401 (whatever a function is given)
            if self._test is None or self._is_asking:
                return function(*given, **named)
            return self._hear(name, function, (given, named))

        return listener

    def _hear(self, name: str, function: FunctionType, given: tuple[tuple[Any, ...], dict[str, Any]]) -> Any:  # noqa: ANN401 (same)
        positions = tuple(self._positions(sys._getframe(2)))  # noqa: SLF001 (the frames of the test)
        bound = _bound(function, *given)
        if bound is None or self._test is None:
            return function(*given[0], **given[1])
        inputs, starred = bound
        before = {key: written(value) for key, value in inputs.items()}
        out, start = io.StringIO(), time.monotonic()
        answer, raised = None, None
        self._is_asking = True
        try:
            with contextlib.redirect_stdout(out):
                answer = function(*given[0], **given[1])
        except (Exception, KeyboardInterrupt) as error:
            raised = error
            raise
        finally:
            self._is_asking = False
            call = HeardCall(
                self._test,
                name,
                before,
                positions=positions,
                returned=written(answer),
                raised=raised,
                printed=out.getvalue(),
                changed=tuple(key for key, value in inputs.items() if is_changed(before[key], value)),
                starred=starred,
                seconds=time.monotonic() - start,
            )
            self._calls.append(call)
        return answer

    def _positions(self, frame: FrameType | None) -> Iterator[Position]:
        while frame is not None:
            if frame.f_code.co_filename == self._file:
                place = next(itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
                line, end_line, column, end_column = (part or 0 for part in place)
                yield Position(line or frame.f_lineno, column, end_line=end_line, end_column=end_column)
            frame = frame.f_back

    def _read(self, part: AssertionPart, tree: ast.Module) -> Iterator[ReadVariable]:
        """Yield the variables among the answers that a test reads, at each place."""
        stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        for name, node in _reads(tree, self._source.answers):
            if name not in self._source.answers or name in stored or name not in self._names:
                continue
            if not isinstance(value := self._names[name], FunctionType | type | ModuleType):
                yield ReadVariable(part, name, position_of(node), value=written(value))


def _bound(
    function: FunctionType, given: tuple[Any, ...], named: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """Return the arguments by the parameters' names, and which of these no question can give; None where none fit."""
    signature = inspect.signature(function)
    try:
        bound = signature.bind(*given, **named)
    except TypeError:
        return None
    bound.apply_defaults()
    by_position = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    starred = tuple(name for name, one in signature.parameters.items() if one.kind not in by_position)
    return dict(bound.arguments), starred


def _test_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Yield the functions that are tests and that the test itself does not call."""
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name not in called:
            is_case = any("test_case" in ast.unparse(one) for one in node.decorator_list)
            if is_case or node.name.startswith("test"):
                yield node


def _reads(tree: ast.Module, answers: Collection[str]) -> Iterator[tuple[str, ast.expr]]:
    """Yield what is read by a name, as `x`, or of otter's `env["x"]`; what an answer is given is no test of it."""
    given = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in answers
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        match node:
            case _ if node in given:
                continue
            case ast.Name(id=name, ctx=ast.Load()):
                yield name, node
            case ast.Subscript(value=ast.Name(id="env"), slice=ast.Constant(value=str(name))):
                yield name, node
            case ast.Compare(left=ast.Constant(value=str(name)) as left, ops=[ast.In() | ast.NotIn()]):
                yield name, left  # "x" in globals()


def _remember(file: str, code: str) -> None:
    """Let Python show the lines of a part, and `inspect.getsource` find them."""
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
