"""Every command of the README and of docs/ is run as it stands there, by a stranger: in a copy, with relative paths.

The commands are taken from the texts: those in blocks, and those in a sentence that have no placeholder. A document is
read from top to bottom in one copy of the repository, each block from its folder; in a block, `cd` is obeyed.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import yaml
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from grader import commands
from grader.audit.laws import breaks, draw, reference_breaks
from grader.course.folder import open_course
from grader.course.lab import load_lab
from grader.course.mistakes_and_laws import Mistake, load_laws
from grader.course.settings import read_settings
from grader.data.mnist import drawn_mnist
from grader.model import Text
from grader.registry import names_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Said

ROOT = Path(__file__).resolve().parents[2]
OWN = "moving-in.md"
"""Has notebooks that its commands are run on: tests/docs/test_moving_in.py."""
DOCUMENTS = ("README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md") if path.name != OWN))
BIN = Path(sys.executable).parent

NOT_RUN = {
    r"python3 -m venv|pip install|curl ": "needs a network",
    r"\.venv/bin/(ruff|mypy)|-m pytest|pytest --": "is the suite itself",
    r"source \.venv|\.venv\\Scripts": "needs the environment that pip would have made (and Windows)",
    r"sudo |apt install|wsl --install|docker ": "changes the machine",
    r"sqlite3 |jplag|dolos |moss ": "is a program of its own",
    r"dask |sbatch |tls://SCHEDULER|kubectl ": "needs other machines: tests/docs/test_cluster.py",
    r"python (-m )?benchmarks": "takes minutes",
    r"grade book \w+$": "is the name of a command",
    r"\.ci/windows": "downloads an interpreter, and takes minutes",
    r"> out.txt": "is for a console of Windows",
    r"grade corelab ": "is run by the test of its own below",
    r"grade review ": "answers until it is ended: tests/grader/review",
}
"""What is not run, by a pattern of the command, and why."""

LESS = re.compile(
    r"(grade|python -m grader) lab0\d( --(lang|seed|output|format) \S+)*$"
    r"|grade lab02 (tests/|/grade/|/shared/)"
)
"""A single notebook with less than full marks: the exit status is 1."""

PLACEHOLDER = re.compile(r"\b[A-Z]{1,}\b|…|\|")
NAMES = frozenset({f"grade {name}" for name in names_in(commands) if name != "doctor"} | {"grade book show"})
"""What stands in a sentence as the name of a command, and needs more words to be one."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command, and the block of its document that it stands in; 0 in a sentence."""

    text: str
    block: int


def commands_of(document: str) -> Iterator[Command]:
    """Yield the commands of a document in their order."""
    text = (ROOT / document).read_text("utf-8")
    found = re.finditer(r"^```(?P<kind>\w*)\n(?P<block>.*?)^```|`(?P<inline>[^`]+)`", text, re.MULTILINE | re.DOTALL)
    for number, match in enumerate(found, start=1):
        if match["inline"] is not None:
            one = " ".join(match["inline"].split())
            is_one = re.match(r"(grade|pip|python3?|sudo|wsl|apt|sqlite3|source|pytest) ", one)
            if is_one and one not in NAMES and not PLACEHOLDER.search(one):
                yield Command(one, 0)
        elif match["kind"] == "sh":
            yield from (Command(one, number) for one in _lines(match["block"]))
        elif match["kind"] == "yaml" and "script:" in match["block"]:
            [job] = yaml.safe_load(match["block"]).values()
            yield from (Command(one, number) for one in job["script"])


def _lines(block: str) -> Iterator[str]:
    for line in block.replace("\\\n", " ").splitlines():
        for one in line.split(" && "):
            if command := re.sub(r"\s+#\s.*|^\s*#.*", "", one).strip():
                yield command


def reason_not_to_run(command: str) -> str | None:
    return next((why for what, why in NOT_RUN.items() if re.search(what, command)), None)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Return a copy of the repository in a folder whose name has a space, with what a reader has beside it."""
    folder = tmp_path / "my course"
    names = (".git", ".venv*", "*cache*", "__pycache__", "results", "submissions", ".rivals", "tests", "benchmarks")
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*names), symlinks=True)
    shutil.copytree(ROOT / "tests/samples", folder / "tests/samples")
    shutil.copytree(ROOT / "tests/samples/lab02", folder / "submissions")
    (folder / ".venv").mkdir()
    (folder / ".venv/bin").symlink_to(BIN)
    (folder / "results").mkdir()
    (folder / "results/class.csv").write_text("id,name\ns001,Ada\ns002,Grace\n", "utf-8")
    for place in ("grade/student", "shared/submission"):
        (tmp_path / place).mkdir(parents=True)
        shutil.copy(ROOT / "tests/samples/lab02/s001.ipynb", tmp_path / place / "lab02.ipynb")
    (tmp_path / "course").symlink_to(folder)
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a shell; the folders of a container, at the root, lie beside the copy."""
    placed = re.sub(r"(?<!\S)/(grade|shared|course|tmp)\b", rf"{folder.parent}/\1", command)
    environment = {
        "PATH": os.pathsep.join((str(BIN), os.environ["PATH"])),
        "HOME": str(folder.parent),
        "LANG": "en_US.UTF-8",
        "PYTHONUNBUFFERED": "1",
    }
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)  # what started the tests may ignore Ctrl-C
    with subprocess.Popen(
        [str(shutil.which("bash")), "-c", f"exec {placed}" if placed.startswith("grade") else placed],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        signal.signal(signal.SIGINT, heard)
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "--watch" in command and "Ctrl-C" in line:
                process.send_signal(signal.SIGINT)
    return subprocess.CompletedProcess(command, process.returncode, said)


def stands(command: str, here: Path, folder: Path) -> Path:
    """Return where a reader stands: in an empty folder to begin a course, beside the gradebook to use it."""
    if command == "grade new lab01":
        (here.parent / "empty").mkdir()
        return here.parent / "empty"
    return here / "results" if command.startswith("grade book") else folder


def expected(command: str) -> int:
    if "--watch" in command:
        return 130
    return 1 if LESS.search(command) else 0


@pytest.mark.kernel
@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="commands of a POSIX shell")
@pytest.mark.parametrize(
    "document", [one for one in DOCUMENTS if one not in {"docs/performance.md", "docs/isolation.md"}]
)
def test_what_a_document_says_to_type_works(document: str, here: Path) -> None:
    (here.parent / "tmp").mkdir()
    folder, block = here, 0
    for command in commands_of(document):
        if reason_not_to_run(command.text) is not None:
            continue
        folder = folder if command.block == block else here
        block = command.block
        if command.text.startswith("cd "):
            folder /= command.text.removeprefix("cd ")
            continue
        done = run(command.text, stands(command.text, here, folder))
        assert done.returncode == expected(command.text), f"{document}: {command.text}\n{done.stdout}"
        assert "Traceback" not in done.stdout
        assert "Nothing was graded" not in done.stdout


def test_what_is_not_run_has_a_reason_and_every_reason_a_command() -> None:
    every = [command.text for document in DOCUMENTS for command in commands_of(document)]
    assert len([one for one in every if reason_not_to_run(one) is None]) > 30
    for what in NOT_RUN:
        assert any(re.search(what, one) for one in every), what
    for document in ("docs/performance.md", "docs/isolation.md"):
        left = [one.text for one in commands_of(document) if reason_not_to_run(one.text) is None]
        assert set(left) <= {"grade lab02 --watch", "grade lab02", "grade --help", "grade doctor"}, left


@pytest.mark.kernel
@pytest.mark.tensorflow
@pytest.mark.slow
def test_the_corelab_is_graded_with_the_data_that_the_readme_names(here: Path) -> None:
    [command] = [one.text for one in commands_of("README.md") if one.text.startswith("grade corelab ")]
    folder = here / command.split()[2]
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "tests/samples/corelab", folder)
    (here / "mnist").mkdir()
    with (here / "mnist/mnist.npz").open("wb") as file:
        np.savez(file, **{name: part[:300] for name, part in drawn_mnist().items()})  # type: ignore[arg-type]
    done = run(command, here)
    assert done.returncode == 0, done.stdout


@pytest.mark.kernel
@pytest.mark.slow
def test_the_cells_for_a_notebook_work(here: Path) -> None:
    [cell] = blocks("docs/students.md", "python")
    written = "import numpy as np\ndef mse(y_true, y_pred):\n    return np.mean((np.asarray(y_true) - y_pred) ** 2)"
    notebook = new_notebook(cells=[new_code_cell(written), *map(new_code_cell, cell.strip().splitlines())])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(here)}}).execute()
    shown = ["".join(one.get("text") or one["data"]["text/plain"] for one in done.outputs) for done in notebook.cells]
    assert any("mse" in one and "100" not in one for one in shown)
    assert "mse" in shown[-1]
    assert not [one for one in shown if "There is no" in one or "does not fit" in one or "is missing" in one], shown


@pytest.mark.kernel
def test_the_translation_commands_change_nothing_where_nothing_was_changed(here: Path) -> None:
    (here.parent / "tmp").mkdir()
    catalogue = here / "grader/messages/locale/zh_TW/LC_MESSAGES/grader.po"
    before = catalogue.read_bytes()
    commands = [one.text for one in commands_of("docs/teachers.md") if "pybabel" in one.text]
    assert len(commands) == 2
    for command in commands:
        done = run(command, here)
        assert done.returncode == 0, done.stdout
    assert catalogue.read_bytes() == before


# Files that the documents show ---------------------------------------------------------------------------------------


def blocks(document: str, kind: str) -> list[str]:
    text = (ROOT / document).read_text("utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def lab02(course: Path) -> Path:
    """Return a copy of the course with Lab02 alone in it, without known mistakes."""
    for path in (*(course / "rubrics").glob("*.yaml"), *(course / "reference/mistakes").glob("*")):
        if path.stem != "lab02" or path.is_dir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(course / "reference/laws")
    return course


def test_the_rubric_of_the_teachers_page_is_accepted(lab02: Path) -> None:
    rubric, training = (one for one in blocks("docs/teachers.md", "yaml") if one.startswith(("# yaml", "data:")))
    (lab02 / "rubrics/lab02.yaml").write_text(rubric + training, "utf-8")
    lab = load_lab(open_course(lab02), "lab02")
    assert list(lab.rubric.tasks) == ["softmax"]
    assert lab.rubric.data == "mnist"


def test_the_laws_of_the_teachers_page_hold_for_right_answers_and_show_wrong_ones(lab02: Path) -> None:
    [code] = [one for one in blocks("docs/teachers.md", "python") if "laws/" in one]
    [texts] = [one for one in blocks("docs/teachers.md", "yaml") if "laws/" in one]
    for content in (code, texts):
        place = lab02 / content.splitlines()[0].removeprefix("# ")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, "utf-8")
    laws = load_laws(lab02 / "reference/laws/lab02", "softmax")
    inputs = draw(laws)
    assert list(reference_breaks(laws, inputs, right)) == []
    found = {
        row.law: row for row in breaks("softmax", laws, inputs, mistakes=[wrong("exp", np.exp), wrong("raw", raw)])
    }
    assert found["adds_up_to_1"].mistakes == ("exp", "raw")
    assert set(found["a_shift_changes_nothing"].mistakes) == {"exp", "raw"}
    assert all(row.largest <= 3 for row in found.values())


def right(z: np.ndarray) -> np.ndarray:
    powers = np.exp(z - np.max(z))
    return np.asarray(powers / powers.sum())


def raw(z: np.ndarray) -> np.ndarray:
    return np.asarray(z)


def wrong(name: str, function: object) -> Mistake:
    text = Text("", "")
    assert callable(function)
    return Mistake(name=name, loses=("values",), observed=text, hint=text, function=function)


@pytest.mark.parametrize(
    "drawn", ["st.fixed_dictionaries({'z': st.just(1.0)})", "st.just(1.0)", "st.lists(st.just(1.0))"]
)
def test_inputs_that_are_no_tuple_are_told_with_what_to_write(lab02: Path, drawn: str) -> None:
    folder = lab02 / "reference/laws/lab02"
    folder.mkdir(parents=True)
    head = "from hypothesis import strategies as st\n"
    code = f"{head}def inputs():\n    return {drawn}\ndef holds(ask, z):\n    return True\n"
    (folder / "softmax.py").write_text(code, "utf-8")
    entry = "{zh-TW: x, en: x}"
    (folder / "softmax.yaml").write_text(f"holds: {{broken: {entry}, hint: {entry}}}\n", "utf-8")
    with pytest.raises(Exception, match=r"softmax\.py: inputs\(\) gives \w+, and a tuple is needed"):
        draw(load_laws(folder, "softmax"))


CALLS = """\
title: {zh-TW: "MSE", en: "MSE"}
minutes: 5
points: 4
packages: [numpy]
tasks:
  mse:
    title: {zh-TW: "MSE", en: "MSE"}
    lecture: {zh-TW: "5-1", en: "5-1"}
    points: 4
    checks:
"""


@pytest.mark.kernel
def test_what_the_teachers_page_says_of_calls_is_what_students_read(
    course: Path, grade: Callable[..., Said], notebook: Callable[..., Path]
) -> None:
    [check] = [one for one in blocks("docs/teachers.md", "yaml") if "calls:" in one]
    indented = "".join(f"      {line}" for line in check.splitlines(keepends=True))
    (course / "rubrics/lab01.yaml").write_text(CALLS + indented, "utf-8")
    shutil.rmtree(course / "reference/mistakes/lab01")
    shutil.rmtree(course / "reference/laws/lab01")
    cells = [
        "import numpy as np",
        "def squares(d):\n    return d ** 2",
        "def mse(y_true, y_pred):\n    return error(squares(y_true - y_pred))",
        'def error(d):\n    """Take the mean.\n\n    Of all.\n    """\n    # of the array\n    return np.mean(d)',
    ]
    said = grade("lab01", notebook(*cells, name="lab01"), "--course", course, "--lang", "en")
    assert said.status == 1
    [sentence] = re.findall(r"`(np\.mean is used [^`]+)`", (ROOT / "docs/teachers.md").read_text("utf-8"))
    assert sentence in " ".join(said.out.split())
    assert "→ Which of your functions has done half of it?" in said.out
    cells[3] = "def error(d):\n    return np.add.reduce(d) / d.size"
    assert grade("lab01", notebook(*cells, name="lab01"), "--course", course).status == 0


def test_the_settings_of_the_gradebook_page_are_accepted(course: Path) -> None:
    [settings] = [one for one in blocks("docs/gradebook.md", "yaml") if one.startswith("time_zone")]
    (course / "course.yaml").write_text(settings, "utf-8")
    assert read_settings(course, ("lab01", "lab02")).lab("lab01").canvas == "Lab 01 (4711)"


def test_what_students_hand_in_and_what_is_made_of_it_is_not_kept_by_git() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {"/submissions*/", "/results*/", "/pages/", "/out/"} <= set(ignored)
