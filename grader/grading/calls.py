"""What a function calls: checks of a rubric with `calls`, judged from the notebook's code alone.

Where such a check has questions as well, they are judged first. No known mistake and no law explains these verdicts.
"""

from __future__ import annotations

import builtins
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.grading.judging import Judged
from grader.grading.missing import missing
from grader.grading.unfinished import NOT_WRITTEN, not_attempted, returned_nothing
from grader.messages.sentences import clean, place_text, say
from grader.model import Failed, Missing, Passed, Untouched
from grader.submission.definitions import Written
from grader.submission.spellings import LOOPS, PACKAGES, is_below, method_of, operator_of, short, whole
from grader.submission.uses import Code, TooMuch, read_notebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.course.lab import Lab
    from grader.course.rubric import Calls
    from grader.grading.failure import Failure
    from grader.model import Cell, CellStopped, Observation, Text, Verdict
    from grader.submission.walking import Use

LONGEST_NAME = 80


def with_calls(
    lab: Lab, judged: Iterable[Judged], cells: Sequence[Cell], *, stops: Sequence[CellStopped] = ()
) -> tuple[Judged, ...]:
    """Return the verdicts with those of all checks that say what a function calls, in the rubric's order."""
    found = {(one.task, one.check): one for one in judged}
    notebook, written = None, Written(tuple(cells), frozenset(lab.rubric.asked), tuple(stops))
    for task, entry in lab.rubric.tasks.items():
        for name, check in entry.checks.items():
            one = found.get((task, name), Judged(task, name, Passed(), answers=()))
            if check.calls is None or not isinstance(one.verdict, Passed):
                continue
            notebook = notebook or read_notebook(cells, stops)
            seen = [answer.observed for other in found.values() if other.task == task for answer in other.answers]
            function = _Function(task, notebook.code_of(task), written, observed=tuple(seen))
            verdict = _not_there(function) or _verdict(function, check.calls)
            found[task, name] = one if isinstance(verdict, Passed) else replace(one, verdict=verdict)
            found.setdefault((task, name), one)
    order = [(task, name) for task, entry in lab.rubric.tasks.items() for name in entry.checks]
    return tuple(found[place] for place in order if place in found)


@dataclass(frozen=True, slots=True)
class _Function:
    """A task's function: its code, what the notebook has written, and what it answered to the task's questions."""

    task: str
    code: Code | TooMuch | None
    written: Written
    observed: tuple[Observation, ...]


def _not_there(function: _Function) -> Verdict | None:
    """Return what is said of a function that is missing or not written; None where there is one."""
    task, code, written = function.task, function.code, function.written
    gone = next((one for one in function.observed if isinstance(one, Missing)), None)
    if gone is not None or (code is None and not function.observed):
        return _failed(missing(task, None if gone is None else gone.found, written))
    if not isinstance(code, Code) or code.is_written:
        return None
    definition = written.effective(task)
    if definition is not None and definition.body == "empty":
        return _failed(returned_nothing(task, written))
    failure = not_attempted(task, None, written)
    return Untouched(failure.because) if failure.name == NOT_WRITTEN else _failed(failure)


def _failed(failure: Failure) -> Failed:
    return Failed(failure.because, mistake=failure.name, hint=failure.hint)


def _verdict(function: _Function, calls: Calls) -> Verdict:
    task, code = function.task, function.code
    if isinstance(code, TooMuch):
        return _not_seen(say("the code of {task} is too large or too tangled to see what it calls", task=task))
    if code is None:
        return _not_seen(say("the notebook's cells do not show the code of {task}, nor what it calls", task=task))
    for name in calls.forbid or ():
        if use := next((one for one in code.uses if one.is_sure and _is_forbidden(name, one)), None):
            return Failed(_used(task, use), mistake=f"uses_{name}")
    if unseen := _unseen(task, code, calls):
        return _not_seen(unseen)
    for name in calls.require or ():
        if not any(_is_required(name, one) for one in code.uses):
            return Failed(_not_used(task, name, code), mistake=f"without_{name}")
    return Passed()


def _not_seen(because: Text) -> Failed:
    return Failed(because, mistake="code_not_seen")


def _unseen(task: str, code: Code, calls: Calls) -> Text | None:
    """Return why nobody can see what a function calls, if so."""
    if code.imported is not None and code.imported.partition(".")[0] not in PACKAGES | sys.stdlib_module_names:
        return say(
            "{task} comes from {module} ({place}): its code is not in the notebook, so nobody can see what it calls",
            task=task,
            module=_clean(code.imported),
            place=place_text(code.place.cell, code.place.line),
        )
    hidden = next((one for one in code.uses if one.is_sure and one.kind == "hidden"), None)
    if hidden is None or calls.forbid is None:
        return None
    return say(
        "{name} in {function} hides what is called, so it cannot be judged: {place}",
        name=_clean(hidden.name),
        function=_clean(hidden.inside),
        place=place_text(hidden.place.cell, hidden.place.line),
    )


def _used(task: str, use: Use) -> Text:
    place, name = place_text(use.place.cell, use.place.line), _shown(use)
    if use.inside == task:
        return say("{name} is used in {task}: {place}", name=name, task=task, place=place)
    inside = _clean(use.inside)
    return say(
        "{name} is used in {inside}, which {task} uses: {place}", name=name, inside=inside, task=task, place=place
    )


def _not_used(task: str, name: str, code: Code) -> Text:
    place = place_text(code.place.cell, None)
    if name in LOOPS:
        return say("{task} has no loop ({place})", task=task, place=place)
    return say("{name} is not called by {task} ({place})", name=name, task=task, place=place)


def _shown(use: Use) -> Text | str:
    match use.kind:
        case "loop":
            return say("a loop ({word})", word=use.name)
        case "method":
            return f".{_clean(use.name)}()"
        case "outside":
            return _clean(short(use.name))
    return _clean(use.name)


def _clean(name: str) -> str:
    return clean(name, longest=LONGEST_NAME)


def _is_required(name: str, use: Use) -> bool:
    """Say whether a use is one of a required name: of a function of one's own by this name, too."""
    return (use.kind == "own" and use.name == name) or _is_forbidden(name, use)


def _is_forbidden(name: str, use: Use) -> bool:
    """Say whether a use is one of a name in the rubric, by any of the ways to write it."""
    if name in LOOPS or use.kind == "loop":
        return use.kind == "loop" and use.name in LOOPS.get(name, ())
    is_plain = "." not in name and not hasattr(builtins, name)
    match use.kind:
        case "outside":
            return is_below(use.name, whole(name)) or (is_plain and use.name.rpartition(".")[2] == name)
        case "own":
            return is_plain and use.name == name
        case "method":
            return method_of(whole(name)) == use.name
        case "operator":
            return operator_of(whole(name)) == use.name
        case "hidden":
            return use.name == name
