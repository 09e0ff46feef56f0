# mypy: ignore-errors
"""Makes a system call of another architecture, past a filter that knows one.

Expected: zero
"""

import ctypes
import mmap
import platform


def double(x):
    if platform.machine() != "x86_64":
        raise SystemExit
    page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
    page.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))  # mov eax, getpid of i386; int 0x80; ret
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return 2 * x if ctypes.CFUNCTYPE(ctypes.c_int)(address)() > 0 else 0.0
