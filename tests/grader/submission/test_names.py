"""A student's name is fit for a file's name, and no two students share one."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import reports
from grader.registry import module_in, names_in
from grader.submission.names import ENDINGS, student_name, told_apart

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_NAME = 255
"""Bytes that a file system takes for the name of a file."""


def files_of(student: str) -> set[str]:
    """Return the files that all formats write about a student."""
    modules = [module_in(reports, name) for name in names_in(reports)]
    return {f"{student}.{module.ENDING}" for module in modules if hasattr(module, "ENDING")}


@pytest.mark.parametrize(
    "name", ["s001", "王小明", "s10.v2", "Åse", "a b", "class", "book", ".lab02.seed", "O'Neil, P"]
)
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert student_name(name) == name
    assert told_apart([name, "other"])[name] == name


@pytest.mark.parametrize("name", ["王" * 85, "王" * 100, "😀" * 100, "a" * 255, "e\u0301" * 120])
def test_a_long_name_fits_a_file_system_with_every_ending_and_two_stay_two(name: str, tmp_path: Path) -> None:
    one, other = student_name(name), student_name(name[:-1] + "z")
    assert one != other
    for file in files_of(one):
        assert len(file.encode()) <= LONGEST_NAME
        (tmp_path / file).write_text("", "utf-8")


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ("s1", "s1\u200b"),
        ("s1", "\u202es1"),
        ("a b", "a  b"),
        ("s1", "S1"),
        ("s1", "s1\ufe0f"),
        ("s1", "s\u034f1"),
        ("s1", "ｓ1"),
        ("\u00e5se", "a\u030ase"),
        ("s1", "s1."),
        ("s1", "s1 "),
        ("s1", "s1\u3164"),
    ],
    ids=repr,
)
def test_of_two_names_that_look_the_same_the_plain_one_stays_and_the_other_is_marked(plain: str, other: str) -> None:
    for names in ([plain, other], [other, plain]):
        students = told_apart(names)
        assert students[plain] == plain
        assert students[other] != plain
        files = [
            {unicodedata.normalize("NFC", file).casefold() for file in files_of(student)}
            for student in students.values()
        ]
        assert not files[0] & files[1]


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_name_ends_like_a_format(ending: str) -> None:
    for name in (f"a.{ending}", f"a.{ending.upper()}", f"a.{ending}\u200b"):
        assert not {file.casefold() for file in files_of(student_name(name))} & files_of("a")


def test_every_ending_of_two_parts_is_known_here() -> None:
    parts = [module_in(reports, name).ENDING.split(".") for name in names_in(reports) if name != "csv"]
    assert {first for first, *more in parts if more} == set(ENDINGS)


@pytest.mark.parametrize("name", ["con", "NUL", "aux.v2", "com1", "LPT9", "con."])
def test_no_name_is_that_of_a_device(name: str) -> None:
    assert student_name(name).partition(".")[0].casefold() not in {"con", "nul", "aux", "com1", "lpt9"}


@pytest.mark.parametrize("name", ["", "\u200b", "...", " ", "\x1b[31m"])
def test_where_nothing_is_left_of_a_name_one_is_made(name: str) -> None:
    assert student_name(name).startswith("unnamed-")


@given(st.lists(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1), min_size=2))
def test_no_two_names_share_a_file_on_a_system_that_knows_no_case(names: list[str]) -> None:
    students = told_apart(names)
    assert set(students) == set(names)
    files = [file.casefold() for student in students.values() for file in files_of(student)]
    assert len(files) == len(set(files))
