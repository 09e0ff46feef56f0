"""Class lists: one's own, Canvas' and Moodle's, as spreadsheets write them; what is wrong is told with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import LabError
from grader.gradebook.class_file import LARGEST_BYTES, read_class_lists
from grader.gradebook.entries import Student

if TYPE_CHECKING:
    from pathlib import Path

OWN = "id,name,Canvas ID,SIS User ID,SIS Login ID,Section,email\ns001,n001,1001,S77,l001,A,s001@example.org\n"
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Lab 01 (4711)
    Points Possible,,,,,10
"n, 001",1001,s001,l001,A,7.5
"Student, Test",1009,,,A,
n002,1002,s002,l002,B,
n003,1003,,,B,
"""
MOODLE = "First name,Last name,ID number,Email address\nx,n001,s001,s001@example.org\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "class.csv"


def read(path: Path, text: str, column: str | None = None) -> tuple[Student, ...]:
    path.write_text(text, encoding="utf-8", newline="")
    return read_class_lists([path], column).students


def refused(path: Path, text: str, column: str | None = None) -> str:
    with pytest.raises(LabError) as caught:
        read(path, text, column)
    assert "\n" not in caught.value.text.en
    return caught.value.text.en


# What is read ---------------------------------------------------------------------------------------------------------


def test_a_list_of_ones_own_has_the_columns_by_their_names(path: Path) -> None:
    assert read(path, OWN) == (
        Student(
            "s001",
            name="n001",
            canvas_id="1001",
            sis_user_id="S77",
            sis_login_id="l001",
            section="A",
            email="s001@example.org",
        ),
    )


def test_canvas_own_export_is_read_with_everybody_by_what_number_there_is(path: Path) -> None:
    path.write_text(CANVAS, "utf-8")
    found = read_class_lists([path])
    assert found.students == (
        Student("s001", name="n, 001", canvas_id="1001", sis_user_id="s001", sis_login_id="l001", section="A"),
        Student("s002", name="n002", canvas_id="1002", sis_user_id="s002", sis_login_id="l002", section="B"),
        Student("1003", name="n003", canvas_id="1003", section="B"),
    )
    assert found.left_out == 0


def test_moodles_list_of_participants_is_read(path: Path) -> None:
    assert read(path, MOODLE) == (Student("s001", name="x n001", id_number="s001", email="s001@example.org"),)


@pytest.mark.parametrize(
    ("header", "student"),
    [
        ("student", "s001"),
        ("Student ID", "s001"),
        ("student_id", "s001"),
        ("  ID ", "s001"),
        ("學號", "s001"),
        ("\u3000學號", "s001"),
        ("SIS Login ID", "s001"),
        ("Username", "s001"),
    ],
)
def test_the_column_of_the_student_has_many_names(path: Path, header: str, student: str) -> None:
    assert read(path, f"姓名,{header}\nn001,s001\n") == (
        Student(
            student,
            name="n001",
            sis_login_id="s001" if header == "SIS Login ID" else "",
            username="s001" if header == "Username" else "",
        ),
    )


@pytest.mark.parametrize(
    ("text", "student"),
    [
        (  # Moodle: Participants > Download table data
            "First name,Surname,Email address,Groups\nMary Ann,Lin,m@x.test,\n",
            Student("m@x.test", name="Mary Ann Lin", email="m@x.test"),
        ),
        ("名 / 姓,電子郵件信箱\n王小明,w@x.test\n", Student("w@x.test", name="王小明", email="w@x.test")),
        ("名字,姓氏,ID編號\n小明,王,B1\n", Student("B1", name="王 小明", id_number="B1")),
        ('Student,ID,Section\n"Lin, Mary",1001,A\n', Student("1001", name="Lin, Mary", canvas_id="1001", section="A")),
        (  # GitHub Classroom
            'identifier,github_username,github_id,name\nB1,alice,1,""\n',
            Student("B1", username="alice"),
        ),
        ("学号,姓名\nB1,王小明\n", Student("B1", name="王小明")),
        ("學號 Student ID,中文姓名 Name,班級(組)\nB1,王小明,甲\n", Student("B1", name="王小明", section="甲")),
        ('ID number,"Name (Last, First)"\nB1,"Lin, Mary"\n', Student("B1", name="Lin, Mary", id_number="B1")),
        ("id,email\n,m@x.test\n", Student("m@x.test", email="m@x.test")),
        ("深度學習 修課名單\n,,\n序號,學號,姓名\n1,B1,王小明\n", Student("B1", name="王小明")),
        ("sep=;\nid;name\nB1;A, B\n", Student("B1", name="A, B")),
        ("id\tname\nB1\tLin, Mary\n", Student("B1", name="Lin, Mary")),
        ('學號,姓名\n"=""0041""",林\n', Student("0041", name="林")),
        ("學號,姓名\n41047001.0,林\n", Student("41047001", name="林")),
        ("id,name\nB1,A\nB1,A\n", Student("B1", name="A")),
        ('Student,ID,SIS User ID\n"Test, Student",1,x\n測試學生,2,y\n"A, B",3,B1\n', Student("B1", "A, B", "3", "B1")),
    ],
)
def test_what_schools_and_platforms_write_around_and_into_a_list_is_read(
    path: Path, text: str, student: Student
) -> None:
    assert read(path, text) == (student,)


@pytest.mark.parametrize("content", [b"PK\x03\x04xl/", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_workbook_is_told_with_what_to_do(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(LabError, match="save it as CSV UTF-8"):
        read_class_lists([path])


def test_another_column_may_hold_what_submissions_are_called(path: Path) -> None:
    assert read(path, CANVAS, "sis login id")[0].student == "l001"
    assert read(path, "a,b\n1,s001\n", "B") == (Student("s001"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_write_in_taiwan_is_read(path: Path, encoding: str, separator: str, end: str) -> None:
    lines = ["學號,姓名,班級", "s001,學生一,甲班", "s002,學生二,乙班", ""]
    path.write_bytes(end.join(lines).replace(",", separator).encode(encoding))
    assert read_class_lists([path]).students == (
        Student("s001", name="學生一", section="甲班"),
        Student("s002", name="學生二", section="乙班"),
    )


def test_several_files_are_one_class(path: Path, tmp_path: Path) -> None:
    path.write_text("id\ns002\n", "utf-8")
    (tmp_path / "other.csv").write_text("name;id\nn001;s001\n", "utf-8")
    found = read_class_lists([path, tmp_path / "other.csv"]).students
    assert found == (Student("s002"), Student("s001", name="n001"))


def test_short_and_empty_rows_and_cells_of_odd_characters_do_no_harm(path: Path) -> None:
    text = "id,name,email\n\ns001\n,,\ns002,\x1b[31mn\u202e002,x,more\n"
    assert read(path, text) == (Student("s001"), Student("s002", name="n002", email="x"))


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("SID,First Name,Last Name", "s001,Ming,Wang", "Ming Wang"),
        ("學號,姓氏,名字", "s001,王,小明", "王 小明"),
        ("學號,學生姓名", "s001,王小明", "王小明"),
        ("ＩＤ,Ｎａｍｅ", "s001,n001", "n001"),
        ("Last name,First name,Full name,Student No.", "a,b,n001,s001", "n001"),
    ],
)
def test_a_name_may_stand_in_parts_and_under_chinese_headings(path: Path, header: str, row: str, name: str) -> None:
    assert read(path, f"{header}\n{row}\n") == (Student("s001", name=name),)


# What is refused ------------------------------------------------------------------------------------------------------


def test_a_student_who_is_there_twice_is_told_with_both_places(path: Path) -> None:
    told = refused(path, "id,name\ns001,n001\ns002,n002\ns001,n003\n")
    assert "s001 is there twice" in told
    assert "line 2" in told
    assert "line 4" in told


def test_a_list_that_does_not_say_what_submissions_are_called_is_told_its_columns(path: Path) -> None:
    told = refused(path, "Name,Points\nn001,3\n")
    assert "has no column student id that says" in told
    assert "it has name, points" in told
    assert "--student" in told
    assert "no column Matricule" in refused(path, OWN, "Matricule")
    assert "no column Matricule" in refused(path, "Student,ID,Section\nn001,1001,A\n", "Matricule")


@pytest.mark.parametrize("more", ["", ",Lab 01 (4711)"])
def test_a_list_of_canvas_without_sis_numbers_knows_students_by_canvas_own_id(path: Path, more: str) -> None:
    text = f"Student,ID,Section{more}\n    Points Possible,,{more and ',100'}\nn001,1001,A{more and ',3'}\n"
    assert read(path, text) == (Student("1001", name="n001", canvas_id="1001", section="A"),)


@pytest.mark.parametrize(
    "header", ["student,lab,earned,points,ungraded,mse", "lab,student,name,section,state,score,points"]
)
def test_a_table_of_our_own_results_is_no_class_list(path: Path, header: str) -> None:
    assert "no class list" in refused(path, f"\ufeff{header}\ns001,lab01,1,2,,3,4\n")


@pytest.mark.parametrize("text", ["id\n", "id,name\n,n001\n", "id\n\n\n"])
def test_a_list_of_nobody_is_told(path: Path, text: str) -> None:
    assert "There is no student in" in refused(path, text)


def test_an_empty_file_is_told(path: Path) -> None:
    assert "it has -" in refused(path, "")


def test_what_is_no_table_is_told(path: Path) -> None:
    assert "is not a class list" in refused(path, 'id,name\n"s001,n001\n')
    path.write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(LabError, match="neither UTF-8 nor Big5"):
        read_class_lists([path])
    path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xff")
    with pytest.raises(LabError, match="neither UTF-8 nor Big5"):
        read_class_lists([path])


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(LabError, match="cannot be read"):
            read_class_lists([place])


def test_a_file_that_is_much_too_large_is_told(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(LabError, match="larger than any class list"):
        read_class_lists([path])


@given(
    content=st.binary(max_size=300)
    | st.text(max_size=100).map(lambda text: f"id,name\n{text}".encode("utf-8", "replace"))
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_a_class_list_or_a_lab_error(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        found = read_class_lists([path]).students
    except LabError as error:
        assert error.text.en.count("\n") == 0  # noqa: PT017 (either of the two may happen)
    else:
        assert len({student.student for student in found}) == len(found) > 0
