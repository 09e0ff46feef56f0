"""Submissions of every kind, graded through the command line with real kernels."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

import jsonschema
import pytest

from grader.errors import SandboxError
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.conftest import Said

pytestmark = pytest.mark.kernel

DOUBLE = "def double(x):\n    return 2 * x"
TOTAL = "def total(x):\n    return sum(x)"


@pytest.fixture
def warmup(grade: Callable[..., Said], root: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Return a grading of the small lab: `warmup(path)` returns the record, with its exit status put in."""
    schema = json.loads((root / "docs/record.schema.json").read_text("utf-8"))

    def run(path: Path, *words: object) -> dict[str, Any]:
        output = tmp_path / "records"
        said = grade("warmup", path, "--course", root / "tests/another_course", "--output", output, "--seed", 7, *words)
        assert said.status in {0, 1}, said.err
        record: dict[str, Any] = json.loads((output / f"{path.stem}.json").read_text("utf-8"))
        jsonschema.validate(record, schema)
        return record | {"status": said.status, "page": said.out}

    return run


def verdicts(record: dict[str, Any]) -> dict[str, str]:
    return {f"{task['name']}.{check['name']}": check["verdict"] for task in record["tasks"] for check in task["checks"]}


def because(record: dict[str, Any], name: str) -> str:
    task, check = name.split(".")
    found = [c for t in record["tasks"] if t["name"] == task for c in t["checks"] if c["name"] == check]
    text: str = found[0]["because"]["en"]
    return text


def test_a_right_notebook_earns_everything_and_exits_with_0(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    record = warmup(notebook(DOUBLE, TOTAL))
    assert (record["earned"], record["points"], record["status"]) == (10, 10, 0)


def test_an_untouched_stub_earns_nothing_without_a_failure_and_exits_with_1(
    warmup: Callable[..., dict[str, Any]], root: Path
) -> None:
    record = warmup(root / "tests/another_course/labs/warmup.ipynb")
    assert set(verdicts(record).values()) == {"not_attempted"}
    assert (record["earned"], record["status"], record["cells"]) == (0, 1, [])


def test_each_check_is_worth_its_own_points(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    record = warmup(notebook("def double(x):\n    return 2 * float(x)", "def total(x):\n    return 0"))
    assert verdicts(record) == {"double.values": "passed", "double.batch": "failed", "total.values": "failed"}
    assert (record["earned"], record["status"]) == (5, 1)


def test_an_endless_loop_costs_its_function_only(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    record = warmup(notebook("def double(x):\n    while True: pass", TOTAL))
    assert verdicts(record)["total.values"] == "passed"
    assert because(record, "double.values") == "still running after 1 s (cell In [1], line 1)"


def test_a_loop_that_ignores_the_interrupt_costs_its_function_only(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    endless = "def double(x):\n    while True:\n        try:\n            while True: pass\n        except: pass"
    record = warmup(notebook(endless, TOTAL))
    assert verdicts(record)["total.values"] == "passed"
    assert because(record, "double.values") == "still running after 1 s (cell In [1], line 1)"


def test_a_call_that_holds_the_interpreter_lock_costs_its_function_only(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    record = warmup(notebook("def double(x):\n    return len(str(7 ** (10 ** 8)))", TOTAL))
    assert verdicts(record)["total.values"] == "passed"
    assert because(record, "double.values") == "still running after 1 s (cell In [1], line 1)"


@pytest.mark.parametrize(
    ("ending", "how"),
    [
        ("import os; os._exit(0)", "exit"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    ],
)
def test_a_process_that_ends_in_a_call_costs_that_function_only(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path], ending: str, how: str
) -> None:
    record = warmup(notebook(f"def double(x):\n    {ending}", TOTAL))
    assert verdicts(record)["total.values"] == "passed"
    assert because(record, "double.values") == f"the Python process ended in the middle of the call ({how})"


def test_sys_exit_in_a_function_is_its_answer(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    record = warmup(notebook("import sys\ndef double(x):\n    sys.exit(0)", TOTAL))
    assert verdicts(record)["total.values"] == "passed"
    assert because(record, "double.values") == "raised SystemExit: 0 (cell In [1], line 3)"


def test_a_cell_that_raises_does_not_stop_the_rest_and_is_told_with_cell_and_line(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    record = warmup(notebook(DOUBLE, "", "x = 1\n1 / 0", TOTAL))
    assert record["earned"] == 10
    assert [(cell["cell"], cell["line"], cell["how"], cell["because"]["en"]) for cell in record["cells"]] == [
        (2, 2, "raised", "ZeroDivisionError: division by zero")
    ]
    assert "cell In [2], line 2" in record["page"]


def test_a_cell_that_does_not_parse_costs_what_it_would_have_defined(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    record = warmup(notebook("def double(x)\n    return 2 * x", TOTAL))
    assert verdicts(record)["total.values"] == "passed"
    assert because(record, "double.values") == (
        "double was not defined, because Python cannot read its cell: cell In [1], line 1: a colon is missing"
    )
    assert record["cells"][0]["because"]["en"] == "a colon is missing (SyntaxError: expected ':')"


def test_a_cell_out_of_time_is_stopped_and_the_others_run(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    record = warmup(notebook(DOUBLE, "while True: pass", TOTAL))
    assert record["earned"] == 10
    assert record["cells"][0]["because"]["en"] == "still running after 2 s"


def test_a_cell_that_ends_the_process_is_left_out_and_the_others_run(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    record = warmup(notebook(DOUBLE, "import os; os._exit(1)", TOTAL))
    assert record["earned"] == 10
    assert [cell["how"] for cell in record["cells"]] == ["died"]


def test_the_limit_of_the_whole_submission_is_told_as_such(
    grade: Callable[..., Said], notebook: Callable[..., Path], course: Path, root: Path, tmp_path: Path
) -> None:
    rubric = (root / "tests/another_course/rubrics/warmup.yaml").read_text("utf-8")
    (course / "rubrics/warmup.yaml").write_text(
        rubric.replace("submission_seconds: 20", "submission_seconds: 1"), "utf-8"
    )
    (course / "reference/warmup.py").write_text(
        (root / "tests/another_course/reference/warmup.py").read_text("utf-8"), "utf-8"
    )
    path = notebook("import time\ntime.sleep(1.5)", DOUBLE, TOTAL)
    said = grade("warmup", path, "--course", course, "--output", tmp_path / "records")
    assert said.status == 1
    assert "the whole notebook had used its 1 s before this was answered" in " ".join(said.out.split())


def test_prints_warnings_and_stderr_never_matter(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    noisy = (
        "import sys, warnings\ndef double(x):\n    print('9' * 10000)\n    warnings.warn('careful')\n"
        "    sys.stderr.write('oh')\n    sys.__stdout__.write('{\"answer\": 3}')\n    return 2 * x"
    )
    assert warmup(notebook(noisy, TOTAL, "print('x' * 1000000)"))["earned"] == 10


def test_inputs_that_a_function_changes_are_fresh_for_the_next_call(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    spoiling = "def total(x):\n    s = float(sum(x))\n    x[:] = 0\n    return s"
    assert warmup(notebook(DOUBLE, spoiling))["earned"] == 10


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("print(2 * x)", "double prints, and returns nothing (None) (cell In [1], line 1)"),
        ("return str(2 * x)", "the answer is text (str), not numbers"),
        ("return {2 * x}", "the answer is a set, not a number or an array of numbers"),
        ("return [[1], [1, 2]]", "the answer is a list whose parts have different shapes"),
        ("return 2j * x", "the answer has complex numbers"),
        ("return float('nan')", "every answer is nan, which is no finite number"),
        ("return [2 * x, 2 * x]", "expected a single number, observed an array of shape (2,)"),
        ("return x > 0", "The answer holds true/false values, not numbers."),
        (
            "return x + 'a'",
            "raised TypeError: unsupported operand type(s) for +: 'float' and 'str' (cell In [1], line 2)",
        ),
        ("return total(x)", "it calls total, which is not written yet"),
        ("return 2 * x + 1", "Every answer is the expected one plus the same number."),
        ("return 2 * x + x ** 2", "the number is off by 2.25 (relative 0.75; allowed 0.000601)"),
    ],
)
def test_a_wrong_answer_is_told_in_what_way(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path], answer: str, reason: str
) -> None:
    record = warmup(notebook(f"def double(x):\n    {answer}", "def total(x):\n    raise NotImplementedError"))
    assert because(record, "double.values") == reason


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([TOTAL], "the notebook defines no function named double"),
        (
            [DOUBLE, "double = double(3)", TOTAL],
            "double is no function: when all cells have run, it is of the type int",
        ),
        ([DOUBLE, "del double", TOTAL], "double was defined (cell In [1], line 1) and deleted again (cell In [2])"),
    ],
)
def test_a_missing_function_is_told_as_missing(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path], cells: list[str], reason: str
) -> None:
    assert because(warmup(notebook(*cells)), "double.values") == reason


def test_what_is_public_is_shown_and_what_is_hidden_is_not(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    record = warmup(notebook("def double(x):\n    return 3.0 if x == 1.5 else 0.0", TOTAL))
    check = record["tasks"][0]["checks"][0]
    assert check["verdict"] == "failed"
    assert check["evidence"] is None, "the questions that failed are hidden ones"
    assert (check["questions"], check["agreed"]) == (4, 1)
    shown = warmup(notebook("def double(x):\n    return 0.0", TOTAL))["tasks"][0]["checks"][0]["evidence"]
    assert shown == {"arguments": {"x": "1.5"}, "observed": "0", "expected": "3", "picture": None}


def test_the_same_submission_course_and_seed_give_the_same_bytes_but_for_times(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path], tmp_path: Path
) -> None:
    path = notebook("def double(x):\n    return object()", "def total(x):\n    raise ValueError(f'{object()}')", "1/0")
    texts = []
    for _ in range(2):
        warmup(path)
        record = json.loads((tmp_path / "records/s001.json").read_text("utf-8"))
        texts.append(json.dumps(record | {"when": "", "seconds": {}}))
    assert texts[0] == texts[1]


def test_without_a_seed_the_questions_are_fresh_and_the_seed_is_told(
    grade: Callable[..., Said], notebook: Callable[..., Path], root: Path, tmp_path: Path
) -> None:
    seeds = set()
    for _ in range(2):
        grade("warmup", notebook(DOUBLE, TOTAL), "--course", root / "tests/another_course", "--output", tmp_path / "o")
        seeds.add(json.loads((tmp_path / "o/s001.json").read_text("utf-8"))["seed"])
    assert len(seeds) == 2


def test_tags_and_kernel_names_of_the_notebook_are_ignored(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    path = notebook(DOUBLE, TOTAL)
    content = json.loads(path.read_text("utf-8"))
    content["metadata"]["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
    content["cells"][0]["metadata"] = {"tags": ["skip-execution", "raises-exception"]}
    path.write_text(json.dumps(content), "utf-8")
    assert warmup(path)["earned"] == 10


def test_a_folder_is_graded_in_order_and_exits_with_0_when_all_were_graded(
    grade: Callable[..., Said], notebook: Callable[..., Path], root: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    notebook(DOUBLE, TOTAL, name="s002", folder=folder)
    notebook("import tables\ndef double(x): return tables.TWO * x", TOTAL, name="warmup", folder=folder / "s001")
    (folder / "s001/tables.py").write_text("TWO = 2", "utf-8")
    notebook(TOTAL, name="s003", folder=folder)
    said = grade("warmup", folder, "--course", root / "tests/another_course", "--output", tmp_path / "out")
    assert said.status == 0
    assert [line.split()[1] for line in said.out.splitlines()[:3]] == ["s001", "s002", "s003"]
    assert "3 graded, 2 of them with full marks; 0 not graded" in said.out
    earned = {p.stem: json.loads(p.read_text("utf-8"))["earned"] for p in (tmp_path / "out").glob("*.json")}
    assert earned == {"s001": 10, "s002": 10, "s003": 2.5}


@pytest.mark.parametrize(
    ("start", "path"),
    [
        (".", ["in"]),
        (".", ["./in"]),
        ("in", ["."]),
        ("in/s001", [".."]),
        (".", ["in/s001/warmup.ipynb"]),
        ("in/s001", ["warmup.ipynb"]),
        ("in/s001", []),
    ],
)
def test_helper_files_are_found_by_a_relative_path_from_any_folder(
    grade: Callable[..., Said], notebook: Callable[..., Path], root: Path, tmp_path: Path, start: str, path: list[str]
) -> None:
    """The processes that run the notebook have working folders of their own."""
    folder = tmp_path / "班級 A/in/s001"
    notebook("import tables\ndef double(x): return tables.TWO * x", TOTAL, name="warmup", folder=folder)
    (folder / "tables.py").write_text("TWO = 2", "utf-8")
    with contextlib.chdir(tmp_path / "班級 A" / start):
        said = grade("warmup", *path, "--course", os.path.relpath(root / "tests/another_course"), "--output", "../out")
        [record] = [json.loads(path.read_text("utf-8")) for path in Path("../out").glob("*.json")]
    assert (said.status, record["earned"]) == (0, 10), said.out + said.err


def test_one_unreadable_notebook_in_a_folder_costs_only_itself_and_gets_no_score(
    grade: Callable[..., Said], notebook: Callable[..., Path], root: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    notebook(DOUBLE, TOTAL, name="s002", folder=folder)
    (folder / "s001.ipynb").write_text("", "utf-8")
    said = grade(
        "warmup", folder, "--course", root / "tests/another_course", "--output", tmp_path / "out", "--format", "junit",
        "--format", "html", "--format", "terminal",
    )  # fmt: skip
    assert said.status == 2
    broken = json.loads((tmp_path / "out/s001.json").read_text("utf-8"))
    assert broken["earned"] is None
    assert set(verdicts(broken).values()) == {"ungraded"}
    assert json.loads((tmp_path / "out/s002.json").read_text("utf-8"))["earned"] == 10
    each = {f"{student}.{ending}" for student in ("s001", "s002") for ending in ("json", "html", "junit.xml", "txt")}
    of_all = {".labgrader", ".warmup.seed", "gradebook.sqlite", "class.html", "class.junit.xml"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == each | of_all


def test_nothing_of_a_submission_is_left_behind(
    warmup: Callable[..., dict[str, Any]],
    notebook: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    path = notebook(DOUBLE, TOTAL, "open('here.txt', 'w').write('x')", folder=tmp_path / "own")
    assert warmup(path)["earned"] == 10
    assert list(temporary.iterdir()) == []
    assert [found.name for found in path.parent.iterdir()] == ["s001.ipynb"]


@pytest.mark.tensorflow
def test_a_notebook_that_imports_tensorflow_only_inside_a_function_has_the_time_for_it(
    warmup: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    double = "def double(x):\n    import tensorflow as tf\n    return 2 * tf.constant(x, tf.float64)"
    assert warmup(notebook(double, TOTAL))["earned"] == 10


class Preloading:
    """Stands for a pool: it notes what is preloaded, and gives no runner."""

    def __init__(self) -> None:
        self.preloaded: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""

    def preload(self, packages: Sequence[str]) -> None:
        """Note the packages."""
        self.preloaded += packages

    def runner(self) -> NoReturn:
        """End the grading here."""
        raise SandboxError(say("The Python kernel stopped before the notebook began. Nothing was graded."))


@pytest.mark.parametrize(
    ("lab", "source", "preloaded"),
    [
        ("lab03", "import keras\nfrom tensorflow import math", ["tensorflow", "keras"]),
        ("lab03", "import numpy", []),
        ("lab02", "import tensorflow as tf", []),
    ],
    ids=["networks", "no network in the notebook", "no network in the lab"],
)
def test_what_both_kernels_of_a_notebook_with_networks_need_is_imported_once(
    grade: Callable[..., Said],
    notebook: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    lab: str,
    source: str,
    preloaded: list[str],
) -> None:
    pool = Preloading()
    monkeypatch.setattr("grader.workflow.marking.Pool", lambda: pool)
    assert grade(lab, notebook(source)).status == 3
    assert pool.preloaded == preloaded
