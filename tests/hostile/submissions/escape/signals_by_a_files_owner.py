# mypy: ignore-errors
"""Makes its parent the owner of a socket and a pipe, so that the system signals it; asks for leases and notes.

Expected: full
"""

import fcntl
import os
import socket
import struct

left, right = socket.socketpair()
reads, writes = os.pipe()
PARENT = os.getppid()
folder = os.open(".", os.O_RDONLY)

acts = [
    lambda: fcntl.fcntl(left, fcntl.F_SETOWN, PARENT),
    lambda: fcntl.fcntl(reads, fcntl.F_SETOWN, -os.getpgid(0)),
    lambda: fcntl.fcntl(left, 15, struct.pack("ii", 1, PARENT)),
    lambda: fcntl.fcntl(left, 10, 9),
    lambda: fcntl.ioctl(left, 0x8901, struct.pack("i", PARENT)),
    lambda: fcntl.ioctl(left, 0x8902, struct.pack("i", PARENT)),
    lambda: fcntl.fcntl(folder, 1024, fcntl.F_RDLCK),
    lambda: fcntl.fcntl(folder, 1026, 0x80000002),
]

def double(x):
    return 2 * x if refused(*acts) else -1.0
