"""What a kernel may touch. A wall knows nothing else, and the student may know all of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.model import Limits

MOST_FILES = 10_000
"""How many files and folders a notebook may make: their number can fill a disk as well as their bytes."""
MOST_THREADS = 1000
"""TensorFlow has some dozens; a thread with a small stack costs memory of the system's own, which nobody counts."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits that a kernel is launched with, since they cannot be set later; by default those of a plain lab."""

    processes: int = 0
    """How many programs the notebook may have running; with 0 it may not start any."""
    disk_mib: int = 256
    memory_mib: int = 3072


USUAL = Bounds()


def bounds_of(limits: Limits) -> Bounds:
    """Return what a lab's limits are for a launch."""
    return Bounds(processes=limits.processes, disk_mib=limits.disk_mib, memory_mib=limits.memory_mib)


@dataclass(frozen=True, slots=True)
class Policy:
    """What one kernel may do, and with which folders. All but `data` are its own."""

    home: Path
    """The working folder, and the only one that it may write to."""
    wire: Path
    """The folder of the kernel's sockets and its connection file: it may read here, and make sockets."""
    data: Path
    """The course's data: all kernels may read it, none may write it."""
    forbidden: Path
    """A folder that stands for everything else; the probes try to reach the file `canary` in it."""
    parent: int
    """The process that forks or starts the kernel: when it ends, so does the kernel."""
    processes: bool = False
    """Whether the lab's notebooks may start programs."""
    disk_mib: int = 256
    """How large all that it writes may be, in MiB."""
    memory_mib: int = 3072
    """How much memory it may take, without its files."""
    tasks: int = MOST_THREADS
    """How many threads it may have, those of its programs included."""
    bounded: bool = True
    """Whether the working folder is a file system of its own, where the system gives one: counted by the system."""
    walls: tuple[str, ...] = ()
    """The names of the walls to be put up, in order: see `grader.sandbox.isolation.wall`."""


def write_policy(policy: Policy) -> str:
    """Return a policy as a line of JSON."""
    return json.dumps(asdict(policy), default=str)


def read_policy(line: str) -> Policy:
    """Return what `write_policy` was given."""
    form = json.loads(line)
    paths = {field.name: Path(form[field.name]) for field in fields(Policy) if field.type == "Path"}
    return Policy(**{**form, **paths, "walls": tuple(form["walls"])})
