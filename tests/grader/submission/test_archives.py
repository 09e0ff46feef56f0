"""Zips that were handed in: read as if unpacked, within bounds, whatever wrote their names."""

from __future__ import annotations

import stat
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from grader.errors import SubmissionError
from grader.submission import archives
from grader.submission.archives import unpack
from grader.submission.choosing import Labs
from grader.submission.class_folder import read_class_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.submission.entries import ClassFolder


class Unflagged(zipfile.ZipInfo):
    """A member whose name is bytes without a word on their encoding, as Windows and macOS write it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 (zipfile's own)
        return self.filename.encode("latin-1"), self.flag_bits


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of zips: a name as text gets UTF-8's flag where it needs one, as bytes it stands as it is."""

    def write(files: dict[str | bytes, bytes], name: str = "hw.zip") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file, content in files.items():
                shown = file if isinstance(file, str) else file.decode("latin-1")
                member = (zipfile.ZipInfo if isinstance(file, str) else Unflagged)(shown, (2026, 3, 16, 23, 50, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, content)
        return path

    return write


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def read(place: Path, tmp_path: Path) -> ClassFolder:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    return read_class_folder(place, Labs("lab02", ("lab01",)), scratch=scratch)


def graded(found: ClassFolder) -> dict[str, str]:
    return {one.student: one.path.name for one in found.inputs if one.problem is None}


def reason(path: Path, tmp_path: Path) -> str:
    with pytest.raises(SubmissionError) as caught:
        unpack(path, tmp_path / "out")
    assert path.name in caught.value.text.zh_tw
    return caught.value.text.en


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("作業/王小明.ipynb", "作業/王小明.ipynb"),
        ("作業/王小明.ipynb".encode(), "作業/王小明.ipynb"),
        ("作業/王小明.ipynb".encode("cp950"), "作業/王小明.ipynb"),
        ("許功蓋_1_x.ipynb".encode("cp950"), "許功蓋_1_x.ipynb"),
        ("José.ipynb".encode("cp437"), "José.ipynb"),
        ("Nuñez Müller.ipynb".encode("cp437"), "Nuñez Müller.ipynb"),
        (b"dir\\lab02.ipynb", "dir/lab02.ipynb"),
    ],
)
def test_names_are_read_as_their_writer_saw_them(
    zipped: Callable[..., Path], tmp_path: Path, written: str | bytes, seen: str
) -> None:
    assert unpack(zipped({written: b"{}"}), tmp_path / "out") == ()
    assert names_in(tmp_path / "out") == {seen}


@pytest.mark.parametrize(
    "name", ["../lab02.ipynb", "/etc/lab02.ipynb", "a/../../lab02.ipynb", "..\\lab02.ipynb", "C:\\lab02.ipynb", "C:x"]
)
def test_no_path_leaves_and_the_others_are_read(zipped: Callable[..., Path], tmp_path: Path, name: str) -> None:
    before = set(tmp_path.rglob("*"))
    [(member, because)] = unpack(zipped({name: b"evil", "lab02.ipynb": b"{}"}), tmp_path / "out")
    assert member
    assert "leads out" in because.en
    assert names_in(tmp_path / "out") == {"lab02.ipynb"}
    assert {path for path in tmp_path.rglob("*") if "out" not in path.parts} - before == {tmp_path / "hw.zip"}


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_a_device_is_never_made(tmp_path: Path, kind: int) -> None:
    path = tmp_path / "hw.zip"
    with zipfile.ZipFile(path, "w") as archive:
        member = zipfile.ZipInfo("lab02.ipynb")
        member.external_attr = (kind | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    [(_, because)] = unpack(path, tmp_path / "out")
    assert "link" in because.en
    assert names_in(tmp_path / "out") == set()


def test_a_bomb_is_refused_before_it_fills_the_disk(
    zipped: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped({"lab02.ipynb": b"0" * (archives.RATIO_FROM_BYTES + 1)})
    assert "more than is unpacked" in reason(path, tmp_path)
    monkeypatch.setattr(archives, "MOST_BYTES", 10_000)
    assert "more than is unpacked" in reason(zipped({str(n): b"0" * 2_000 for n in range(6)}), tmp_path)
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    assert "more than is unpacked" in reason(zipped({str(n): b"" for n in range(4)}), tmp_path)


def test_a_size_that_is_a_lie_is_counted(zipped: Callable[..., Path], tmp_path: Path) -> None:
    path = zipped({"lab02.ipynb": b"0" * 50_000_000})
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<L", 50_000_000), struct.pack("<L", 10)))
    assert reason(path, tmp_path)
    assert sum(one.stat().st_size for one in (tmp_path / "out").rglob("*")) < 2 * archives.RATIO_FROM_BYTES


def test_a_list_of_a_million_names_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_DIRECTORY", 100)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    path = tmp_path / "hw.zip"
    path.write_bytes(b"PK\x05\x06" + b"\0" * 8 + struct.pack("<LLH", 101, 0, 0))
    assert "more than is unpacked" in reason(path, tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06", b"no zip at all" * 100, b"PK\x03\x04" + b"\0" * 40])
def test_a_damaged_zip_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hw.zip"
    path.write_bytes(content)
    assert "cannot be unpacked" in reason(path, tmp_path)


def test_a_zip_that_is_cut_off_is_told(zipped: Callable[..., Path], tmp_path: Path) -> None:
    path = zipped({"lab02.ipynb": bytes(range(256)) * 100})
    content = path.read_bytes()
    path.write_bytes(content[:60] + b"\xff" * 20 + content[80:])
    assert "cannot be unpacked" in reason(path, tmp_path)


def test_a_locked_zip_is_told(zipped: Callable[..., Path], tmp_path: Path) -> None:
    path = zipped({"lab02.ipynb": b"{}"})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "password" in reason(path, tmp_path)


def test_a_students_zip_is_read_as_if_unpacked(zipped: Callable[..., Path], tmp_path: Path) -> None:
    zipped({"lab02 (1).ipynb": b"{}", "data.csv": b"1"}, "in/s001.zip")
    zipped({"__MACOSX/._x.ipynb": b"", "hw/.DS_Store": b"", "hw/mine.ipynb": b"{}"}, "in/s002.zip")
    zipped({"report.pdf": b""}, "in/s003.zip")
    zipped({"lab02.ipynb": b"{}"}, "in/Lin_7_assignsubmission_file_/homework.zip")
    (tmp_path / "in/s004.zip").write_bytes(b"no zip")
    found = read(tmp_path / "in", tmp_path)
    assert graded(found) == {"s001": "lab02 (1).ipynb", "s002": "mine.ipynb", "Lin": "lab02.ipynb"}
    problems = {one.student: one.problem.en for one in found.inputs if one.problem is not None}
    assert "report.pdf" in problems["s003"]
    assert "cannot be unpacked" in problems["s004"]
    helpers = {one.student: one.helpers for one in found.inputs}
    assert helpers["s001"] is not None
    assert (helpers["s001"] / "data.csv").read_bytes() == b"1"
    assert all(str(tmp_path / "scratch") not in note.en for one in found.inputs for note in one.notes)


CLASSES: dict[str, dict[str | bytes, bytes]] = {
    "Moodle": {
        "王小明_1_assignsubmission_file_/lab02.ipynb".encode("cp950"): b"{}",
        "林大同_2_assignsubmission_file_/hw.ipynb".encode("cp950"): b"{}",
    },
    "Canvas": {"wang_12345_67890_lab02.ipynb": b"{}", "lin_LATE_12346_67891_lab02-1.ipynb": b"{}"},
    "Gradescope": {
        "assignment_5_export/submission_metadata.yml": b"submission_1:\n  :submitters:\n  - :name: Wang\n    :sid: 7\n",
        "assignment_5_export/submission_1/lab02.ipynb": b"{}",
        "assignment_5_export/submission_2/lab02.ipynb": b"{}",
    },
    "plain": {"s001.ipynb": b"{}", "s002.ipynb": b"{}", "s003/lab02.ipynb": b"{}"},
    "plain in a folder": {"lab02/s001.ipynb": b"{}", "lab02/s002.ipynb": b"{}"},
    "numbers and the lab's name": {"41047001_lab02.ipynb": b"{}", "lab02_41047002 (1).ipynb": b"{}"},
    "numbers and the stub": {"s001.ipynb": b"{}", "s002.ipynb": b"{}", "lab02.ipynb": b"{}"},
    "Blackboard": {
        "Lab 02_s001_attempt_2026-11-01-10-00-00_lab02.ipynb": b"{}",
        "Lab 02_s001_attempt_2026-11-01-10-00-00.txt": b"",
        "Lab 02_s002_attempt_2026-11-01-10-00-00_x.ipynb": b"{}",
    },
    "GitHub Classroom": {"lab02-alice/lab02.ipynb": b"{}", "lab02-bob/README.md": b"", "lab02-bob/lab02.ipynb": b"{}"},
    "Google Classroom": {"Lab 2/王小明 - lab02.ipynb": b"{}", "Lab 2/林 - Copy of lab02.ipynb": b"{}"},
    "Teams": {
        "Submitted files/Lin/Lab 2/Version 1/lab02.ipynb": b"{}",
        "Submitted files/Wang/Lab 2/Version 1/lab02.ipynb": b"{}",
    },
}
STUDENTS = {
    "Moodle": {"王小明", "林大同"},
    "Canvas": {"wang_12345", "lin_12346"},
    "Gradescope": {"Wang_7", "submission_2"},
    "plain": {"s001", "s002", "s003"},
    "plain in a folder": {"s001", "s002"},
    "numbers and the lab's name": {"41047001", "41047002"},
    "numbers and the stub": {"s001", "s002", "lab02"},
    "Blackboard": {"s001", "s002"},
    "GitHub Classroom": {"alice", "bob"},
    "Google Classroom": {"王小明", "林"},
    "Teams": {"Lin", "Wang"},
}


@pytest.mark.parametrize("platform", CLASSES)
@pytest.mark.parametrize("named", ["the zip", "its folder"])
def test_the_zip_of_a_class_is_read_as_if_unpacked(
    zipped: Callable[..., Path], tmp_path: Path, platform: str, named: str
) -> None:
    path = zipped(CLASSES[platform], "in/download.zip")
    found = read(path if named == "the zip" else path.parent, tmp_path)
    assert {one.student for one in found.inputs} == STUDENTS[platform]
    assert all(one.problem is None for one in found.inputs)


def test_the_zip_of_one_student_is_no_class(zipped: Callable[..., Path], tmp_path: Path) -> None:
    path = zipped({"lab02.ipynb": b"{}", "lab02 (1).ipynb": b"{}", "lab01.ipynb": b"{}"}, "in/s001.zip")
    assert graded(read(path, tmp_path)) == {"s001": "lab02.ipynb"}


def test_the_zip_of_a_class_beside_other_entries_is_told_and_graded_as_nobodys(
    zipped: Callable[..., Path], tmp_path: Path
) -> None:
    path = zipped(CLASSES["Canvas"], "in/download.zip")
    (path.parent / "s001.ipynb").write_text("{}")
    found = read(path.parent, tmp_path)
    assert graded(found) == {"s001": "s001.ipynb"}
    [problem] = [one.problem.en for one in found.inputs if one.problem is not None]
    assert "several students" in problem
