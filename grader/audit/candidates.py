"""Solutions of one task that are known to be right or wrong, judged as a submission's answers are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.grading.explaining.explain import explain
from grader.grading.explaining.known import answer_of
from grader.grading.judging import judge_run
from grader.grading.key import Key
from grader.grading.recording import NOT_RUN
from grader.model import Failed, NotAsked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.course.lab import Lab
    from grader.course.mistakes_and_laws import Mistake
    from grader.grading.judging import Judged
    from grader.model import Observation


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A solution of one task and its verdicts. `mistake` should explain it; a correct variant has None."""

    task: str
    name: str
    seed: int
    judged: tuple[Judged, ...]
    mistake: Mistake | None = None
    explained_as: Mapping[str, str | None] = field(default_factory=dict)
    """For each check that a mistake loses: the name of the explanation that a student would read, if there is one."""


def judged_as(key: Key, task: str, observations: Sequence[Observation]) -> tuple[Judged, ...]:
    """Return the verdicts of one task's checks for these answers to its questions, in the key's order."""
    asked = tuple(one for one in key.asked if one.question.task == task)
    return judge_run(Key(key.lab, key.seed, asked), replace(NOT_RUN, observations=tuple(observations)), ())


def judged_mistake(lab: Lab, key: Key, task: str, *, mistake: Mistake) -> Candidate:
    """Return a known mistake of a task about numbers, judged."""
    observations = [answer_of(mistake, asked.question) for asked in key.asked if asked.question.task == task]
    return judged_candidate(lab, key, task, name=mistake.name, observations=observations, mistake=mistake)


def judged_candidate(
    lab: Lab, key: Key, task: str, *, name: str, observations: Sequence[Observation], mistake: Mistake | None
) -> Candidate:
    """Return a solution of one task, judged by its answers; a mistake is explained as well."""
    judged = judged_as(key, task, observations)
    explained_as = {} if mistake is None else _explained_as(lab, judged)
    return Candidate(task, name, key.seed, judged=judged, mistake=mistake, explained_as=explained_as)


def _explained_as(lab: Lab, judged: tuple[Judged, ...]) -> Mapping[str, str | None]:
    explained = explain(lab, judged, lambda questions: [NotAsked()] * len(questions))
    return {one.check: one.verdict.mistake for one in explained if isinstance(one.verdict, Failed)}
