# mypy: ignore-errors
"""Reads the memory of the process that started this one.

Expected: full
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def by_file():
    open(f"/proc/{os.getppid()}/mem", "rb").read(1)


class Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def by_call():
    buffer = ctypes.create_string_buffer(8)
    mine, theirs = Iovec(ctypes.addressof(buffer), 8), Iovec(ctypes.addressof(buffer), 8)
    if libc.process_vm_readv(os.getppid(), ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0) < 0:
        raise PermissionError

def double(x):
    return 2 * x if refused(by_file, by_call) else -1.0
