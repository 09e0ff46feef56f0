"""The story: a lab becomes an audit.

Its stub and its solution are graded as a student's notebook is. Every correct variant, and every network that shows a
known mistake, answers the questions in a kernel. Meanwhile the known mistakes of tasks about numbers answer them in
this process, the reference is mutated, and laws, impostors and contents are checked. All these answers together say
what has to be mended.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING

from grader.audit.calls import calls_part
from grader.audit.candidates import Candidate, judged_mistake
from grader.audit.contents import contents_part
from grader.audit.context import make_context
from grader.audit.finding import Broken, Catches, Clearance, Counterpart, Finding, Part, Tried
from grader.audit.impostors import impostors_part
from grader.audit.laws import breaks, calls_of, form_of, laws_part, not_held, reference_breaks
from grader.audit.mistakes import mistakes_part, variants_part
from grader.audit.mutation import Mutation, try_mutants
from grader.audit.questions import catches, questions_part
from grader.audit.reference import counterparts, reference_part
from grader.audit.running import packages_of, run_all
from grader.audit.survivors import mutation_part
from grader.audit.tolerances import clearances, tolerances_part
from grader.audit.wanted import wanted_laws, wanted_mistakes, wanted_variants
from grader.errors import SandboxError
from grader.grading.make_key import make_key
from grader.messages.sentences import LANGUAGES, say
from grader.sandbox.pool import Pool
from grader.system import LONGEST_WAIT
from grader.workflow.context import is_installed
from grader.workflow.side_by_side import cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from grader.audit.context import AuditContext
    from grader.audit.functions import Function
    from grader.audit.running import KernelResults
    from grader.course.folder import Course
    from grader.model import Language, Observation, Text

SEEDS = 5
"""Under how many seeds each mistake about numbers is judged: it must lose its checks under every one of them."""

MOST_KERNELS = 4
"""Two for functions, one for the stub and one for the solution."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found out about a lab under one seed: the topics, and the measurements that they were made from."""

    lab: str
    title: Text
    seed: int
    seconds: float
    parts: tuple[Part, ...]
    tried: Tried
    mutation: Mutation
    clearances: tuple[Clearance, ...]
    catches: tuple[Catches, ...]
    counterparts: tuple[Counterpart, ...]
    laws: tuple[Broken, ...]
    languages: tuple[Language, ...] = LANGUAGES
    is_asked: bool = True
    """Whether anything is graded without a person; else there is no wrong answer to try."""

    @property
    def is_fair(self) -> bool:
        """Say whether wrong answers were tried, if any could be, and nothing but advice was found."""
        is_mended = all(finding.weight == "advice" for part in self.parts for finding in part.findings)
        return is_mended and (self.tried.has_wrong or not self.is_asked)


@dataclass(frozen=True, slots=True, eq=False)
class _Computed:
    """What this process found out while the kernels ran."""

    mistakes: tuple[Candidate, ...]
    mutation: Mutation
    laws: tuple[Broken, ...]
    unlawful: tuple[Finding, ...]
    """The laws that the reference breaks."""


def audit(course: Course, name: str, *, seed: int, progress: Callable[[Text], None]) -> Audit:
    """Audit a lab; `progress` is called with each step that is done. The same course and seed give the same audit.

    Raises LabError for what cannot be read or be asked about, and SandboxError where our machinery fails.
    """
    began = monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="grade-audit-")))
        kernels = min(cores(), MOST_KERNELS) + 1  # while the answers of one network are judged, another has its core
        pool = stack.enter_context(Pool(kernels))  # it starts while everything is read
        context = make_context(course, name, seed)
        pool.preload(_installed(packages_of(context)))
        runners = [stack.enter_context(pool.runner()) for _ in range(kernels)]
        running = stack.enter_context(ThreadPoolExecutor(1)).submit(
            run_all, context, folder, runners=runners, progress=progress
        )
        for runner in runners:
            stack.callback(runner.stop)  # where this process fails, what runs there ends, and is waited for
        computed = _compute(context, progress)
        while not running.done():  # else Windows hears no Ctrl-C
            wait([running], LONGEST_WAIT)
        results = running.result()
    return _concluded(context, computed, results, seconds=monotonic() - began)


def _installed(packages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the packages; raise SandboxError for one without which right answers could not be tried."""
    for package in packages:
        if not is_installed(package):
            raise SandboxError(
                say(
                    "The lab's test functions import {package}, which is not installed here. Nothing was audited. "
                    "Install it: pip install {package}",
                    package=package,
                )
            )
    return packages


def _compute(context: AuditContext, progress: Callable[[Text], None]) -> _Computed:
    mutation = try_mutants(
        context.course,
        context.lab.name,
        context.roots,
        seed=context.key.seed,
        known=context.equivalents,
        searched=context.unlisted,
    )
    progress(say("{count} mutants tried", count=mutation.tried))
    mistakes = tuple(one for offset in range(SEEDS) for one in _mistakes(context, context.key.seed + offset))
    progress(say("{count} mistakes judged", count=len(mistakes) // SEEDS))
    laws = tuple(row for task in context.numbers for row in _breaks(context, task))
    unlawful = tuple(finding for task in context.numbers for finding in _unlawful(context, task))
    progress(say("{count} laws tried", count=len(laws)))
    return _Computed(mistakes=mistakes, mutation=mutation, laws=laws, unlawful=unlawful)


def _mistakes(context: AuditContext, seed: int) -> Iterator[Candidate]:
    key = context.key if seed == context.key.seed else make_key(context.lab, seed, context.numbers)
    for task in context.numbers:
        for mistake in context.lab.mistakes[task]:
            yield judged_mistake(context.lab, key, task, mistake=mistake)


def _breaks(context: AuditContext, task: str) -> Iterator[Broken]:
    return breaks(task, context.lab.laws[task], context.inputs[task], mistakes=context.lab.mistakes[task])


def _unlawful(context: AuditContext, task: str) -> Iterator[Finding]:
    file = str(context.course.laws_folder(context.lab.name) / f"{task}.py")
    for law in reference_breaks(context.lab.laws[task], context.inputs[task], context.lab.oracle(task)):
        yield Finding("unfair", task, say("the reference itself breaks the law {law}", law=law.name), file=file)


def _concluded(context: AuditContext, computed: _Computed, results: KernelResults, *, seconds: float) -> Audit:
    lab, key, course = context.lab, context.key, context.course
    judged = {one: results.judged[one] for one in context.functions if one in results.judged}
    variants = [candidate for candidate in judged.values() if candidate.mistake is None]
    mistakes = [*computed.mistakes, *(candidate for candidate in judged.values() if candidate.mistake is not None)]
    unlawful = [
        *computed.unlawful,
        *(found for one in judged for found in _unlawful_variant(context, one, results.answers[one])),
    ]
    rubric, reference = str(course.rubric_path(lab.name)), str(course.reference_path(lab.name))
    rows = clearances([*variants, *mistakes])
    caught = catches(lab, key, [one for one in mistakes if one.seed == key.seed])
    beside = tuple(counterparts(key, [one for function, one in judged.items() if function.framework]))
    called = calls_part(course, lab)
    parts = (
        results.stub,
        results.solution,
        _with(
            mistakes_part(course, lab, mistakes, seeds=SEEDS, untrained=len(context.untrained)),
            wanted_mistakes(context, computed.mutation),
        ),
        _with(variants_part(course, lab, variants, broken=results.broken), wanted_variants(context)),
        impostors_part(key, rubric),
        *([] if called is None else [called]),
        reference_part(lab, key, beside, file=reference),
        mutation_part(course, lab.name, computed.mutation, unlisted=context.unlisted),
        tolerances_part(rows, rubric),
        questions_part(caught),
        _with(laws_part(course, lab, computed.laws, broken=unlawful), wanted_laws(context)),
        contents_part(context),
    )
    return Audit(
        lab=lab.name,
        title=lab.title,
        seed=key.seed,
        seconds=seconds,
        parts=tuple(_within(course, part) for part in parts),
        tried=_tried(computed.mutation, mistakes, variants, results=results, calls=called),
        mutation=computed.mutation,
        clearances=rows,
        catches=caught,
        counterparts=beside,
        laws=computed.laws,
        languages=lab.languages,
        is_asked=bool(lab.rubric.asked),
    )


def _with(part: Part, findings: Iterable[Finding]) -> Part:
    """Return a part with more findings."""
    return replace(part, findings=(*part.findings, *findings))


def _tried(
    mutation: Mutation,
    mistakes: Sequence[Candidate],
    variants: Sequence[Candidate],
    *,
    results: KernelResults,
    calls: Part | None,
) -> Tried:
    slips = mutation.tried - mutation.equivalent
    return Tried(
        slips=slips,
        found=slips - mutation.alive,
        mistakes=len({(one.task, one.name) for one in mistakes}),
        uses=calls is not None,
        variants=len(variants),
        solution=all(one.asks_for != "solution" for one in results.solution.findings),
    )


def _unlawful_variant(context: AuditContext, function: Function, answers: Sequence[Observation]) -> Iterator[Finding]:
    """Find the laws of a task that do not hold for a correct variant, whose answers end with those to their calls."""
    tried = context.trials.get(function.task, ())
    if function.role == "wrong" or not tried:
        return
    calls = calls_of(tried)
    observed = dict(zip(map(form_of, calls), answers[len(answers) - len(calls) :], strict=True))
    file = str(context.course.laws_folder(context.lab.name) / f"{function.task}.py")
    for law in not_held(tried, observed):
        text = say("the law {law} does not hold for the right answer {name}", law=law.name, name=function.name)
        yield Finding("unfair", function.task, text, file=file)


def _within(course: Course, part: Part) -> Part:
    """Return a part whose findings name their files relative to the course's folder."""
    return replace(part, findings=tuple(replace(one, file=_relative(course, one.file)) for one in part.findings))


def _relative(course: Course, file: str) -> str:
    path = Path(file)
    return str(path.relative_to(course.folder)) if path.is_relative_to(course.folder) else file
