"""Which files a list of records gives, and the records that a user names: what is written is what was asked for."""

from __future__ import annotations

import json
from operator import attrgetter
from typing import TYPE_CHECKING

import pytest

from grader.errors import LabError
from grader.records.record import dump_record
from grader.workflow.reporting import check_formats, class_reports, formats, read_records, reports_of, student_reports

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from grader.records.record import Record


def files(records: Sequence[Record], *names: str, is_class: bool = True) -> list[str]:
    return [report.file for report in reports_of(records, names, "en", is_class=is_class)]


def named(record: Record, student: str) -> Record:
    return record.model_copy(update={"student": student})


def test_every_format_of_the_folder_is_known_and_another_one_refused_with_the_nearest_first() -> None:
    check_formats(formats())
    with pytest.raises(LabError, match=r'There is no format "gradscope"\. The formats are: gradescope, '):
        check_formats(["html", "gradscope"])


def test_a_class_gives_a_file_for_each_student_and_then_those_of_the_class(class_records: Sequence[Record]) -> None:
    assert files(class_records[:2], "gradescope", "junit", "csv") == [
        *("s001.gradescope.json", "s001.junit.xml", "s002.gradescope.json", "s002.junit.xml"),
        *("class.junit.xml", "class.csv"),
    ]


def test_one_submission_gives_a_file_of_a_class_only_where_there_is_no_other_or_the_format_says_so(
    class_records: Sequence[Record],
) -> None:
    one = class_records[:1]
    assert files(one, "junit", is_class=False) == ["s001.junit.xml"]
    assert files(one, "csv", is_class=False) == ["class.csv"]
    assert files(one, "github", is_class=False) == ["s001.github.txt", "class.github.md"]
    assert files(one, "junit", is_class=True) == ["s001.junit.xml", "class.junit.xml"]


def test_a_format_named_twice_is_made_once(class_records: Sequence[Record]) -> None:
    assert files(class_records[:1], "csv", "json", "csv") == ["s001.json", "class.csv"]


def test_without_a_record_there_is_no_file() -> None:
    assert files([], "csv", "junit", "github") == []


@pytest.mark.parametrize("student", ["class", "CLASS"])
def test_a_student_called_class_keeps_the_name_of_the_file(class_records: Sequence[Record], student: str) -> None:
    records = [named(class_records[0], student), class_records[1]]
    assert files(records, "junit", "csv") == [f"{student}.junit.xml", "s002.junit.xml", "_class.junit.xml", "class.csv"]


def test_student_and_class_can_be_written_one_after_the_other(class_records: Sequence[Record]) -> None:
    """As a batch does: a student's files when the student is graded, those of the class at the end."""
    names = ("junit", "github", "csv")
    one_by_one = [report for record in class_records for report in student_reports(record, names, "en")]
    one_by_one += class_reports(class_records, names, "en", is_class=True)
    at_once = reports_of(class_records, names, "en", is_class=True)
    assert sorted(one_by_one, key=attrgetter("file")) == sorted(at_once, key=attrgetter("file"))


@pytest.mark.parametrize("student", ["../evil", "a/b", "", "..", "nul\0", "/etc/passwd"])
def test_a_name_that_would_leave_the_folder_is_refused(class_records: Sequence[Record], student: str) -> None:
    with pytest.raises(LabError, match="cannot be the name of a file"):
        files([named(class_records[0], student)], "junit")


def test_records_of_two_labs_make_no_class(class_records: Sequence[Record]) -> None:
    records = [class_records[0], class_records[1].model_copy(update={"lab": "lab02"})]
    with pytest.raises(LabError, match=r"several labs \(lab01, lab02\)"):
        files(records, "csv")
    assert files(records, "gradescope") == ["s001.gradescope.json", "s002.gradescope.json"]


# Reading --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(class_records: Sequence[Record], tmp_path: Path) -> Path:
    """Return a folder of records, with all that the formats write beside them."""
    for report in reports_of(class_records, formats(), "en", is_class=True):
        (tmp_path / report.file).write_text(report.content, "utf-8")
    return tmp_path


def test_a_folder_gives_its_records_and_passes_over_what_other_formats_wrote(
    folder: Path, class_records: Sequence[Record]
) -> None:
    assert read_records([folder]) == tuple(class_records)


def test_files_and_folders_can_be_named_together(folder: Path, class_records: Sequence[Record], tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    path = other / "x.json"
    path.write_text(dump_record(named(class_records[0], "s009")), "utf-8")
    assert [record.student for record in read_records([path, folder])] == ["s009", "s001", "s002", "s003", "s004"]


def test_a_record_of_a_student_whose_name_looks_like_another_formats_file_is_read(
    folder: Path, class_records: Sequence[Record]
) -> None:
    (folder / "x.gradescope.json").write_text(dump_record(named(class_records[0], "x.gradescope")), "utf-8")
    assert "x.gradescope" in {record.student for record in read_records([folder])}


def test_a_broken_record_is_told_and_not_passed_over(folder: Path) -> None:
    (folder / "s005.json").write_text("{", "utf-8")
    with pytest.raises(LabError, match=r"s005\.json is no record of a grading"):
        read_records([folder])


def test_a_record_with_a_lone_surrogate_is_told(folder: Path, records: Mapping[str, Record]) -> None:
    written = json.loads(dump_record(records["perfect"])) | {"student": "s\ud800"}
    (folder / "s005.json").write_text(json.dumps(written), "utf-8")
    with pytest.raises(LabError, match=r"s005\.json is no record of a grading"):
        read_records([folder])


def test_a_folder_without_a_record_is_told(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="There is no record in"):
        read_records([tmp_path])


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"s001\.json cannot be read: No such file"):
        read_records([tmp_path / "s001.json"])


def test_two_records_of_one_student_are_told(folder: Path) -> None:
    with pytest.raises(LabError, match="There are two records of s001 for lab01"):
        read_records([folder, folder / "s001.json"])
