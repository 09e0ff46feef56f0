"""Finding submissions in a folder: each student once, links told and not followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.errors import LabError, SubmissionError
from grader.submission.folders import find_submissions, helpers_digest
from grader.submission.notebooks import read_submission

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def inbox(tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of a folder that holds empty files of these names."""

    def fill(*names: str) -> Path:
        folder = tmp_path / "inbox"
        folder.mkdir()
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
        return folder

    return fill


def test_notebooks_in_a_folder_are_submissions_by_their_stem_in_order(inbox: Callable[..., Path]) -> None:
    folder = inbox("s002.ipynb", "s001.ipynb", "王小明.ipynb", "s10.v2.ipynb")
    assert find_submissions(folder, "lab02") == (
        ("s001", folder / "s001.ipynb", None),
        ("s002", folder / "s002.ipynb", None),
        ("s10.v2", folder / "s10.v2.ipynb", None),
        ("王小明", folder / "王小明.ipynb", None),
    )


def test_subfolders_with_the_labs_notebook_are_submissions_by_their_name_with_their_other_files(
    inbox: Callable[..., Path],
) -> None:
    folder = inbox("s002/lab02.ipynb", "s002/data.csv", "s001/lab02.ipynb")
    assert find_submissions(folder, "lab02") == (
        ("s001", folder / "s001/lab02.ipynb", folder / "s001"),
        ("s002", folder / "s002/lab02.ipynb", folder / "s002"),
    )


def test_notebooks_and_subfolders_may_be_mixed(inbox: Callable[..., Path]) -> None:
    folder = inbox("s002.ipynb", "s001/lab02.ipynb")
    assert [student for student, *_ in find_submissions(folder, "lab02")] == ["s001", "s002"]


def test_what_is_no_submission_is_passed_over(inbox: Callable[..., Path]) -> None:
    folder = inbox(
        "s001.ipynb",
        ".hidden.ipynb",
        ".git/lab02.ipynb",
        ".ipynb_checkpoints/lab02.ipynb",
        "grades.csv",
        "s003/lab01.ipynb",
        "s004/deeper/lab02.ipynb",
        "empty/readme.txt",
        "notebook.ipynb.bak",
        "folder.ipynb/other.txt",
    )
    assert [student for student, *_ in find_submissions(folder, "lab02")] == ["s001"]


def test_one_student_twice_is_refused_and_both_places_are_named(inbox: Callable[..., Path]) -> None:
    folder = inbox("s001.ipynb", "s001/lab02.ipynb", "s002.ipynb")
    with pytest.raises(LabError) as caught:
        find_submissions(folder, "lab02")
    for text in (caught.value.text.en, caught.value.text.zh_tw):
        assert str(folder / "s001.ipynb") in text
        assert str(folder / "s001/lab02.ipynb") in text


@pytest.mark.parametrize(
    ("one", "other"),
    [("s1.ipynb", "s1\u200b.ipynb"), ("a b.ipynb", "a  b.ipynb"), ("\u202es1.ipynb", "s1.ipynb")],
    ids=["zero width", "two blanks", "turned"],
)
def test_two_names_that_read_the_same_are_two_students(inbox: Callable[..., Path], one: str, other: str) -> None:
    """Both would be kept as STUDENT.json with the cleaned name, the second over the first."""
    found = find_submissions(inbox(one, other), "lab02")
    assert {path.name for _, path, _ in found} == {one, other}
    assert len({student for student, *_ in found}) == 2


def helpers(folder: Path, files: dict[str, str]) -> str | None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    return helpers_digest(folder)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a/t.py": "x", "b/u.py": "y"}, {"b/t.py": "x", "b/u.py": "y"}),
        ({"a/t.py": "x"}, {"t.py": "x"}),
        ({"a/t.py": "x", "b/t.py": "y"}, {"a/t.py": "y", "b/t.py": "x"}),
        ({"ab": "c"}, {"a": "bc"}),
        ({"a": "x", "b": "y"}, {"a": "xb", "c": "y"}),
        ({"a": ""}, {"b": ""}),
    ],
    ids=["moved", "moved up", "exchanged", "a longer name", "a longer file", "empty"],
)
def test_the_digest_of_helper_files_says_where_each_is_and_where_it_ends(
    tmp_path: Path, one: dict[str, str], other: dict[str, str]
) -> None:
    assert helpers(tmp_path / "one", one) != helpers(tmp_path / "other", other)
    assert helpers(tmp_path / "one", one) == helpers(tmp_path / "again", one)


def test_a_link_to_a_folder_is_passed_over(inbox: Callable[..., Path], tmp_path: Path) -> None:
    folder = inbox("s001.ipynb")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "lab02.ipynb").touch()
    (folder / "s002").symlink_to(tmp_path / "elsewhere")
    (folder / "s003.ipynb").symlink_to(tmp_path / "elsewhere")
    assert [student for student, *_ in find_submissions(folder, "lab02")] == ["s001"]


@pytest.mark.parametrize("name", ["s001.ipynb", "s001/lab02.ipynb"])
def test_a_link_in_a_notebooks_place_is_found_so_that_it_is_told_and_not_forgotten(
    inbox: Callable[..., Path], name: str
) -> None:
    folder = inbox("s001/data.csv") if "/" in name else inbox()
    (folder / name).symlink_to("/etc/passwd")
    [(student, path, _)] = find_submissions(folder, "lab02")
    assert student == "s001"
    with pytest.raises(SubmissionError, match="is a link"):
        read_submission(path, student=student)


def test_a_folder_in_a_notebooks_place_is_found_and_told(inbox: Callable[..., Path]) -> None:
    folder = inbox("s001/lab02.ipynb/data.csv")
    [(student, path, _)] = find_submissions(folder, "lab02")
    assert student == "s001"
    with pytest.raises(SubmissionError):
        read_submission(path, student=student)


@pytest.mark.parametrize("names", [(), ("readme.txt",), ("s001/lab01.ipynb",), (".hidden.ipynb",)], ids=repr)
def test_a_folder_without_submissions_is_refused_and_told_what_was_looked_for(
    inbox: Callable[..., Path], names: tuple[str, ...]
) -> None:
    folder = inbox(*names)
    with pytest.raises(LabError) as caught:
        find_submissions(folder, "lab02")
    for text in (caught.value.text.en, caught.value.text.zh_tw):
        assert str(folder) in text
        assert "lab02.ipynb" in text
