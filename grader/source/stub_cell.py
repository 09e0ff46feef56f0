"""A cell as students are given it: without solutions and hidden tests, with something in the place of each solution."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.messages.sentences import say
from grader.source.names import assigned, changed, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.model import Language
    from grader.source.marks import MarkedLine

NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A solution: the statements that students have to write, and what they stand in.

    `owner` is the function, class or variable of the cell that they are a part of, `function` the innermost function
    around them; both are empty outside.
    """

    statements: tuple[ast.stmt, ...]
    owner: str = ""
    function: str = ""

    @property
    def names(self) -> Iterator[str]:
        """Yield what it gives to something, or changes."""
        if self.owner:
            yield self.owner
        else:
            yield from (name for one in self.statements for name in (*assigned(one), *changed(one)))


def solved(lines: Sequence[MarkedLine]) -> str:
    """Return the code with its solutions; what is no part of it is blank, so that every line keeps its number."""
    return "\n".join(line.text if line.kind in {"given", "solution"} else "" for line in lines)


def hidden(lines: Sequence[MarkedLine]) -> str:
    """Return the hidden tests of a cell, at their lines."""
    return "\n".join(line.text if line.kind == "hidden" else "" for line in lines)


def answers_of(lines: Sequence[MarkedLine], code: str) -> Mapping[int, Solution]:
    """Return the solutions of a cell, by the line where each begins.

    `code` is the solved code as Python reads it; of a cell that it cannot read nothing is known.
    """
    tree = parsed(code)
    if tree is None:
        return {begin: Solution((ast.Pass(),)) for begin, _, _ in _solutions(lines)}
    return {begin: _answer(tree, first, last) for begin, first, last in _solutions(lines)}


def _answer(tree: ast.Module, first: int, last: int) -> Solution:
    around: ast.AST = tree
    owner, function = "", ""
    while (inner := _around(around, first, last)) is not None:
        if isinstance(inner, NAMED):
            owner = owner or inner.name
            function = "" if isinstance(inner, ast.ClassDef) else inner.name
        elif not list(_within(inner, first, last)):  # a part of a statement, such as the entries of a dict
            owner = owner or next(assigned(inner), "")
        around = inner
    return Solution(tuple(_within(around, first, last)), owner, function)


def _around(node: ast.AST, first: int, last: int) -> ast.AST | None:
    """Return what stands in another node and goes on before, or after, some lines that it holds."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler) and child.lineno < first and last <= (child.end_lineno or 0):
            return child
    return None


def stub_of(
    lines: Sequence[MarkedLine], answers: Mapping[int, Solution], *, spoken_of: frozenset[str], language: Language
) -> str:
    """Return the text that students are given.

    In a function a solution becomes a `raise`; outside of one, a definition that is still empty for each name that the
    rest of the notebook speaks of.
    """
    kept: list[str] = []
    for line in lines:
        if line.begins and not line.bare:
            answer = answers.get(line.number, Solution(()))
            indented = next((one for one in lines if one.number >= line.number and one.kind == "solution"), line)
            put = [
                f"{indented.indentation}{text}"
                for text in _instead(line, answer, spoken_of=spoken_of, language=language)
            ]
            if kept[-len(put) :] != put:  # two solutions without anything between them are one
                kept += put
        if line.kind in {"given", "prompt"}:
            kept.append(line.text)
    return "\n".join(kept).strip("\n")


def _instead(line: MarkedLine, answer: Solution, *, spoken_of: frozenset[str], language: Language) -> Iterator[str]:
    if line.kind == "solution" and (target := _target(answer.statements)):  # marked by itself: what it is for is given
        yield target
        return
    yield "# " + say("Your code here").in_language(language)
    if not answer.statements:  # a part of one, such as the entries of a dict: only its place can be shown
        return
    if answer.function:
        yield _raise(answer.function, language)
        return
    definitions = [text for one in answer.statements for text in _definition(one, language)]
    plain = [one for one in answer.statements if not isinstance(one, (*NAMED, ast.Import, ast.ImportFrom))]
    names = dict.fromkeys(name for one in plain for name in assigned(one) if name in spoken_of)
    yield from [*definitions, *(f"{name} = ..." for name in names)] or ["..."]


def _target(statements: Sequence[ast.stmt]) -> str:
    """Return an assignment without its value; empty where the statement is no assignment to names."""
    match list(statements):
        case [ast.Assign(targets=[ast.Name(id=name)])]:
            return f"{name} = ..."
        case [ast.AnnAssign(target=ast.Name(id=name), annotation=annotation)]:
            return f"{name}: {ast.unparse(annotation)} = ..."
        case [ast.Assign(targets=[ast.Tuple(elts=items) as target])] if all(isinstance(one, ast.Name) for one in items):
            return f"{ast.unparse(target).strip('()')} = {', '.join('...' for _ in items)}"
    return ""


def _definition(statement: ast.stmt, language: Language) -> Iterator[str]:
    """Yield a function or class without what it does."""
    if isinstance(statement, ast.ClassDef):
        head = ast.unparse(ast.ClassDef(statement.name, statement.bases, statement.keywords, [ast.Pass()], []))
        yield head.splitlines()[0]
        yield "    pass"
    elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        word = "async def" if isinstance(statement, ast.AsyncFunctionDef) else "def"
        returns = "" if statement.returns is None else f" -> {ast.unparse(statement.returns)}"
        yield f"{word} {statement.name}({ast.unparse(statement.args)}){returns}:"
        yield f"    {_raise(statement.name, language)}"


def _raise(name: str, language: Language) -> str:
    reminder = say("{name} is not written yet", name=name).in_language(language)
    return f'raise NotImplementedError("{reminder}")'


def _solutions(lines: Sequence[MarkedLine]) -> Iterator[tuple[int, int, int]]:
    """Yield the line where each solution begins, its first line of code and its last one."""
    begin, within = 0, list[int]()
    for line in lines:
        if line.begins or line.kind not in {"solution", "mark"}:
            if begin and within:
                yield begin, within[0], within[-1]
            begin, within = (line.number, []) if line.begins else (0, [])
        if begin and line.kind == "solution" and line.text.strip() and not line.text.lstrip().startswith("#"):
            within.append(line.number)
    if begin and within:
        yield begin, within[0], within[-1]


def _within(around: ast.AST, first: int, last: int) -> Iterator[ast.stmt]:
    """Yield the outermost statements inside of another one that lie between two lines."""
    for node in ast.iter_child_nodes(around):
        if isinstance(node, ast.stmt) and first <= node.lineno and (node.end_lineno or node.lineno) <= last:
            yield node
        elif isinstance(node, ast.stmt | ast.ExceptHandler):
            yield from _within(node, first, last)
