"""The mutation score: how many slips in the reference's formulas the questions of the rubric find.

Slips that change nothing the lab promises do not count. They are recorded, each with a reason in words, in
reference/equivalent_mutants/LAB.yaml:

    softmax:                                     # the function or the constant
      - was: "powers = np.exp(logits - top)"     # the statement as the audit shows it
        now: "powers = np.exp(logits)"           # or a list of several
        because: "…"
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from grader.audit.mutant_runner import MutantRunner
from grader.audit.mutants import Change, Mutant, canonical, mutants_of
from grader.course.lab import code_of
from grader.course.yaml_lines import Problem, read_yaml
from grader.messages.sentences import quote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.audit.roots import Root
    from grader.course.folder import Course
    from grader.course.reference import ReferenceCode


SEARCH_SECONDS = 10.0
"""For how long inputs are looked for that tell slips from the reference."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What a recorded change is known by: the function, the statement before and the one after."""

    function: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that fails no check of some of its tasks; `because` is the recorded reason, if there is one."""

    change: Change
    tasks: tuple[str, ...]
    because: str | None
    wide: tuple[str, ...] = ()
    """TASK.CHECK of those that it passes by their tolerance alone."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """Of some of its tasks an input that tells it from the reference; "" where none of many does."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """How the mutants of a lab fared. A mutant of a function that two tasks use counts twice."""

    counts: Mapping[str, int]
    """How many were tried, by task."""
    survivors: tuple[Survivor, ...]
    stale: tuple[Slip, ...]
    """Records whose mutants no longer survive."""
    unfit: tuple[str, ...] = ()
    """The tasks whose slips could not be tried."""

    @property
    def tried(self) -> int:
        """Return how many were tried."""
        return sum(self.counts.values())

    @property
    def equivalent(self) -> int:
        """Return how many survivors have a recorded reason."""
        return sum(len(one.tasks) for one in self.survivors if one.because is not None)

    @property
    def alive(self) -> int:
        """Return how many survivors have none."""
        return sum(len(one.tasks) for one in self.survivors if one.because is None)

    @property
    def score(self) -> float:
        """Return the share of those that should be found and are, from 0 to 1."""
        counted = self.tried - self.equivalent
        return 1.0 if counted == 0 else (counted - self.alive) / counted

    def of(self, tasks: Collection[str]) -> Mutation:
        """Return how those of some tasks fared."""
        own = [(one, tuple(task for task in one.tasks if task in tasks)) for one in self.survivors]
        return Mutation(
            {task: count for task, count in self.counts.items() if task in tasks},
            tuple(replace(one, tasks=kept) for one, kept in own if kept),
            self.stale,
            unfit=self.unfit,
        )


class _Recorded(BaseModel):
    """A slip, or several of one statement, and why no question finds them."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    was: Annotated[str, Field(min_length=1)]
    now: str | list[str]
    because: Annotated[str, Field(min_length=1)]


def equivalents_path(course: Course, lab: str) -> Path:
    """Return the file of a lab's equivalent mutants."""
    return course.folder / "reference" / "equivalent_mutants" / f"{lab}.yaml"


def read_equivalents(path: Path) -> Mapping[Slip, str]:
    """Return the recorded slips with their reasons; raise LabError for a file of another form."""
    if not path.is_file():
        return {}
    read = read_yaml(path)
    try:
        form = TypeAdapter(dict[str, list[_Recorded]]).validate_python({} if read.data is None else read.data)
    except ValidationError as error:
        raise read.refusal([Problem(details["loc"], quote(details["msg"])) for details in error.errors()]) from error
    return {
        Slip(function, canonical(entry.was), canonical(now)): entry.because
        for function, entries in form.items()
        for entry in entries
        for now in ([entry.now] if isinstance(entry.now, str) else entry.now)
    }


def try_mutants(
    course: Course,
    lab: str,
    roots: Sequence[Root],
    *,
    seed: int,
    known: Mapping[Slip, str],
    searched: Collection[str] = (),
) -> Mutation:
    """Ask every mutant of a lab's reference the questions of the tasks of these roots. `known` are the records.

    For those that survive a task of `searched`, an input is looked for that tells them from the reference.
    """
    code = code_of(course, lab)
    with MutantRunner(course, lab, seed) as runner:
        unfit = _unfit(runner, code.text, roots)
        roots = [root for root in roots if root.task not in unfit]
        mutants = [_placed(mutant, code) for mutant in mutants_of(code.text, roots)]
        mutation = replace(score(mutants, list(runner.survived(mutants)), known, roots=roots), unfit=unfit)
        return replace(mutation, survivors=tuple(_with_inputs(mutation.survivors, mutants, runner, searched=searched)))


def _unfit(runner: MutantRunner, code: str, roots: Sequence[Root]) -> tuple[str, ...]:
    """Return the tasks that the reference itself answers wrongly where mutants are tried: then slips show nothing."""
    itself = Mutant(Change("", 1, was="", now=""), code, tuple(root.task for root in roots))
    [(_, passed)] = runner.survived([itself])
    return tuple(task for task in itself.tasks if task not in passed)


def _placed(mutant: Mutant, code: ReferenceCode) -> Mutant:
    """Return a mutant whose change is told by its cell, where the reference is a notebook."""
    if code.cells is None:
        return mutant
    cell, line = code.cells[mutant.change.line - 1]
    return replace(mutant, change=replace(mutant.change, cell=cell, line=line))


def _with_inputs(
    survivors: Sequence[Survivor], mutants: Sequence[Mutant], runner: MutantRunner, *, searched: Collection[str]
) -> Iterator[Survivor]:
    """Yield the survivors with an input for each of these tasks, where one is found in time."""
    by_change = {mutant.change: mutant for mutant in mutants}
    began = monotonic()
    for one in survivors:
        tasks = [task for task in one.tasks if task in searched and one.because is None]
        is_late = monotonic() - began > SEARCH_SECONDS
        inputs = runner.telling_inputs(by_change[one.change], tasks) if tasks and not is_late else {}
        yield replace(one, inputs=inputs)


def score(
    mutants: Sequence[Mutant],
    survived: Iterable[tuple[Mutant, Mapping[str, tuple[str, ...]]]],
    known: Mapping[Slip, str],
    *,
    roots: Sequence[Root] = (),
) -> Mutation:
    """Count the mutants, and look the survivors up in the records.

    `survived` has for each mutant the tasks that it survives, with the checks that it passes by their tolerance alone.
    A variable that a slip leaves as it is has the right value: that slip is none. Of a class it is enough that one of
    the tasks finds it, for each asks a part.
    """
    variables = {root.task for root in roots if root.is_variable}
    parts = {root.task for root in roots if root.asks_parts}
    counts = Counter(task for mutant in mutants for task in mutant.tasks)
    survivors, met = [], set[Slip]()
    for mutant, passed in survived:
        same = {task for task, wide in passed.items() if task in variables and not wide}
        counts.subtract(same)
        is_found = any(task not in passed for task in mutant.tasks)
        kept = {one: wide for one, wide in passed.items() if one not in same and not (is_found and one in parts)}
        if kept:
            slip = _slip(mutant.change)
            met.add(slip)
            places = tuple(f"{task}.{check}" for task, wide in kept.items() for check in wide)
            survivors.append(Survivor(mutant.change, tuple(kept), known.get(slip), wide=places))
    return Mutation(dict(counts), tuple(survivors), tuple(slip for slip in known if slip not in met))


def _slip(change: Change) -> Slip:
    return Slip(change.function, canonical(change.was), canonical(change.now))
