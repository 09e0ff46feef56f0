"""Where a book is, and what is said when it cannot be read or written: one sentence, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.errors import LabError, SandboxError
from grader.gradebook.book import open_book
from grader.gradebook.location import FILE, find_location
from grader.records.record import dump_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.records.record import Record


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE


def refused(place: str | Path, *, create: bool = True) -> str:
    """Hold that a place is refused in one sentence, and return it."""
    with pytest.raises(LabError) as caught, open_book(place, create=create):
        pass
    assert "\n" not in caught.value.text.en
    return caught.value.text.en


# Names ----------------------------------------------------------------------------------------------------------------


def test_a_folder_stands_for_the_book_in_it(tmp_path: Path, record: Callable[..., Record]) -> None:
    with open_book(tmp_path) as book:
        book.add(record())
    with open_book(str(tmp_path / FILE), create=False) as book:
        assert book.labs() == ("lab01",)


def test_the_folder_of_a_new_book_is_made(tmp_path: Path) -> None:
    with open_book(tmp_path / "a" / "b" / "book.sqlite"):
        assert (tmp_path / "a" / "b" / "book.sqlite").is_file()


@pytest.mark.parametrize(
    "name", [":memory:", "資料庫.sqlite", "100%(x)s.sqlite", "a?mode=ro#b.sqlite", "file:x", "a b"]
)
def test_any_name_of_a_file_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    if sys.platform == "win32" and set(name) & set(":?"):
        pytest.skip("no file has such a name there")
    monkeypatch.chdir(tmp_path)
    with open_book(name):
        assert (tmp_path / name).is_file()


def test_a_file_may_be_named_by_a_url(path: Path) -> None:
    with open_book(f"sqlite:///{path}"):
        assert path.is_file()


@pytest.mark.parametrize(
    "url",
    [
        "mysql://s001@127.0.0.1/grades",
        "https://example.org/grades",
        "sqlite://",
        "postgresql://s001@127.0.0.1:port/grades",
        "://",
    ],
)
def test_another_url_is_refused(url: str) -> None:
    assert "postgresql://USER@HOST/DATABASE" in refused(url)


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    told = refused(tmp_path / ("x" * 300))
    assert "cannot be read: " in told or "unable to open" in told, "Windows says the latter"


def test_without_psycopg_a_server_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "pip install psycopg[binary]" in refused("postgresql://s001@127.0.0.1/grades")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_server_that_does_not_answer_is_told_without_the_password(scheme: str) -> None:
    pytest.importorskip("psycopg", reason="psycopg is an extra")
    told = refused(f"{scheme}://s001:secret@127.0.0.1:1/grades")
    assert "cannot be used" in told
    assert "127.0.0.1" in told
    assert "secret" not in told


def test_an_option_that_a_server_does_not_know_is_told() -> None:
    pytest.importorskip("psycopg", reason="psycopg is an extra")
    assert "cannot be used: " in refused("postgresql://s001@127.0.0.1:1/grades?colour=red")


# What stands there ----------------------------------------------------------------------------------------------------


def test_where_no_book_is_none_is_made_unless_it_is_meant(path: Path) -> None:
    assert "There is no gradebook" in refused(path, create=False)
    assert not path.exists()


def test_an_empty_file_becomes_a_book(path: Path, record: Callable[..., Record]) -> None:
    path.touch()
    with open_book(path) as book:
        assert book.add(record())


@pytest.mark.parametrize("content", [b"# notes\n" * 2000, b"SQLite format 3\0" + b"x" * 5000, b"\xff\xd8" * 9999])
def test_a_file_of_something_else_is_refused_and_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    told = refused(path)
    assert "it is not an SQLite file" in told or "is damaged" in told
    assert path.read_bytes() == content


def test_a_damaged_book_is_told(path: Path, record: Callable[..., Record]) -> None:
    with open_book(path) as book:
        for number in range(50):
            book.add(record(f"s{number:03}"))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    assert "is damaged" in refused(path)


# What refuses ---------------------------------------------------------------------------------------------------------


def test_a_locked_book_is_told_after_a_while_and_nothing_is_lost(path: Path, record: Callable[..., Record]) -> None:
    with open_book(path, busy_seconds=0.1) as book, closing(sqlite3.connect(path, isolation_level=None)) as other:
        book.add(record("s001"))
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SandboxError, match=r"keeps the gradebook .* locked"):
            book.add(record("s002"))
        assert [one.student for one in book.latest("lab01")] == ["s001"], "reading does not wait for who writes"
        other.execute("ROLLBACK")
        assert book.add(record("s002"))


def test_a_new_book_that_is_locked_is_told(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SandboxError, match="locked"), open_book(path, busy_seconds=0.1):
            pass


@pytest.mark.skipif(sys.platform != "linux", reason="/proc takes no file from anybody")
def test_a_folder_that_takes_no_file_is_told() -> None:
    assert "cannot be written" in refused("/proc/gradebook.sqlite")


REFUSED = """
import os, sys
from pathlib import Path
from grader.errors import LabError
from grader.gradebook.book import open_book
from grader.records.record import load_record
path, record = Path(sys.argv[1]), load_record(Path(sys.argv[2]))
with open_book(path) as book:
    book.add(record)
path.chmod(0o444)
if os.geteuid() == 0:
    path.parent.chmod(0o777)
    os.setuid(65534)
def attempt(what):
    try:
        with open_book(path) as book:
            what(book)
            print("done")
    except LabError as error:
        print(error.text.en)
attempt(lambda book: book.add(record.model_copy(update={"seed": 8})))
attempt(lambda book: book.labs())
"""


@pytest.mark.skipif(os.name != "posix", reason="a user whom the file system refuses, as POSIX has them")
def test_a_book_without_write_permission_is_told_and_can_be_read(record: Callable[..., Record]) -> None:
    with tempfile.TemporaryDirectory() as name:  # not in pytest's folder, which nobody else may enter
        (Path(name) / "record.json").write_text(dump_record(record()), "utf-8")
        words = [sys.executable, "-W", "error", "-c", REFUSED, f"{name}/book.sqlite", f"{name}/record.json"]
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120)
    added, read = done.stdout.splitlines()
    assert "cannot be written: attempt to write a readonly database" in added
    assert read == "done"


def add_until_refused(path: Path, records: list[Record]) -> int:
    """Add records until the disk is full, which is to be told; return how many were kept."""
    told, kept = "", 0
    with open_book(path) as book:
        while not told:
            try:
                book.add(records[kept])
                kept += 1
            except LabError as error:
                told = error.text.en
    assert "cannot be written: " in told
    assert "What it held before is still there" in told
    return kept


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a file system of its own that has room for some results."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if mount is None or unmount is None or sys.platform != "linux":
        pytest.skip("mounts a small file system, as Linux does")
    folder = tmp_path / "full"
    folder.mkdir()
    words = [mount, "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    mounted = subprocess.run(words, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting a file system needs root: " + mounted.stderr.decode().strip())
    yield folder
    subprocess.run([unmount, folder], check=True)


def test_a_full_disk_is_told_and_what_was_kept_stays(full_disk: Path, record: Callable[..., Record]) -> None:
    records = [record(f"s{number:04}") for number in range(2000)]
    count = add_until_refused(full_disk / FILE, records)
    assert count > 10
    with open_book(full_disk / FILE) as book:
        assert list(book.students()) == [one.student for one in records[:count]]


LIMITED = """
import resource, signal, sys
from pathlib import Path
from grader.errors import LabError
from grader.gradebook.book import open_book
from grader.records.record import load_record
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
record = load_record(Path(sys.argv[2]))
with open_book(sys.argv[1]) as book:
    book.add(record)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        for number in range(2000):
            book.add(record.model_copy(update={"student": f"s{number:04}"}))
    except LabError as error:
        print(number, error.text.en)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files with a POSIX limit")
def test_a_file_that_cannot_grow_is_told_and_what_was_kept_stays(
    path: Path, tmp_path: Path, record: Callable[..., Record]
) -> None:
    (tmp_path / "record.json").write_text(dump_record(record("s9999")), "utf-8")
    words = [sys.executable, "-W", "error", "-c", LIMITED, str(path), str(tmp_path / "record.json")]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120)
    assert done.stderr == ""
    count, _, told = done.stdout.partition(" ")
    assert "cannot be written" in told
    with open_book(path) as book:
        assert len(book.students()) == int(count) + 1


# Everywhere -----------------------------------------------------------------------------------------------------------


def test_a_place_names_no_password() -> None:
    place = find_location("postgresql://s001:secret@127.0.0.1/grades?password=secret&connect_timeout=3")
    assert place.name == "postgresql://s001:***@127.0.0.1/grades"
    assert place.url.query == {"password": "secret", "connect_timeout": "3"}
    place = find_location("postgresql://s001:secret@127.0.0.1/grades")
    assert "secret" not in repr(place)
