"""A class folder: every entry is a submission, one that cannot be graded, or left out with why; each student once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from grader.errors import LabError, SubmissionError
from grader.submission.choosing import Labs
from grader.submission.class_folder import read_class_folder
from grader.submission.notebooks import read_submission

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.submission.entries import ClassFolder, Input

    Read = Callable[[Path], ClassFolder]

LABS = Labs("lab02", ("lab01", "corelab"))


@pytest.fixture
def inbox(tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of a folder that holds files of these names; each is a second younger than the one before it."""

    def fill(*names: str) -> Path:
        folder = tmp_path / "inbox"
        folder.mkdir()
        for second, name in enumerate(names):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
            os.utime(folder / name, (10**9 + second, 10**9 + second))
        return folder

    return fill


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Path], ClassFolder]:
    """Return the reading of a class folder for lab02."""

    def reading(folder: Path) -> ClassFolder:
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        return read_class_folder(folder, LABS, scratch=scratch)

    return reading


def students(found: ClassFolder) -> list[str]:
    return [one.student for one in found.inputs if one.problem is None]


def ungraded(found: ClassFolder) -> dict[str, str]:
    return {one.student: one.problem.en for one in found.inputs if one.problem is not None}


def left_out(found: ClassFolder) -> dict[str, str]:
    return {one.name: one.because.en for one in found.left_out}


def only(found: ClassFolder) -> Input:
    [one] = found.inputs
    return one


def test_notebooks_in_a_folder_are_submissions_by_their_stem_in_order(inbox: Callable[..., Path], read: Read) -> None:
    folder = inbox("s002.ipynb", "s001.ipynb", "王小明.ipynb", "s10.v2.ipynb")
    assert [(one.student, one.path, one.helpers, one.notes) for one in read(folder).inputs] == [
        ("s001", folder / "s001.ipynb", None, ()),
        ("s002", folder / "s002.ipynb", None, ()),
        ("s10.v2", folder / "s10.v2.ipynb", None, ()),
        ("王小明", folder / "王小明.ipynb", None, ()),
    ]


def test_subfolders_with_the_labs_notebook_are_submissions_by_their_name_with_their_other_files(
    inbox: Callable[..., Path], read: Read
) -> None:
    folder = inbox("s002/lab02.ipynb", "s002/data.csv", "s001/lab02.ipynb")
    assert [(one.student, one.path, one.helpers, one.notes) for one in read(folder).inputs] == [
        ("s001", folder / "s001/lab02.ipynb", folder / "s001", ()),
        ("s002", folder / "s002/lab02.ipynb", folder / "s002", ()),
    ]


def test_notebooks_and_subfolders_may_be_mixed(inbox: Callable[..., Path], read: Read) -> None:
    assert students(read(inbox("s002.ipynb", "s001/lab02.ipynb"))) == ["s001", "s002"]


def test_every_entry_is_accounted_for(inbox: Callable[..., Path], read: Read) -> None:
    found = read(
        inbox(
            "s001.ipynb",
            "grades.csv",
            "README.md",
            "s003/lab01.ipynb",
            "s004/deeper/lab02.ipynb",
            "s005/answer.pdf",
            "s006.py",
            "s007.html",
            "s008.txt",
            "notebook.ipynb.bak",
        )
    )
    assert students(found) == ["s001", "s003", "s004"]
    reasons = ungraded(found)
    assert set(reasons) == {"s005", "s006", "s007", "s008"}
    assert "answer.pdf" in reasons["s005"]
    assert all("lab02.ipynb" in reason for reason in reasons.values())
    assert set(left_out(found)) == {"grades.csv", "README.md", "notebook.ipynb.bak"}


def test_an_empty_folder_is_a_student_who_is_told_of_it(inbox: Callable[..., Path], read: Read) -> None:
    folder = inbox("s001.ipynb")
    (folder / "s002").mkdir()
    assert "empty" in ungraded(read(folder))["s002"]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.ipynb",
        "._s001.ipynb",
        ".git/lab02.ipynb",
        ".ipynb_checkpoints/s001-checkpoint.ipynb",
        "__MACOSX/._s001.ipynb",
        ".DS_Store",
        "desktop.ini",
        "Thumbs.db",
        "~$s001.docx",
        "$RECYCLE.BIN/x",
        "@eaDir/lab02.ipynb",
        "lost+found/x",
        "System Volume Information/x",
        "__pycache__/x.pyc",
    ],
)
def test_what_a_system_leaves_is_no_entry(inbox: Callable[..., Path], read: Read, name: str) -> None:
    found = read(inbox("s001.ipynb", name, f"s002/{name}", "s002/lab02.ipynb"))
    assert [one.student for one in found.inputs] == ["s001", "s002"]
    assert found.left_out == ()


@pytest.mark.parametrize(
    "name",
    [
        "lab02 (1).ipynb",
        "Lab02.ipynb",
        "Copy of lab02.ipynb",
        "「lab02」的副本.ipynb",
        "lab02-Copy1.ipynb",
        "lab02 - 複製.ipynb",
        "homework.ipynb",
        "作業二.ipynb",
        "lab02.IPYNB",
        "lab02.ipynb.txt",
        "lab02.ipynb.json",
        "ＬＡＢ０２.ipynb",
        "lab01.ipynb",
        "lab02/lab02 (2).ipynb",
    ],
)
def test_a_folders_only_notebook_is_graded_whatever_its_name_and_the_name_is_said(
    inbox: Callable[..., Path], read: Read, name: str
) -> None:
    one = only(read(inbox(f"s001/{name}", "s001/data.csv")))
    assert (one.student, one.problem) == ("s001", None)
    assert one.path.name == name.rpartition("/")[2]
    assert name in one.notes[0].en
    assert name in one.notes[0].zh_tw


@pytest.mark.parametrize(
    ("names", "graded"),
    [
        (("lab02.ipynb", "lab02-final.ipynb"), "lab02.ipynb"),
        (("lab02 (1).ipynb", "lab02 (2).ipynb"), "lab02 (2).ipynb"),
        (("lab02 (2).ipynb", "scratch.ipynb"), "lab02 (2).ipynb"),
        (("mine.ipynb", "lab01.ipynb"), "mine.ipynb"),
        (("a.ipynb", "b.ipynb"), "b.ipynb"),
        (("b.ipynb", "a.ipynb"), "a.ipynb"),
        (("lab02.ipynb", "old/lab02.ipynb"), "lab02.ipynb"),
        (("old/lab02.ipynb", "other.ipynb"), "old/lab02.ipynb"),
        (("lab021.ipynb", "corelab.ipynb"), "lab021.ipynb"),
    ],
)
def test_of_several_the_labs_name_wins_else_the_newest_and_the_others_are_named(
    inbox: Callable[..., Path], read: Read, names: tuple[str, ...], graded: str
) -> None:
    folder = inbox(*(f"s001/{name}" for name in names))
    found = read(folder)
    one = only(found)
    assert one.path == folder / "s001" / graded
    [other] = [name for name in names if name != graded]
    assert set(left_out(found)) == {f"s001/{other}"}
    assert other in one.notes[0].en
    assert graded in one.notes[0].zh_tw


CANVAS = (
    "wangxm_12345_678901_lab02.ipynb",
    "wangxm_LATE_12345_678950_lab02-1.ipynb",
    "wangxm_12345_678940_report.pdf",
    "王小明_22223_678904_lab02 (1).ipynb",
    "chen_33333_678905_lab02-2.ipynb",
    "chen_33333_678999_notes.txt",
    "lin_44444_678906_lab02.pdf",
    "wangxm_55555_678907_lab02.ipynb",
)


def test_canvas_names_are_students_each_once_and_the_newest_counts(inbox: Callable[..., Path], read: Read) -> None:
    found = read(inbox(*CANVAS))
    assert students(found) == ["chen_33333", "wangxm_12345", "wangxm_55555", "王小明_22223"]
    assert list(ungraded(found)) == ["lin_44444"]
    by_student = {one.student: one for one in found.inputs}
    assert by_student["wangxm_12345"].path.name == CANVAS[1]
    assert by_student["wangxm_12345"].late
    assert not by_student["wangxm_55555"].late
    assert any("late" in note.en for note in by_student["wangxm_12345"].notes)
    assert set(left_out(found)) == {CANVAS[0], CANVAS[2], CANVAS[5]}


def test_the_tenth_time_of_handing_in_is_newer_than_the_ninth(inbox: Callable[..., Path], read: Read) -> None:
    names = ("w_12345_678999_lab02-9.ipynb", "w_12345_679000_lab02-10.ipynb", "w_12345_678901_lab02.ipynb")
    assert only(read(inbox(*names))).path.name == names[1]


def test_moodle_folders_are_students(inbox: Callable[..., Path], read: Read) -> None:
    found = read(
        inbox(
            "王 小明_41047001_assignsubmission_file_/lab02.ipynb",
            "Mary Ann O'Neil_41047002_assignsubmission_file/41047002_lab02.ipynb",
            "Lin Da_41047003_assignsubmission_onlinetext_/onlinetext.html",
            "王 小明_41047001_assignsubmission_onlinetext_/onlinetext.html",
            "Chen_1_assignsubmission_file_/lab02.ipynb",
            "Chen_2_assignsubmission_file_/lab02.ipynb",
            "Flat Name_7_assignsubmission_file_lab02.ipynb",
        )
    )
    assert students(found) == ["Chen_1", "Chen_2", "Flat Name", "Mary Ann O'Neil", "王 小明"]
    assert "onlinetext.html" in ungraded(found)["Lin Da"]
    assert set(left_out(found)) == {"王 小明_41047001_assignsubmission_onlinetext_"}


METADATA = """\
---
submission_101:
  :submitters:
  - :name: 王小明
    :sid: '41047001'
    :email: a@x.test
  :created_at: 2026-03-16 15:59:59.123456 Z
  :score: 0.0
submission_102:
  :submitters:
  - :name: Lin
    :sid:
    :email: lin@x.test
  - :name: Chen
    :sid: s7
    :email: chen@x.test
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-03-17 01:02:03.000000000 Z
    time: 2026-03-17 09:02:03.000000000 Z
"""


def test_gradescope_folders_are_the_students_of_its_metadata_each_member_of_a_group(
    inbox: Callable[..., Path], read: Read
) -> None:
    folder = inbox("submission_101/lab02.ipynb", "submission_102/hw.ipynb", "submission_103/lab02.ipynb")
    (folder / "submission_metadata.yml").write_text(METADATA, "utf-8")
    found = read(folder)
    assert students(found) == ["Chen_s7", "Lin_lin@x.test", "submission_103", "王小明_41047001"]
    times = {one.student: one.submitted for one in found.inputs}
    assert times["王小明_41047001"] is not None
    assert times["王小明_41047001"].isoformat(timespec="seconds") == "2026-03-16T15:59:59+00:00"
    assert times["Chen_s7"] is not None
    assert times["Chen_s7"].isoformat() == "2026-03-17T01:02:03+00:00"
    assert times["submission_103"] is None


@pytest.mark.parametrize("text", ["", "no: [", "- 1", "a: !ruby/object:X {b: c}", "a: {:submitters: 5}", "\x00"])
def test_damaged_metadata_costs_no_submission(inbox: Callable[..., Path], read: Read, text: str) -> None:
    folder = inbox("submission_101/lab02.ipynb", "submission_102/lab02.ipynb")
    (folder / "submission_metadata.yml").write_text(text, "utf-8")
    assert students(read(folder)) == ["submission_101", "submission_102"]


def test_a_students_number_beside_the_labs_name_is_the_student(inbox: Callable[..., Path], read: Read) -> None:
    found = read(inbox("41047001_lab02.ipynb", "lab02-B10901002.ipynb", "s003 lab02.ipynb", "lab02_final.ipynb"))
    assert students(found) == ["41047001", "B10901002", "lab02_final", "s003"]


@pytest.mark.parametrize(
    ("names", "student"),
    [
        (("41047001_lab02.ipynb", "41047001_lab02 (1).ipynb", "41047001 - 複製.ipynb"), "41047001"),
        (("lab02_41047001-final.ipynb", "HW2 lab02 41047001.ipynb"), "41047001"),
        (("41047001_王小明_lab02.ipynb", "lab02_41047001_王小明 (2).ipynb"), "41047001_王小明"),
        (("s001.ipynb.zip", "s001.pdf.lnk", "s001.tar.gz", "s001.md", "s001", "s001.ipynb~"), "s001"),
        (("s001.ipynb (1)", "s001.ipynb.ipynb", "s001.ipynb ", "s001.ipynb.webloc", "s001.IPYNB.TXT"), "s001"),
    ],
    ids=str,
)
def test_one_students_copies_and_other_files_are_one_student(
    inbox: Callable[..., Path], read: Read, names: tuple[str, ...], student: str
) -> None:
    found = read(inbox(*names))
    assert only(found).student == student
    assert len(found.left_out) == len(names) - 1


@pytest.mark.parametrize(
    "names",
    [
        ("lab02_101_王.ipynb", "lab02_101_陳.ipynb"),
        ("101_lab02_王.ipynb", "101_lab02_陳.ipynb"),
        ("lab02 123 Agnew.ipynb", "lab02 123 Ag.ipynb"),
        ("2026_lab02_41047001.ipynb", "2026_lab02_41047002.ipynb"),
        ("王小明 - lab02.ipynb", "王小明 - lab02 (1).ipynb"),
        ("lab02 - 複製.ipynb", "lab02 - 複製 (2).ipynb"),
    ],
    ids=str,
)
def test_two_students_who_share_a_number_or_a_name_stay_two(
    inbox: Callable[..., Path], read: Read, names: tuple[str, ...]
) -> None:
    assert len(read(inbox(*names)).inputs) == 2


def test_blackboards_names_are_its_users_and_the_newest_attempt_counts(inbox: Callable[..., Path], read: Read) -> None:
    found = read(
        inbox(
            "Lab_02_s001_attempt_2026-11-02-10-00-00_lab02.ipynb",
            "Lab_02_s001_attempt_2026-11-01-10-00-00_lab02.ipynb",
            "Lab_02_s001_attempt_2026-11-02-10-00-00.txt",
            "Lab_02_s002_attempt_2026-11-01-10-00-00_eve_12345_67890_lab02.ipynb",
            "Lab_02_s003_attempt_2026-11-01-10-00-00.txt",
        )
    )
    assert students(found) == ["s001", "s002"]
    assert found.inputs[0].path.name.startswith("Lab_02_s001_attempt_2026-11-02")
    assert list(ungraded(found)) == ["s003"]


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("lab02-alice/lab02.ipynb", "alice"),
        ("Lab02-bob-42/homework.ipynb", "bob-42"),
        ("lab02-s001/lab02.ipynb", "s001"),
        ("lab02_alice/lab02.ipynb", "lab02_alice"),
        ("王小明 - lab02.ipynb", "王小明"),
        ("Alice Chen - Copy of lab02.ipynb", "Alice Chen"),
        ("林 - 「lab02」的副本.ipynb", "林"),
        ("Bob Lee - lab02.gdoc", "Bob Lee"),
        ("lab02-alice.ipynb", "lab02-alice"),
        ("Lin/Lab 2/Version 2/lab02 (1).ipynb", "Lin"),
    ],
)
def test_github_classroom_google_classroom_and_teams_name_the_student(
    inbox: Callable[..., Path], read: Read, name: str, student: str
) -> None:
    assert [one.student for one in read(inbox(name, "s999.ipynb")).inputs if one.student != "s999"] == [student]


def test_of_teams_what_was_handed_in_counts(inbox: Callable[..., Path], read: Read) -> None:
    found = read(
        inbox(
            "Submitted files/Lin/Lab 2/Version 1/lab02.ipynb",
            "Submitted files/Lin/Lab 2/Version 2/lab02.ipynb",
            "Submitted files/Wang Xiaoming/Lab 2/Version 1/lab02.ipynb",
            "Working files/Chen/Lab 2/lab02.ipynb",
        )
    )
    assert students(found) == ["Lin", "Wang Xiaoming"]
    assert found.inputs[0].path.parent.name == "Version 2"
    assert "Submitted files" in left_out(found)["Working files"]


@pytest.mark.parametrize(
    "inside",
    [
        ("s001.ipynb", "s002.ipynb"),
        ("s001/lab02.ipynb", "s002/lab02.ipynb"),
        ("41047001_lab02.zip", "lab02-41047002.ipynb"),
        ("Lin/Lab 2/Version 1/a.ipynb", "Wang/Lab 2/Version 1/a.ipynb"),
    ],
    ids=str,
)
def test_a_section_of_a_class_is_nobodys_submission(
    inbox: Callable[..., Path], read: Read, inside: tuple[str, ...]
) -> None:
    found = read(inbox("s007.ipynb", *(f"section A/{name}" for name in inside)))
    assert students(found) == ["s007"]
    assert "several students" in ungraded(found)["section A"]


@pytest.mark.parametrize(
    "inside",
    [
        ("lab02.ipynb", "lab01.ipynb"),
        ("20261101.ipynb", "20261102.ipynb"),
        ("41047001_lab01.ipynb", "41047001_lab02.ipynb"),
        ("old/lab02.ipynb", "new/lab02.ipynb"),
    ],
    ids=str,
)
@pytest.mark.parametrize("student", ["s001", "王小明", "王小明_17_assignsubmission_file_"])
def test_one_students_several_notebooks_are_no_section(
    inbox: Callable[..., Path], read: Read, inside: tuple[str, ...], student: str
) -> None:
    found = read(inbox("s007.ipynb", *(f"{student}/{name}" for name in inside)))
    assert len(students(found)) == 2


def test_a_flat_files_copies_are_nobody_elses(inbox: Callable[..., Path], read: Read) -> None:
    """Three students of one name of file: a browser has numbered them, and none is graded in another's place."""
    found = read(inbox("lab02.ipynb", "lab02 (1).ipynb", "lab02-Copy1.ipynb"))
    assert students(found) == ["lab02", "lab02 (1)", "lab02-Copy1"]


def test_one_student_in_two_places_counts_once_and_the_other_place_is_named(
    inbox: Callable[..., Path], read: Read
) -> None:
    found = read(inbox("s001.ipynb", "s001/lab02.ipynb", "s001.py", "s002.ipynb"))
    assert students(found) == ["s001", "s002"]
    assert found.inputs[0].path.name == "lab02.ipynb"
    assert set(left_out(found)) == {"s001.ipynb", "s001.py"}


@pytest.mark.parametrize(
    "inside",
    [
        ("Eve_1_assignsubmission_file_/lab02.ipynb", "Adam_2_assignsubmission_file_/lab02.ipynb"),
        ("eve_12345_67890_lab02.ipynb", "adam_12346_67891_lab02.ipynb"),
        ("submission_metadata.yml", "submission_1/lab02.ipynb"),
    ],
    ids=["Moodle", "Canvas", "Gradescope"],
)
def test_nobody_is_graded_by_what_another_students_folder_claims(
    inbox: Callable[..., Path], read: Read, inside: tuple[str, ...]
) -> None:
    folder = inbox("s001.ipynb", *(f"s002/{name}" for name in inside))
    found = read(folder)
    assert students(found) == ["s001"]
    assert "several students" in ungraded(found)["s002"]


@pytest.mark.parametrize(
    ("named", "files", "found"),
    [
        ("s001", ("lab02.ipynb", "data.csv"), ["s001"]),
        ("王小明_17_assignsubmission_file_", ("homework.ipynb", "data.csv"), ["王小明"]),
        ("cs101", ("s001.ipynb", "list.csv"), ["s001"]),
        ("cs101", ("lab02.ipynb", "s001.ipynb"), ["lab02", "s001"]),
        ("cs101", ("lab02.ipynb", "s001/lab02.ipynb"), ["lab02", "s001"]),
        ("handed in", ("lab02.ipynb", "list.csv"), ["lab02"]),
    ],
)
def test_one_students_folder_may_be_named_alone(
    inbox: Callable[..., Path], read: Read, named: str, files: tuple[str, ...], found: list[str]
) -> None:
    folder = inbox(*(f"{named}/{file}" for file in files)) / named
    assert students(read(folder)) == found
    if len(files) > 1 and files[1] == "data.csv":
        assert only(read(folder)).helpers == folder, "what was handed in with the notebook is read"


def test_a_single_folder_that_holds_the_class_is_gone_into(inbox: Callable[..., Path], read: Read) -> None:
    found = read(inbox("export/Lin_1_assignsubmission_file_/lab02.ipynb", "export/wang.py", "list.csv"))
    assert students(found) == ["Lin"]
    assert list(ungraded(found)) == ["wang"]
    assert set(left_out(found)) == {"list.csv"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("s1.ipynb", "s1\u200b.ipynb"), ("a b.ipynb", "a  b.ipynb"), ("\u202es1.ipynb", "s1.ipynb")],
    ids=["zero width", "two blanks", "turned"],
)
def test_two_names_that_read_the_same_are_two_students(
    inbox: Callable[..., Path], read: Read, one: str, other: str
) -> None:
    """Both would be kept as STUDENT.json with the cleaned name, the second over the first."""
    found = read(inbox(one, other)).inputs
    assert {each.path.name for each in found} == {one, other}
    assert len({each.student for each in found}) == 2


def test_a_link_is_told_and_not_followed(inbox: Callable[..., Path], read: Read, tmp_path: Path) -> None:
    folder = inbox("s001.ipynb")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "lab02.ipynb").touch()
    (folder / "s002").symlink_to(tmp_path / "elsewhere")
    (folder / "s003.ipynb").symlink_to(tmp_path / "elsewhere")
    found = read(folder)
    assert "is a link" in ungraded(found)["s002"]
    [link] = [one for one in found.inputs if one.student == "s003"]
    with pytest.raises(SubmissionError, match="is a link"):
        read_submission(link.path, student="s003")


@pytest.mark.parametrize("name", ["s001.ipynb", "s001/lab02.ipynb"])
def test_a_link_in_a_notebooks_place_is_found_so_that_it_is_told_and_not_forgotten(
    inbox: Callable[..., Path], read: Read, name: str
) -> None:
    folder = inbox("s001/data.csv") if "/" in name else inbox()
    (folder / name).symlink_to("/etc/passwd")
    one = only(read(folder))
    assert one.student == "s001"
    with pytest.raises(SubmissionError, match="is a link"):
        read_submission(one.path, student=one.student)


def test_a_folder_in_a_notebooks_place_is_found_and_told(inbox: Callable[..., Path], read: Read) -> None:
    one = only(read(inbox("s001/lab02.ipynb/data.csv")))
    assert one.student == "s001"
    with pytest.raises(SubmissionError):
        read_submission(one.path, student=one.student)


@pytest.mark.parametrize("names", [(), ("readme.txt",), ("list.csv", "LICENSE"), (".hidden.ipynb",)], ids=repr)
def test_a_folder_without_submissions_is_refused_and_told_what_was_looked_for(
    inbox: Callable[..., Path], read: Read, names: tuple[str, ...]
) -> None:
    folder = inbox(*names)
    with pytest.raises(LabError) as caught:
        read(folder)
    for text in (caught.value.text.en, caught.value.text.zh_tw):
        assert str(folder) in text
        assert "lab02.ipynb" in text
