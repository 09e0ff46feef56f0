# mypy: ignore-errors
"""Reads the environment of the process that started this one, and of all others.

Expected: full
"""

import glob
import os


def parents():
    return open(f"/proc/{os.getppid()}/environ", "rb").read()


def others():
    for file in glob.glob("/proc/[0-9]*/environ"):
        if file.split("/")[2] != str(os.getpid()) and open(file, "rb").read():
            return
    raise PermissionError

def double(x):
    return 2 * x if refused(parents, others) else -1.0
