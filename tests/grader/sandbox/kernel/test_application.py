"""What a notebook may expect of IPython's kernel holds for ours, forked or started."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from grader.model import Cell, Limits, Question, Returned, Run, Submission
from grader.sandbox.kernel.application import PRIVATE_NAMES
from grader.sandbox.kernel.reading_cells import is_plain
from grader.sandbox.pool import single_runner
from grader.sandbox.runner import Runner, RunSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.kernel

LIMITS = Limits(cell_seconds=3, call_seconds=5, submission_seconds=60)


@pytest.fixture(
    scope="module",
    params=[
        "started",
        pytest.param(
            "forked", marks=pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")
        ),
    ],
)
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    with single_runner(packages=["numpy"], forks=request.param == "forked") as running:
        yield running


def run(runner: Runner, *sources: str) -> Run:
    """Run cells; the last of them defines `told`, which is asked."""
    cells = tuple(Cell(number, source) for number, source in enumerate(sources, start=1))
    return runner.run(
        Submission("s001", Path("s001.ipynb"), cells, ""),
        RunSpec(questions=(Question("told", "it", ()),), limits=LIMITS),
    )


def told(found: Run) -> float:
    """Return what `told` answered."""
    [seen] = found.observations
    assert isinstance(seen, Returned), seen
    return float(seen.value)


def test_a_cell_may_await_something(runner: Runner) -> None:
    found = run(
        runner, "import asyncio\nx = 1\nawait asyncio.sleep(0.01)\nx += await asyncio.sleep(0, 2)", "told = lambda: x"
    )
    assert (told(found), found.cells) == (3.0, ())


def test_a_cell_that_awaits_forever_is_stopped_and_the_next_one_runs(runner: Runner) -> None:
    found = run(runner, "import asyncio\nx = 1\nawait asyncio.sleep(1000)\nx = 2", "x += 1\ntold = lambda: x")
    assert told(found) == 2.0
    assert [(stop.place.cell, stop.how) for stop in found.cells] == [(1, "timed_out")]


def test_a_cell_that_loops_forever_is_stopped_and_the_next_one_runs(runner: Runner) -> None:
    found = run(runner, "x = 1\nwhile True:\n    pass", "x += 1\ntold = lambda: x")
    assert told(found) == 2.0
    assert [(stop.place.cell, stop.how) for stop in found.cells] == [(1, "timed_out")]


def test_cells_count_and_remember_as_in_a_notebook(runner: Runner) -> None:
    counted = "told = lambda: In[1].count('+') + _1 + Out[1] + get_ipython().execution_count"
    assert told(run(runner, "20 + 1", "%time y = 1", counted)) == 1 + 21 + 21 + 4


def test_a_cell_that_is_no_python_stops_with_its_line_and_the_next_one_runs(runner: Runner) -> None:
    found = run(runner, "x = 1", "y = 2\nz = = 3", "told = lambda: x")
    assert told(found) == 1.0
    [stop] = found.cells
    assert (stop.place.cell, stop.place.line, stop.how, stop.kind) == (2, 2, "raised", "SyntaxError")


def test_an_error_in_a_function_is_placed_in_the_cell_that_defines_it(runner: Runner) -> None:
    found = run(runner, "def broken():\n    y = 1\n    return y / 0", "broken()", "told = lambda: 1")
    [stop] = found.cells
    assert (stop.place.cell, stop.place.line, stop.kind) == (1, 3, "ZeroDivisionError")


def test_the_same_cell_twice_runs_twice(runner: Runner) -> None:
    assert (
        told(run(runner, "x = globals().get('x', 0) + 1", "x = globals().get('x', 0) + 1", "told = lambda: x")) == 2.0
    )


def test_a_cell_may_change_how_the_next_ones_are_read(runner: Runner) -> None:
    change = "get_ipython().input_transformers_post.append(lambda lines: [line.replace('ONE', '1') for line in lines])"
    assert told(run(runner, change, "x = ONE", "x += ONE", "x += ONE", "told = lambda: x")) == 3.0


def test_magics_aliases_and_help_work(runner: Runner) -> None:
    lines = ("%who", "%timeit -n1 -r1 1", "len?", "%load_ext storemagic", "%%capture kept\nprint('a')\n1")
    found = run(runner, *lines, "told = lambda: len(kept.stdout)")
    assert (told(found), found.cells) == (2.0, ())


def test_what_is_printed_to_either_stream_or_displayed_stops_nothing(runner: Runner) -> None:
    streams = "print('x', flush=True)\nprint('y', file=sys.stderr)\nos.write(1, b'z')\nsys.stdout.flush()"
    loud = f"import sys, os\n{streams}\ndisplay(1)\n3"
    found = run(runner, loud, loud, "told = lambda: 1")
    assert (told(found), found.cells) == (1.0, ())


def test_the_home_and_the_working_folder_are_the_kernels_own(runner: Runner) -> None:
    same = "from pathlib import Path\nip = get_ipython()\nhome = Path.home()"
    answer = (
        "told = lambda: (Path.cwd() == home) + (Path(ip.home_dir) == home) + (Path(ip.starting_dir) == home)"
        " + Path(ip.ipython_dir).is_relative_to(home) + Path(ip.profile_dir.location).is_relative_to(home)"
        " + Path(ip.db.root if hasattr(ip.db, 'root') else ip.profile_dir.location).is_relative_to(home)"
    )
    assert told(run(runner, same, "open('mine.txt', 'w').write('1')", answer)) == 6.0


def test_every_kernel_is_another_one(runner: Runner) -> None:
    left = "import builtins\nx = getattr(builtins, 'left', 0)\nbuiltins.left = 1"
    source = f"{left}\nget_ipython().user_ns['told'] = lambda: x"
    assert [told(run(runner, source)) for _ in range(3)] == [0.0, 0.0, 0.0]


def test_output_in_pieces_from_several_threads_stops_nothing(runner: Runner) -> None:
    loud = """
import threading
def talk():
    for number in range(300):
        print(number, "x" * 50, flush=number % 50 == 0)
threads = [threading.Thread(target=talk) for _ in range(4)]
for thread in threads: thread.start()
talk()
for thread in threads: thread.join()
"""
    found = run(runner, loud, "told = lambda: 1")
    assert (told(found), found.cells) == (1.0, ())


def test_a_cell_that_prints_forever_is_stopped_and_the_next_one_runs(runner: Runner) -> None:
    found = run(runner, "x = 1\nwhile True:\n    print(x, flush=True)", "x += 1\ntold = lambda: x")
    assert told(found) == 2.0
    assert [(stop.place.cell, stop.how) for stop in found.cells] == [(1, "timed_out")]


CELLS = [
    "x = 1\ny = 2",
    "x = 1\n\n",
    "\nx = 1\ny = 2",
    "  x = 1\n  y = 2",
    "  # indented\nx = 1",
    "%time x = 1\ny = 2",
    "x = 1\n%time y = 2",
    "x = 1\n!ls",
    "files = !ls\nx = 1",
    "%%capture\nx = 1",
    "len?\nx = 1",
    "x = 1\nlen??",
    ">>> x = 1\n>>> y = 2",
    "x = 1\n...\n",
    "x = 1\n... # prompt",
    "In [3]: x = 1\nIn [4]: y = 2",
    "In [3]\nx = 1",
    "def f():\n    return 'what?'\nf()",
    "text = '''\n%time\n!ls\nlen?\n'''\nx = 1",
    "x = (1\n% 2)\ny = 1",
    "/f 1\nx = 1",
    "x = 1;\ny = 2\r\nz = 3",
    "x = '\\d'\ny = 2",
    "x = =\ny",
    "# nothing\n# at all",
    "x = 1\x0cy\n",
    "",
    "   \n  ",
]


def transformed(cell: str) -> str:
    manager: Any = TransformerManager
    return str(manager().transform_cell(cell))


@pytest.mark.parametrize("cell", CELLS)
def test_what_is_called_plain_is_what_ipython_would_not_change(cell: str) -> None:
    ended = cell if cell.endswith("\n") else f"{cell}\n"
    if is_plain(cell):
        assert transformed(cell) == ended


def test_a_cell_is_left_to_ipython_where_the_parser_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: str) -> None:
        raise SystemError("AST constructor recursion depth mismatch")

    assert is_plain("x = 1\ny = 2")
    monkeypatch.setattr("ast.parse", fails)
    assert not is_plain("x = 1\ny = 2")


def test_the_cells_of_the_course_are_plain_but_for_single_lines() -> None:
    labs = Path(__file__).resolve().parents[4] / "labs"
    cells = [
        cell.source
        for path in labs.glob("*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    ]
    assert cells
    for cell in cells:
        if is_plain(cell):
            assert transformed(cell).rstrip("\n") == cell.rstrip("\n")
    assert sum(map(is_plain, cells)) > len(cells) / 2


def test_the_private_names_of_ipykernel_are_there() -> None:
    """Those that are missing are what a new release of ipykernel or IPython has changed."""
    missing = [f"{owner.__name__}.{name}" for owner, names in PRIVATE_NAMES for name in names if not _has(owner, name)]
    assert missing == []


def _has(owner: type, name: str) -> bool:
    """Say whether a class has a name, or gives it to its instances."""
    classes = [one for one in owner.__mro__ if one.__module__.split(".")[0] in {"ipykernel", "IPython"}]
    return hasattr(owner, name) or any(f"self.{name}" in inspect.getsource(one) for one in classes)
