"""sandbox-exec of macOS, deprecated but still in use: no network, no programs, no writing elsewhere.

The tests have no Mac and check the profile alone. Source: sandbox-exec(1), and the profiles that come with macOS in
/System/Library/Sandbox/Profiles.
"""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox.isolation.readable import PACKAGE

if TYPE_CHECKING:
    from grader.sandbox.isolation.policy import Policy

CLOSES = frozenset({"read", "write", "network", "connect", "start", "signal"})

PROGRAM = Path("/usr/bin/sandbox-exec")


def around(policy: Policy) -> list[str]:
    """Return the command that starts the kernel's command; raise OSError where sandbox-exec is missing."""
    if not PROGRAM.exists():
        raise OSError(errno.ENOENT, f"{PROGRAM} is not there")
    return [str(PROGRAM), "-p", profile(policy)]


def put_up(policy: Policy) -> None:
    """Do nothing: it has stood since the process began, and the probes try it."""


def profile(policy: Policy) -> str:
    """Return what is allowed, in the language of profiles: a later line overrides an earlier one."""
    rules = [
        "(version 1)",
        "(allow default)",
        "(deny network*)",
        f"(allow network-bind (subpath {_text(policy.wire)}))",
        f"(allow network-inbound (subpath {_text(policy.wire)}))",
        "(deny signal (target others))",
        "(deny file-write*)",
        f'(allow file-write* (subpath {_text(policy.home)}) (subpath {_text(policy.wire)}) (literal "/dev/null"))',
        f"(deny file-read-data (subpath {_text(policy.forbidden)}) (subpath {_text(PACKAGE.parent / 'reference')}))",
    ]
    if not policy.processes:
        rules += ["(deny process-fork)", "(deny process-exec*)", '(allow process-exec* (regex #"python[0-9.]*$"))']
    return "\n".join(rules)


def _text(path: Path) -> str:
    return json.dumps(str(path.resolve()))
