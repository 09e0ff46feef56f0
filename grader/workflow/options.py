"""The options of a grading: what is to be graded, how, and where the results go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model import Language, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One call of `grade LAB [PATH]`."""

    lab: str
    path: Path | None = None
    course: Path | None = None
    output: Path | None = None
    formats: tuple[str, ...] = ()
    seed: int | None = None
    data: Path | None = None
    language: Language = "en"
    jobs: int | None = None
    """How many submissions of a folder are graded at once; by default as many as there are cores."""
    cluster: str | None = None
    """Where a folder is graded: the address of a cluster; by default on this machine."""
    again: bool = False
    """Whether to grade also what was graded before and has not changed."""
    book: str | None = None
    """The gradebook: a file or a URL. By default it is in `output` where a folder is graded."""
    isolation: Level | None = None
    """How strong the wall must be; by default good where results count."""
