"""Several graders at once on one book, and graders that die: no result is lost, and none is there twice."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

from grader.gradebook.book import open_book
from grader.gradebook.entries import Result
from grader.records.record import dump_record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.gradebook.book import Book
    from grader.records.record import Record

PROCESSES = 8

ADDING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from grader.gradebook.book import open_book
from grader.records.record import load_record

records = [load_record(path) for path in sorted(Path(sys.argv[2]).glob(sys.argv[3]))]
print("ready", flush=True)
sys.stdin.readline()
with open_book(sys.argv[1]) as book:
    for record in records:
        was_new = book.add(record)
        print(f"{record.student} {record.seed} {was_new:d}", flush=True)
"""


def adding(place: str, folder: Path, pattern: str) -> subprocess.Popen[str]:
    """Start a process that keeps the records of a folder in the book, as soon as it is told to."""
    words = [sys.executable, "-W", "error", "-c", ADDING, place, str(folder), pattern]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def all_at_once(processes: list[subprocess.Popen[str]]) -> list[list[str]]:
    """Let processes begin at the same time, and return what each of them said."""
    with ExitStack() as ends:
        for process in processes:
            ends.enter_context(process)  # waits for its end and closes its pipes
            ends.callback(process.kill)
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", process.communicate()[1]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        said = [process.communicate(timeout=120) for process in processes]
    assert [err for _, err in said] == [""] * len(processes)
    assert [process.returncode for process in processes] == [0] * len(processes)
    return [out.splitlines() for out, _ in said]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "records"
    folder.mkdir()
    return folder


def results(book: Book, students: list[str]) -> list[Result]:
    return [one for student in students for one in book.history(student) if isinstance(one, Result)]


@pytest.mark.slow
def test_eight_graders_at_once_keep_each_result_once_and_lose_none_and_count_the_attempts_on(
    place: str, folder: Path, record: Callable[..., Record]
) -> None:
    everybody = [f"s{number:03}" for number in range(20)]
    for student in everybody:  # all graders grade them
        (folder / f"all-{student}.json").write_text(dump_record(record(student)), "utf-8")
    numbers = range(PROCESSES * 4)
    for seed in numbers:  # each grader has versions of its own of one more student
        one = record("s999", content=str(seed), seed=seed)
        (folder / f"{seed % PROCESSES}-{seed:02}.json").write_text(dump_record(one), "utf-8")
    said = all_at_once([adding(place, folder, f"[a{number}]*.json") for number in range(PROCESSES)])

    new = Counter(line for lines in said for line in lines if line.endswith(" 1"))
    assert new == {
        **{f"{student} 7 1": 1 for student in everybody},
        **{f"s999 {seed} 1": 1 for seed in numbers},
    }, "each was new to exactly one of them"
    with open_book(place) as book:
        assert [one.student for one in book.latest("lab01")] == [*everybody, "s999"]
        assert len(results(book, everybody)) == len(everybody)
        own = results(book, ["s999"])
        assert {one.seed for one in own} == set(numbers)
        assert sorted(one.attempt for one in own) == [number + 1 for number in numbers]


@pytest.mark.slow
@pytest.mark.parametrize("said", [0, 7])
def test_a_grader_that_is_killed_loses_nothing_that_it_had_kept(
    tmp_path: Path, folder: Path, record: Callable[..., Record], said: int
) -> None:
    students = [f"s{number:03}" for number in range(300)]
    for student in students:
        (folder / f"{student}.json").write_text(dump_record(record(student)), "utf-8")
    place = str(tmp_path / "gradebook.sqlite")
    process = adding(place, folder, "*.json")
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.readline()
    process.stdin.write("\n")
    process.stdin.flush()
    kept = [process.stdout.readline().split()[0] for _ in range(said)]
    process.kill()
    rest, _ = process.communicate()
    kept += [line.split()[0] for line in rest.splitlines()]
    assert len(kept) < len(students), "it was killed in the middle"
    with open_book(place) as book:
        found = list(book.students())
        assert found == students[: len(found)]
        assert found[: len(kept)] == kept
        assert len(found) <= len(kept) + 1, "at most the one of which it had not yet told"
        assert sum(book.add(record(student)) for student in students) == len(students) - len(found)
        assert len(results(book, students)) == len(students), "the same call goes on"
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
