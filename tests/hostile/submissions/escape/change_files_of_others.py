# mypy: ignore-errors
"""Changes, empties, renames and removes files that are not its own.

Expected: full
"""

import os
import sys

file = os.__file__
acts = [
    lambda: open(file, "a"),
    lambda: os.truncate(file, 0),
    lambda: os.open(file, os.O_RDONLY | os.O_TRUNC),
    lambda: os.rename(file, file + "x"),
    lambda: os.remove(file),
    lambda: open(os.path.join(sys.prefix, "x"), "w"),
    lambda: open("/tmp/hostile-was-here", "w"),
    lambda: os.mkdir("/tmp/hostile-was-here-too"),
    lambda: os.setxattr(file, "user.x", b"x"),
    lambda: os.chown(file, os.getuid(), os.getgid()),
]

def double(x):
    return 2 * x if refused(*acts) else -1.0
