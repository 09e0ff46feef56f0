"""Helper files that cannot be read are our machinery's trouble, told in a sentence, and end no worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.errors import SandboxError
from grader.sandbox.worker.helper_files import copy_helpers

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
