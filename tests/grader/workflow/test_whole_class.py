"""Whatever fails while one submission is graded costs that submission alone, and is no zero; the log says what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.errors import SandboxError
from grader.messages.sentences import quote
from grader.sandbox.worker_process import WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Said

pytestmark = pytest.mark.kernel

COURSE = Path(__file__).resolve().parents[2] / "another_course"
DOUBLE, TOTAL = "def double(x):\n    return 2 * x", "def total(x):\n    return sum(x)"
STUDENTS = ("s001", "s002", "s003")
VICTIM = "s002"
HOSTILE = "\x1b[31mred\u202e"


@dataclass(frozen=True)
class Fails:
    """Stands for a function of ours: it raises where one of its arguments is about the victim."""

    real: Callable[..., Any]
    error: BaseException

    def __call__(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401 (whatever it stands for)
        """Raise, or do what is to be done."""
        if VICTIM in repr((given, named)):
            raise self.error
        return self.real(*given, **named)


@pytest.fixture
def folder(tmp_path: Path, notebook: Callable[..., Path]) -> Path:
    """Return a class of three, each in a folder of its own with a helper file."""
    for student in STUDENTS:
        notebook(DOUBLE, TOTAL, f"# {student}", name="warmup", folder=tmp_path / "in" / student)
        (tmp_path / "in" / student / "tables.py").write_text("TWO = 2", "utf-8")
    return tmp_path / "in"


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, BaseException], None]:
    """Return a function that lets a function of ours, by its dotted name, fail for one student."""

    def let(name: str, error: BaseException) -> None:
        module, _, function = name.rpartition(".")
        real = getattr(__import__(module, fromlist=[function]), function)
        monkeypatch.setattr(name, Fails(real, error))

    return let


def record_of(output: Path, student: str) -> dict[str, Any]:
    form: dict[str, Any] = json.loads((output / f"{student}.json").read_text("utf-8"))
    return form


def died() -> SandboxError:
    error = SandboxError(quote("The process that runs notebooks ended."))
    error.add_note("Traceback of the worker")
    return error


EVERYWHERE = (
    ("grader.submission.notebooks.helpers_digest", PermissionError(13, "Permission denied")),
    ("grader.workflow.whole_class.stored_record", OSError(36, "File name too long")),
    ("grader.workflow.executors.local.grade_one", died()),
    ("grader.grading.grade.judge_run", KeyError(HOSTILE)),
    ("grader.grading.grade.judge_run", MemoryError()),
    ("grader.grading.grade.judge_run", RecursionError("maximum recursion depth exceeded")),
    ("grader.grading.grade.make_record", ValueError("no record")),
    ("grader.reports.html.render", ZeroDivisionError("no page")),
)


@pytest.mark.parametrize(("name", "error"), EVERYWHERE)
def test_whatever_fails_costs_that_submission_alone(
    grade: Callable[..., Said],
    folder: Path,
    tmp_path: Path,
    fails: Callable[[str, BaseException], None],
    name: str,
    error: BaseException,
) -> None:
    fails(name, error)
    output = tmp_path / "out"
    said = grade("warmup", folder, "--course", COURSE, "--output", output, "--format", "html", "--lang", "en")
    assert said.status == 3
    assert "Traceback" not in said.out + said.err
    assert "2 graded, 2 of them with full marks; 1 not graded" in said.out
    assert [record_of(output, one)["earned"] for one in STUDENTS if one != VICTIM] == [10, 10]
    lost = record_of(output, VICTIM)
    assert (lost["earned"], lost["fault"]) == (None, "machinery")
    assert "grader.log" in lost["ungraded"]["en"]
    assert "grader.log" in lost["ungraded"]["zh-TW"]
    assert str(tmp_path) not in lost["ungraded"]["en"]
    log = (output / "grader.log").read_text("utf-8")
    assert "Traceback" in log
    assert VICTIM in log
    assert "\x1b" not in log


def test_a_worker_that_dies_twice_costs_the_submission_that_it_ran(
    grade: Callable[..., Said], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = WorkerProcess.send

    def send(worker: WorkerProcess, line: bytes) -> bool:
        if f"# {VICTIM}".encode() in line:
            worker._process.kill()  # noqa: SLF001 (nothing else ends one from outside)
        return real(worker, line)

    monkeypatch.setattr(WorkerProcess, "send", send)
    output = tmp_path / "out"
    assert grade("warmup", folder, "--course", COURSE, "--output", output, "--lang", "en").status == 3
    assert [record_of(output, one)["earned"] for one in STUDENTS] == [10, None, 10]
    assert "grader.log" in record_of(output, VICTIM)["ungraded"]["en"]


def test_what_cannot_be_written_is_shown_as_ungraded_and_the_others_are_written(
    grade: Callable[..., Said], folder: Path, tmp_path: Path, fails: Callable[[str, BaseException], None]
) -> None:
    fails("grader.workflow.store.write_file", OSError(36, "File name too long"))
    output = tmp_path / "out"
    said = grade("warmup", folder, "--course", COURSE, "--output", output, "--lang", "en")
    assert said.status == 3
    assert "? s002" in said.out
    assert sorted(path.name for path in output.glob("*.json")) == ["s001.json", "s003.json"]
    assert (output / "grader.log").read_text("utf-8").count("File name too long") >= 2


def test_a_gradebook_that_refuses_a_student_costs_that_student_alone_and_no_file(
    grade: Callable[..., Said], folder: Path, tmp_path: Path, fails: Callable[[str, BaseException], None]
) -> None:
    fails("grader.gradebook.book.add_result", ValueError("no such text"))
    output = tmp_path / "out"
    assert grade("warmup", folder, "--course", COURSE, "--output", output).status == 3
    assert [record_of(output, one)["earned"] for one in STUDENTS] == [10, None, 10]


def test_a_page_of_the_class_that_cannot_be_made_costs_no_record_and_no_summary(
    grade: Callable[..., Said], folder: Path, tmp_path: Path, fails: Callable[[str, BaseException], None]
) -> None:
    fails("grader.reports.html.render_class", ZeroDivisionError("no page"))
    output = tmp_path / "out"
    said = grade("warmup", folder, "--course", COURSE, "--output", output, "--format", "html", "--lang", "en")
    assert (said.status, said.err.count("\n")) == (3, 1)
    assert "3 graded, 3 of them with full marks" in said.out
    assert [record_of(output, one)["earned"] for one in STUDENTS] == [10, 10, 10]
    assert "no page" in (output / "grader.log").read_text("utf-8")


def test_what_is_put_right_is_graded_the_next_time(
    grade: Callable[..., Said], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out"
    words = ("warmup", folder, "--course", COURSE, "--output", output)
    with monkeypatch.context() as broken:
        broken.setattr("grader.grading.grade.judge_run", lambda *_, **__: 1 / 0)
        assert grade(*words).status == 3
    assert grade(*words).status == 0
    assert [record_of(output, one)["earned"] for one in STUDENTS] == [10, 10, 10]


def test_an_explainer_that_fails_is_no_explanation_and_the_verdict_stands(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.grading.explaining.explain.combined_mistake", lambda *_, **__: 1 / 0)
    path, output = notebook("def double(x):\n    return 3 * x", TOTAL), tmp_path / "out"
    said = grade("warmup", path, "--course", COURSE, "--output", output, "--lang", "en")
    assert (said.status, said.err) == (1, "")
    assert "Traceback" not in said.out
    record = record_of(output, "s001")
    assert record["earned"] == 2.5
    assert "ZeroDivisionError" in (output / "grader.log").read_text("utf-8")


def test_a_single_notebook_at_which_we_fail_is_ungraded_and_told_in_one_sentence(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.grading.grade.judge_run", lambda *_, **__: 1 / 0)
    output = tmp_path / "out"
    said = grade("warmup", notebook(DOUBLE), "--course", COURSE, "--output", output, "--lang", "en")
    assert (said.status, said.out, said.err.count("\n")) == (3, "", 1)
    assert str(output / "grader.log") in said.err
    assert "ZeroDivisionError" in said.err
    assert record_of(output, "s001")["fault"] == "machinery"
    assert "Traceback" in (output / "grader.log").read_text("utf-8")


def test_a_worker_that_dies_before_anything_is_graded_is_told_with_the_log(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WorkerProcess, "send", lambda *_: False)
    output = tmp_path / "out"
    said = grade("warmup", notebook(DOUBLE), "--course", COURSE, "--output", output, "--lang", "en")
    assert (said.status, said.out, said.err.count("\n")) == (3, "", 1)
    assert str(output / "grader.log") in said.err
    assert "Traceback" in (output / "grader.log").read_text("utf-8")


def test_without_an_output_folder_the_log_is_among_the_temporary_files_and_the_sentence_names_it(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setattr("grader.workflow.marking.grade_one", lambda *_, **__: 1 / 0)
    said = grade("warmup", notebook(DOUBLE), "--course", COURSE, "--lang", "en")
    assert (said.status, said.out, said.err.count("\n")) == (3, "", 1)
    [log] = temporary.iterdir()
    assert str(log) in said.err
    assert "ZeroDivisionError" in log.read_text("utf-8")
