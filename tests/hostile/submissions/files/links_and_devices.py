# mypy: ignore-errors
"""Makes links, pipes and devices where the grader might read.

Expected: full
"""

import os
import stat

acts = [
    lambda: os.symlink("/etc/passwd", "answers.json"),
    lambda: os.link(os.__file__, "linked"),
    lambda: os.mkfifo("record.json"),
    lambda: os.mknod("device", stat.S_IFCHR | 0o600, os.makedev(1, 3)),
]

def double(x):
    return 2 * x if refused(*acts) else -1.0
