# mypy: ignore-errors
"""Signals its parent, its group, the grader, everybody.

Expected: full
"""

import os
import signal

acts = [
    lambda: os.kill(os.getppid(), 0),
    lambda: os.kill(-1, 0),
    lambda: os.kill(0, 0),
    lambda: os.killpg(os.getpgid(0), 0),
    lambda: os.kill(1, 0),
    lambda: signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 0),
]

def double(x):
    return 2 * x if refused(*acts) else -1.0
