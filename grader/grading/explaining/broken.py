"""A broken law: what holds for every right answer does not hold here, as the smallest input that breaks it shows.

Hypothesis searches for an input and shrinks it, asking the submission's own kernel. Hidden questions are not used. The
calls of the search go together, as questions do: alone, they could be told from those.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.course.recorded import UnansweredError
from grader.errors import SandboxError
from grader.grading.explaining import Explanation
from grader.grading.explaining.searching import search
from grader.messages.format_values import NO_ANSWER, outcome, shown
from grader.model import Evidence, Exchange, Question, Returned
from grader.wire.plain import encode_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.course.mistakes_and_laws import Law, Laws
    from grader.model import Observation

    Ask = Callable[[Sequence[Question]], Sequence[Observation]]
    """Puts further questions to the submission, together."""

RTOL = 1e-4
MOST_EXAMPLES = 60
MOST_QUESTIONS = 600
"""How many questions the search may ask one by one, at about two milliseconds each."""
MOST_AHEAD = 200
"""How many are asked together, before the search."""


class _NoAnswerError(Exception):
    """The kernel gave no numbers, so that a law cannot be tried."""


class Asking:
    """A student's function as laws call it. It keeps the answers, and asks a limited number of questions one by one."""

    def __init__(self, task: str, ask: Ask) -> None:
        self.task = task
        self._ask = ask
        self._left = MOST_QUESTIONS
        self._known: dict[str, Observation] = {}

    def __call__(self, *arguments: Any) -> np.ndarray:  # noqa: ANN401 (any task's arguments)
        """Return the answer, float64; raise _NoAnswerError where no numbers came."""
        observed = self.observed(arguments)
        if not isinstance(observed, Returned):
            raise _NoAnswerError
        value = observed.value.astype(np.float64)
        if not np.isfinite(value).all():  # a law that nan does not obey is not what is wrong with it
            raise _NoAnswerError
        return value.reshape(()) if value.size == 1 and value.ndim == 0 else value

    def observed(self, arguments: Sequence[Any]) -> Observation:
        """Return what the kernel answers; raise _NoAnswerError when enough has been asked.

        Hypothesis tries its last example again. That must not need a further question, or it calls the search flaky.
        """
        form = _form(arguments)
        if form not in self._known:
            if self._left <= 0:
                raise _NoAnswerError
            self._left -= 1
            [self._known[form]] = self._ask([self._question(arguments)])
        return self._known[form]

    def ahead(self, calls: Sequence[Sequence[Any]]) -> None:
        """Ask the first MOST_AHEAD of these together; when they are asked for, the answers are then known."""
        waiting = {_form(arguments): self._question(arguments) for arguments in calls}
        forms = tuple(waiting)[:MOST_AHEAD]
        self._known.update(zip(forms, self._ask([waiting[form] for form in forms]), strict=True))

    def _question(self, arguments: Sequence[Any]) -> Question:
        return Question(self.task, "law", tuple(arguments))


def _form(arguments: Sequence[Any]) -> str:
    return json.dumps([encode_value(argument) for argument in arguments])


def broken_law(
    task: str, laws: Laws, names: Sequence[str], oracle: Callable[..., object], ask: Ask
) -> Explanation | None:
    """Return the first law that the submission breaks, with the smallest input found, its answer and the right one."""
    if laws.inputs is None:
        return None
    asking = Asking(task, ask)
    strategy = laws.inputs()
    examples = _examples(strategy)
    asking.ahead([call for law in laws.laws for call in _calls(law, examples, oracle)])
    for law in laws.laws:
        arguments = smallest_break(law, strategy, asking)
        if arguments is not None:
            evidence = _evidence(law, arguments, names, oracle=oracle, asking=asking)
            return Explanation(f"law_{law.name}", law.broken, law.hint, evidence=evidence)
    return None


def _evidence(
    law: Law, arguments: tuple[Any, ...], names: Sequence[str], oracle: Callable[..., object], asking: Asking
) -> Evidence:
    """Return the first call of the law that was answered wrongly: a law compares several, and some may be right.

    Where there is none, or the reference cannot be asked (a student's kit has its answers to the public questions
    alone), return all calls of the law, with no expected answer.
    """
    calls: list[tuple[Any, ...]] = []

    def listening(*given: Any) -> np.ndarray:  # noqa: ANN401 (any task's arguments)
        calls.append(given)
        return np.asarray(oracle(*given), np.float64)

    # Enough has been asked, or the reference knows no more.
    with np.errstate(all="ignore"), contextlib.suppress(_NoAnswerError, UnansweredError):
        law.function(listening, *arguments)
        for given in calls:
            observed, expected = asking.observed(given), np.asarray(oracle(*given))
            if not isinstance(observed, Returned) or not _agrees(observed.value, expected):
                values = observed.value if isinstance(observed, Returned) else None
                exchange = Exchange(given, values, expected)
                return Evidence(_named(names, given), outcome(observed), shown(expected), exchange=exchange)
    return _observed_alone(law, arguments, names, asking=asking)


def _observed_alone(law: Law, arguments: tuple[Any, ...], names: Sequence[str], *, asking: Asking) -> Evidence:
    """Return the calls that a law compares and what they gave, those behind the first one with their arguments."""
    calls: dict[str, tuple[Any, ...]] = {}

    def listening(*given: Any) -> np.ndarray:  # noqa: ANN401 (any task's arguments)
        calls.setdefault(_form(given), given)
        return asking(*given)

    with np.errstate(all="ignore"):
        law.function(listening, *arguments)
    first, *others = calls.values()
    told = [f"{asking.task}({_arguments(names, given)}): {outcome(asking.observed(given))}" for given in others]
    return Evidence(_named(names, first), "; ".join((outcome(asking.observed(first)), *told)), NO_ANSWER)


def _named(names: Sequence[str], given: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, shown(value)) for name, value in zip(names, given, strict=True))


def _arguments(names: Sequence[str], given: Sequence[Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in _named(names, given))


def _examples(strategy: Any) -> Sequence[tuple[Any, ...]]:  # noqa: ANN401 (a SearchStrategy)
    """Return the arguments that a search tries until it finds a break."""
    tried: list[tuple[Any, ...]] = []

    def breaks(arguments: tuple[Any, ...]) -> bool:
        tried.append(arguments)
        return False

    search(strategy, breaks, most=MOST_EXAMPLES, shrinks=True)
    return tried


def _calls(law: Law, examples: Sequence[tuple[Any, ...]], oracle: Callable[..., object]) -> Sequence[tuple[Any, ...]]:
    """Return the calls that a law makes of the reference for these arguments."""
    calls: list[tuple[Any, ...]] = []

    def listening(*given: Any) -> np.ndarray:  # noqa: ANN401 (any task's arguments)
        calls.append(given)
        return np.asarray(oracle(*given), np.float64)

    for arguments in examples:
        with np.errstate(all="ignore"), contextlib.suppress(ValueError, LookupError, TypeError):  # not a law's business
            law.function(listening, *arguments)
    return calls


def _agrees(observed: np.ndarray, expected: np.ndarray) -> bool:
    return observed.shape == expected.shape and bool(np.allclose(observed, expected, rtol=RTOL, atol=RTOL))


def smallest_break(law: Law, strategy: Any, asking: Callable[..., np.ndarray]) -> tuple[Any, ...] | None:  # noqa: ANN401 (a SearchStrategy)
    """Return the smallest arguments found that break a law, None if none were found. The search is always the same.

    Where a function does not always answer the same, or was asked too often, the last break that was seen is returned.
    """
    from hypothesis.errors import FlakyFailure  # noqa: PLC0415 (heavy, and rarely needed)

    seen: list[tuple[Any, ...]] = []

    def breaks(arguments: tuple[Any, ...]) -> bool:
        try:
            with np.errstate(all="ignore"):
                broken = not law.function(asking, *arguments)
        except SandboxError:
            raise
        except (Exception, SystemExit):  # noqa: BLE001 (no numbers, or of a shape with which a law cannot calculate: not its business)
            return False
        if broken:
            seen.append(arguments)
        return broken

    try:
        return search(strategy, breaks, most=MOST_EXAMPLES, shrinks=True)
    except FlakyFailure:
        return seen[-1]
