"""What a kernel needs to read on this machine: Python, its packages, the system's libraries and a few more files.

The grader's own package is not part of it, nor is what lies beside the package in a clone of the source.
"""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SYSTEM_FOLDERS = (
    "/lib",
    "/lib64",
    "/lib32",
    "/usr/lib",
    "/usr/lib64",
    "/usr/lib/locale",
    "/usr/share/fonts",
    "/usr/share/locale",
    "/usr/share/zoneinfo",
    "/etc/fonts",
    "/nix/store",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
)
SYSTEM_FILES = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/ssl/openssl.cnf",
    "/usr/lib/ssl/openssl.cnf",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/sys/vm/overcommit_memory",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
    f"{sys.prefix}/pyvenv.cfg",
)
PROGRAM_FOLDERS = ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/libexec")
"""What a lab whose notebooks may start programs needs in addition."""

PACKAGE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Roots:
    """The folders (and a few files) that are needed, none inside another, and the names that lead there by links."""

    trees: tuple[Path, ...]
    names: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Readable:
    """Folders and files that may be read, and folders that may only be listed."""

    trees: tuple[Path, ...]
    files: tuple[Path, ...]
    listed: tuple[Path, ...]


@functools.cache
def roots(*, processes: bool, hidden: Path = PACKAGE) -> Roots:
    """Return the folders that are needed; `hidden` may lie in one of them."""
    programs = (*PROGRAM_FOLDERS, f"{sys.prefix}/bin", f"{sys.base_prefix}/bin") if processes else ()
    wanted = [Path(folder) for folder in (*SYSTEM_FOLDERS, *programs)]
    names = tuple(dict.fromkeys(path for path in (*wanted, *_pythons(hidden)) if path.exists()))
    trees: list[str] = []
    for path in sorted({os.path.realpath(path) for path in names}):  # a folder comes before what lies in it
        if not trees or not is_within(path, trees[-1]):
            trees.append(path)
    return Roots(tuple(map(Path, trees)), names)


def is_within(path: str, folder: str) -> bool:
    """Say whether a path is a folder or lies in it: pathlib is slow, and this is asked hundreds of times."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


@functools.cache
def readable(*, processes: bool, hidden: Path = PACKAGE) -> Readable:
    """Return what may be read: all that is needed, but for `hidden`, the grader's own package."""
    found = [entry for folder in roots(processes=processes, hidden=hidden).trees for entry in _around(folder, hidden)]
    system = [path for name in SYSTEM_FILES if (path := Path(name)).exists()]
    return Readable(
        trees=tuple(path for path, is_listed in found if not is_listed and path.is_dir()),
        files=(*system, *(path for path, is_listed in found if not is_listed and not path.is_dir())),
        listed=tuple(path for path, is_listed in found if is_listed),
    )


def _pythons(hidden: Path) -> Iterator[Path]:
    """Yield this interpreter's folders, without the one that directly holds the grader's source: it is the staff's."""
    for name in ("stdlib", "platstdlib", "purelib", "platlib"):
        yield Path(sysconfig.get_path(name))
    yield Path(sys.base_prefix) / "lib"
    yield Path(sys.base_prefix) / "share"
    yield Path(sys.prefix) / "share"
    for path in (Path(entry) for entry in sys.path if entry):
        is_site = path.name in {"site-packages", "dist-packages"}
        if path.is_dir() and (is_site or hidden.parent != path.resolve()):
            yield path
        if path.is_dir() and is_site:
            yield from _linked(path, str(hidden))


def _linked(site: Path, hidden: str) -> Iterator[Path]:
    """Yield the packages that a folder of packages only links to."""
    with os.scandir(site) as entries:
        for entry in entries:
            if entry.is_symlink() and not is_within(target := os.path.realpath(entry.path), hidden):
                yield Path(target)


def _around(folder: Path, hidden: Path) -> Iterator[tuple[Path, bool]]:
    """Yield `folder`, or where `hidden` lies in it, what is beside that, and the folders on the way as listed only."""
    if not is_within(str(hidden), str(folder)):
        yield folder, False
        return
    if folder == hidden:
        return
    yield folder, True
    for child in folder.iterdir():
        if child == hidden or child.name.startswith("labgrader-"):
            continue
        if is_within(str(hidden), str(child)):
            yield from _around(child, hidden)
        else:
            yield child, False
