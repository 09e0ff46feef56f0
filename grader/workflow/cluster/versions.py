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


def difference_text(wanted: Mapping[str, str], there: Mapping[str, str | None], host: str) -> Text | None:
    """Return what a host has in other versions than are wanted, and what to install there; None where all fit.

    `there` may say less than is wanted, and of what is wanted in no version ("-") a host may have any.
    """
    other = [name for name in wanted if name in there and wanted[name] not in {"-", there[name] or "-"}]
    if not other:
        return None
    if other == [SOURCE]:
        return say(
            "{host} has labgrader {version} as well, but not the same files of it as this computer: install the same "
            "one there.",
            host=host,
            version=wanted[OWN],
        )
    named = [name for name in other if name != SOURCE]
    pinned = " ".join(f"'{name}=={wanted[name]}'" for name in named if name != PYTHON)
    steps = [f"Python {wanted[PYTHON]}"] * (PYTHON in named) + [f"pip install {pinned}"] * bool(pinned)
    return say(
        "{host} has other versions than those that are graded with here (in brackets): {found}. Install there: {steps}",
        host=host,
        found=", ".join(f"{name} {there[name] or '-'} ({wanted[name]})" for name in named),
        steps="; ".join(steps),
    )


def unfit_text(version: str, host: str) -> Text:
    """Return what to install on a host that cannot import what grades on a cluster."""
    return say(
        "{host} cannot import what grades on a cluster. Install the labgrader of this computer there: pip install "
        "'labgrader[cluster]=={version}'",
        host=host,
        version=version,
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"
