# mypy: ignore-errors
"""Sends itself SIGKILL when it is asked.

Expected: zero
"""

import os
import signal


def double(x):
    os.kill(os.getpid(), signal.SIGKILL)
