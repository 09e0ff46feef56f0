"""What of a notebook's tests becomes questions: which task, which check and which points, and what does not and why."""

from __future__ import annotations

import json
import keyword
import re
from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from grader.messages.sentences import say
from grader.newlab.assertions import Assertions, Wanted, mildest
from grader.newlab.examples import hidden_lines, points_of, tree_of
from grader.newlab.given_functions import GivenFunctions
from grader.newlab.heard import Unwritable
from grader.newlab.reasons import reason_against_call, reason_against_variable
from grader.newlab.taken_away import taken_away
from grader.source.model import AssertionPart, CodePart, ManualPart
from grader.source.names import bound, parsed
from grader.wire.plain import encode_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.model import Text, Value
    from grader.newlab.heard import FailedStatement, Heard, HeardCall, Position, ReadVariable
    from grader.source.model import Source

LONGEST_SHOWN = 70
CENT = Fraction(1, 100)
ONE = Fraction(1)
_DRAWN = re.compile(r"cell-[0-9a-f]{8,}")
"""The name that nbgrader draws for a cell to which its author gives none."""
REQUIRES = "requires"
"""The kind of a question that is none: what a function has to call, for the test takes it away."""


@dataclass(frozen=True, slots=True, eq=False)
class CarriedQuestion:
    """A question: `inputs` by the names of the parameters, `judge` as a rubric writes it."""

    task: str
    check: str
    test: AssertionPart
    line: int
    inputs: Mapping[str, Value]
    judge: Mapping[str, object] | None = None
    public: bool = False
    manner: str = "call"
    """How it is put: "call", "variable", or the name of a probe."""
    asks_more: bool = False
    """Whether it looks at more of the answer than the notebook's own assertion did."""


@dataclass(frozen=True, slots=True)
class NotCarried:
    """Something of a notebook that became no question: where it stands, and why."""

    cell: int
    line: int
    shown: str
    because: Text
    file: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class CarriedCheck:
    """The questions of one test of the notebook about one answer, and what they are worth."""

    name: str
    points: Fraction
    questions: tuple[CarriedQuestion, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CarriedTask:
    """An answer that is asked for."""

    name: str
    manner: str
    checks: tuple[CarriedCheck, ...]

    @property
    def points(self) -> Fraction:
        """Return the sum of its checks."""
        return sum((check.points for check in self.checks), Fraction(0))


@dataclass(frozen=True, slots=True, eq=False)
class CarriedOver:
    """A notebook's tests as tasks, and what of them was left; `probes` has the functions that arguments name."""

    tasks: tuple[CarriedTask, ...]
    probes: str = ""
    left: tuple[NotCarried, ...] = ()
    manual: tuple[ManualPart, ...] = ()

    @property
    def questions(self) -> tuple[CarriedQuestion, ...]:
        """Return all questions."""
        return tuple(one for task in self.tasks for check in task.checks for one in check.questions)

    @property
    def points(self) -> Fraction:
        """Return the sum of the tasks."""
        return sum((task.points for task in self.tasks), Fraction(0))


def carry_over(source: Source, heard: Heard) -> CarriedOver:
    """Return the tasks that a notebook's tests make, in the order in which its answers are written."""
    names, functions = _check_names(source), GivenFunctions()
    found: list[CarriedQuestion] = []
    left = [_told_of_code(one, source) for one in heard.failed if one.test is None and not _is_consequence(one, source)]
    heard = replace(heard, calls=tuple(_with_functions(call, functions) for call in heard.calls))
    for test in names:
        reading = _OneTest(test, heard, source, check=names[test])
        found += reading.questions()
        left += reading.left
    manners = _manners(found)
    kept = [one for one in found if one.manner == manners[one.task]]
    left += [_other_manner(one) for one in found if one.manner != manners[one.task]]
    points, lost = _points(source, names, kept)
    left += lost
    tasks = [_task(name, manners[name], kept, points=points) for name in source.answers if name in manners]
    manual = tuple(part for part in source.parts if isinstance(part, ManualPart))
    kept_tasks = tuple(task for task in tasks if task.checks)
    return CarriedOver(kept_tasks, functions.text, tuple(left), manual=manual)


def _with_functions(call: HeardCall, functions: GivenFunctions) -> HeardCall:
    """Return a call with the names of the functions that it is given, where these can stand in a file."""
    given = {
        name: (functions.given(value) or value) if isinstance(value, Unwritable) else value
        for name, value in call.inputs.items()
    }
    return replace(call, inputs=given)


class _OneTest:
    """One test, and what was heard of it."""

    def __init__(self, test: AssertionPart, heard: Heard, source: Source, check: str) -> None:
        self._test, self._heard, self._check = test, heard, check
        self._answers = source.answers
        self._failed = [one for one in heard.failed if one.test is test]
        self._hidden: frozenset[int] = frozenset()
        self.left: list[NotCarried] = [self._told(one.line, why(one, source)) for one in self._failed]

    def questions(self) -> list[CarriedQuestion]:
        """Return the questions of the test; `left` then has what is none, each place once."""
        try:
            tree = tree_of(self._test)
            self._hidden = hidden_lines(self._test)
        except SyntaxError:  # which is among what failed
            return []
        assertions = Assertions(tree, self._answers)
        for name, node in taken_away(tree):
            text = say("students are to do without {name}: write `calls: {{forbid: [{name}]}}` in a check", name=name)
            self.left.append(self._told(node.lineno, text))
        found = [*self._of_calls(assertions), *self._of_variables(assertions)]
        places = {place for _, _, several in found for place in several}
        reached = assertions.reached(places, self._heard_names())
        lines = {one.line for one in self._failed}
        for node in assertions.all:
            if node not in reached and not lines & set(range(node.lineno, (node.end_lineno or node.lineno) + 1)):
                text = say("it asks for nothing that students write: no function is called, and no variable read")
                self.left.append(self._told(node.lineno, text))
        self.left = list(dict.fromkeys(self.left))
        return [question for question, _, _ in found if question is not None]

    def _heard_names(self) -> set[str]:
        calls = {one.name for one in self._heard.calls if one.test is self._test}
        return calls | {one.name for one in self._heard.variables if one.test is self._test}

    def _of_calls(
        self, assertions: Assertions
    ) -> Iterator[tuple[CarriedQuestion | None, Wanted, tuple[Position, ...]]]:
        errors = [one.error for one in self._failed]
        for call in self._heard.calls:
            if call.test is not self._test:
                continue
            wanted = assertions.wanted(call.positions, call.returned)
            line = call.positions[-1].line if call.positions else 1
            fails = call.raised in errors or self._is_refuted(call)
            because = None if fails or self._taken(call) else reason_against_call(call, self._heard)
            if because is not None:
                self.left.append(self._told(line, because))
            question = None if fails or because is not None else self._question(call, wanted, line)
            yield question, wanted, call.positions

    def _taken(self, call: HeardCall) -> str | None:
        """Return the name that the test takes away, and without which the call raises, as it has to."""
        name = call.raised.name if isinstance(call.raised, NameError) else None
        return name if name is not None and callable(self._heard.names.get(name)) else None

    def _is_refuted(self, call: HeardCall) -> bool:
        """Say whether the call stands in an assertion that is not true of the solution itself."""
        lines = {line for place in call.positions for line in range(place.line, place.end_line + 1)}
        return any(type(one.error) is AssertionError and one.line in lines for one in self._failed)

    def _question(self, call: HeardCall, wanted: Wanted, line: int) -> CarriedQuestion:
        prints = call.returned is None and bool(call.printed) and call.raised is None
        judge: Mapping[str, object] | None = {"kind": "printed"} if prints else wanted.judge
        if call.raised is not None:
            judge = {"kind": "raises"}
        if (taken := self._taken(call)) is not None:
            judge = {"kind": REQUIRES, "require": taken}
        return CarriedQuestion(
            call.name,
            self._check,
            self._test,
            line=line,
            inputs={name: value for name, value in call.inputs.items() if not isinstance(value, Unwritable)},
            judge=judge,
            public=not self._hidden & {place.line for place in call.positions},
            manner="printed" if prints else "call",
            asks_more=not (wanted.whole or prints or call.raised is not None),
        )

    def _of_variables(
        self, assertions: Assertions
    ) -> Iterator[tuple[CarriedQuestion | None, Wanted, tuple[Position, ...]]]:
        for one in self._heard.variables:
            if one.test is not self._test:
                continue
            wanted = assertions.wanted((one.position,), one.value)
            because = reason_against_variable(one, self._heard)
            if because is not None:
                self.left.append(self._told(one.position.line, because))
            yield None if because is not None else self._about(one, wanted), wanted, (one.position,)

    def _about(self, one: ReadVariable, wanted: Wanted) -> CarriedQuestion:
        return CarriedQuestion(
            one.name,
            self._check,
            self._test,
            line=one.position.line,
            inputs={},
            judge=wanted.judge,
            manner="variable",
            asks_more=not wanted.whole,
        )

    def _told(self, line: int, because: Text) -> NotCarried:
        return told(self._test, line, because)


def told(test: AssertionPart, line: int, because: Text) -> NotCarried:
    """Return something of a test that became no question."""
    return NotCarried(
        test.cell, line, _shown(test.code, line), because=because, file=test.file.name if test.file else ""
    )


def why(failed: FailedStatement, source: Source) -> Text:
    """Return why a statement that raised is no question."""
    if _is_consequence(failed, source):
        name = getattr(failed.error, "name", "")
        return say("it needs {name}, which the notebook does not get to: see what fails before", name=name)
    error = f"{type(failed.error).__name__}: {failed.error}".strip(": ").partition("\n")[0][:200]
    if isinstance(failed.error, ModuleNotFoundError):
        name = str(failed.error.name).partition(".")[0]
        return say("the package {name} is not here: install it, and give the command again", name=name)
    return say("the notebook's own solution fails here: {error}", error=error)


def _is_consequence(failed: FailedStatement, source: Source) -> bool:
    """Say whether a name is not there that a statement of the notebook gives, which must have failed before."""
    name = failed.error.name if isinstance(failed.error, NameError) else None
    return name is not None and any(name in _bound(part.code) for part in source.parts if isinstance(part, CodePart))


@cache
def _bound(code: str) -> frozenset[str]:
    tree = parsed(code)
    return frozenset(name for node in (tree.body if tree is not None else ()) for name in bound(node))


def _told_of_code(one: FailedStatement, source: Source) -> NotCarried:
    return NotCarried(one.cell, one.line, "", because=why(one, source))


def _other_manner(one: CarriedQuestion) -> NotCarried:
    text = say("{name} returns something for some questions and prints for others; a task asks for one", name=one.task)
    return told(one.test, one.line, text)


def _shown(code: str, line: int) -> str:
    lines = code.splitlines()
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _manners(found: Sequence[CarriedQuestion]) -> Mapping[str, str]:
    """Return how each task is asked: as most of its questions are."""
    counts: dict[str, Counter[str]] = {}
    for one in found:
        counts.setdefault(one.task, Counter())[one.manner] += 1
    return {task: count.most_common(1)[0][0] for task, count in counts.items()}


# Checks and points ------------------------------------------------------------------------------------------------


def _check_names(source: Source) -> Mapping[AssertionPart, str]:
    """Return the name of the check that each test belongs to: the notebook's own, made a Python name."""
    tests = [part for part in source.parts if isinstance(part, AssertionPart)]
    return {
        test: identifier(
            test.question if test.question and not _DRAWN.fullmatch(test.question) else f"cell_{test.cell}"
        )
        for test in tests
    }


def identifier(name: str) -> str:
    """Return a name that Python allows."""
    plain = re.sub(r"\W+", "_", name).strip("_") or "check"
    plain = f"q{plain}" if plain[0].isdigit() else plain
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def _points(
    source: Source, names: Mapping[AssertionPart, str], kept: Sequence[CarriedQuestion]
) -> tuple[Mapping[tuple[str, str], Fraction], list[NotCarried]]:
    """Return the points of each check of each task, by the names of both, and the tests that are worth nothing here."""
    points: dict[tuple[str, str], Fraction] = {}
    lost: list[NotCarried] = []
    worths = {test: _worth(test) for test in names}
    has_points = any(worths.values())  # else the notebook gives none, and each test is worth one
    for check in dict.fromkeys(names.values()):
        tests = [test for test, name in names.items() if name == check]
        given = [worth for test in tests if has_points and (worth := worths[test]) is not None]
        worth = sum(given, Fraction(0)) if given else ONE
        tasks = [task for task in source.answers if any((one.task, one.check) == (task, check) for one in kept)]
        if not tasks or worth == 0:
            lost.append(told(tests[0], _first_line(tests[0]), _lost(worth, tests, is_asked=bool(tasks))))
            continue
        points.update(zip(((task, check) for task in tasks), shares(worth, len(tasks)), strict=True))
    return points, lost


def _worth(test: AssertionPart) -> Fraction | None:
    try:
        return points_of(test)
    except SyntaxError:  # it is among what failed
        return None


def _lost(worth: Fraction, tests: Sequence[AssertionPart], *, is_asked: bool) -> Text:
    if is_asked:
        return say("it is worth no points in the notebook; give it some in the rubric by hand")
    number = float(worth)
    name = tests[0].question or f"In [{tests[0].cell}]"
    return say("nothing of {name} became a question: its points ({points:g}) are left out", name=name, points=number)


def _first_line(test: AssertionPart) -> int:
    lines = test.code.splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.strip()), 1)


def shares(worth: Fraction, count: int) -> list[Fraction]:
    """Return a number of points in even shares of whole hundredths, which add up to it."""
    whole = Fraction(round(worth / CENT)) * CENT or CENT
    share = max(CENT, Fraction(int(whole / count / CENT)) * CENT)
    return [max(CENT, whole - share * (count - 1)), *[share] * (count - 1)]


def _task(
    name: str, manner: str, kept: Sequence[CarriedQuestion], *, points: Mapping[tuple[str, str], Fraction]
) -> CarriedTask:
    mine = [one for one in kept if one.task == name]
    checks = [
        CarriedCheck(check, points[name, check], tuple(_once([one for one in mine if one.check == check])))
        for check in dict.fromkeys(one.check for one in mine)
        if (name, check) in points
    ]
    return CarriedTask(name, manner, tuple(checks))


def _once(questions: Sequence[CarriedQuestion]) -> Iterator[CarriedQuestion]:
    """Yield each question once: public if it is so anywhere, and as mildly judged as anywhere."""
    alike: dict[str, list[CarriedQuestion]] = {}
    for one in questions:
        alike.setdefault(
            f"{(one.judge or {}).get('kind') == REQUIRES} {json.dumps(encode_value(tuple(one.inputs.values())))}", []
        ).append(one)
    for several in alike.values():
        about = [one for one in several if not one.asks_more] or several
        yield replace(
            several[0],
            judge=mildest([one.judge for one in about]),
            public=any(one.public for one in several),
            asks_more=all(one.asks_more for one in several),
        )
