"""Observations held against the key become verdicts, one per check.

A check passes if all of its questions are answered rightly; then it earns all of its points, else 0. About a hidden
question a student reads what is wrong with the answer and what kind of input it was, never the question or the expected
value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from grader import checks
from grader.grading.failure import Failure
from grader.grading.failures import not_rebuilt
from grader.grading.fitting import fitting
from grader.grading.returned import several_of
from grader.grading.unfinished import NOT_WRITTEN
from grader.grading.values_asked import failure_of_question
from grader.messages.format_values import NO_ANSWER, error_text, outcome, shown
from grader.messages.sentences import say
from grader.model import (
    Agrees,
    Differs,
    Evidence,
    Exchange,
    Failed,
    Judgement,
    Passed,
    Raised,
    Returned,
    Structured,
    Untouched,
)
from grader.networks.model import Built, Goal
from grader.registry import module_in
from grader.submission.definitions import Written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.grading.key import Asked, Key
    from grader.model import Array, Cell, Observation, Run, Text, Verdict


NOT_FINITE = frozenset({"not_finite", "always_infinite"})


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A question, what came of it, and its judgement: None where it was not asked."""

    asked: Asked
    observed: Observation
    judgement: Judgement | None
    failure: Failure | None = None
    """What came instead of an answer, or the law that was broken."""


Answers: TypeAlias = "tuple[Answer, ...]"


@dataclass(frozen=True, slots=True)
class Judged:
    """A check with its verdict, and its answers by the first reading."""

    task: str
    check: str
    verdict: Verdict
    answers: Answers

    @property
    def questions(self) -> int:
        """Return how many questions the check has."""
        return len(self.answers)

    @property
    def agreed(self) -> int:
        """Return how many of them were answered rightly; of the hidden ones all are counted, or none."""
        if isinstance(self.verdict, Passed):
            return len(self.answers)
        hidden = all(_is_right(answer) for answer in self.answers if not answer.asked.public)
        return sum(_is_right(answer) if answer.asked.public else hidden for answer in self.answers)

    @property
    def missed(self) -> tuple[int, ...]:
        """Return the places, from 1, of the questions that were answered wrongly; of the hidden ones all, or none.

        Each of them alone would tell, grading after grading, for which guess a hidden question is answered rightly.
        """
        if isinstance(self.verdict, Passed):
            return ()
        hidden = any(isinstance(answer.judgement, Differs) for answer in self.answers if not answer.asked.public)
        wrong = (isinstance(one.judgement, Differs) if one.asked.public else hidden for one in self.answers)
        return tuple(place for place, is_wrong in enumerate(wrong, start=1) if is_wrong)

    @property
    def network(self) -> Built | None:
        """Return the network that was seen, a wrong one before a right one; None where there is no network."""
        wrong = first_wrong(self.answers)
        answers = self.answers if wrong is None else (wrong, *self.answers)
        return next((answer.observed for answer in answers if isinstance(answer.observed, Built)), None)

    @property
    def alleged(self) -> bool:
        """Say whether a network was seen by the student's own process alone."""
        return any(isinstance(answer.observed, Built) and answer.observed.alleged for answer in self.answers)


def judge_run(key: Key, run: Run, cells: Sequence[Cell], *, given: frozenset[str] = frozenset()) -> tuple[Judged, ...]:
    """Return the verdict of every check of the key, in the key's order. `cells` are the notebook's, of every kind.

    A function whose text is one of those that were `given` out has not been written, whatever it answers.
    """
    written = Written(tuple(cells), frozenset(asked.question.task for asked in key.asked), run.cells)
    checks: dict[tuple[str, str], list[tuple[Asked, Observation]]] = {}
    for asked, observation in zip(key.asked, run.observations, strict=True):
        checks.setdefault((asked.question.task, asked.question.check), []).append(
            (asked, fitting(asked.question, observation))
        )
    judged = [_judged(*names, pairs, written=written) for names, pairs in checks.items()]
    return _with_own_hints([_as_given(one) if _is_given(one.task, written, given) else one for one in judged])


def _is_given(task: str, written: Written, given: frozenset[str]) -> bool:
    """Say whether a function is as it was given out, wherever the notebook has it: another one may count by mistake."""
    found = [one.text for one in written.of(task)] if given else []
    return bool(found) and given.issuperset(found)


def _as_given(judged: Judged) -> Judged:
    if not isinstance(judged.verdict, Failed):
        return judged
    return replace(judged, verdict=Untouched(say("not written yet")))


def _with_own_hints(judged: Sequence[Judged]) -> tuple[Judged, ...]:
    """Leave a check its own hint on nan and inf where another check's answers are finite: it is about such inputs."""
    finite = {one.task for one in judged if all(map(_is_finite, one.answers))}
    return tuple(
        replace(one, verdict=replace(one.verdict, hint=None))
        if one.task in finite and isinstance(one.verdict, Failed) and one.verdict.mistake in NOT_FINITE
        else one
        for one in judged
    )


def _is_finite(answer: Answer) -> bool:
    return isinstance(answer.observed, Returned) and bool(np.isfinite(answer.observed.value).all())


def _judged(task: str, check: str, pairs: list[tuple[Asked, Observation]], written: Written) -> Judged:
    """Judge a check by the reading that fits all of its answers, or by the first reading if none fits."""
    first, *others = pairs[0][0].readings or (None,)
    answers = _under_laws([_answer(asked, seen, first, written=written) for asked, seen in pairs])
    if not _are_right(answers):
        for reading in others:
            # A reading that one answer does not fit is left at once: a task may have many.
            fitting = takewhile(_is_right, (_answer(asked, seen, reading, written=written) for asked, seen in pairs))
            found = _under_laws(list(fitting))
            if len(found) == len(pairs) and _are_right(found):
                return Judged(task, check, _verdict(found, reading), answers=found)
    return Judged(task, check, _verdict(answers, first), answers=answers)


def _is_right(answer: Answer) -> bool:
    return isinstance(answer.judgement, Agrees)


def _are_right(answers: Answers) -> bool:
    return all(map(_is_right, answers))


def _answer(asked: Asked, observed: Observation, reading: str | None, *, written: Written) -> Answer:
    refused = asked.rebuilt and isinstance(observed, Built) and observed.alleged
    if asked.can_judge(observed) and not refused:
        judgement = asked.judge(observed, reading=reading)
        several = _several(asked, observed) if isinstance(judgement, Differs) else None
        return Answer(asked, observed, judgement, failure=several)
    failure = not_rebuilt(refused) if refused else failure_of_question(asked.question, observed, written)
    return Answer(asked, observed, None if failure is None else Differs(failure.because, "no_number"), failure=failure)


def _several(asked: Asked, observed: Observation) -> Failure | None:
    if not isinstance(observed, Returned) or not isinstance(asked.expected, np.ndarray):
        return None
    return several_of(observed, asked.expected.shape)


def _under_laws(answers: list[Answer]) -> Answers:
    """Judge the last call of every law by the law, if it can be asked about the answers to all of its calls."""
    for case in dict.fromkeys(answer.asked.case for answer in answers):
        group = [place for place, answer in enumerate(answers) if answer.asked.case is case]
        if case is None or not all(isinstance(answers[place].judgement, Agrees) for place in group):
            continue
        values = [seen.value for place in group if isinstance(seen := answers[place].observed, Returned)]
        if not case.holds(values):
            law = case.law
            failure = Failure(f"law_{law.name}", law.broken, law.hint)
            answers[group[-1]] = replace(answers[group[-1]], judgement=Differs(law.broken), failure=failure)
    return tuple(answers)


def _verdict(answers: Answers, reading: str | None) -> Verdict:
    wrong = first_wrong(answers)
    if wrong is not None and isinstance(wrong.judgement, Differs):
        return _failed(wrong, wrong.judgement, answers)
    if _are_right(answers):
        notes = [one.judgement.note for one in answers if isinstance(one.judgement, Agrees) and _may_be_noted(one)]
        example = next((answer for answer in answers if answer.asked.public), None)
        evidence = None if example is None else evidence_of(example, reading=reading)
        return Passed(tuple(dict.fromkeys(note for note in notes if note)), reading, evidence)
    return Untouched(say("not written yet"))


def _may_be_noted(answer: Answer) -> bool:
    """Say whether a note may speak of an answer: not of a number to a hidden question, whose form would carry more."""
    return answer.asked.public or isinstance(answer.observed, Built)


def first_wrong(answers: Answers) -> Answer | None:
    """Return the wrong answer to report: that of a public question, if there is one; None where nothing is wrong."""
    wrong = [
        answer
        for answer in answers
        if isinstance(answer.judgement, Differs) and (answer.failure is None or answer.failure.name != NOT_WRITTEN)
    ]
    return next((answer for answer in wrong if answer.asked.public), wrong[0] if wrong else None)


def _failed(wrong: Answer, differs: Differs, answers: Answers) -> Failed:
    asked, failure = wrong.asked, wrong.failure
    about = None if asked.public else asked.about
    if failure is not None:
        because = failure.because if asked.public else failure.hidden or failure.because
        shown = _evidence(wrong, failure) if asked.public else None
        return Failed(because, shown, failure.name, hint=failure.hint, about=about)
    evidence = evidence_of(wrong) if asked.public else None
    if (same := _same_number(answers)) is not None:
        return replace(_always(same, is_public=asked.public), evidence=evidence, about=about)
    because = differs.because if asked.public else differs.hidden or _kind_text(differs)
    return Failed(
        because,
        evidence,
        None if differs.kind in {"values", "structure"} else differs.kind,
        hint=differs.hint or _kind_hint(differs, asked.kind),
        about=about,
    )


def _kind_hint(differs: Differs, judge: str) -> Text | None:
    """Return the question that helps where the kind of an answer is wrong; None where the check's own helps more."""
    match differs.kind:
        case "shape":
            return say("Print the shape of what is returned: which step adds or drops an axis (sum, axis, reshape)?")
        case "no_number":
            return say("A comparison gives True or False: which numbers are to be made of it?")
        case "not_finite" if judge != "large":  # there the check is about just that
            return _not_finite_hint()
    return None


def _not_finite_hint() -> Text:
    return say("Which step makes it first: a division by zero, a logarithm of zero, a power that is too large?")


def _kind_text(differs: Differs) -> Text:
    """Return how an answer to a hidden question is wrong, without the answer."""
    match differs.kind:
        case "shape":
            return say("the shape of the answer is not the expected one")
        case "not_finite":
            return say("an answer is not finite (nan or inf)")
        case "no_number":
            return say("the answer is no number and no array of numbers")
    return say("the answer is not the expected one")


def _always(number: Array, *, is_public: bool) -> Failed:
    """Return what is said where every question of a check gets the same number."""
    if not np.isfinite(number).all():
        what = shown(number)
        because = (
            say("every answer is {number}, which is no finite number", number=what)
            if is_public
            else say("no answer is a finite number: they are all the same inf or nan")
        )
        return Failed(because, mistake="always_infinite", hint=_not_finite_hint())
    because = (
        say("every input gives the same number, {number}", number=shown(number))
        if is_public
        else say("every input gives the same number")
    )
    return Failed(because, mistake="same_number", hint=say("Which of the inputs does the result depend on?"))


def _same_number(answers: Answers) -> Array | None:
    """Return the number that every question got although different ones are expected; else None."""
    observed = [answer.observed.value for answer in answers if isinstance(answer.observed, Returned)]
    expected = [answer.asked.expected for answer in answers]
    if len(observed) < 2 or len(observed) < len(answers):  # noqa: PLR2004 (two to compare)
        return None
    if any(value.size != 1 or value.dtype.kind == "b" for value in observed):
        return None
    if any(not np.array_equal(value.ravel(), observed[0].ravel(), equal_nan=True) for value in observed):
        return None
    if not all(isinstance(one, np.ndarray) and one.shape == () for one in expected):
        return None
    if len({float(one) for one in expected if isinstance(one, np.ndarray)}) < 2:  # noqa: PLR2004 (same)
        return None
    return np.where(observed[0] == 0, 0.0, observed[0])  # -0 is 0


def _evidence(wrong: Answer, failure: Failure) -> Evidence | None:
    """Return what of a public question helps with a failure."""
    match failure.shows:
        case "answers":
            return evidence_of(wrong)
        case "call":
            whole = evidence_of(wrong)
            return Evidence(whole.arguments, whole.observed, NO_ANSWER)
    return None


def evidence_of(answer: Answer, *, reading: str | None = None) -> Evidence:
    """Return a question with its answer and the expected one, by a reading. Only for public questions."""
    asked = answer.asked
    given = tuple((name, shown(value)) for name, value in zip(asked.names, asked.question.arguments, strict=True))
    if isinstance(asked.expected, Goal):
        return Evidence(given, outcome(answer.observed), asked.expected.loss)
    expected = asked.expected if reading is None else asked.readings[reading]
    if isinstance(expected, Structured):
        told = shown(expected.value) if getattr(module_in(checks, asked.kind), "TELLS_EXPECTED", True) else NO_ANSWER
        return Evidence(given, outcome(answer.observed), told)
    if isinstance(expected, Raised):
        return Evidence(given, outcome(answer.observed), error_text(expected.kind, expected.message))
    observed = answer.observed.value if isinstance(answer.observed, Returned) else None
    exchange = Exchange(asked.question.arguments, observed, expected)
    return Evidence(given, outcome(answer.observed), shown(expected), exchange=exchange)
