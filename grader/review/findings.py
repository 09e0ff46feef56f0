"""What the grader found in a question of one student, check by check, and what a person has said in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.messages.sentences import say
from grader.pages.card import about_text, call_text, expected_text, observed_text
from grader.pages.summary import MARKS, points_text
from grader.review.box import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.gradebook.readings import Override
    from grader.model import Language, Text
    from grader.records.record import CheckPart, TaskPart


@dataclass(frozen=True, slots=True)
class FoundView:
    """A check as the page shows it; `after` is the row of the override that was seen, 0 where there is none."""

    name: str
    verdict: str
    mark: str
    points: str
    worth: str
    lines: tuple[str, ...]
    call: str | None
    observed: str | None
    expected: str | None
    is_alleged: bool
    override: OverrideView


@dataclass(frozen=True, slots=True)
class OverrideView:
    """The points that a person gives for a check, as they are typed, and why; "" where the grader's count."""

    points: str = ""
    reason: str = ""
    told: str = ""
    after: int = 0


def found_in(
    task: TaskPart, overrides: Mapping[tuple[str, str, str], Override], student: str, language: Language
) -> tuple[FoundView, ...]:
    """Return the checks of a question, with what was said of each in place of the grader."""
    return tuple(
        _found(task, check, overrides.get((student, task.name, check.name)), language=language) for check in task.checks
    )


def override_view(override: Override | None, check: CheckPart, language: Language) -> OverrideView:
    """Return an override as the page shows it."""
    if override is None:
        return OverrideView()
    if override.points is None:
        return OverrideView(after=override.number)
    given = points_text(override.points, check.points)
    told = say("{points} by {who}: {reason}", points=given, who=override.made_by or "-", reason=override.reason)
    if override.is_earlier:
        told = say("{told} (the grader says something else by now, so this counts no more)", told=told)
    return OverrideView(written(override.points), override.reason, told.in_language(language), after=override.number)


def _found(task: TaskPart, check: CheckPart, override: Override | None, language: Language) -> FoundView:
    evidence = check.evidence
    is_told = evidence is not None and check.verdict != "passed"
    return FoundView(
        name=check.name,
        verdict=check.verdict,
        mark=MARKS[check.verdict],
        points=points_text(check.earned, check.points),
        worth=written(check.points),
        lines=tuple(text.in_language(language) for text in _lines(check)),
        call=call_text(task, evidence) if is_told and evidence is not None else None,
        observed=observed_text(check) if is_told else None,
        expected=expected_text(evidence) if is_told and evidence is not None else None,
        is_alleged=check.alleged,
        override=override_view(override, check, language),
    )


def _lines(check: CheckPart) -> Iterator[Text]:
    """Yield what is said of a check: the reason first."""
    if check.because is not None:
        yield check.because.text
    if check.about is not None:
        yield about_text(check.about.text)
    if check.because is None and check.promise is not None:
        yield check.promise.text
    for note in check.notes:
        yield note.text
