"""The helper files beside a notebook, and their digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.submission.folders import helpers_digest

if TYPE_CHECKING:
    from pathlib import Path


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
