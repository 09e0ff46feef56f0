"""What otter-grader writes around cells: blocks in raw cells, in older notebooks a question's settings in its text."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import yaml

from grader.source.names import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Word: TypeAlias = Literal["", "solution", "prompt", "tests"]

_BLOCK = re.compile(r"#+[ \t]*(BEGIN|END)[ \t]+(QUESTION|SOLUTION|PROMPT|TESTS?)\b", re.IGNORECASE)
_SETTINGS = re.compile(r"#+[ \t]*(?:ASSIGNMENT CONFIG|EXPORT)\b|[ \t]*$", re.IGNORECASE)
_FENCE = re.compile(
    r"(?:^```[ \t]*\n|<!--[ \t]*\n?)[ \t]*BEGIN (QUESTION|ASSIGNMENT)[ \t]*\n(?P<settings>.*?)(?:^```[ \t]*$|-->)\n?",
    re.MULTILINE | re.DOTALL,
)
_EXPORT = re.compile(r"<!--[ \t]*(?:EXPORT TO PDF|(?:BEGIN|END) QUESTION)[ \t]*-->\n?")
_TAG = re.compile(r"</?[a-z][^>\n]*>")
_IGNORED = re.compile(r"\s*#+[ \t]*IGNORE[ \t]*#*[ \t]*(?:\n|$)", re.IGNORECASE)
_TEST = re.compile(r"#+[ \t]*(?P<hidden>HIDDEN[ \t]+)?TEST[ \t]*#*[ \t]*", re.IGNORECASE)
_HIDDEN = re.compile(r"#+[ \t]*HIDDEN[ \t]*#*[ \t]*", re.IGNORECASE)
_TEST_SETTINGS = re.compile(
    r"\A\s*(?:\"\"\"|''')[ \t]*#[ \t]*BEGIN TEST CONFIG[ \t]*\n(?P<settings>.*?)"
    r"(?:\"\"\"|''')[ \t]*;?[ \t]*#[ \t]*END TEST CONFIG",
    re.DOTALL,
)
_GRADERS = frozenset({"otter", "grader", "ok", "client", "gofer"})


@dataclass(frozen=True, slots=True)
class OtterQuestion:
    """A question's settings: its name, its points for each test or for all together, and whether a person reads it."""

    name: str = ""
    points: tuple[Fraction, ...] = ()
    each: Fraction | None = None
    manual: bool = False

    @property
    def whole(self) -> Fraction | None:
        """What all of it is worth, where the settings say that."""
        return sum(self.points, Fraction(0)) if self.points else None

    def points_of(self, test: int, tests: int) -> Fraction | None:
        """Return what one of its tests is worth, counted from 0: what it says of each, or its share of the whole."""
        if self.each is not None:
            return self.each
        if len(self.points) == tests:
            return self.points[test]
        return None if self.whole is None else self.whole / tests


@dataclass(frozen=True, slots=True)
class OtterBlock:
    """Where in otter's blocks a cell stands: its question, what the block is, and whether a prompt came before it."""

    question: OtterQuestion = OtterQuestion()
    word: Word = ""
    prompted: bool = False

    def after_raw(self, source: str) -> OtterBlock | None:
        """Return where the cells behind a raw cell stand; None where the raw cell is none of otter's."""
        source = _TAG.sub("", source).lstrip()
        found = _BLOCK.match(source)
        if found is None:
            return self if _SETTINGS.match(source) else None
        begins, word = found[1].upper() == "BEGIN", found[2].upper().removesuffix("S")
        if word == "QUESTION":
            settings = source.partition("\n")[2]
            return OtterBlock(_question(settings)) if begins else OtterBlock()
        words: Mapping[str, Word] = {"SOLUTION": "solution", "PROMPT": "prompt", "TEST": "tests"}
        return replace(self, word=words[word] if begins else "", prompted=self.prompted or word == "PROMPT")

    def after_text(self, source: str) -> OtterBlock:
        """Return where the cells behind a text stand, which may have a question's settings in it."""
        found = _FENCE.search(source)
        if found is None:
            return self
        return OtterBlock(_question(found["settings"]) if found[1] == "QUESTION" else OtterQuestion())


@dataclass(frozen=True, slots=True)
class TestHead:
    """What stands in front of a test: whether it is hidden, and its points; how many lines that takes."""

    lines: int
    hidden: bool = False
    points: Fraction | None = None


NO_HEAD = TestHead(0)


def test_head(source: str, *, in_tests: bool) -> TestHead | None:
    """Return the head of a test; None where a cell is no test. `in_tests` says that it stands in a block of tests."""
    if found := _TEST_SETTINGS.match(source):
        settings = _settings(found["settings"])
        lines = source[: found.end()].count("\n") + 1
        return TestHead(lines, hidden=bool(settings.get("hidden")), points=_fraction(settings.get("points")))
    first = source.lstrip("\n").partition("\n")[0].strip()
    before = len(source) - len(source.lstrip("\n"))
    if named := _TEST.fullmatch(first):
        return TestHead(before + 1, hidden=named["hidden"] is not None)
    if in_tests and _HIDDEN.fullmatch(first):
        return TestHead(before + 1, hidden=True)
    return NO_HEAD if in_tests else None


def without_settings(text: str) -> str:
    """Return a text as students are given it, without otter's settings in it."""
    return _EXPORT.sub("", _FENCE.sub("", text)).strip("\n")


def is_of_the_grader(code: str) -> bool:
    """Say whether a cell does nothing but call an autograder (`grader.check("q1")`, `import otter`), or is ignored."""
    if _IGNORED.match(code):
        return True
    tree = parsed(code)
    return tree is not None and bool(tree.body) and all(_calls_a_grader(one) for one in tree.body)


def checked(code: str) -> Iterator[str]:
    """Yield the names of the questions that a cell has an autograder check: `grader.check("q1")`."""
    tree = parsed(code)
    for node in ast.walk(tree) if tree is not None else ():
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="grader" | "ok"), attr="check" | "grade"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name


def _calls_a_grader(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import(names=[ast.alias(name=name)]) | ast.ImportFrom(module=str(name)):
            return name.split(".")[0] in _GRADERS
        case ast.Assign(value=ast.Call() as call) | ast.Expr(value=ast.Call() as call):
            root: ast.AST = call
            while isinstance(root, ast.Call | ast.Attribute):
                root = root.func if isinstance(root, ast.Call) else root.value
            return isinstance(root, ast.Name) and (root.id in _GRADERS or root.id == "Notebook")
    return False


def _question(settings: str) -> OtterQuestion:
    found = _settings(settings)
    points = found.get("points")
    each = points.get("each") if isinstance(points, dict) else None
    listed = points if isinstance(points, list) else [points]
    return OtterQuestion(
        str(found.get("name", "")),
        tuple(one for one in map(_fraction, listed) if one is not None),
        _fraction(each),
        manual=found.get("manual") is True,
    )


def _settings(text: str) -> dict[str, Any]:
    """Return settings as YAML has them; none where they are no YAML, for otter is what refuses them."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}
    return found if isinstance(found, dict) else {}


def _fraction(points: object) -> Fraction | None:
    if isinstance(points, bool) or not isinstance(points, int | float) or points < 0:
        return None
    return Fraction(repr(points))
