"""What of an audit runs in kernels: the stub, the solution, and the functions of the course's tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from grader.audit.candidates import candidate
from grader.audit.desk import key_of, questions_of
from grader.audit.kernels import Seen, see
from grader.audit.sat import solution_part, stub_part
from grader.data.mnist import prepare_mnist
from grader.messages.sentences import say
from grader.model import Cell
from grader.sandbox.runner import imports
from grader.workflow.side_by_side import do_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.audit.candidates import Candidate
    from grader.audit.desk import Desk
    from grader.audit.finding import Part
    from grader.audit.functions import Function
    from grader.model import Observation, Text
    from grader.sandbox.runner import Runner

    Job: TypeAlias = Callable[[Runner], "Part | Group"]

PARTS = 10
"""In how many kernels networks are looked at: each takes a second, and small parts end at about the same time."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """What the functions of one kernel answered, and how that was judged where it is known what they are."""

    seen: Seen
    judged: Mapping[Function, Candidate]


@dataclass(frozen=True, slots=True, eq=False)
class Ran:
    """What came of the notebooks and of the functions."""

    stub: Part
    solution: Part
    seen: tuple[Seen, ...]
    judged: Mapping[Function, Candidate]


def run_all(desk: Desk, folder: Path, runners: Sequence[Runner], tell: Callable[[Text], None]) -> Ran:
    """Run everything, as much at once as there are runners; `folder` is for data, `tell` is told what is done."""
    jobs = list(_jobs(desk, folder))
    results: dict[int, Part | Group] = {}
    for finished in do_all([job for _, job in jobs], lambda job, runner: job(runner), runners):
        results[finished.place] = finished.result
        tell(jobs[finished.place][0])
    groups = [result for result in results.values() if isinstance(result, Group)]
    solution, stub = (result for _, result in sorted(results.items()) if not isinstance(result, Group))
    judged = {function: candidate for group in groups for function, candidate in group.judged.items()}
    return Ran(stub, solution, tuple(group.seen for group in groups), judged)


def packages_of(desk: Desk) -> tuple[str, ...]:
    """Return which of the lab's packages the functions of the tests import: kernels are to have them."""
    files = sorted({function.path for function in desk.functions})
    cells = [Cell(0, path.read_text("utf-8")) for path in files]
    return tuple(package for package in desk.lab.rubric.packages if imports(cells, package))


def _jobs(desk: Desk, folder: Path) -> Iterator[tuple[Text, Job]]:
    """Yield what is to be run with what to say afterwards: the notebooks, then the functions in small parts."""
    lab, key, name = desk.lab, desk.key, desk.lab.name
    mnist = None if lab.rubric.data is None else prepare_mnist(None, folder)
    solution, stub = desk.course.folder / "reference" / "solutions" / f"{name}.ipynb", desk.course.notebook_path(name)
    yield say("the solution graded"), lambda runner: solution_part(solution, lab, key, mnist, runner)
    yield say("the stub graded"), lambda runner: stub_part(stub, lab, key, mnist, runner)
    for part in _shared_out(desk):
        yield say("{count} functions of the tests run", count=len(part)), _seeing(desk, part)


def _seeing(desk: Desk, functions: Sequence[Function]) -> Job:
    """Return what runs some functions, and judges them while others still run."""
    questions = {function: questions_of(desk, function) for function in functions}

    def act(runner: Runner) -> Group:
        seen = see(functions, questions, desk.lab, runner, desk.key.seed)
        known = [one for one in functions if one.path not in seen.broken and _is_known(desk, one)]
        return Group(seen, {one: _candidate(desk, one, seen.answers[one]) for one in known})

    return act


def _is_known(desk: Desk, function: Function) -> bool:
    """Say whether a function is known to be right, or by its mistake; else that is told elsewhere."""
    names = [mistake.name for mistake in desk.lab.mistakes[function.task]]
    return function.role == "correct" or function.name in names


def _candidate(desk: Desk, function: Function, answers: Sequence[Observation]) -> Candidate:
    key = key_of(desk, function)
    known = {mistake.name: mistake for mistake in desk.lab.mistakes[function.task]} if function.role == "wrong" else {}
    return candidate(desk.lab, key, function.task, function.name, answers[: len(key.asked)], known.get(function.name))


def _shared_out(desk: Desk) -> Iterator[tuple[Function, ...]]:
    """Share the networks out over the kernels; functions of numbers are quick, and all in the first."""
    networks = [function for function in desk.functions if function.task in desk.networks]
    others = [function for function in desk.functions if function.task not in desk.networks]
    for number in range(PARTS):
        part = (*(others if number == 0 else ()), *networks[number::PARTS])
        if part:
            yield part
