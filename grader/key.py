"""Rubric + reference + seed -> the questions and their expected answers, computed once for all submissions.

Only the questions ever leave this process; the expected answers are held against what comes back.
"""

from __future__ import annotations

import copy
import hashlib
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from grader import checks
from grader.located import Problem
from grader.messages import say
from grader.model import Array, Question, Text, Value
from grader.registry import module_in
from grader.rubric import Check, Entry, options_of, value_of
from grader.wire import WireError, encode_argument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from grader.errors import LabError
    from grader.lab import Lab
    from grader.located import Keys
    from grader.model import Judgement, Returned

DEFAULT_KIND = "close"


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question with what only this side knows: its expected answer, and how an answer is judged."""

    question: Question
    names: tuple[str, ...]
    public: bool
    expected: Array
    kind: str
    options: Mapping[str, Any]

    def judge(self, observed: Returned) -> Judgement:
        """Hold an answer against the expected one."""
        judgement: Judgement = module_in(checks, self.kind).judge(observed, self.expected, **self.options)
        return judgement


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """All questions of a lab under one seed, in the order in which they are asked."""

    lab: str
    seed: int
    asked: tuple[Asked, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return what a submission may see."""
        return tuple(asked.question for asked in self.asked)


def make_key(lab: Lab, seed: int) -> Key:
    """Ask the reference every question; raise LabError for one that it cannot answer, with its line in the rubric.

    The same lab and seed give the same key. A question depends on the seed, the lab, the task, the check and its
    place in the check alone, so that adding a check leaves the others' questions as they were.
    """
    return Key(lab.name, seed, tuple(_all_asked(lab, seed)))


def _all_asked(lab: Lab, seed: int) -> Iterator[Asked]:
    for task_name, task in lab.rubric.tasks.items():
        names = tuple(inspect.signature(lab.oracle(task_name)).parameters)
        for check_name, check in task.checks.items():
            for position, entry in enumerate(check.questions):
                keys: Keys = ("tasks", task_name, "checks", check_name, "questions", position)
                for number in range(entry.count):
                    given = _arguments(
                        lab, entry, names, (seed, lab.name, task_name, check_name, position, number), keys
                    )
                    expected = _expected(lab, task_name, given, keys)
                    kind, options = _kind(check, entry)
                    question = Question(task_name, check_name, given)
                    yield Asked(question, names, entry.public, expected, kind, options)


def _kind(check: Check, entry: Entry) -> tuple[str, Mapping[str, Any]]:
    judge: Any = entry.judge or check.judge
    return (DEFAULT_KIND, {}) if judge is None else (judge.kind, options_of(judge))


def _arguments(
    lab: Lab, entry: Entry, names: tuple[str, ...], path: tuple[int | str, ...], keys: Keys
) -> tuple[Value, ...]:
    if entry.inputs is not None:
        return tuple(value_of(entry.inputs[name]) for name in names)
    maker: Callable[[np.random.Generator], Any] = getattr(lab.reference, entry.make or "")
    words = hashlib.sha256(repr(path).encode()).digest()
    made = _call(lab, lambda: maker(np.random.default_rng(np.frombuffer(words, np.uint32))), keys)
    if not isinstance(made, dict) or list(made) != list(names):
        told = say("the maker {maker} must return a dict of {names}, in this order", maker=entry.make, names=names)
        _refuse(lab, keys, told)
    try:
        for value in made.values():
            encode_argument(value)
    except WireError as error:
        _refuse(lab, keys, say("the maker {maker}: {problem}", maker=entry.make, problem=error))
    return tuple(made.values())


def _expected(lab: Lab, task: str, given: tuple[Value, ...], keys: Keys) -> Array:
    mine = copy.deepcopy(given)
    with np.errstate(all="ignore"):
        answer: Any = _call(lab, lambda: lab.oracle(task)(*mine), keys)
    expected = np.asarray(answer)
    if expected.dtype.kind not in "biuf":
        _refuse(lab, keys, say("the reference answers {answer}, which is no number", answer=repr(answer)[:80]))
    if not np.isfinite(expected).all():
        _refuse(
            lab,
            keys,
            say("the reference answers {answer}: an answer must be finite", answer=expected.tolist()),
        )
    if not all(_same(one, other) for one, other in zip(given, mine, strict=True)):
        _refuse(lab, keys, say("the reference changes its inputs; it must leave them as they are"))
    return expected


def _call(lab: Lab, act: Callable[[], object], keys: Keys) -> object:
    try:
        return act()
    except Exception as error:  # noqa: BLE001 (a staff file may raise anything; it is told, not swallowed)
        _refuse(lab, keys, say("the reference raises {error}", error=f"{type(error).__name__}: {error}"))


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401 (any argument)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(np.array_equal(one, other))


def _refuse(lab: Lab, keys: Keys, text: Text) -> NoReturn:
    error: LabError = lab.located.refusal([Problem(keys, text)])
    raise error
