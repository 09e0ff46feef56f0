"""What a kernel may touch: the whole of what a wall is told, and all of it may be known to the student."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Policy:
    """One kernel's folders and leave. Every folder is the kernel's own, but for `data`."""

    home: Path
    """The working folder, and the only one that is written to."""
    wire: Path
    """Where the kernel's sockets and its connection file are: read, and sockets made."""
    data: Path
    """The course's data: read by all kernels, written by none."""
    forbidden: Path
    """A folder that stands for everything else: with the files `canary` and `listener`, for the probes."""
    parent: int
    """The process that starts the kernel: the kernel goes when it does."""
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
