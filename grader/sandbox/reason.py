"""Why a process ended, in a line, from what it wrote to its standard error."""

from __future__ import annotations

import re

from grader.messages.sentences import clean

_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|ExceptionGroup)(?::.*)?")
_FATAL = re.compile(r"Fatal Python error: .*|.*\b(?:[Cc]ore dumped|Killed|terminate called).*")


def reason_in(errors: str) -> str | None:
    """Return the last exception, else the fatal error; None where neither was written.

    The last line is no reason: after a traceback come the modules that were loaded, the threads, or "no Python frame".
    """
    lines = errors.splitlines()
    for kind in (_EXCEPTION, _FATAL):
        if found := [line for line in lines if kind.fullmatch(line)]:
            return clean(found[-1])
    return None
