"""Every law has to hold for right answers, and an input that shows it broken has to be small enough to read.

The calls that a law makes depend on its arguments alone. So the law is first asked about the reference, which shows
its calls; the correct variants are asked these with all other questions, and then the law is asked about the answers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from grader.audit.finding import Broken, Finding, Part
from grader.errors import LabError
from grader.grading.explaining.broken import Asking, smallest_break
from grader.grading.explaining.known import answered
from grader.grading.explaining.searching import search
from grader.grading.key import LawCase
from grader.messages.sentences import say
from grader.model import Question, Returned
from grader.wire.given import fresh
from grader.wire.plain import encode_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.course.mistakes_and_laws import Law, Laws, Mistake
    from grader.model import Observation, Value

DRAWN = 40
"""How many inputs each law is tried with on the reference and on each mistake."""

PUT_TO_VARIANTS = 12
"""How many of them on each correct variant."""

MOST_NUMBERS = 3
HALF = frozenset({"float16", "bfloat16"})

Call: TypeAlias = "tuple[Value, ...]"


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A law with one input, and the calls that it makes."""

    case: LawCase
    calls: tuple[Call, ...]


def draw(laws: Laws) -> tuple[Call, ...]:
    """Return inputs for a task's laws, the same every time."""
    if laws.inputs is None:
        return ()
    drawn: list[Call] = []

    def keep(arguments: Call) -> bool:
        drawn.append(arguments)
        return False

    search(laws.inputs(), keep, most=DRAWN, shrinks=False)  # `keep` accepts none, so that all are drawn
    return tuple(drawn)


def trials(laws: Laws, inputs: Sequence[Call], oracle: Callable[..., object], *, file: Path) -> tuple[Trial, ...]:
    """Return every law of a task with each input, and the calls it makes; raise LabError for a law that raises."""
    return tuple(_trial(law, arguments, oracle, file=file) for law in laws.laws for arguments in inputs)


def calls_of(some: Sequence[Trial]) -> tuple[Call, ...]:
    """Return the calls of all trials, each once."""
    return tuple({form_of(call): call for trial in some for call in trial.calls}.values())


def form_of(call: Call) -> str:
    """Return a text that is the same for the same call alone; raise WireError for a call that cannot be asked."""
    return json.dumps([encode_value(value) for value in call])


def not_held(some: Sequence[Trial], answers: Mapping[str, Observation]) -> Iterator[Law]:
    """Yield the laws that do not hold for these answers by `form_of` their call; one that failed breaks its law too."""
    broken: dict[str, Law] = {}
    for trial in some:
        observed = [answers[form_of(call)] for call in trial.calls]
        values = [one.value for one in observed if isinstance(one, Returned)]
        if any(isinstance(one, Returned) and one.dtype in HALF for one in observed):
            continue  # the tolerance of a law is meant for single precision and better
        if len(values) < len(observed) or not trial.case.holds(values):
            broken.setdefault(trial.case.law.name, trial.case.law)
    yield from broken.values()


def laws_part(course: Course, lab: Lab, rows: Sequence[Broken], *, broken: Sequence[Finding]) -> Part:
    """Say which laws right answers break (`broken`), which no mistake breaks, and which need too large an input."""
    findings = list(broken)
    for row in rows:
        file = str(course.laws_folder(lab.name) / f"{row.task}.py")
        if not row.mistakes:
            text = say("no known mistake breaks the law {law}: what is it there for?", law=row.law)
            findings.append(Finding("advice", row.task, text, file=file))
        if row.largest > MOST_NUMBERS:
            text = say(
                "the law {law} is shown broken by {count} numbers, more than {most}: simplify inputs()",
                law=row.law,
                count=row.largest,
                most=MOST_NUMBERS,
            )
            findings.append(Finding("unfair", row.task, text, file=file))
    breaking = {(row.task, name) for row in rows for name in row.mistakes}
    numbers = sum(len(found) for task, found in lab.mistakes.items() if lab.laws[task].laws)
    text = say(
        "{count} laws; {breaking} of {numbers} mistakes of their tasks break one, shown by at most {largest} numbers",
        count=len(rows),
        breaking=len(breaking),
        numbers=numbers,
        largest=max((row.largest for row in rows), default=0),
    )
    if not rows:
        text = say("none are written down yet")
    return Part("laws", text, tuple(findings))


def reference_breaks(laws: Laws, inputs: Sequence[Call], oracle: Callable[..., object]) -> Iterator[Law]:
    """Yield the laws of a task that its own reference breaks."""
    for law in laws.laws:
        if _breaking(law, inputs, oracle) is not None:
            yield law


def breaks(task: str, laws: Laws, inputs: Sequence[Call], *, mistakes: Sequence[Mistake]) -> Iterator[Broken]:
    """Yield for each law the mistakes that break it, and the size of the input that a student would be shown."""
    inputs = sorted(inputs, key=numbers_in)  # so the first that breaks a law is small, if any is
    by_law: dict[str, list[str]] = {law.name: [] for law in laws.laws}
    largest: dict[str, int] = dict.fromkeys(by_law, 0)
    for mistake in mistakes:
        found = {
            law.name: shown for law in laws.laws if (shown := _breaking(law, inputs, mistake.function)) is not None
        }
        for name in found:
            by_law[name].append(mistake.name)
        if found:
            first = next(law for law in laws.laws if law.name in found)
            asking = Asking(task, partial(_all_answered, mistake))
            numbers = _numbers_shown(first, laws, asking, found=found[first.name])
            largest[first.name] = max(largest[first.name], numbers)
    for law in laws.laws:
        yield Broken(task, law.name, tuple(by_law[law.name]), largest=largest[law.name])


def _all_answered(mistake: Mistake, questions: Sequence[Question]) -> Sequence[Observation]:
    return [answered(mistake.function, question) for question in questions]


def _numbers_shown(law: Law, laws: Laws, asking: Asking, *, found: Call) -> int:
    """Return how many numbers the smallest input has that breaks a law; `found` is one, and often small enough."""
    if laws.inputs is None or numbers_in(found) <= MOST_NUMBERS:
        return numbers_in(found)
    return numbers_in(smallest_break(law, laws.inputs(), asking) or found)


def _trial(law: Law, arguments: Call, oracle: Callable[..., object], *, file: Path) -> Trial:
    calls: list[Call] = []

    def reference(*given: Any) -> np.ndarray:  # noqa: ANN401 (any task's arguments)
        calls.append(tuple(map(fresh, given)))
        form_of(given)
        return np.asarray(oracle(*given), np.float64)

    try:
        with np.errstate(all="ignore"):
            law.function(reference, *map(fresh, arguments))
    except Exception as error:  # a file of the course may raise anything
        problem = f"{type(error).__name__}: {error}"
        text = say(
            "{file}: the law {law}, asked about the reference, raises {problem}",
            file=file,
            law=law.name,
            problem=problem,
        )
        raise LabError(text) from error
    return Trial(LawCase(law, arguments), tuple(calls))


def _breaking(law: Law, inputs: Sequence[Call], function: Callable[..., object]) -> Call | None:
    """Return the first input with which a function's answers break a law, if there is one."""

    def ask(*given: Any) -> np.ndarray:  # noqa: ANN401 (any task's arguments)
        seen = answered(function, Question("", "law", given))
        if not isinstance(seen, Returned):
            raise TypeError
        return seen.value.astype(np.float64)

    def breaks_it(arguments: Call) -> bool:
        try:
            with np.errstate(all="ignore"):
                return not law.function(ask, *map(fresh, arguments))
        except (ValueError, IndexError, TypeError):  # an answer of another shape, which is no matter of a law
            return False

    return next((arguments for arguments in inputs if breaks_it(arguments)), None)


def numbers_in(arguments: Sequence[Any]) -> int:
    """Return how many numbers the largest array among some arguments has; of a stack of images, how many are not 0."""
    sizes = [
        _size(argument) if isinstance(argument, np.ndarray) else numbers_in(argument)
        for argument in arguments
        if isinstance(argument, np.ndarray | list | tuple)
    ]
    return max(sizes, default=0)


def _size(array: np.ndarray) -> int:
    return int(np.count_nonzero(array)) if array.ndim > 2 else array.size  # noqa: PLR2004 (rows and columns)
