"""The autograder zip, unpacked into an empty folder and run the way Gradescope does, with real kernels.

The platform's /autograder is a temporary folder; instead of an image with apt and a network there is a fresh
environment that has the packages of this one, but never saw this checkout, neither its code nor what pip wrote of it
(its commands, its entry points): the zip has to bring the grader itself.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from grader.course.folder import open_course
from grader.course.lab import load_lab
from grader.errors import LabError
from grader.exporting.gradescope import export

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.conftest import Said

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Gradescope runs Linux")

SOLVED = ("def double(x):\n    return 2 * x", "def total(x):\n    return float(sum(x))")
HALF = ("def double(x):\n    return 2 * x", "def total(x):\n    return 0.0")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small course, its lab in need of NumPy alone, with a second lab and a solution that stay at home."""
    folder = tmp_path_factory.mktemp("course")
    for room in ("labs", "reference", "rubrics"):
        shutil.copytree(Path(__file__).parents[2] / "another_course" / room, folder / room)
    rubric = folder / "rubrics" / "warmup.yaml"
    rubric.write_text(rubric.read_text("utf-8").replace("[numpy, tensorflow]", "[numpy]"), "utf-8")
    for room, ending in (("labs", "ipynb"), ("reference", "py"), ("rubrics", "yaml")):
        shutil.copy(folder / room / f"warmup.{ending}", folder / room / f"secret.{ending}")
    for path in (
        "solutions/warmup.ipynb",
        "solutions/warmup/all.py",
        "mistakes/warmup/double.py",
        "mistakes/secret/x.py",
    ):
        (folder / "reference" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "reference" / path).write_text('"""A file."""\n', "utf-8")
    shutil.rmtree(folder / "reference" / "mistakes" / "warmup")
    return folder


@pytest.fixture(scope="module")
def archive(course: Path) -> bytes:
    """Return the zip of the small lab."""
    return export(open_course(course), "warmup", language="en", level="none")


@pytest.fixture(scope="module")
def image(archive: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the platform's folder, set up by the zip's own script, with what that said in setup.log."""
    root = tmp_path_factory.mktemp("platform") / "autograder"
    unpack(archive, root)
    venv.create(root / "venv", with_pip=False, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(root / "venv")}))
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if "labgrader" not in path.name and path.suffix != ".pth":
            (packages / path.name).symlink_to(path)
    done = run(root, ["bash", str(root / "source/setup.sh")])
    assert done.returncode == 0, done.stderr + done.stdout
    (root / "setup.log").write_text(done.stdout, "utf-8")
    return root


@pytest.fixture
def platform(image: Path, archive: bytes) -> Path:
    """Return the platform's folder as it is when a submission comes: nothing is left of the one before."""
    for folder in ("source", "submission", "results"):
        shutil.rmtree(image / folder, ignore_errors=True)
        (image / folder).mkdir()
    unpack(archive, image)
    shutil.copy(image / "source/run_autograder", image / "run_autograder")
    (image / "run_autograder").chmod(0o755)
    return image


def unpack(archive: bytes, root: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(root / "source")


def run(root: Path, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(root), "PIP_NO_INDEX": "1", "HOME": str(root)}
    return subprocess.run(words, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=300)


def graded(root: Path, schemas: Path) -> dict[str, Any]:
    """Run the autograder as the platform does, and return the results, held against their schema."""
    done = run(root, [str(root / "run_autograder")])
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads((root / "results/results.json").read_text("utf-8"))
    jsonschema.validate(found, json.loads((schemas / "gradescope.schema.json").read_text("utf-8")))
    assert [path.name for path in (root / "results").iterdir()] == ["results.json"]
    return found


# The zip --------------------------------------------------------------------------------------------------------------


def test_the_scripts_stand_at_the_root_and_can_be_run(archive: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        modes = {entry.filename: entry.external_attr >> 16 for entry in opened.infolist()}
    assert modes["setup.sh"] & 0o111
    assert modes["run_autograder"] & 0o111
    assert not modes["requirements.txt"] & 0o111


def test_the_lab_is_in_it_and_nothing_of_other_labs_and_no_solution(archive: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        names = opened.namelist()
    assert sorted(name for name in names if name.startswith("course/")) == [
        *("course/labs/warmup.ipynb", "course/reference/warmup.py", "course/rubrics/warmup.yaml"),
    ]
    assert not [name for name in names if "secret" in name or "solution" in name or "__pycache__" in name]
    assert len(set(names)) == len(names)


def test_what_belongs_to_the_lab_in_folders_of_the_reference_is_in_it(root: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(export(open_course(root), "lab02", language="en", level="good"))) as opened:
        found = {name for name in opened.namelist() if name.startswith("course/reference/")}
    folders = ("mistakes", "laws")
    expected = {
        f"course/{path.relative_to(root).as_posix()}"
        for folder in folders
        for path in (root / "reference" / folder / "lab02").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert found == {"course/reference/lab02.py", *expected}


def test_the_same_lab_gives_the_same_bytes(archive: bytes, course: Path) -> None:
    assert export(open_course(course), "warmup", language="en", level="none") == archive


def test_what_the_grader_and_the_lab_need_is_required(root: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(export(open_course(root), "lab01", language="en", level="good"))) as opened:
        lines = opened.read("requirements.txt").decode().splitlines()
    assert [line for line in lines if line.startswith("tensorflow")] == ["tensorflow>=2.18"]
    assert {"click", "pydantic", "jinja2", "ipykernel", "keras"} <= {re.split("[<>]", line)[0] for line in lines}
    assert not [line for line in lines if "extra" in line or line.startswith(("pytest", "matplotlib"))]


def test_the_wall_that_is_asked_for_is_asked_for_on_the_platform(course: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(export(open_course(course), "warmup", language="zh-TW", level="strong"))) as opened:
        script = opened.read("run_autograder").decode()
    assert "--require-isolation strong\n" in script
    assert "--lang zh-TW " in script
    assert not re.search("@[A-Z]+@", script)


def test_a_lab_that_is_not_there_or_broken_gives_no_zip(course: Path, tmp_path: Path) -> None:
    with pytest.raises(LabError, match='There is no lab "warm"'):
        export(open_course(course), "warm", language="en", level="good")
    broken = tmp_path / "broken"
    shutil.copytree(course, broken)
    (broken / "rubrics" / "warmup.yaml").write_text("tasks: 7\n", "utf-8")
    with pytest.raises(LabError, match=r"warmup\.yaml"):
        export(open_course(broken), "warmup", language="en", level="none")


# On the platform ------------------------------------------------------------------------------------------------------


def test_submissions_are_graded_one_after_another_by_the_zips_own_grader(
    platform: Path, notebook: Callable[..., Path], schemas: Path
) -> None:
    version = platform / "source/grader/__init__.py"
    version.write_text(version.read_text("utf-8").replace('__version__ = "', '__version__ = "zip-'), "utf-8")

    notebook(*SOLVED, name="warmup", folder=platform / "submission")
    found = graded(platform, schemas)
    assert found["score"] == 10
    assert found["extra_data"]["versions"]["labgrader"].startswith("zip-")
    assert found["extra_data"]["student"] == "submission"

    shutil.rmtree(platform / "submission")
    notebook(*HALF, name="my homework (2)", folder=platform / "submission")
    (platform / "submission/notes.txt").write_text("my own file", "utf-8")
    found = graded(platform, schemas)
    assert found["score"] == 7.5
    assert {test["name"]: test["status"] for test in found["tests"]}["total: values"] == "failed"


def test_a_hostile_submission_is_graded_in_its_own_folder_and_nothing_of_it_is_run(
    platform: Path, notebook: Callable[..., Path], tmp_path: Path
) -> None:
    submission, marker = platform / "submission", tmp_path / "marker"
    notebook(*SOLVED, name="warmup", folder=submission)
    for name in ("pip", "numpy", "yaml", "sitecustomize", "usercustomize", "conftest", "grader", "json", "click"):
        (submission / f"{name}.py").write_text(f"open({str(marker)!r}, 'a').write({name!r})", "utf-8")
    (submission / "evil.pth").write_text("import numpy", "utf-8")
    (submission / "grade").write_text(f"#!/bin/sh\ntouch {marker}", "utf-8")
    (submission / "grade").chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(platform), "HOME": str(platform)}
    script = str(platform / "run_autograder")
    done = subprocess.run([script], cwd=submission, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads((platform / "results/results.json").read_text("utf-8"))["score"] == 10
    assert not marker.exists(), marker.read_text("utf-8")


def test_what_cannot_be_graded_leaves_results_without_a_score_that_say_why(
    platform: Path, notebook: Callable[..., Path], schemas: Path
) -> None:
    submission = platform / "submission"

    found = graded(platform, schemas)
    assert "There is no notebook in this submission: hand in warmup.ipynb." in found["output"]
    assert "score" not in found

    (submission / "warmup.ipynb").write_text("no notebook", "utf-8")
    found = graded(platform, schemas)
    assert "is plain text, not a notebook" in found["output"]
    assert "score" not in found

    (submission / "warmup.ipynb").unlink()
    for name in ("a", "b"):
        notebook(*SOLVED, name=name, folder=submission)
    found = graded(platform, schemas)
    assert "Hand in one notebook, named warmup.ipynb" in found["output"]
    assert "score" not in found

    (submission / "a.ipynb").unlink()
    (platform / "source/course/rubrics/warmup.yaml").write_text("tasks: 7\n", "utf-8")
    found = graded(platform, schemas)
    assert "The grader failed. Nothing was graded, which is not zero." in found["output"]
    assert "score" not in found


def test_a_link_in_a_submission_is_not_followed(
    platform: Path, notebook: Callable[..., Path], schemas: Path, tmp_path: Path
) -> None:
    elsewhere = notebook(*SOLVED, name="elsewhere", folder=tmp_path / "elsewhere")
    (platform / "submission/warmup.ipynb").symlink_to(elsewhere)
    found = graded(platform, schemas)
    assert "is a link" in found["output"]
    assert "score" not in found


def test_the_set_up_grades_the_stub_and_says_how_it_went(platform: Path) -> None:
    log = (platform / "setup.log").read_text("utf-8")
    assert re.search(r"^isolation: \w+$", log, re.MULTILINE)
    assert "0 of 10 points" in log
    assert "setup.sh: the notebook of warmup that students receive was graded here." in log
    assert 'at least the level "none"' in log


def test_a_zip_that_cannot_grade_is_told_while_it_is_set_up(platform: Path) -> None:
    (platform / "source/grader/grading/grade.py").unlink()
    done = run(platform, ["bash", str(platform / "source/setup.sh")])
    assert done.returncode == 1
    assert "setup.sh: the notebook of warmup could not be graded here (exit status 3)" in done.stderr


def test_the_environment_of_the_platform_knows_nothing_of_this_installation(platform: Path) -> None:
    script = "from importlib.metadata import distributions; print(*[one.name for one in distributions()])"
    done = run(platform, [str(platform / "venv/bin/python"), "-P", "-c", script])
    assert "ipykernel" in done.stdout
    assert "labgrader" not in done.stdout


# On the command line --------------------------------------------------------------------------------------------------


def zip_of(content: bytes) -> dict[str, bytes]:
    """Return what a zip holds beside the grader itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist() if not name.startswith("grader/")}


def test_the_command_writes_the_zip(grade: Callable[..., Said], course: Path, archive: bytes, tmp_path: Path) -> None:
    file = tmp_path / "new" / "warmup.zip"
    said = grade("export", "gradescope", "warmup", "--output", file, "--course", course, "--require-isolation", "none")
    assert (said.status, said.out, said.err) == (0, "", "")
    assert zip_of(file.read_bytes()) == zip_of(archive)
    assert [path.name for path in file.parent.iterdir()] == ["warmup.zip"]
    assert grade("export", "gradescope", "warmup", "--output", file, "--course", course).status == 0, "it is our own"


@pytest.mark.parametrize("kind", ["another file", "another zip", "a zip of ours that somebody has changed", "a link"])
def test_what_is_not_our_own_is_not_written_over(
    grade: Callable[..., Said], course: Path, archive: bytes, tmp_path: Path, *, kind: str
) -> None:
    file = tmp_path / "warmup.zip"
    file.write_bytes(b"not a zip" if kind == "another file" else archive)
    if kind == "another zip":
        with zipfile.ZipFile(file, "w") as opened:
            opened.writestr("setup.sh", "")
    elif kind == "a link":
        file = tmp_path / "link.zip"
        file.symlink_to(tmp_path / "warmup.zip")
    elif kind != "another file":
        with zipfile.ZipFile(file, "a") as opened:
            opened.writestr("mine.txt", "")
    before = file.read_bytes()
    said = grade("export", "gradescope", "warmup", "--output", file, "--course", course, "--lang", "en")
    assert said.status == 2
    assert "was not written by the grader" in said.err
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["gradescop", "lab02", "--output", "x.zip"], "gradescop does not fit PLATFORM, which takes one of gradescope"),
        (["gradescope", "lab2", "--output", "x.zip"], 'There is no lab "lab2"'),
        (["gradescope", "lab02"], "--output FILE.zip|DIR is missing"),
        (["gradescope", "lab02", "--output", "x.tar"], "x.tar does not end with .zip"),
        (["gradescope", "lab02", "--output", "x"], "does not end with .zip"),
        (["gradescope", "lab02", "--output", "/dev/null/x.zip"], "cannot be written"),
    ],
)
def test_what_is_wrong_with_the_words_is_one_sentence(grade: Callable[..., Said], words: list[str], told: str) -> None:
    said = grade("export", *words, "--lang", "en")
    assert said.status == 2
    assert said.err.count("\n") == 1
    assert told in said.err


def test_the_python_of_the_test_is_not_the_one_of_the_platform(platform: Path) -> None:
    """What the other tests of the platform rely on: this checkout is out of its reach."""
    script = "import grader, sys; print(grader.__file__); print(sys.prefix)"
    done = run(platform, [str(platform / "venv/bin/python"), "-P", "-c", script])
    file, prefix = done.stdout.splitlines()
    assert Path(file).is_relative_to(platform / "source")
    assert Path(prefix) != Path(sys.prefix)


def test_probes_and_data_files_are_in_it_so_that_the_lab_can_be_read_there(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    course = Path(__file__).parents[2] / "courses/drawing"
    unpack(export(open_course(course), "drawing", language="en", level="none"), tmp_path)
    [found] = tmp_path.rglob("course/rubrics")
    lab = load_lab(open_course(found.parent), "drawing")
    assert lab.probes == (course / "probes/drawing.py").read_text("utf-8")
    assert [file.path.read_bytes() for file in lab.files] == [(course / "labs/rain.csv").read_bytes()]
    assert not list(found.parent.rglob("handed_in"))
