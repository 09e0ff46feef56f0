"""What every host needs to grade a class: the lab's own files, as bytes, and what the key is made of.

The key itself does not travel: of the same lab and seed, each host makes the same one, in the process that speaks with
no kernel.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from grader.course.settings import FILE
from grader.data.mnist import prepare_mnist
from grader.sandbox.folder import place_needed
from grader.sandbox.requirement import required

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.data.mnist import Source
    from grader.model import Level
    from grader.workflow.options import Options

WHOLE_FOLDERS = ("rubrics", "reference", "probes")
"""Those of a course that are sent whole: a reference may read what is beside it; other labs tell their notebooks."""
NOT_SENT = frozenset({"__pycache__", "solutions"})
"""What is there for people alone, or made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Plain data, the same for all hosts. Without a lab they are only looked at."""

    lab: str | None = None
    seed: int = 0
    sha256: str = ""
    """The lab's digest here, which a host must find as well."""
    isolation: Level = "none"
    packages: tuple[str, ...] = ()
    """Those that are imported once for all kernels."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The course's files, by their paths in it, with slashes."""
    mnist: bytes | None = None
    mnist_source: Source = "given"


def order_of(
    lab: Lab, seed: int, *, course: Course, options: Options, packages: tuple[str, ...], scratch: Path
) -> Order:
    """Return the order for a class; raise LabError where the data that the user named cannot be used."""
    mnist = None if lab.rubric.data is None else prepare_mnist(options.data, scratch)
    return Order(
        lab=lab.name,
        seed=seed,
        sha256=lab.sha256,
        isolation=required(options.isolation, os.environ, is_class=True),
        packages=packages,
        files={path.relative_to(course.folder).as_posix(): path.read_bytes() for path in _files_of(course, lab)},
        mnist=None if mnist is None else mnist.path.read_bytes(),
        mnist_source="given" if mnist is None else mnist.source,
    )


def _files_of(course: Course, lab: Lab) -> Iterator[Path]:
    """Yield the files that reading the lab, and grading by it, may read."""
    for name in WHOLE_FOLDERS:
        for path in sorted((course.folder / name).rglob("*")):
            parts = path.relative_to(course.folder).parts
            if path.is_file() and not NOT_SENT & {*parts} and not any(part.startswith(".") for part in parts):
                yield path
    for path in (course.folder / FILE, course.notebook_path(lab.name), *(file.path for file in lab.files)):
        if path.is_file():
            yield path


def put_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder of this program's own, each at its path there."""
    for name, content in files.items():
        place = folder / PurePosixPath(name)
        with place_needed():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
