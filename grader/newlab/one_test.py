"""One test of a notebook, and what was heard of it: the questions that it asks, and what of it is none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.messages.sentences import say
from grader.newlab.assertions import Assertions, Wanted
from grader.newlab.carried import REQUIRES, CarriedQuestion, NotCarried, told
from grader.newlab.classes import names_of_objects
from grader.newlab.examples import hidden_lines, tree_of
from grader.newlab.heard import Unwritable
from grader.newlab.reasons import reason_against_call, reason_against_variable
from grader.newlab.stopped_cells import why
from grader.newlab.tables import left_free
from grader.newlab.taken_away import taken_away

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Mapping

    from grader.model import Text
    from grader.newlab.heard import Heard, HeardCall, Position, ReadVariable
    from grader.source.model import AssertionPart, Source


class OneTest:
    """One test, and what was heard of it."""

    def __init__(self, test: AssertionPart, heard: Heard, source: Source, check: str) -> None:
        self._test, self._heard, self._check = test, heard, check
        self._answers, self._objects = source.answers, names_of_objects(source)
        self._failed = [one for one in heard.failed if one.test is test]
        self._hidden: frozenset[int] = frozenset()
        self.left: list[NotCarried] = [self._told(one.line, why(one, source, heard)) for one in self._failed]

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
                self.left.append(self._told(node.lineno, self._about_nothing(node, assertions)))
        self.left = list(dict.fromkeys(self.left))
        return [question for question, _, _ in found if question is not None]

    def _about_nothing(self, node: ast.stmt, assertions: Assertions) -> Text:
        """Return why an assertion is no question that looks at no function and no variable of the students'."""
        for name, objects in self._objects.items():
            if node in assertions.reached((), objects):
                return say(
                    "it asks about an object of the class {name}, which a question cannot name: write a probe that "
                    "makes the object and returns what is asked, and a task with `probe:` (docs/teachers.md)",
                    name=name,
                )
        return say("it asks for nothing that students write: no function is called, and no variable read")

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
            looking = assertions.looking(call.positions, ())
            wanted = replace(wanted, judge=left_free(wanted.judge, call.returned, looking))
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
            looking = assertions.looking((one.position,), (one.name,))
            wanted = replace(wanted, judge=left_free(wanted.judge, one.value, looking))
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
