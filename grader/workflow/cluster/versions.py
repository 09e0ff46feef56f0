"""Versions: what grades has to be the same on every host, or two students are not graded alike."""

from __future__ import annotations

import hashlib
import platform
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version
from pathlib import Path
from typing import TYPE_CHECKING

import grader
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.model import Text

OWN = "labgrader"
PYTHON, SOURCE = "python", "source"
"""What stands among the versions beside packages: Python's own, and a digest of the grader's files."""


def packages_of(imported: Iterable[str]) -> tuple[str, ...]:
    """Return the distributions that play a part: this one, what it needs, Dask, and what a lab's packages are in."""
    own = (re.match(r"[\w.-]+", line) for line in requires(OWN) or () if "extra ==" not in line)
    names = packages_distributions()
    labs = (names.get(package, [package])[0] for package in imported)
    return tuple(dict.fromkeys([OWN, *(found[0] for found in own if found), "dask", "distributed", *labs]))


def versions_here(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of this process' Python, the grader's files and some distributions; "-" where it has none."""
    return {PYTHON: platform.python_version(), **{name: _version(name) for name in packages}, SOURCE: source_digest()}


@cache
def source_digest() -> str:
    """Return a digest of the grader's own Python files: a version may be that of a copy that somebody has changed."""
    digest = hashlib.sha256()
    root = Path(grader.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def difference_text(here: Mapping[str, str], there: Mapping[str, str | None], host: str) -> Text | None:
    """Return what a host has in other versions than this computer, and what to install there; None where all fit.

    `there` may say less than `here`.
    """
    other = [name for name in here if name in there and (there[name] or "-") != here[name]]
    if not other:
        return None
    if other == [SOURCE]:
        return say(
            "{host} has labgrader {version} as well, but not the same files of it as this computer: install the same "
            "one there.",
            host=host,
            version=here[OWN],
        )
    found = ", ".join(f"{name} {there[name] or '-'} ({here[name]})" for name in other if name != SOURCE)
    pinned = " ".join(f"'{name}=={here[name]}'" for name in other if name not in {PYTHON, SOURCE} and here[name] != "-")
    if PYTHON in other:
        return say(
            "{host} has other versions than this computer (in brackets): {found}. Make its environment with "
            "Python {python}{command}.",
            host=host,
            found=found,
            python=here[PYTHON],
            command=f": pip install {pinned}" if pinned else "",
        )
    return say(
        "{host} has other versions than this computer (in brackets): {found}. Install there: {command}",
        host=host,
        found=found,
        command=f"pip install {pinned}" if pinned else "-",
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"
