# mypy: ignore-errors
"""Attaches to its parent as a debugger, and has itself traced.

Expected: full
"""

import ctypes
import os

libc = ctypes.CDLL(None)


def attach():
    if libc.ptrace(16, os.getppid(), 0, 0) < 0:
        raise PermissionError


def be_traced():
    if libc.ptrace(0, 0, 0, 0) < 0:
        raise PermissionError

def double(x):
    return 2 * x if refused(attach, be_traced) else -1.0
