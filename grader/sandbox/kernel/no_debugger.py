"""Refuses debuggers at once: nobody is there to type into one, and it would end in the middle of something else."""

from __future__ import annotations

import bdb
import pdb  # noqa: T100 (to be refused)
import sys
from typing import NoReturn

from grader.model import Refusal
from grader.sandbox.kernel.unavailable import NotAvailableError


def refuse_debuggers() -> None:
    """Let `breakpoint()`, `set_trace()` and looking at an exception raise NotAvailableError, whoever calls them."""
    sys.breakpointhook = _refuse
    for kind, name in ((bdb.Bdb, "set_trace"), (pdb.Pdb, "interaction")):
        setattr(kind, name, _refuse)


def _refuse(*_: object, **__: object) -> NoReturn:
    raise NotAvailableError(Refusal("debugger"))
