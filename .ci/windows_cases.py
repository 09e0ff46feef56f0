"""What must work on Windows, tried with one python.exe under wine: a line for each, and status 1 if one fails.

Started by .ci/windows as `python .ci/windows_cases.py PYTHON.EXE SECONDS [CASE…]`: the cases of `CASES`, or those that
are named, also of `MORE`. A case that hangs fails; cases for which no time is left are skipped and named.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
FORMATS = [path.stem for path in sorted((ROOT / "grader/reports").glob("[!_]*.py"))]
START = "from grader.cli import main; raise SystemExit(main())"
LIVE = """
import os, sys
os.chdir(sys.argv[1])
sys.stdout.reconfigure(encoding="utf-8")
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "grader")
shell.run_cell("def double(x):\\n    return 2 * x")
shell.run_line_magic("grade", "double")
"""
ORPHAN = """
import os, subprocess, sys
from grader.sandbox.isolation.windows import enter_job
enter_job(ends_with_this=True)
nowhere = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], **nowhere)
os._exit(0)
"""
JOB = """
import subprocess, sys
from grader.sandbox.isolation.windows import enter_job
enter_job(processes=1, memory=2**29)
try:
    subprocess.run([sys.executable, "-c", ""])
except OSError:
    print("no programs")
try:
    bytearray(2**30)
except MemoryError:
    print("no memory")
"""
# test_golden runs pytest inside of pytest, which fails where the interpreter and its library are of two releases.
QUICK = """
import pytest, sys
raise SystemExit(pytest.main([*sys.argv[1:], "-q", "-p", "no:cacheprovider", "--ignore", "tests/test_golden.py", "-m",
    "not kernel and not tensorflow and not browser and not slow"]))
"""
BARE = """
import asyncio, sys, nbformat
asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
from nbclient import NotebookClient
NotebookClient(nbformat.read(sys.argv[1], as_version=4), kernel_name="python3", timeout=600).execute()
"""
DOUBLE, TOTAL = "def double(x):\n    return 2 * x", "def total(x):\n    return sum(x)"
HOSTILE = {
    "right": (10, (DOUBLE, TOTAL)),
    "loop": (2.5, ("def double(x):\n    while True:\n        pass", TOTAL)),
    "dies": (2.5, ("import os\ndef double(x):\n    os._exit(3)", TOTAL)),
    "flood": (2.5, ("def double(x):\n    while True:\n        print('x' * 100_000)", TOTAL)),
    "starts": (10, ("import os\nos.system('cmd /c echo started')", DOUBLE, TOTAL)),
}
"""Notebooks for the course of the tests, and what they earn there."""
FULL = 100
LONGEST_SHARE = 0.7
"""How much of the time that is given to all cases one of them may take."""


SHORT, LONG = (
    "cell_seconds: 2, call_seconds: 1, submission_seconds: 20",
    "cell_seconds: 30, call_seconds: 5, submission_seconds: 120",
)
"""Limits of the course of the tests; and such as a right notebook keeps to under wine on a busy machine."""


class FailedError(Exception):
    """A case failed; the text says what was seen."""


class Windows:
    """A python.exe, a folder for files, and the moment when everything must be done."""

    def __init__(self, program: str, folder: Path, seconds: float) -> None:
        self.folder = folder
        self._program = program
        self._longest = LONGEST_SHARE * seconds
        self._until = time.monotonic() + seconds
        self._environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}

    @property
    def left(self) -> float:
        """Return how many seconds a case may take now."""
        return max(0.0, min(self._longest, self._until - time.monotonic()))

    def start(self, code: str, *words: object) -> subprocess.Popen[str]:
        """Start a program: python.exe with code and words. It imports what is installed, and not the checkout."""
        return subprocess.Popen(
            ["wine", self._program, "-P", "-c", code, *map(str, words)],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, code: str, *words: object) -> tuple[int, str]:
        """Run it to its end; return its status, and what it said. Warnings and tracebacks are no part of that."""
        process = self.start(code, *words)
        try:
            out, err = process.communicate(timeout=self.left)
        except subprocess.TimeoutExpired:
            self.kill_all()
            process.communicate()
            raise
        check("Warning" not in err and "Traceback" not in err, err)
        return process.returncode, out + err

    def grade(self, *words: object) -> tuple[int, str]:
        """Run `grade` with these words."""
        return self.run(START, *words)

    def running(self, word: str) -> list[str]:
        """Return the commands of this python.exe that have a word in them; another folder's may run beside it."""
        said = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):  # it has just ended
                said.append(path.read_bytes().decode("utf-8", "replace").replace("\\", "/"))
        return [command for command in said if self._program in command and word in command]

    def kill_all(self) -> None:
        """End every process under this wine."""
        subprocess.run(["wineserver", "-k"], check=False)


def check(condition: bool, seen: object) -> None:  # noqa: FBT001 (it reads as an assertion)
    """Raise FailedError with what was seen where a condition does not hold."""
    if not condition:
        raise FailedError(str(seen)[-1500:])


def write_notebook(path: Path, *cells: str) -> Path:
    """Write a notebook of code cells."""
    of_code: dict[str, object] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    made = [{**of_code, "id": f"c{number}", "source": cell} for number, cell in enumerate(cells)]
    form = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(form), "utf-8")
    return path


def course_of(windows: Windows) -> Path:
    """Return the course of the tests with long limits, on a path with a space."""
    course = windows.folder / "another course"
    if not course.exists():
        shutil.copytree(ROOT / "tests/another_course", course)
        rubric = course / "rubrics/warmup.yaml"
        text = rubric.read_text("utf-8")
        check(SHORT in text, text)
        rubric.write_text(text.replace(SHORT, LONG), "utf-8")
    return course


def earned(output: Path) -> dict[str, float]:
    """Return the points in the records of a folder."""
    records = (json.loads(path.read_text("utf-8")) for path in output.glob("*.json"))
    return {record["student"]: record["earned"] for record in records if "student" in record}


def one_notebook(windows: Windows) -> None:
    """Grade the solution of lab02, in Chinese, into a pipe."""
    status, said = windows.grade("lab02", "reference/solutions/lab02.ipynb", "--lang", "zh-TW")
    check(status == 0 and "100 / 100 分" in said and "✓" in said, said)


def whole_folder(windows: Windows, lab: str, inside: str) -> Path:
    """Grade a stub, a sample and the solution of a lab, with every format."""
    handed_in, output = windows.folder / inside / lab, windows.folder / inside / f"{lab} 結果"
    handed_in.mkdir(parents=True)
    shutil.copyfile(ROOT / f"labs/{lab}.ipynb", handed_in / "stub.ipynb")
    shutil.copyfile(ROOT / f"tests/samples/{lab}/s001.ipynb", handed_in / "sample.ipynb")
    shutil.copyfile(ROOT / f"reference/solutions/{lab}.ipynb", handed_in / "王小明.ipynb")
    formats = [word for name in FORMATS if name != "terminal" for word in ("--format", name)]
    status, said = windows.grade(lab, handed_in, "--output", output, "--seed", 7, *formats, "--lang", "en")
    points = earned(output)
    check(status == 0 and set(points) == {"stub", "sample", "王小明"}, said)
    check(points["stub"] == 0 and 0 < points["sample"] < points["王小明"] == FULL, points)
    check((output / "class.html").stat().st_size > 0, sorted(output.iterdir()))
    return output


def lab01(windows: Windows) -> None:
    """Grade lab01 as a folder, and read the gradebook that this leaves."""
    output = whole_folder(windows, "lab01", "plain")
    status, said = windows.grade("book", "show", "lab01", "--book", output / "gradebook.sqlite", "--lang", "en")
    check(status == 0 and "王小明" in said and "sample" in said, said)


def lab02(windows: Windows) -> None:
    """Grade lab02 as a folder, under a path with spaces and Chinese characters."""
    whole_folder(windows, "lab02", "作業 第 1 週")


def release(windows: Windows) -> None:
    """Release lab02 to a path with spaces and Chinese characters, and grade there as a student does."""
    kit = windows.folder / "作業 發行"
    status, said = windows.grade("release", "lab02", "--output", kit, "--lang", "en")
    check(status == 0 and (kit / "lab02.kit.json").exists(), said)
    shutil.copyfile(ROOT / "reference/solutions/lab02.ipynb", kit / "lab02.ipynb")
    status, said = windows.grade("lab02", "--course", kit, "--lang", "en")
    check(status == 0 and "All public questions are answered" in said, said)


def hostile(windows: Windows) -> None:
    """Grade notebooks with an endless loop, a kernel that dies, a flood, a program that is started."""
    output = windows.folder / "hostile out"
    for name, (_, cells) in HOSTILE.items():
        write_notebook(windows.folder / "hostile" / f"{name}.ipynb", *cells)
    words = ("--course", course_of(windows), "--output", output, "--lang", "en")
    status, said = windows.grade("warmup", windows.folder / "hostile", *words)
    check(earned(output) == {name: points for name, (points, _) in HOSTILE.items()}, (status, earned(output), said))


@contextmanager
def watching(windows: Windows, notebook: Path) -> Iterator[Callable[[str], None]]:
    """Run `grade --watch` on a notebook; the function waits until something has been said."""
    words = ("--course", course_of(windows), "--watch", "--lang", "en")
    process = windows.start(START, "warmup", notebook, *words)
    signal.signal(signal.SIGALRM, lambda *_: windows.kill_all())  # then what is waited for never comes

    def wait_for(text: str) -> None:
        signal.alarm(int(windows.left) + 1)
        said = []
        for line in process.stdout or ():
            said.append(line)
            if text in line:
                signal.alarm(0)
                return
        raise FailedError("".join(said)[-1500:])

    try:
        yield wait_for
    finally:
        signal.alarm(0)
        process.kill()
        process.communicate()


def watch(windows: Windows) -> None:
    """Save once under --watch; then kill the grader: no process and no folder of it may be left."""
    notebook = write_notebook(windows.folder / "watched/warmup.ipynb", "def double(x):\n    return 3 * x", TOTAL)
    with watching(windows, notebook) as wait_for:
        wait_for("2.5 of 10 points")
        write_notebook(notebook, DOUBLE, TOTAL)
        wait_for("10 of 10 points")
    nothing_left(windows, "grader.sandbox")


def nothing_left(windows: Windows, word: str) -> None:
    """Wait until no process of this python.exe has a word in its command."""
    deadline = time.monotonic() + min(30.0, windows.left)
    while (left := windows.running(word)) and time.monotonic() < deadline:
        time.sleep(0.2)
    check(not left, left)


def live(windows: Windows) -> None:
    """Practise in a session: %grade."""
    status, said = windows.run(LIVE, course_of(windows))
    check(status == 0 and "✓" in said, said)


def job(windows: Windows) -> str:
    """Leave a process behind: it ends with its job. Say whether limits hold: Windows holds them, wine 8 does not."""
    windows.run(ORPHAN)
    nothing_left(windows, "time.sleep(300)")
    _, said = windows.run(JOB)
    held = {"no programs", "no memory"} <= set(said.splitlines())
    return "held" if held else "not held here: wine takes a job's limits and forgets them"


def quick(windows: Windows) -> str:
    """Run the tests that start no kernel, or those of them that CASE_TESTS names."""
    status, said = windows.run(QUICK, *os.environ.get("CASE_TESTS", "tests").split())
    check(status == 0, said)
    return said.splitlines()[-1]


def timing(windows: Windows) -> str:
    """Grade the solution of lab02 and run it with nbclient alone, in turn; say how long each takes from its start."""
    solution = ROOT / "reference/solutions/lab02.ipynb"
    pairs = [(_seconds(windows, START, "lab02", solution), _seconds(windows, BARE, solution)) for _ in range(3)]
    graded, bare = map(statistics.median, zip(*pairs, strict=True))
    told = ", ".join(f"{ours:.1f} / {theirs:.1f}" for ours, theirs in pairs)
    return f"grade / nbclient in seconds: {told}; of the medians {graded / bare:.2f}"


def _seconds(windows: Windows, code: str, *words: object) -> float:
    began = time.monotonic()
    status, said = windows.run(code, *words)
    check(status == 0, said)
    return time.monotonic() - began


def lab03(windows: Windows) -> None:
    """Grade the solution of lab03, with TensorFlow."""
    _solved(windows, "lab03")


def corelab(windows: Windows) -> None:
    """Grade the solution of the Corelab, with TensorFlow and drawn digits."""
    _solved(windows, "corelab")


def _solved(windows: Windows, lab: str) -> None:
    output = windows.folder / lab
    words = ("--output", output, "--seed", 7, "--lang", "en")
    status, said = windows.grade(lab, f"reference/solutions/{lab}.ipynb", *words)
    check(status == 0 and set(earned(output).values()) == {FULL}, said)


Case: TypeAlias = "Callable[[Windows], str | None]"
CASES: tuple[Case, ...] = (job, live, one_notebook, release, watch, hostile, lab02, lab01)
MORE: tuple[Case, ...] = (quick, timing, lab03, corelab)
"""What takes longer than a CI should, and is tried where it is named."""


def _named(names: list[str]) -> list[Case]:
    every = {case.__name__: case for case in (*CASES, *MORE)}
    return [every[name] for name in names]


def main() -> int:
    """Try every case, and return the exit status."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="grade windows ", ignore_cleanup_errors=True) as folder:
        windows = Windows(sys.argv[1], Path(folder), float(sys.argv[2]))
        for case in _named(sys.argv[3:]) or CASES:
            began, name = time.monotonic(), f"windows: {case.__name__}"
            if windows.left < 1:
                print(f"{name}: skipped: no time is left")
                continue
            try:
                note = case(windows)
            except (FailedError, subprocess.TimeoutExpired) as error:
                if windows.left < 1:
                    print(f"{name}: skipped: no time is left")
                    continue
                failed += 1
                print(f"{name}: FAILED: {error}")
            else:
                print(f"{name}: ok ({time.monotonic() - began:.0f} s){f', {note}' if note else ''}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
