"""Helper files that cannot be read are our machinery's trouble, told in a sentence, and end no worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.errors import SandboxError
from grader.model import DataFile
from grader.sandbox.worker.helper_files import copy_data, copy_helpers

if TYPE_CHECKING:
    from pathlib import Path


def test_they_are_copied_to_the_same_places(tmp_path: Path) -> None:
    (tmp_path / "from/inner").mkdir(parents=True)
    (tmp_path / "from/inner/tables.py").write_text("TWO = 2", "utf-8")
    copy_helpers(tmp_path / "from", tmp_path / "to")
    assert (tmp_path / "to/inner/tables.py").read_text("utf-8") == "TWO = 2"


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match=r"cannot be copied \("):
        copy_helpers(tmp_path / "gone", tmp_path)


def test_data_files_lie_where_the_lab_says_over_whatever_was_handed_in_there(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("1,2", "utf-8")
    files = [DataFile(name, tmp_path / "points.csv") for name in ("points.csv", "data/points.csv", "data/more/a.csv")]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / "points.csv").write_text("of the student", "utf-8")
    (scratch / "data").write_text("a file in the place of a folder", "utf-8")
    copy_data(files, scratch)
    copy_data(files, scratch)
    assert [(scratch / file.name).read_text("utf-8") for file in files] == ["1,2"] * 3
    assert (tmp_path / "points.csv").stat().st_mode & 0o222
