"""Counts the false names: mistakes that a report names, though the function does not make them.

    python benchmarks/names.py [LAB…] [--say] [--mutants]

Every function of tests/ordinary (wrong answers as beginners write them), of tests/correct and of reference/mistakes,
and with --mutants every mutant of the reference, is judged under one seed and explained as a submission is. A name is
false where, under other seeds, the function does not answer that check as the named mistake does; where it keeps a
check that the mistake loses; and where a constant factor or addend is so small that something else made it. With --say
what each function of tests/ordinary is told is printed, to be read. The exit status is 1 if there is a false name.
"""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.audit.candidates import judged_as
from grader.audit.mutants import mutants_of
from grader.audit.roots import called
from grader.course.folder import Course, open_course
from grader.course.lab import load_lab
from grader.course.python_file import functions_in, load_code
from grader.errors import LabError
from grader.grading.explaining.explain import explain
from grader.grading.explaining.known import answer_of, answered, equal
from grader.grading.make_key import make_key
from grader.model import Failed, Passed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from grader.course.lab import Lab
    from grader.grading.judging import Judged
    from grader.grading.key import Key
    from grader.model import Observation, Question

    Function = Callable[..., object]

ROOT = Path(__file__).resolve().parents[1]
LABS = ("lab01", "lab02", "lab03", "corelab")
SEED, OTHER_SEEDS = 0, (1, 2, 3)
TRIED_AGAIN = frozenset({"same_number", "always_infinite", "constant_factor", "constant_offset"})


@dataclass(frozen=True, eq=False)
class Tried:
    """A wrong function of a task, and where it is from."""

    task: str
    name: str
    function: Function


def main() -> int:
    """Print each false name, and how many names there were."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labs", nargs="*", default=LABS)
    parser.add_argument("--say", action="store_true")
    parser.add_argument("--mutants", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    named = false = functions = 0
    for name in options.labs:
        lab = load_lab(open_course(ROOT), name)
        keys = [make_key(lab, seed, _numbers(lab)) for seed in (SEED, *OTHER_SEEDS)]
        with TemporaryDirectory() as folder:
            for tried in _functions(lab, Path(folder), mutants=options.mutants):
                told = _told(lab, keys[0], tried)
                functions += 1
                for one in told:
                    if isinstance(one.verdict, Failed) and one.verdict.mistake is not None:
                        named += 1
                        if (why := _why_false(lab, keys, tried, told=told, one=one)) is not None:
                            false += 1
                            print(f"FALSE {tried.task}.{one.check} {tried.name}: {one.verdict.mistake}: {why}")
                if options.say and tried.name.startswith("ordinary"):
                    _say(tried, told)
    print(f"{functions} functions, {named} names, {false} of them false")
    return int(false > 0)


def _numbers(lab: Lab) -> Sequence[str]:
    return [
        task
        for task, entry in lab.rubric.tasks.items()
        if not any(one.judge for one in entry.checks.values())
        or all(getattr(one.judge, "kind", "close") in {"close", "large", "law"} for one in entry.checks.values())
    ]


def _functions(lab: Lab, folder: Path, *, mutants: bool) -> Iterator[Tried]:
    tasks = _numbers(lab)
    for task in tasks:
        for mistake in lab.mistakes[task]:
            yield Tried(task, f"mistake {mistake.name}", mistake.function)
        for role in ("ordinary", "correct"):
            path = ROOT / "tests" / role / lab.name / f"{task}.py"
            if (
                path.is_file()
                and "tensorflow" not in path.read_text("utf-8")
                and "keras" not in path.read_text("utf-8")
            ):
                for name, function in functions_in(load_code(path)).items():
                    yield Tried(task, f"{role} {name}", function)
    if mutants:
        source = Course(ROOT).reference_path(lab.name).read_text("utf-8")
        for number, mutant in enumerate(mutants_of(source, [called(task) for task in tasks])):
            file = folder / f"m{number}.py"
            file.write_text(mutant.source, "utf-8")
            try:
                module: Any = load_code(file)
            except LabError:
                continue
            for task in mutant.tasks:
                yield Tried(task, f"mutant {mutant.change.now}", getattr(module, task))


def _told(lab: Lab, key: Key, tried: Tried) -> tuple[Judged, ...]:
    def ask(questions: Sequence[Question]) -> Sequence[Observation]:
        return [answered(tried.function, question) for question in questions]

    observations = ask([asked.question for asked in key.asked if asked.question.task == tried.task])
    return explain(lab, judged_as(key, tried.task, observations), ask)


def _why_false(lab: Lab, keys: Sequence[Key], tried: Tried, *, told: Sequence[Judged], one: Judged) -> str | None:
    name = one.verdict.mistake if isinstance(one.verdict, Failed) else None
    kept = {other.check for other in told if isinstance(other.verdict, Passed)}
    known = {mistake.name: mistake for mistake in lab.mistakes[tried.task]}
    if name in known:
        mistake = known[name]
        if lost := kept & set(mistake.loses):
            return f"it keeps {', '.join(sorted(lost))}, which the mistake loses"
        for key in keys[1:]:
            for asked in key.asked:
                question = asked.question
                if (question.task, question.check) == (tried.task, one.check) and not equal(
                    answered(tried.function, question), answer_of(mistake, question)
                ):
                    return f"under seed {key.seed} it answers otherwise"
        return None
    if name in {"constant_factor", "constant_offset"} and _is_near(one):
        return "the answers are within 1 % of the expected ones"
    if name in TRIED_AGAIN or "+" in str(name):
        for key in keys[1:]:
            again = {other.check: other.verdict for other in _told(lab, key, tried)}[one.check]
            if not isinstance(again, Failed) or again.mistake != name:
                return f"under seed {key.seed} it is told as {getattr(again, 'mistake', 'right')}"
    return None


def _is_near(one: Judged) -> bool:
    pairs = [(answer.observed.value, answer.asked.expected) for answer in one.answers]  # type: ignore[union-attr]
    return all(np.allclose(seen, expected, rtol=0.01, atol=0) for seen, expected in pairs)  # type: ignore[arg-type]


def _say(tried: Tried, told: Sequence[Judged]) -> None:
    print(f"{tried.task} {tried.name.removeprefix('ordinary ')}")
    said: Mapping[tuple[Any, ...], list[str]] = {}
    for one in told:
        verdict = one.verdict
        words = (verdict.mistake, verdict.because.en) if isinstance(verdict, Failed) else (type(verdict).__name__,)
        said.setdefault(words, []).append(one.check)  # type: ignore[attr-defined]
    for words, checks in said.items():
        print(f"    {', '.join(checks)}: {' | '.join(map(str, words))}")


if __name__ == "__main__":
    sys.exit(main())
