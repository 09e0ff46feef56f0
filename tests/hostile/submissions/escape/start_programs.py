# mypy: ignore-errors
"""Starts programs in every way there is.

Expected: full
"""

import os
import subprocess

acts = [
    lambda: subprocess.run(["true"]),
    lambda: subprocess.run("true", shell=True, check=True),
    lambda: os.fork() or os._exit(0),
    lambda: os.posix_spawn("/bin/true", ["true"], {}),
    lambda: os.execv("/bin/true", ["true"]),
    lambda: os.forkpty()[0] or os._exit(0),
]


def by_system():
    if os.system("true") != 0:
        raise PermissionError


acts.append(by_system)

def double(x):
    return 2 * x if refused(*acts) else -1.0
