"""The exit statuses of `grade LAB`, from the best to the worst."""

from __future__ import annotations

import enum


class Status(enum.IntEnum):
    """The exit statuses, worst last."""

    FULL = 0
    LESS = 1
    USER = 2
    MACHINERY = 3
