"""The story: a lab becomes an audit.

Its stub and its solution are graded as a student's notebook. Every correct variant, and every network that shows a
known mistake, answers the questions in a kernel. Meanwhile the mistakes of numbers answer them here, the reference is
mutated, and laws, impostors and contents are looked at. From all these answers it follows what is to be mended.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING

from grader.audit.candidates import Candidate, mistaken
from grader.audit.contents import contents_part
from grader.audit.desk import prepare
from grader.audit.finding import Broken, Catches, Clearance, Counterpart, Finding, Part
from grader.audit.impostors import impostors_part
from grader.audit.laws import breaks, calls_of, form_of, laws_part, not_held, reference_breaks
from grader.audit.mistakes import mistakes_part, variants_part
from grader.audit.mutation import Mutation, mutation_part, try_mutants
from grader.audit.questions import catches, questions_part
from grader.audit.reference import counterparts, reference_part
from grader.audit.running import packages_of, run_all
from grader.audit.tolerances import clearances, tolerances_part
from grader.grading.key import make_key
from grader.messages.sentences import say
from grader.sandbox.pool import Pool
from grader.workflow.side_by_side import cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.audit.desk import Desk
    from grader.audit.functions import Function
    from grader.audit.running import Ran
    from grader.course.folder import Course
    from grader.model import Observation, Text

SEEDS = 5
"""Under how many seeds each mistake of numbers is judged: it has to lose its checks under every one."""

MOST_KERNELS = 4
"""Two for functions, one for the stub and one for the solution."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found out about a lab under one seed: the topics, and what they were concluded from."""

    lab: str
    title: Text
    seed: int
    seconds: float
    parts: tuple[Part, ...]
    mutation: Mutation
    clearances: tuple[Clearance, ...]
    catches: tuple[Catches, ...]
    counterparts: tuple[Counterpart, ...]
    laws: tuple[Broken, ...]

    @property
    def is_fair(self) -> bool:
        """Say whether nothing but advice was found."""
        return all(finding.weight == "advice" for part in self.parts for finding in part.findings)


@dataclass(frozen=True, slots=True, eq=False)
class _Inside:
    """What was found in this process, while kernels ran."""

    mistakes: tuple[Candidate, ...]
    mutation: Mutation
    laws: tuple[Broken, ...]
    unlawful: tuple[Finding, ...]
    """The laws that the reference breaks."""


def audit(course: Course, name: str, seed: int, tell: Callable[[Text], None]) -> Audit:
    """Audit a lab; `tell` is told what has been done. The same course and seed give the same audit.

    Raises LabError for what cannot be read or be asked about, and SandboxError where our machinery fails.
    """
    began = monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="grade-audit-")))
        kernels = min(cores(), MOST_KERNELS) + 1  # a network that is told of leaves its core to another one
        pool = stack.enter_context(Pool(kernels))  # it begins while everything is read
        desk = prepare(course, name, seed)
        pool.preload(packages_of(desk))
        runners = [stack.enter_context(pool.runner()) for _ in range(kernels)]
        running = stack.enter_context(ThreadPoolExecutor(1)).submit(run_all, desk, folder, runners, tell)
        for runner in runners:
            stack.callback(runner.stop)  # where this process fails, what runs there ends, and is waited for
        inside = _inside(desk, tell)
        ran = running.result()
    return _concluded(desk, inside, ran, monotonic() - began)


def _inside(desk: Desk, tell: Callable[[Text], None]) -> _Inside:
    mutation = try_mutants(desk.course, desk.lab.name, desk.key.seed, desk.numbers, desk.equivalents)
    tell(say("{count} mutants tried", count=mutation.tried))
    mistakes = tuple(one for offset in range(SEEDS) for one in _mistakes(desk, desk.key.seed + offset))
    tell(say("{count} mistakes judged", count=len(mistakes) // SEEDS))
    laws = tuple(row for task in desk.numbers for row in _breaks(desk, task))
    unlawful = tuple(finding for task in desk.numbers for finding in _unlawful(desk, task))
    tell(say("{count} laws tried", count=len(laws)))
    return _Inside(mistakes, mutation, laws, unlawful)


def _mistakes(desk: Desk, seed: int) -> Iterator[Candidate]:
    key = desk.key if seed == desk.key.seed else make_key(desk.lab, seed, desk.numbers)
    for task in desk.numbers:
        for mistake in desk.lab.mistakes[task]:
            yield mistaken(desk.lab, key, task, mistake)


def _breaks(desk: Desk, task: str) -> Iterator[Broken]:
    return breaks(task, desk.lab.laws[task], desk.inputs[task], desk.lab.mistakes[task])


def _unlawful(desk: Desk, task: str) -> Iterator[Finding]:
    file = str(desk.course.laws_folder(desk.lab.name) / f"{task}.py")
    for law in reference_breaks(desk.lab.laws[task], desk.inputs[task], desk.lab.oracle(task)):
        yield Finding("unfair", task, say("the reference itself breaks the law {law}", law=law.name), file)


def _concluded(desk: Desk, inside: _Inside, ran: Ran, seconds: float) -> Audit:
    lab, key, course = desk.lab, desk.key, desk.course
    answers = {function: given for seen in ran.seen for function, given in seen.answers.items()}
    broken = {path: told for seen in ran.seen for path, told in seen.broken.items()}
    judged = {one: ran.judged[one] for one in desk.functions if one in ran.judged}
    variants = [candidate for candidate in judged.values() if candidate.mistake is None]
    mistakes = [*inside.mistakes, *(candidate for candidate in judged.values() if candidate.mistake is not None)]
    unlawful = [*inside.unlawful, *(found for one in judged for found in _unlawful_variant(desk, one, answers[one]))]
    rubric, reference = str(course.rubric_path(lab.name)), str(course.reference_path(lab.name))
    rows = clearances([*variants, *mistakes])
    caught = catches(lab, key, [one for one in mistakes if one.seed == key.seed])
    beside = tuple(counterparts(key, [one for function, one in judged.items() if function.framework]))
    parts = (
        ran.stub,
        ran.solution,
        mistakes_part(course, lab, mistakes, SEEDS, untrained=len(desk.untrained)),
        variants_part(course, lab, variants, broken),
        impostors_part(key, rubric),
        reference_part(lab, key, beside, reference),
        mutation_part(course, lab.name, inside.mutation),
        tolerances_part(rows, rubric),
        questions_part(caught),
        laws_part(course, lab, inside.laws, unlawful),
        contents_part(course, lab, desk.networks, desk.functions),
    )
    within = tuple(_within(course, part) for part in parts)
    return Audit(
        lab.name, lab.rubric.title.text, key.seed, seconds, within, inside.mutation, rows, caught, beside, inside.laws
    )


def _unlawful_variant(desk: Desk, function: Function, answers: Sequence[Observation]) -> Iterator[Finding]:
    """Find the laws of a task that do not hold for a correct variant, whose answers end with those to their calls."""
    tried = desk.trials.get(function.task, ())
    if function.role == "wrong" or not tried:
        return
    calls = calls_of(tried)
    observed = dict(zip(map(form_of, calls), answers[len(answers) - len(calls) :], strict=True))
    file = str(desk.course.laws_folder(desk.lab.name) / f"{function.task}.py")
    for law in not_held(tried, observed):
        told = say("the law {law} does not hold for the right answer {name}", law=law.name, name=function.name)
        yield Finding("unfair", function.task, told, file)


def _within(course: Course, part: Part) -> Part:
    """Return a part whose findings name their files as they are called in the course's folder."""
    home = course.folder
    named = [(finding, Path(finding.file)) for finding in part.findings]
    findings = [
        replace(finding, file=str(path.relative_to(home)) if path.is_relative_to(home) else str(path))
        for finding, path in named
    ]
    return replace(part, findings=tuple(findings))
