"""All hostile submissions are graded together, as a teacher would; then each is looked at."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import html5lib
import psutil
import pytest

from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.grading.make_key import make_key

from .corpus import Hostile, hostile

resource = pytest.importorskip("resource", reason="limits of POSIX")
if sys.platform != "linux":
    pytest.skip("the wall of Linux", allow_module_level=True)

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = [pytest.mark.kernel, pytest.mark.slow]

COURSE = Path(__file__).parent / "course"
SEED = 7
CANARY = "CANARY-IN-THE"
ALL = hostile()
MARKS: dict[str, set[int | None]] = {
    "full": {10},
    "zero": {0},
    "any": {0, 10},
    "strong": {0, 10},
    "no notebook": {None},
}
NEEDS_LANDLOCK = {"secrets", "escape", "files"}


@dataclass(frozen=True)
class Graded:
    """What the grading of the whole folder left behind."""

    status: int
    said: str
    folder: Path
    records: Mapping[str, dict[str, Any]]
    most_memory_mib: int
    before: Mapping[str, str]
    after: Mapping[str, str]


def digests() -> dict[str, str]:
    """Return what the trusted files are: their bytes, modes and times."""
    trusted = [*COURSE.rglob("*"), *Path(os.__file__).parent.glob("*.py")]
    return {
        str(path): f"{path.stat().st_mode} {path.stat().st_mtime_ns} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in trusted
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Grade every hostile submission in one folder."""
    folder = tmp_path_factory.mktemp("hostile")
    handed_in, out, temporary = folder / "in", folder / "out", folder / "t"
    handed_in.mkdir()
    temporary.mkdir()
    for one in ALL:
        (handed_in / f"{one.student}.ipynb").write_bytes(one.content)
    before = digests()
    words = ("target", handed_in, "--course", COURSE, "--output", out, "--seed", SEED, "--lang", "en", "--jobs", "2")
    formats = [word for name in ("html", "junit") for word in ("--format", name)]
    done = subprocess.run(
        [str(word) for word in (Path(sys.executable).with_name("grade"), *words, *formats)],
        env={**os.environ, "TMPDIR": str(temporary), "GRADER_TOKEN": f"{CANARY}-ENVIRONMENT", "CI": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=600,
        check=False,
    )
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    records = {path.stem: json.loads(path.read_text("utf-8")) for path in out.glob("*.json")}
    said = (done.stdout + done.stderr).decode("utf-8")
    return Graded(done.returncode, said, folder, records, most, before, digests())


@pytest.fixture
def record(graded: Graded, request: pytest.FixtureRequest) -> dict[str, Any]:
    return graded.records[request.param.student]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.student)
def test_it_earns_what_it_should(graded: Graded, one: Hostile) -> None:
    record = graded.records[one.student]
    expected = "full" if one.expected == record["isolation"] == "strong" else one.expected
    assert record["earned"] in MARKS[expected], json.dumps(record["tasks"], indent=1)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.student)
def test_its_reports_hold_nothing_of_its_making(graded: Graded, one: Hostile) -> None:
    for path in (graded.folder / "out").glob(f"{one.student}.*"):
        text = path.read_bytes().decode("utf-8")
        assert CANARY not in text
        assert not any(ord(c) < 32 and c not in "\n\r\t" for c in text), path
        assert not any(c in text for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff"), path
        assert len(text) < 200_000
        if path.suffix == ".html":
            page = html5lib.parse(text, namespaceHTMLElements=False)
            assert page.findall(".//script") == page.findall(".//iframe") == page.findall(".//img") == []


def test_no_report_tells_the_input_of_a_hidden_question_or_what_is_expected(graded: Graded) -> None:
    asked = make_key(load_lab(Course(COURSE), "target"), SEED).asked
    inputs = [one.question.arguments[0] for one in asked if not one.public]
    hidden = [digits[:6] for x in inputs if isinstance(x, float) for digits in (str(x), str(2 * x))]
    hidden += [digits.replace(".", mark) for digits in hidden for mark in ("", "_")]
    for path in (graded.folder / "out").glob("secrets-tells_hidden_questions*"):
        told = path.read_bytes().decode("utf-8", "replace")
        assert not [digits for digits in hidden if digits in told], path
    assert not [digits for digits in hidden if digits in graded.said]


def test_every_submission_has_a_record(graded: Graded) -> None:
    assert set(graded.records) >= {one.student for one in ALL}, graded.said[-2000:]
    assert len(ALL) >= 60


def test_what_the_terminal_and_a_ci_log_get_is_clean(graded: Graded) -> None:
    assert graded.status == 2, graded.said[-2000:]  # some files are no notebooks
    assert CANARY not in graded.said
    assert not any(ord(c) < 32 and c not in "\n\r\t" for c in graded.said)
    assert not [line for line in graded.said.splitlines() if line.lstrip().startswith("::") or "##[" in line]
    assert "Traceback" not in graded.said


def test_nothing_is_left_behind(graded: Graded) -> None:
    folder = str(graded.folder)
    assert not [p for p in psutil.process_iter(["environ"]) if folder in (p.info["environ"] or {}).get("TMPDIR", "")]
    assert list((graded.folder / "t").iterdir()) == []
    assert not Path("/tmp/hostile-was-here").exists()  # noqa: S108 (the name that they use)
    assert not [path for path in (graded.folder / "out").iterdir() if path.name.endswith(".part")]


def test_no_trusted_file_is_another(graded: Graded) -> None:
    assert graded.before == graded.after


def test_the_wall_was_as_strong_as_the_system_gives(graded: Graded) -> None:
    assert {record["isolation"] for record in graded.records.values() if record["ungraded"] is None} <= {
        "good",
        "strong",
    }
