# mypy: ignore-errors
"""Takes away the rights to Python's own files; the call may say that it did.

Expected: full
"""

import os

before = os.stat(os.__file__)
for act in (lambda: os.chmod(os.__file__, 0o000), lambda: os.utime(os.__file__, (0, 0))):
    try:
        act()
    except OSError:
        pass
after = os.stat(os.__file__)


def attack():
    if (after.st_mode, after.st_mtime) == (before.st_mode, before.st_mtime):
        raise PermissionError

def double(x):
    return 2 * x if refused(attack) else -1.0
