"""Every law has to hold for right answers, and what shows a mistake that breaks one has to be small enough to read.

The calls that a law makes depend on its arguments alone. So they are found by asking it about the reference, put to
the correct variants with all other questions, and the law is held against the answers afterwards.
"""

from __future__ import annotations

import contextlib
import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from grader.audit.finding import Broken, Finding, Part
from grader.errors import LabError
from grader.grading.explaining.broken import Asking, smallest_break
from grader.grading.explaining.known import answered
from grader.grading.key import LawCase
from grader.messages.sentences import say
from grader.model import Question, Returned
from grader.wire.values import copied, encode_argument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.course.mistakes_and_laws import Law, Laws, Mistake
    from grader.model import Observation, Value

DRAWN = 40
"""With how many inputs each law is tried on the reference and on each mistake."""

PUT_TO_VARIANTS = 12
"""With how many of them on each correct variant."""

MOST_NUMBERS = 3
HALF = frozenset({"float16", "bfloat16"})

Call: TypeAlias = "tuple[Value, ...]"


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A law with one input, and the calls that it makes."""

    case: LawCase
    calls: tuple[Call, ...]


def draw(laws: Laws) -> tuple[Call, ...]:
    """Return inputs of a task's laws, the same every time."""
    if laws.inputs is None:
        return ()
    from hypothesis import HealthCheck, Phase, find, settings  # noqa: PLC0415 (heavy, and not every lab has laws)
    from hypothesis.errors import NoSuchExample  # noqa: PLC0415 (same)

    drawn: list[Call] = []
    quiet = settings(
        max_examples=DRAWN,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    def keep(arguments: Call) -> bool:
        drawn.append(arguments)
        return False

    with contextlib.suppress(NoSuchExample):  # as it must end: nothing is what is looked for
        find(laws.inputs(), keep, settings=quiet, random=random.Random(0))  # noqa: S311 (no secret)
    return tuple(drawn)


def trials(laws: Laws, inputs: Sequence[Call], oracle: Callable[..., object], file: Path) -> tuple[Trial, ...]:
    """Return every law of a task with each of some inputs, and its calls; raise LabError for a law that raises."""
    return tuple(_trial(law, arguments, oracle, file) for law in laws.laws for arguments in inputs)


def calls_of(some: Sequence[Trial]) -> tuple[Call, ...]:
    """Return the calls of all trials, each once."""
    return tuple({form_of(call): call for trial in some for call in trial.calls}.values())


def form_of(call: Call) -> str:
    """Return what tells a call from every other one; raise WireError for what cannot be asked."""
    return json.dumps([encode_argument(value) for value in call])


def not_held(some: Sequence[Trial], answers: Mapping[str, Observation]) -> Iterator[Law]:
    """Yield the laws that do not hold for these answers, by call: also where one of them is no answer."""
    broken: dict[str, Law] = {}
    for trial in some:
        observed = [answers[form_of(call)] for call in trial.calls]
        values = [one.value for one in observed if isinstance(one, Returned)]
        if any(isinstance(one, Returned) and one.dtype in HALF for one in observed):
            continue  # a law's tolerance is made for the precision that other answers have
        if len(values) < len(observed) or not trial.case.holds(values):
            broken.setdefault(trial.case.law.name, trial.case.law)
    yield from broken.values()


def laws_part(course: Course, lab: Lab, rows: Sequence[Broken], broken: Sequence[Finding]) -> Part:
    """Say which laws do not hold for right answers, which are idle, and which are shown by too large an input."""
    findings = list(broken)
    for row in rows:
        file = str(course.laws_folder(lab.name) / f"{row.task}.py")
        if not row.mistakes:
            told = say("no known mistake breaks the law {law}: what is it there for?", law=row.law)
            findings.append(Finding("advice", row.task, told, file))
        if row.largest > MOST_NUMBERS:
            told = say(
                "the law {law} is shown broken by {count} numbers, more than {most}: simplify inputs()",
                law=row.law,
                count=row.largest,
                most=MOST_NUMBERS,
            )
            findings.append(Finding("unfair", row.task, told, file))
    breaking = {(row.task, name) for row in rows for name in row.mistakes}
    numbers = sum(len(found) for task, found in lab.mistakes.items() if lab.laws[task].laws)
    told = say(
        "{count} laws; {breaking} of {numbers} mistakes of their tasks break one, shown by at most {largest} numbers",
        count=len(rows),
        breaking=len(breaking),
        numbers=numbers,
        largest=max((row.largest for row in rows), default=0),
    )
    return Part("laws", told, tuple(findings))


def reference_breaks(laws: Laws, inputs: Sequence[Call], oracle: Callable[..., object]) -> Iterator[Law]:
    """Yield the laws of a task that its own reference breaks."""
    for law in laws.laws:
        if _breaking(law, inputs, oracle) is not None:
            yield law


def breaks(task: str, laws: Laws, inputs: Sequence[Call], mistakes: Sequence[Mistake]) -> Iterator[Broken]:
    """Yield for each law the mistakes that break it, and how large the input is that a student would be shown."""
    inputs = sorted(inputs, key=numbers_in)  # the first that breaks a law is then small enough, or hardly any is
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
            largest[first.name] = max(
                largest[first.name], _numbers_shown(first, laws, task, mistake, found[first.name])
            )
    for law in laws.laws:
        yield Broken(task, law.name, tuple(by_law[law.name]), largest[law.name])


def _numbers_shown(law: Law, laws: Laws, task: str, mistake: Mistake, found: Call) -> int:
    """Return of how many numbers the smallest input is; it need not be searched where one is small enough already."""
    if numbers_in(found) <= MOST_NUMBERS:
        return numbers_in(found)
    return numbers_in(smallest_break(law, _strategy(laws), _asking(task, mistake)) or found)


def _trial(law: Law, arguments: Call, oracle: Callable[..., object], file: Path) -> Trial:
    calls: list[Call] = []

    def reference(*given: Any) -> np.ndarray:  # noqa: ANN401 (any task's arguments)
        calls.append(tuple(map(copied, given)))
        form_of(given)
        return np.asarray(oracle(*given), np.float64)

    try:
        with np.errstate(all="ignore"):
            law.function(reference, *map(copied, arguments))
    except Exception as error:  # a staff file may raise anything; it is told, not swallowed
        problem = f"{type(error).__name__}: {error}"
        told = say(
            "{file}: the law {law}, asked about the reference, raises {problem}",
            file=file,
            law=law.name,
            problem=problem,
        )
        raise LabError(told) from error
    return Trial(LawCase(law, arguments), tuple(calls))


def _strategy(laws: Laws) -> Any:  # noqa: ANN401 (a SearchStrategy)
    if laws.inputs is None:
        raise AssertionError
    return laws.inputs()


def _asking(task: str, mistake: Mistake) -> Asking:
    return Asking(task, lambda question: answered(mistake.function, question))


def _breaking(law: Law, inputs: Sequence[Call], function: Callable[..., object]) -> Call | None:
    """Return the first of some inputs for which a law does not hold of a function's answers."""

    def ask(*given: Any) -> np.ndarray:  # noqa: ANN401 (any task's arguments)
        seen = answered(function, Question("", "law", given))
        if not isinstance(seen, Returned):
            raise TypeError
        return seen.value.astype(np.float64)

    def breaks_it(arguments: Call) -> bool:
        try:
            with np.errstate(all="ignore"):
                return not law.function(ask, *map(copied, arguments))
        except (ValueError, IndexError, TypeError):  # an answer of another shape: not a law's business
            return False

    return next((arguments for arguments in inputs if breaks_it(arguments)), None)


def numbers_in(arguments: Sequence[Any]) -> int:
    """Return of how many numbers the largest array among some arguments is; of a stack of pictures those not 0."""
    sizes = [
        _size(argument) if isinstance(argument, np.ndarray) else numbers_in(argument)
        for argument in arguments
        if isinstance(argument, np.ndarray | list | tuple)
    ]
    return max(sizes, default=0)


def _size(array: np.ndarray) -> int:
    return int(np.count_nonzero(array)) if array.ndim > 2 else array.size  # noqa: PLR2004 (rows and columns)
