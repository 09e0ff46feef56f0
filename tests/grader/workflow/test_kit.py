"""A student's own copy is graded in its folder alone, without the course, and gets the verdicts of the course."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from grader.cli import main
from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.grading.make_key import make_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Said

ROOT = Path(__file__).resolve().parents[3]
SEED = 7
STUB, SOLUTION = "labs/{lab}.ipynb", "reference/solutions/{lab}.ipynb"
SAMPLES = [f"tests/samples/lab02/s00{number}.ipynb" for number in (1, 2, 3)]
NETWORKS = pytest.mark.tensorflow

Grade = "Callable[..., Said]"


@pytest.fixture(scope="module")
def given_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what students are given for all labs, in a folder that lies in no course."""
    folder = tmp_path_factory.mktemp("學生 a student")
    labs = Course(ROOT).lab_names()
    assert main(["release", *labs, "--output", str(folder), "--course", str(ROOT)]) == 0
    return folder


@pytest.fixture
def own_copy(given_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of it, in which the student stands."""
    folder = tmp_path / "作業 homework"
    shutil.copytree(given_out, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def at_home(grade: Callable[..., Said], own_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Return `grade` in that folder."""

    def call(*words: object) -> Said:
        monkeypatch.chdir(own_copy)
        return grade(*words, "--lang", "en")

    return call


def hand_in(folder: Path, lab: str, name: str) -> None:
    shutil.copyfile(ROOT / name.format(lab=lab), folder / f"{lab}.ipynb")


def record_of(folder: Path, name: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return record


def checks_of(record: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(task["name"], check["name"]): check for task in record["tasks"] for check in task["checks"]}


CASES = [
    *[pytest.param(lab, name, id=f"{lab}-{name[:4]}") for lab in ("lab01", "lab02") for name in (STUB, SOLUTION)],
    pytest.param("lab01", "tests/samples/lab01/s001.ipynb", id="lab01-sample"),
    *[pytest.param("lab02", name, id=f"lab02-{Path(name).stem}") for name in SAMPLES],
    *[
        pytest.param(lab, name, marks=[NETWORKS, pytest.mark.slow], id=f"{lab}-{Path(name).parent.name}")
        for lab in ("lab03", "corelab")
        for name in (STUB, SOLUTION, f"tests/samples/{lab}/s001.ipynb")
    ],
]


@pytest.mark.kernel
@pytest.mark.parametrize(("lab", "name"), CASES)
def test_public_questions_get_the_verdicts_that_the_course_gives(
    at_home: Callable[..., Said], grade: Callable[..., Said], own_copy: Path, lab: str, name: str
) -> None:
    hand_in(own_copy, lab, name)
    at_home(lab, "--output", "out")
    mine = record_of(own_copy / "out", lab)
    grade(lab, own_copy / f"{lab}.ipynb", "--course", ROOT, "--output", own_copy / "course", "--seed", SEED)
    theirs = checks_of(record_of(own_copy / "course", lab))
    public: dict[tuple[str, str], list[bool]] = {}
    for asked in make_key(load_lab(Course(ROOT), lab), SEED).asked:
        is_told = asked.public or asked.question.inspection is not None
        public.setdefault((asked.question.task, asked.question.check), []).append(is_told)
    assert (mine["kit"], mine["lab"]) == (True, lab)
    for place, check in checks_of(mine).items():
        told = [number for number, is_told in enumerate(public[place], start=1) if is_told]
        missed = [number for number, of_all in enumerate(told, start=1) if of_all in theirs[place]["missed"]]
        assert check["missed"] == missed, place
        assert check["questions"] == len(told), place
        if theirs[place]["verdict"] != "failed" or not missed:
            assert check["verdict"] == ("passed" if theirs[place]["verdict"] == "failed" else theirs[place]["verdict"])


@pytest.mark.kernel
def test_a_mistake_is_named_as_the_course_names_it(at_home: Callable[..., Said], own_copy: Path) -> None:
    hand_in(own_copy, "lab02", SAMPLES[0])
    at_home("lab02", "--output", "out")
    found = {check["mistake"] for check in checks_of(record_of(own_copy / "out", "lab02")).values()}
    mistakes = {path.stem: path.read_text("utf-8") for path in (ROOT / "reference/mistakes/lab02").glob("*.yaml")}
    known = {name for name in found if name and any(f"\n{name}:" in f"\n{texts}" for texts in mistakes.values())}
    assert len(known) >= 3


@pytest.mark.kernel
def test_a_law_that_students_may_know_is_tried_on_fresh_inputs(
    at_home: Callable[..., Said], own_copy: Path, notebook: Callable[..., Path]
) -> None:
    odd = "import numpy as np\ndef softmax(z):\n    z = np.asarray(z)\n    return np.cos(z) ** 2 + 0.1 * z - 0.7"
    notebook(odd, name="lab02", folder=own_copy)
    at_home("lab02", "--output", "out")
    check = checks_of(record_of(own_copy / "out", "lab02"))["softmax", "values"]
    assert check["mistake"].startswith("law_")
    assert check["evidence"]["expected"] == "-", "the reference knows no more than the public questions"


@pytest.mark.kernel
def test_a_broken_law_is_shown_by_a_call_that_breaks_it(at_home: Callable[..., Said], own_copy: Path) -> None:
    solved = json.loads((ROOT / SOLUTION.format(lab="lab02")).read_text("utf-8"))
    solved["cells"].append(new_code_cell("def softmax(z):\n    return z"))
    (own_copy / "lab02.ipynb").write_text(json.dumps(solved), "utf-8")
    said = at_home("lab02", "--output", "out", "--format", "html")
    evidence = checks_of(record_of(own_copy / "out", "lab02"))["softmax", "values"]["evidence"]
    assert "-" in evidence["arguments"]["z"], "There are negative numbers: in this very example"
    assert evidence["observed"] == evidence["arguments"]["z"]
    told = said.out.partition("Do this first")[2]
    assert f"observed {evidence['observed']}" in told
    for page in (told, (own_copy / "out/lab02.html").read_text("utf-8")):
        assert "expected -" not in page
        assert "0.33825" not in page, "the answer to another question"


@pytest.mark.kernel
def test_the_page_counts_public_questions_and_shows_no_total(at_home: Callable[..., Said], own_copy: Path) -> None:
    hand_in(own_copy, "lab01", SOLUTION)
    said = at_home("lab01", "--output", "out", "--format", "html", "--format", "junit")
    page = (own_copy / "out/lab01.html").read_text("utf-8")
    assert said.status == 0
    for text in (said.out, page):
        assert "public questions:" in text
        assert "The grading asks more, in a fresh kernel." in text
        assert "100 of 100 points" not in text


@pytest.mark.kernel
def test_less_than_all_public_questions_is_told_by_the_exit_status(at_home: Callable[..., Said]) -> None:
    assert at_home("lab01").status == 1


@pytest.mark.kernel
def test_it_is_found_beside_the_notebook_from_any_folder(
    grade: Callable[..., Said], own_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(own_copy, "lab01", SOLUTION)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert grade("lab01", Path("..") / own_copy.name / "lab01.ipynb").status == 0


@pytest.mark.kernel
def test_a_course_goes_before_a_kit_beside_the_notebook(
    grade: Callable[..., Said], own_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(own_copy, "lab01", SOLUTION)
    monkeypatch.chdir(ROOT)
    assert "100 of 100 points" in grade("lab01", own_copy / "lab01.ipynb", "--lang", "en").out


@pytest.mark.kernel
def test_practice_in_a_notebook_needs_no_course(own_copy: Path) -> None:
    cells = ["%load_ext grader", "def mse(a, b):\n    return 1.0", "%grade mse --lang en", "%grade lab01 --lang en"]
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(own_copy)}}).execute()
    shown = ["".join(one.get("text") or one["data"]["text/plain"] for one in cell.outputs) for cell in notebook.cells]
    assert "public questions: 0 of" in shown[2]
    assert "This is practice" in shown[3]


# What cannot be ---------------------------------------------------------------------------------------------------


def test_a_folder_of_submissions_is_refused(at_home: Callable[..., Said], own_copy: Path) -> None:
    said = at_home("lab01", own_copy)
    assert said.status == 2
    assert "student's kit" in said.err


@pytest.mark.kernel
def test_its_record_is_no_result_for_a_gradebook_or_a_class(at_home: Callable[..., Said], own_copy: Path) -> None:
    assert at_home("lab01", "--output", "out").status == 1
    kept = at_home("lab01", "--output", "out", "--book", "book.sqlite")
    reported = at_home("report", "out", "--format", "csv", "--output", "class")
    assert (kept.status, reported.status) == (2, 2)
    for said in (kept, reported):
        assert "student's kit" in said.err
    assert (own_copy / "out/lab01.json").is_file()


def changed(path: Path, **values: object) -> None:
    form = {**json.loads(path.read_text("utf-8")), **values}
    path.write_text(json.dumps(form, ensure_ascii=False), "utf-8")


@pytest.mark.kernel
def test_a_kit_that_was_changed_is_told_as_that(at_home: Callable[..., Said], own_copy: Path) -> None:
    changed(own_copy / "lab01.kit.json", course_sha256="0" * 64)
    said = at_home("lab01")
    assert said.status == 2
    assert "lab01.kit.json is not as it was given out" in said.err


@pytest.mark.kernel
def test_a_kit_that_is_newer_than_the_program_says_to_update(at_home: Callable[..., Said], own_copy: Path) -> None:
    changed(own_copy / "lab01.kit.json", kit=2, labgrader="9.0")
    said = at_home("lab01")
    assert said.status == 2
    assert "labgrader 9.0" in said.err


@pytest.mark.kernel
def test_a_notebook_of_another_version_of_the_lab_is_graded_and_told_as_that(
    at_home: Callable[..., Said], own_copy: Path
) -> None:
    path = own_copy / "lab01.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    assert "another version" not in at_home("lab01").out
    notebook["metadata"]["labgrader"]["notebook_sha256"] = "0" * 64
    path.write_text(json.dumps(notebook), "utf-8")
    said = at_home("lab01")
    assert said.status == 1
    assert "another version of the lab" in said.out.replace("\n", " ")


def test_an_unknown_lab_names_those_that_there_are_kits_of(at_home: Callable[..., Said]) -> None:
    said = at_home("lab04")
    assert said.status == 2
    assert "lab01" in said.err


def test_an_audit_or_a_platforms_package_needs_the_course(at_home: Callable[..., Said]) -> None:
    for words in (("audit", "lab01"), ("export", "gradescope", "lab01", "--output", "x.zip")):
        said = at_home(*words)
        assert said.status == 2
        assert "No course here" in said.err
