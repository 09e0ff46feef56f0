"""Explains every failed check by the first explanation that fits."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.grading.explaining.broken import broken_law
from grader.grading.explaining.combined import combined_mistake
from grader.grading.explaining.known import known_mistake
from grader.grading.judging import first_wrong
from grader.model import Failed, Returned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.lab import Lab
    from grader.grading.explaining import Explanation
    from grader.grading.explaining.broken import Ask
    from grader.grading.judging import Judged


def explain(lab: Lab, judged: tuple[Judged, ...], ask: Ask) -> tuple[Judged, ...]:
    """Return the verdicts with, for each failed check, the explanation that fits all of its answers.

    `ask` puts further questions to the submission. If it answers NotAsked, no law is found broken. An explainer that
    fails is logged, and explains nothing: the verdict stands.
    """
    tasks: dict[str, list[Judged]] = {}
    for one in judged:
        tasks.setdefault(one.task, []).append(one)
    return tuple(_explained(lab, one, tasks[one.task], ask=ask) for one in judged)


def _explained(lab: Lab, judged: Judged, siblings: Sequence[Judged], *, ask: Ask) -> Judged:
    failed = judged.verdict
    if not isinstance(failed, Failed):
        return judged
    try:
        explanation = _explanation(lab, judged, siblings, ask=ask)
    except (Exception, SystemExit):
        logging.getLogger(__name__).exception("An explainer failed: %s, %s.%s", lab.name, judged.task, judged.check)
        return judged
    if explanation is None:
        return judged
    verdict = Failed(
        because=explanation.because,
        evidence=explanation.evidence or failed.evidence,
        mistake=explanation.name,
        hint=explanation.hint,
        about=failed.about if explanation.evidence is None else None,
    )
    return replace(judged, verdict=verdict)


def _explanation(lab: Lab, judged: Judged, siblings: Sequence[Judged], *, ask: Ask) -> Explanation | None:
    task, answers = judged.task, judged.answers
    wrong = first_wrong(answers)
    if wrong is not None and wrong.failure is not None and wrong.failure.is_certain:
        return None
    if (known := known_mistake(lab.mistakes.get(task, ()), judged, siblings)) is not None:
        return known
    oracle = lab.oracle(task)
    if (combined := combined_mistake(oracle, answers)) is not None:
        return combined
    laws = lab.laws.get(task)
    is_told = isinstance(judged.verdict, Failed) and judged.verdict.mistake is not None
    if laws is None or is_told or not all(isinstance(one.observed, Returned) for one in answers):
        return None
    return broken_law(task, laws, answers[0].asked.names, oracle=oracle, ask=ask)
