"""What a kernel may touch. A wall knows nothing else, and the student may know all of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path


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
