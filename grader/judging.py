"""Observations held against the key become verdicts, one per check.

A check passes when every question of it is answered rightly; then it earns all of its points, else none. What a
student reads of a hidden question is what is wrong with the answer, never the question or the expected value.
"""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from grader.messages import clean, place_text, quote, say
from grader.model import (
    Agrees,
    Array,
    Built,
    Died,
    Differs,
    Evidence,
    Failed,
    Goal,
    Judgement,
    Missing,
    NotAsked,
    NotAttempted,
    Passed,
    Raised,
    Returned,
    TimedOut,
    Unreadable,
    Untouched,
)
from grader.submission import defines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.key import Asked, Key
    from grader.model import Cell, CellStopped, Observation, Run, Text, Verdict

    _Judgements: TypeAlias = list[tuple[Asked, Observation, Judgement | None]]

MOST_SHOWN = 240
"""How many characters of a public question's values a page shows."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A check with its verdict, and how many of its questions were answered rightly."""

    task: str
    check: str
    verdict: Verdict
    questions: int
    agreed: int


def judge_run(key: Key, run: Run, cells: Sequence[Cell]) -> tuple[Judged, ...]:
    """Return the verdict of every check of the key, in the key's order."""
    checks: dict[tuple[str, str], list[tuple[Asked, Observation]]] = {}
    for asked, observation in zip(key.asked, run.observations, strict=True):
        checks.setdefault((asked.question.task, asked.question.check), []).append((asked, observation))
    return tuple(_judged(*names, pairs, run, cells) for names, pairs in checks.items())


def _judged(task: str, check: str, pairs: list[tuple[Asked, Observation]], run: Run, cells: Sequence[Cell]) -> Judged:
    """Judge a check by the reading that fits all of its answers, and by the first one where none does."""
    first: _Judgements | None = None
    for reading in pairs[0][0].readings or (None,):
        judgements = [(asked, seen, _judgement(asked, seen, reading, run, cells)) for asked, seen in pairs]
        verdict = _verdict(judgements, reading)
        first = first or judgements
        if isinstance(verdict, Passed):
            return Judged(task, check, verdict, len(pairs), len(pairs))
    judgements = first or []
    agreed = sum(isinstance(judgement, Agrees) for *_, judgement in judgements)
    return Judged(task, check, _verdict(judgements, None), len(pairs), agreed)


def _verdict(judgements: _Judgements, reading: str | None) -> Verdict:
    wrong = [
        (asked, observed, judgement)
        for asked, observed, judgement in judgements
        if isinstance(judgement, Differs) and not isinstance(observed, NotAttempted)
    ]
    if wrong:
        asked, observed, judgement = next((one for one in wrong if one[0].public), wrong[0])
        because = _typed_in(judgements) or judgement.because
        return Failed(because, _evidence(asked, observed) if asked.public else None)
    if all(isinstance(judgement, Agrees) for *_, judgement in judgements):
        notes = [judgement.note for *_, judgement in judgements if isinstance(judgement, Agrees) and judgement.note]
        return Passed(tuple(dict.fromkeys(notes)), reading)
    return Untouched(say("not written yet"))


def _typed_in(judgements: _Judgements) -> Text | None:
    """Say so where every question, with answers that differ, got one and the same number."""
    answers = [observed.value for _, observed, _ in judgements if isinstance(observed, Returned)]
    expected = [asked.expected for asked, _, _ in judgements]
    if len(answers) < 2 or len(answers) < len(judgements):  # noqa: PLR2004 (two to compare)
        return None
    if any(
        answer.size != 1 or answer.dtype.kind == "b" or not np.array_equal(answer, answers[0]) for answer in answers
    ):
        return None
    if not all(isinstance(one, np.ndarray) and one.shape == () for one in expected):
        return None
    if len({float(one) for one in expected if isinstance(one, np.ndarray)}) < 2:  # noqa: PLR2004 (same)
        return None
    told = _shown(answers[0])
    return say("every input gives the same number, {number}: is it typed in instead of computed?", number=told)


def _judgement(
    asked: Asked, observed: Observation, reading: str | None, run: Run, cells: Sequence[Cell]
) -> Judgement | None:
    """Judge one answer; None for a question that was not asked."""
    match observed:
        case Returned() | Built():
            return asked.judge(observed, reading=reading)
        case Raised():
            return Differs(_raised(observed, asked.question.task))
        case TimedOut("call", seconds):
            return Differs(say("still running after {seconds} s", seconds=f"{seconds:g}"))
        case TimedOut(_, seconds):
            told = say("the whole notebook had used its {seconds} s before this was answered", seconds=f"{seconds:g}")
            return Differs(told)
        case Missing(found):
            return Differs(_missing(asked.question.task, found, run, cells))
        case Died(number):
            return Differs(say("the Python process ended in the middle of the call ({how})", how=_end(number)))
        case Unreadable():
            return Differs(_unreadable(observed))
        case NotAttempted():
            return Differs(say("not written yet"))
        case NotAsked():
            return None


def _raised(raised: Raised, task: str) -> Text:
    if raised.kind == "NotImplementedError" and raised.function not in {None, task}:
        return say("it calls {function}, which is not written yet", function=raised.function)
    if gone := _gone_from_keras(raised.kind, raised.message):
        return gone
    if raised.place is None:
        return say("raised {error}", error=error_text(raised.kind, raised.message))
    return say(
        "raised {error} ({place})",
        error=error_text(raised.kind, raised.message),
        place=place_text(raised.place.cell, raised.place.line),
    )


def _gone_from_keras(kind: str, message: str) -> Text | None:
    """Explain an AttributeError of a name that older tutorials use and Keras 3 has not."""
    gone = re.match(r"module '(?:keras|tensorflow|tf)\b[^']*' has no attribute '(\w+)'", message)
    if kind != "AttributeError" or gone is None:
        return None
    told = error_text(kind, message)
    return say(
        "{name} is not in Keras 3: older tutorials use it, today it has another name ({error})",
        name=gone[1],
        error=told,
    )


def error_text(kind: str, message: str) -> str:
    """Return an exception as Python prints it, without the file name that a kernel makes up for a cell."""
    message = re.sub(r"\s*\([^()]*\.py, line \d+\)$|\s*\(<[^<>]*>, line \d+\)$", "", message)
    return f"{kind}: {message}" if message else kind


def _missing(task: str, found: str | None, run: Run, cells: Sequence[Cell]) -> Text:
    if found is not None:
        return say("{task} is no function any more: the notebook made it a {found}", task=task, found=found)
    home = [cell.number for cell in cells if defines(cell.source, task)]
    stopped = [stop for stop in run.cells if stop.place.cell in home]
    if stopped:
        place = place_text(stopped[0].place.cell, stopped[0].place.line)
        return say("{task} was not defined, because its cell stopped: {place}", task=task, place=place)
    if home:
        return say("{task} was defined, and deleted or renamed again", task=task)
    return say("the notebook defines no function named {task}", task=task)


def _unreadable(answer: Unreadable) -> Text:
    match answer.reason:
        case "nothing":
            return say("nothing was returned (None): is there a return? Printing is not returning")
        case "text":
            return say("the answer is text ({found}), not numbers", found=answer.found)
        case "ragged":
            return say("the answer is a list whose rows have different lengths")
        case "complex":
            return say("the answer has complex numbers")
        case "type":
            return say("the answer is of the type {found}, not a number or an array of numbers", found=answer.found)
        case "network":
            return say("a compiled Keras model is to be returned; this is of the type {found}", found=answer.found)
        case "large":
            return say("the answer is far larger than any right answer could be")
        case "malformed":
            return say("the answer could not be read")


def _end(number: int | None) -> str:
    if number is None:
        return "exit"
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def stopped_text(stop: CellStopped, limit_seconds: float) -> Text:
    """Return how a cell of the notebook stopped, as a sentence without its place."""
    match stop.how:
        case "raised":
            return _gone_from_keras(stop.kind, stop.message) or quote(error_text(stop.kind, stop.message))
        case "timed_out":
            return say("still running after {seconds} s", seconds=f"{limit_seconds:g}")
        case "died":
            number = int(stop.kind) if stop.kind.isdigit() else None
            return say("ended the Python process ({how}); the other cells were run without it", how=_end(number))
        case "not_run":
            return say("was not run: the notebook's time was used up")


def _evidence(asked: Asked, observed: Observation) -> Evidence:
    given = tuple((name, _shown(value)) for name, value in zip(asked.names, asked.question.arguments, strict=True))
    expected = asked.expected.loss if isinstance(asked.expected, Goal) else _shown(asked.expected)
    return Evidence(given, _outcome(observed), expected)


def _outcome(observed: Observation) -> str:
    match observed:
        case Returned(value):
            return _shown(value)
        case Raised(kind, message):
            return clean(error_text(kind, message), longest=MOST_SHOWN)
        case Built(reported=reported) if reported is not None:
            return f"{reported:.5g}"
    return "-"


def _shown(value: Any) -> str:  # noqa: ANN401 (any argument or answer)
    """Return a value as a person reads it: six digits, and large arrays shortened."""
    if isinstance(value, np.ndarray):
        return _shown_array(value)
    if isinstance(value, list | tuple):
        inner = ", ".join(_shown(item) for item in value)
        text = f"[{inner}]" if isinstance(value, list) else f"({inner})"
    else:
        text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"


def _shown_array(array: Array) -> str:
    if array.shape == ():
        return _shown(array.item())
    text = np.array2string(array, threshold=24, edgeitems=3, separator=", ", formatter={"float_kind": "{:.6g}".format})
    text = " ".join(text.split())
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"
