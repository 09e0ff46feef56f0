"""The mutation score: how many slips in the reference's formulas the questions of the rubric find.

Slips that change nothing the lab promises do not count. They are recorded, each with a reason in words, in
reference/equivalent_mutants/LAB.yaml:

    softmax:                                     # the function or the constant
      - was: "powers = np.exp(logits - top)"     # the statement as the audit shows it
        now: "powers = np.exp(logits)"           # or a list of several
        because: "…"
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from grader.audit.finding import Finding, Part
from grader.audit.mutant_runner import MutantRunner
from grader.audit.mutants import canonical, mutants_of
from grader.course.lab import code_of
from grader.course.yaml_lines import Problem, read_yaml
from grader.messages.sentences import quote, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from grader.audit.mutants import Change, Mutant
    from grader.course.folder import Course


LEAST_SCORE = 0.98


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


@dataclass(frozen=True, slots=True)
class Mutation:
    """How the mutants of a lab fared. A mutant of a function that two tasks use counts twice."""

    tried: int
    survivors: tuple[Survivor, ...]
    stale: tuple[Slip, ...]
    """Records whose mutants no longer survive."""

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


def try_mutants(course: Course, lab: str, tasks: Sequence[str], *, seed: int, known: Mapping[Slip, str]) -> Mutation:
    """Ask every mutant of a lab's reference the questions of these tasks about numbers. `known` are the records."""
    mutants = list(mutants_of(code_of(course, lab).text, tasks))
    with MutantRunner(course, lab, seed) as runner:
        return score(mutants, runner.survived(mutants), known)


def mutation_part(course: Course, lab: str, mutation: Mutation) -> Part:
    """Say whether the questions find enough of the slips, and which records are out of date."""
    file, findings = str(course.rubric_path(lab)), []
    if mutation.score < LEAST_SCORE:
        text = say(
            "the questions find {percent} of the slips in the formulas, fewer than {least}: "
            "add a question for those that survive, or record why no question should",
            percent=f"{mutation.score:.1%}",
            least=f"{LEAST_SCORE:.0%}",
        )
        findings.append(Finding("unfair", "", text, file=file))
    for slip in mutation.stale:
        text = say("the record of a mutant that no longer survives: {change}", change=f"{slip.was} -> {slip.now}")
        findings.append(Finding("advice", slip.function, text, file=str(equivalents_path(course, lab))))
    text = say(
        "{percent} of {count} mutants found; {alive} survive, {equivalent} more with a recorded reason",
        percent=f"{mutation.score:.1%}",
        count=mutation.tried - mutation.equivalent,
        alive=mutation.alive,
        equivalent=mutation.equivalent,
    )
    return Part("mutation", text, tuple(findings))


def score(
    mutants: Sequence[Mutant], survived: Iterable[tuple[Mutant, tuple[str, ...]]], known: Mapping[Slip, str]
) -> Mutation:
    """Count the mutants, and look the survivors up in the records."""
    survivors, met = [], set[Slip]()
    for mutant, tasks in survived:
        if tasks:
            slip = _slip(mutant.change)
            met.add(slip)
            survivors.append(Survivor(mutant.change, tasks, known.get(slip)))
    tried = sum(len(mutant.tasks) for mutant in mutants)
    return Mutation(tried, tuple(survivors), tuple(slip for slip in known if slip not in met))


def _slip(change: Change) -> Slip:
    return Slip(change.function, canonical(change.was), canonical(change.now))
