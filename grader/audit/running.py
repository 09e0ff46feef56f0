"""What of an audit runs in kernels: the stub, the solution, and the functions of the course's tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from grader.audit.candidates import judged_candidate
from grader.audit.context import key_of, questions_of
from grader.audit.finding import Part
from grader.audit.kernels import ask_functions
from grader.audit.notebooks import Stub, solution_part, stub_part
from grader.course.stub import stub_notebook
from grader.data.mnist import prepare_mnist
from grader.grading.make_key import kernel_seed
from grader.messages.sentences import say
from grader.model import Cell
from grader.sandbox.runner import imports
from grader.workflow.side_by_side import do_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.audit.candidates import Candidate
    from grader.audit.context import AuditContext
    from grader.audit.functions import Function
    from grader.audit.kernels import KernelAnswers
    from grader.model import Observation, Text
    from grader.sandbox.runner import Runner

    Job: TypeAlias = Callable[[Runner], "Part | JudgedAnswers"]

PARTS = 10
"""Over how many runs the networks are spread: each takes a second, and small parts end at about the same time."""


@dataclass(frozen=True, slots=True, eq=False)
class JudgedAnswers:
    """What the functions in one kernel answered, and the verdicts on those of which it is known what they are."""

    seen: KernelAnswers
    judged: Mapping[Function, Candidate]


@dataclass(frozen=True, slots=True, eq=False)
class KernelResults:
    """The course's notebooks, graded; what every function answered, the verdicts, and the files that do not import."""

    stub: Part
    solution: Part
    judged: Mapping[Function, Candidate]
    answers: Mapping[Function, tuple[Observation, ...]]
    broken: Mapping[Path, Text]


def run_all(
    context: AuditContext, folder: Path, *, runners: Sequence[Runner], progress: Callable[[Text], None]
) -> KernelResults:
    """Run everything, as much at once as there are runners. `folder` is for data."""
    jobs = list(_jobs(context, folder))
    results: dict[int, Part | JudgedAnswers] = {}
    for finished in do_all([job for _, job in jobs], lambda job, runner: job(runner), runners):
        results[finished.place] = finished.result
        progress(jobs[finished.place][0])
    solution, stub = (result for _, result in sorted(results.items()) if isinstance(result, Part))
    asked = [result for result in results.values() if isinstance(result, JudgedAnswers)]
    return KernelResults(
        stub=stub,
        solution=solution,
        judged={function: candidate for one in asked for function, candidate in one.judged.items()},
        answers={function: given for one in asked for function, given in one.seen.answers.items()},
        broken={path: problem for one in asked for path, problem in one.seen.broken.items()},
    )


def packages_of(context: AuditContext) -> tuple[str, ...]:
    """Return which of the lab's packages the functions of the tests import, so that kernels can have them ready."""
    files = sorted({function.path for function in context.functions})
    cells = [Cell(0, path.read_text("utf-8")) for path in files]
    return tuple(package for package in context.lab.rubric.packages if imports(cells, package))


def candidate_of(context: AuditContext, function: Function, answers: Sequence[Observation]) -> Candidate:
    """Judge what a function of the tests answered: those to its key's questions, which come first."""
    key = key_of(context, function)
    known = {one.name: one for one in context.lab.mistakes[function.task]} if function.role == "wrong" else {}
    return judged_candidate(
        context.lab,
        key,
        function.task,
        name=function.name,
        observations=answers[: len(key.asked)],
        mistake=known.get(function.name),
    )


def _jobs(context: AuditContext, folder: Path) -> Iterator[tuple[Text, Job]]:
    """Yield each job with what to say when it is done: first the notebooks, then the functions in small parts."""
    mnist = None if context.lab.rubric.data is None else prepare_mnist(None, folder)
    stub, solution = _notebooks(context, folder)
    yield say("the solution graded"), lambda runner: solution_part(context, solution, runner, mnist=mnist)
    yield say("the stub graded"), lambda runner: stub_part(context, stub, runner, mnist=mnist)
    for part in _parts(context):
        yield say("{count} functions of the tests run", count=len(part)), _asking(context, part)


def _notebooks(context: AuditContext, folder: Path) -> tuple[Stub, Path]:
    """Return the notebook that students are given, made where there is a source notebook, and the solved one."""
    course, name = context.course, context.lab.name
    given, source = course.notebook_path(name), course.reference_path(name)
    if given.is_file() or source.suffix != given.suffix:
        return Stub(given), course.folder / f"reference/solutions/{name}.ipynb"
    made = folder / given.name
    made.write_text(json.dumps(stub_notebook(course, name)), encoding="utf-8")
    return Stub(made, source), source


def _asking(context: AuditContext, functions: Sequence[Function]) -> Job:
    """Return the job that asks some functions and judges them, while others still run."""
    questions = {function: questions_of(context, function) for function in functions}

    def job(runner: Runner) -> JudgedAnswers:
        seen = ask_functions(questions, context.lab, runner, seed=kernel_seed(context.key.seed))
        known = [one for one in functions if one.path not in seen.broken and _is_known(context, one)]
        return JudgedAnswers(seen, {one: candidate_of(context, one, seen.answers[one]) for one in known})

    return job


def _is_known(context: AuditContext, function: Function) -> bool:
    """Say whether a function is correct, or bears the name of a known mistake; `contents` tells of the others."""
    names = [mistake.name for mistake in context.lab.mistakes[function.task]]
    return function.role == "correct" or function.name in names


def _parts(context: AuditContext) -> Iterator[tuple[Function, ...]]:
    """Spread the networks evenly; functions about numbers are quick, and all in the first part."""
    networks = [function for function in context.functions if function.task in context.networks]
    others = [function for function in context.functions if function.task not in context.networks]
    for number in range(PARTS):
        part = (*(others if number == 0 else ()), *networks[number::PARTS])
        if part:
            yield part
