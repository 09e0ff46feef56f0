"""Judges every right and every wrong solution of a lab under many seeds: no verdict may be a matter of luck.

    python -m benchmarks.seeds --lab lab03 --seeds 20 [--first 1] [--only NAME …] [--kept FILE]

Right ones are those of tests/correct; wrong ones are the known mistakes of numbers and the networks of tests/wrong. A
line for each seed; then each solution that was judged otherwise than it should be, with the seeds, and each wrong one
that lost other checks as well under some of them. Whatever is finished is in FILE (benchmarks/seeds-LAB.jsonl), where
the same command goes on. The exit status is 1 where a right solution lost a mark, or a wrong one kept one that it has
to lose.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from grader.audit.candidates import judged_mistake
from grader.audit.context import make_context, questions_of
from grader.audit.kernels import ask_functions
from grader.audit.running import candidate_of, packages_of
from grader.course.folder import Course
from grader.grading.make_key import kernel_seed
from grader.model import Passed
from grader.sandbox.pool import Pool
from grader.workflow.side_by_side import cores, do_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.audit.candidates import Candidate
    from grader.audit.context import AuditContext
    from grader.audit.functions import Function
    from grader.sandbox.runner import Runner

    Row: TypeAlias = dict[str, object]

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = 6
"""How many networks one kernel is asked about: few are lost where the run is stopped."""


def main() -> int:
    """Print a line for each seed, and what was luck."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lab", required=True)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--only", nargs="+", default=())
    parser.add_argument("--kept", type=Path)
    options = parser.parse_args()
    kept = options.kept or ROOT / "benchmarks" / f"seeds-{options.lab}.jsonl"
    seeds = range(options.first, options.first + options.seeds)
    with ExitStack() as stack:
        pool = stack.enter_context(Pool(cores()))
        runners = [stack.enter_context(pool.runner()) for _ in range(cores())]
        pool.preload(packages_of(make_context(Course(ROOT), options.lab, options.first)))
        for seed in seeds:
            began = time.perf_counter()
            _judge_all(options.lab, seed, runners, names=frozenset(options.only), kept=kept)
            rows = [row for row in rows_in(kept) if row["seed"] == seed]
            wrong = sum(not row["as_it_should"] for row in rows)
            seconds = time.perf_counter() - began
            print(
                f"seed {seed}: {len(rows)} solutions, {wrong} otherwise than they should be, {seconds:.0f} s",
                flush=True,
            )
    rows = [row for row in rows_in(kept) if row["seed"] in seeds]
    unlucky = lines_of([row for row in rows if not row["as_it_should"]])
    print("\n".join(unlucky) or "no right solution lost a mark, and no wrong one kept one that it has to lose")
    if more := lines_of([row for row in rows if row["as_it_should"] and row["more"]]):
        print("lost more than they have to:", *more, sep="\n")
    return int(bool(unlucky))


def rows_in(kept: Path) -> list[Row]:
    """Return what was written; a last line that was cut off is left out."""
    lines = kept.read_text("utf-8").splitlines() if kept.is_file() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def lines_of(rows: Sequence[Row]) -> list[str]:
    """Return a line for each solution among the rows, with its seeds and what it lost under each."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        place = (str(row["role"]), str(row["task"]), str(row["name"]))
        found.setdefault(place, []).append(f"{row['seed']} ({row['lost']})")
    return [
        f"{role} {task}.{name}: {len(seeds)} seeds: {', '.join(seeds)}" for (role, task, name), seeds in found.items()
    ]


def _judge_all(lab: str, seed: int, runners: Sequence[Runner], *, names: frozenset[str], kept: Path) -> None:
    context = replace(make_context(Course(ROOT), lab, seed), untrained=frozenset())
    done = {(row["role"], row["task"], row["name"]) for row in rows_in(kept) if row["seed"] == seed}
    waiting = [
        function
        for function in context.functions
        if (function.role, function.task, function.name) not in done and (not names or function.name in names)
    ]
    parts = [waiting[at : at + AT_ONCE] for at in range(0, len(waiting), AT_ONCE)]
    with kept.open("a", encoding="utf-8") as file:
        for candidate in _mistakes(context, names):
            if ("wrong", candidate.task, candidate.name) not in done:
                file.write(json.dumps(row_of(candidate, "wrong")) + "\n")
        file.flush()
        for finished in do_all(parts, partial(_asked, context), runners):
            for function, candidate in finished.result:
                file.write(json.dumps(row_of(candidate, function.role)) + "\n")
            file.flush()


def _asked(context: AuditContext, functions: Sequence[Function], runner: Runner) -> list[tuple[Function, Candidate]]:
    questions = {function: questions_of(context, function) for function in functions}
    seen = ask_functions(questions, context.lab, runner, seed=kernel_seed(context.key.seed))
    if seen.broken:
        raise SystemExit(f"cannot be imported: {seen.broken}")
    return [(function, candidate_of(context, function, seen.answers[function])) for function in functions]


def _mistakes(context: AuditContext, names: frozenset[str]) -> Iterator[Candidate]:
    for task in context.numbers:
        for mistake in context.lab.mistakes[task]:
            if not names or mistake.name in names:
                yield judged_mistake(context.lab, context.key, task, mistake=mistake)


def row_of(candidate: Candidate, role: str) -> Row:
    """Return what is kept: a right solution has to lose nothing, a wrong one what its mistake says."""
    lost = [one.check for one in candidate.judged if not isinstance(one.verdict, Passed)]
    to_lose = set() if candidate.mistake is None else set(candidate.mistake.loses)
    more = [check for check in lost if check not in to_lose]
    return {
        "seed": candidate.seed,
        "role": role,
        "task": candidate.task,
        "name": candidate.name,
        "lost": " ".join(lost),
        "more": " ".join(more),
        "as_it_should": to_lose <= set(lost) and (candidate.mistake is not None or not lost),
    }


if __name__ == "__main__":
    sys.exit(main())
