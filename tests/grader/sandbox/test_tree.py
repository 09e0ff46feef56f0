"""Trees that a notebook has made are seen and removed, however deep, whatever their modes; no link is followed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from grader.sandbox.tree import DEEPEST, look_through, remove_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.kernel,  # other processes, of a user without rights
    pytest.mark.skipif(sys.platform == "win32", reason="folders of POSIX"),
]

NOBODY = 65534
PARTS = 1500


def nest(folder: Path, name: str, most: int) -> None:
    """Make folders in one another, as many as no path can name."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(most):
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("last", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)


def as_a_user_without_rights(folder: Path, code: str) -> str:
    """Run code in a folder: no mode hides anything from root."""
    if sys.platform != "win32" and os.getuid() == 0:
        folder.chmod(0o777)
        code = f"import os\nos.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n{code}"
    begin = (
        "from pathlib import Path\nfrom grader.sandbox.tree import look_through, remove_tree\nfolder = Path('inner')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", begin + code], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", ["d", "n" * 200], ids=["1500 folders", "longer than any path"])
def test_a_tree_of_any_depth_is_removed(tmp_path: Path, name: str) -> None:
    (tmp_path / "inner").mkdir()
    nest(tmp_path / "inner", name, PARTS)
    remove_tree(tmp_path / "inner")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o000, 0o100, 0o300, 0o500], ids=oct)
def test_a_tree_of_any_modes_is_removed(tmp_path: Path, mode: int) -> None:
    made = f"""
import os
os.makedirs("inner/a/b/c"); Path("inner/a/b/file").touch(mode=0); Path("inner/a/b/c/d").touch()
for name in ("inner/a/b/c", "inner/a/b", "inner/a", "inner"):
    os.chmod(name, {mode})
remove_tree(folder)
print(folder.exists())
"""
    assert as_a_user_without_rights(tmp_path, made) == "False"


def test_what_lies_in_folders_that_may_not_be_read_is_counted(tmp_path: Path) -> None:
    made = """
os.makedirs("inner/a/b"); Path("inner/a/b/file").write_bytes(bytes(12345))
os.chmod("inner/a/b", 0o300); os.chmod("inner/a", 0)
print(sorted((depth, status.st_size) for depth, status in look_through(folder))[-1])
"""
    assert as_a_user_without_rights(tmp_path, "import os\n" + made) == "(3, 12345)"


def test_a_link_is_not_followed_when_it_is_counted_removed_or_given_rights(tmp_path: Path) -> None:
    outside, inner = tmp_path / "outside", tmp_path / "inner"
    outside.mkdir(mode=0o500)
    (outside / "kept").write_bytes(b"x")
    (inner / "a").mkdir(parents=True)
    (inner / "a" / "link").symlink_to(outside)
    assert [stat.S_ISLNK(status.st_mode) for _, status in look_through(inner)] == [False, True]
    remove_tree(inner)
    assert not inner.exists()
    assert (outside / "kept").read_bytes() == b"x"
    assert outside.stat().st_mode & 0o777 == 0o500
    (tmp_path / "link").symlink_to(outside)
    remove_tree(tmp_path / "link")
    assert (outside / "kept").exists()


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """Return a folder with more folders in one another than pytest itself can remove."""
    nest(tmp_path, "d", PARTS)
    yield tmp_path
    remove_tree(tmp_path / "d")


def test_looking_through_keeps_few_files_open_and_closes_them(deep: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 (links that vanish)
    walk = look_through(deep)
    depths = [next(walk)[0] for _ in range(DEEPEST)]
    assert depths == [*range(1, DEEPEST + 1)]
    assert len(os.listdir("/proc/self/fd")) <= before + DEEPEST + 2  # noqa: PTH208 (same)
    assert list(walk) == []
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 (same)


def test_a_folder_that_is_gone_is_nothing(tmp_path: Path) -> None:
    remove_tree(tmp_path / "gone")
    assert list(look_through(tmp_path / "gone")) == []
