"""`grade report`: makes any report from records, on the command line; nothing is graded again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Said

GRADE = Path(sys.executable).with_name("grade")
SUBMISSIONS = {"s001": "def double(x):\n    return 2 * x", "s002": "def double(x):\n    return x"}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of real records: two submissions of the small lab, graded once."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "submissions").mkdir()
    for student, source in SUBMISSIONS.items():
        cell: dict[str, Any] = {
            "cell_type": "code",
            "id": "a",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        notebook: dict[str, Any] = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / "submissions" / f"{student}.ipynb").write_text(json.dumps(notebook), "utf-8")
    course = Path(__file__).parents[2] / "another_course"
    words = ("warmup", folder / "submissions", "--course", course, "--output", folder / "results", "--seed", "7")
    subprocess.run([str(GRADE), *map(str, words)], check=True, capture_output=True)
    return folder / "results"


def test_a_folder_gives_the_files_of_its_students_and_of_the_class(
    grade: Callable[..., Said], results: Path, tmp_path: Path
) -> None:
    said = grade("report", results, "--format", "gradescope", "--format", "csv", "--output", tmp_path / "out")
    assert (said.status, said.out, said.err) == (0, "", "")
    assert sorted(path.name for path in (tmp_path / "out").glob("[!.]*")) == [
        *("class.csv", "s001.gradescope.json", "s002.gradescope.json"),
    ]
    assert json.loads((tmp_path / "out/s001.gradescope.json").read_text("utf-8"))["score"] == 7.5
    assert (tmp_path / "out/class.csv").read_text("utf-8-sig").splitlines()[2].startswith("s002,warmup,0,10,")


def test_reports_can_be_written_beside_the_records_and_made_again(
    grade: Callable[..., Said], results: Path, tmp_path: Path
) -> None:
    for record in results.glob("*.json"):
        (tmp_path / record.name).write_bytes(record.read_bytes())
    words = ["report", tmp_path, "--format", "gradescope", "--format", "github", "--output", tmp_path]
    assert grade(*words).status == 0
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert grade(*words).status == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    assert len(first) == 2 + 2 + 2 + 1 + len([".labgrader"])


def test_a_single_report_is_printed(grade: Callable[..., Said], results: Path) -> None:
    said = grade("report", results / "s001.json", "--format", "coursera", "--lang", "en")
    assert said.status == 0
    assert json.loads(said.out)["fractionalScore"] == 0.75
    assert "7.5 of 10 points" in said.out


def test_the_language_is_the_one_asked_for(grade: Callable[..., Said], results: Path) -> None:
    said = grade("report", results / "s001.json", "--format", "coursera", "--lang", "zh-TW")
    assert "暖身" in said.out


def test_one_file_is_one_submission_and_two_are_a_class(
    grade: Callable[..., Said], results: Path, tmp_path: Path
) -> None:
    for number, paths in enumerate(([results / "s001.json"], [results / "s001.json", results / "s002.json"])):
        grade("report", *paths, "--format", "junit", "--output", tmp_path / str(number))
    assert [path.name for path in (tmp_path / "0").glob("[!.]*")] == ["s001.junit.xml"]
    assert sorted(path.name for path in (tmp_path / "1").glob("[!.]*")) == [
        *("class.junit.xml", "s001.junit.xml", "s002.junit.xml"),
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["s001.json", "--format", "csvv"], 'There is no format "csvv". The formats are: csv, '),
        (["s001.json"], "--format name is missing"),
        (["--format", "csv"], "RECORD"),
        (["nothing.json", "--format", "csv"], "cannot be read"),
        ([".", "--format", "junit"], "This makes 3 reports: name the folder for them with --output DIR."),
        ([".", "s001.json", "--format", "csv"], "There are two records of s001"),
    ],
)
def test_what_is_wrong_with_the_words_is_one_sentence(
    grade: Callable[..., Said], results: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    monkeypatch.chdir(results)
    said = grade("report", *words, "--lang", "en")
    assert said.status == 2
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert told.lower() in said.err.lower()


def test_a_folder_that_cannot_be_written_is_told(grade: Callable[..., Said], results: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    said = grade("report", results, "--format", "csv", "--output", tmp_path / "file")
    assert said.status == 2
    assert "cannot be written" in said.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full of Linux")
def test_a_report_that_cannot_be_printed_is_told(results: Path) -> None:
    script = f'exec "{GRADE}" report "{results}/s001.json" --format coursera --lang en > /dev/full'
    done = subprocess.run(["/bin/bash", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "The page cannot be written: No space left on device.\n")


@pytest.mark.skipif(os.name != "posix", reason="pipes of a POSIX shell")
def test_a_reader_that_goes_away_gets_no_traceback(results: Path) -> None:
    script = f'"{GRADE}" report "{results}/s001.json" --format html | head -c 1'
    done = subprocess.run(["/bin/bash", "-c", script], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_help_names_the_formats(grade: Callable[..., Said]) -> None:
    said = grade("report", "--help")
    assert "gradescope" in said.out
    assert "RECORD..." in said.out
