"""Grades lab notebooks: a rubric asks, the reference answers first, a submission is run behind a wall."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__version__ = "0.1.0"


def load_ipython_extension(shell: object) -> None:
    """Register `%grade` in a notebook: `%load_ext grader`."""
    from grader.live import load  # noqa: PLC0415 (only in a notebook)

    load(shell)


def check(name: str | Callable[..., object] = "", *words: str) -> None:
    """Ask the functions of this session the public questions of a lab, or of one function, as `%grade` does."""
    from grader.live import check as check_live  # noqa: PLC0415 (only in a notebook)

    check_live(name, *words)
