"""What slips that keep every mark ask for: a question that tells them, a narrower tolerance, or a reason in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.audit.finding import Finding, Part
from grader.audit.mutation import equivalents_path
from grader.messages.sentences import place_text, quote, say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from grader.audit.mutants import Change
    from grader.audit.mutation import Mutation, Survivor
    from grader.course.folder import Course
    from grader.model import Text

LEAST_SCORE = 0.98


def mutation_part(course: Course, lab: str, mutation: Mutation, *, unlisted: Collection[str] = ()) -> Part:
    """Say whether the questions find enough of the slips, and which records are out of date.

    Of the tasks in `unlisted`, which have no known mistakes, every slip has to be found: nothing else is known of them.
    """
    listed = mutation.of(set(mutation.counts) - set(unlisted))
    findings = [
        *_too_few(course, lab, listed),
        *_to_find(
            mutation.of(unlisted).survivors,
            rubric=str(course.rubric_path(lab)),
            records=str(equivalents_path(course, lab)),
        ),
        *_stale(course, lab, mutation),
        *_untried(mutation, str(course.reference_path(lab))),
    ]
    if mutation.tried == 0:
        return Part("mutation", say("no slip could be tried: the reference computes no task's answer"), tuple(findings))
    text = say(
        "{percent} of {count} mutants found; {alive} survive, {equivalent} more with a recorded reason",
        percent=f"{mutation.score:.1%}",
        count=mutation.tried - mutation.equivalent,
        alive=mutation.alive,
        equivalent=mutation.equivalent,
    )
    return Part("mutation", text, tuple(findings))


def _too_few(course: Course, lab: str, mutation: Mutation) -> Iterator[Finding]:
    if mutation.score < LEAST_SCORE:
        text = say(
            "the questions find {percent} of the slips in the formulas, fewer than {least}: "
            "add a question for those that survive, or record why no question should",
            percent=f"{mutation.score:.1%}",
            least=f"{LEAST_SCORE:.0%}",
        )
        yield Finding("unfair", "", text, file=str(course.rubric_path(lab)), asks_for="questions")


def _untried(mutation: Mutation, file: str) -> Iterator[Finding]:
    if mutation.unfit:
        text = say(
            "slips could not be tried: a copy of the reference in another folder answers otherwise. Let it read no "
            "file beside it (name those in the rubric's files), and answer the same every time"
        )
        yield Finding("missing", ", ".join(mutation.unfit), text, file=file, asks_for="questions")


def _stale(course: Course, lab: str, mutation: Mutation) -> Iterator[Finding]:
    for slip in mutation.stale:
        text = say("the record of a mutant that no longer survives: {change}", change=f"{slip.was} -> {slip.now}")
        yield Finding("advice", slip.function, text, file=str(equivalents_path(course, lab)))


def _to_find(survivors: Sequence[Survivor], *, rubric: str, records: str) -> Iterator[Finding]:
    """Yield what the slips of each statement ask for that keep every mark and have no recorded reason.

    Slips that no input tells from the reference may change nothing: they are one piece of advice together.
    """
    alive = [one for one in survivors if one.because is None]
    for found in _by_statement([one for one in alive if one.wide]):
        yield Finding("missing", found[0].wide[0], _tolerance_text(found[0]), file=rubric, asks_for="tolerances")
    others = [one for one in alive if not one.wide]
    same = [one for one in others if all(one.inputs.get(task) == "" for task in one.tasks)]
    for found in _by_statement([one for one in others if one not in same]):
        tasks = dict.fromkeys(task for one in found for task in one.tasks if one.inputs.get(task) != "")
        yield Finding("missing", ", ".join(tasks), _question_text(found, records), file=rubric, asks_for="questions")
    if same:
        tasks = dict.fromkeys(task for one in same for task in one.tasks)
        text = say(
            "no input was found that tells {count} slips from the reference (see below): they may change nothing. "
            "Write down why, and the audit asks no more; or add a question that tells them",
            count=len(same),
        )
        yield Finding("advice", ", ".join(tasks), text, file=records, asks_for="reasons")


def _by_statement(survivors: Sequence[Survivor]) -> Iterator[list[Survivor]]:
    """Yield the slips of each statement together."""
    found: dict[tuple[int | None, int], list[Survivor]] = {}
    for one in survivors:
        found.setdefault((one.change.cell, one.change.line), []).append(one)
    yield from found.values()


def _question_text(found: Sequence[Survivor], records: str) -> Text:
    inputs = [(one, task, text) for one in found for task, text in one.inputs.items() if text]
    change = inputs[0][0].change if inputs else found[0].change
    example = say(", such as {task}({inputs})", task=inputs[0][1], inputs=inputs[0][2]) if inputs else quote("")
    return say(
        "a question that tells `{was}` from `{now}` ({function}, {place}){example}: so far this slip keeps every "
        "mark. Where both are right, say why in {records}",
        was=change.was,
        now=change.now,
        function=change.function,
        place=_place_text(change),
        example=example,
        records="/".join(Path(records).parts[-3:]),
    )


def _place_text(change: Change) -> Text:
    return say("line {line}", line=change.line) if change.cell is None else place_text(change.cell, change.line)


def _tolerance_text(slip: Survivor) -> Text:
    return say(
        "a narrower tolerance: `{now}` for `{was}` gives other values, and they pass ({function}, {place}). "
        "Choose a smaller rtol and atol",
        was=slip.change.was,
        now=slip.change.now,
        function=slip.change.function,
        place=_place_text(slip.change),
    )
