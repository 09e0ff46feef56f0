"""Takes each wall away in turn, and shows which hostile submissions then succeed: a wall must stop something.

    python benchmarks/teeth.py

The submissions are those of tests/hostile whose answers are right only as long as every one of their acts is refused.
The exit status is 1 if a wall can be taken away and nothing succeeds, or if something succeeds behind all of them.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.model import Cell, Limits, Question, Returned, Submission
from grader.sandbox.isolation.wall import walls_of
from grader.sandbox.pool import single_runner
from grader.sandbox.runner import RunSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "hostile" / "corpus.py"
LIMITS = Limits(10, 10, 30, memory_mib=1024)
ASKED = 2.0


def main() -> int:
    """Print a line for each wall."""
    every = walls_of()
    failed = [f"{name} succeeds behind all walls" for name in _succeeding(every)]
    print(f"behind all of {', '.join(every)}: {', '.join(failed) or 'none succeeds'}")
    for wall in every:
        found = list(_succeeding(tuple(name for name in every if name != wall)))
        print(f"without {wall}: {', '.join(found) or 'NONE SUCCEEDS'}")
        failed += [] if found else [f"{wall} has no teeth"]
    return int(bool(failed))


def _succeeding(walls: tuple[str, ...]) -> Iterator[str]:
    with single_runner(walls=walls) as runner:
        for one in _corpus().hostile():
            if one.expected not in {"full", "strong"} or not any("refused(" in cell for cell in one.cells[1:]):
                continue
            cells = tuple(Cell(number, source) for number, source in enumerate(one.cells, 1))
            submission = Submission(one.student, Path(f"{one.student}.ipynb"), cells, "")
            [seen] = runner.run(
                submission, RunSpec(questions=(Question("double", "values", (ASKED,)),), limits=LIMITS)
            ).observations
            if not (isinstance(seen, Returned) and seen.value == 2 * ASKED):
                yield one.student


def _corpus() -> Any:  # noqa: ANN401 (a module of the tests)
    spec = importlib.util.spec_from_file_location("corpus", CORPUS)
    if spec is None or spec.loader is None:
        raise AssertionError
    module = importlib.util.module_from_spec(spec)
    sys.modules["corpus"] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
