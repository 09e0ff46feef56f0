# mypy: ignore-errors
"""Writes frames by hand into the connection that libzmq has: one message that never ends.

Expected: zero
"""

import os
import select
import socket
import struct
import time

app = get_ipython().kernel.parent


def connection():
    for name in os.listdir("/proc/self/fd"):
        try:
            one = socket.socket(fileno=os.dup(int(name)))
            listens = one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if one.family == socket.AF_UNIX and str(one.getsockname()).endswith(f"-{app.iopub_port}") and not listens:
                return one
        except OSError:
            continue


def double(x):
    one, until = connection(), time.time() + 1.7
    while time.time() < until:
        view = memoryview(struct.pack(">BQ", 3, 7 * 2**20) + bytes(7 * 2**20))
        while view and time.time() < until:
            select.select([], [one], [], 0.1)
            try:
                view = view[one.send(view):]
            except BlockingIOError:
                pass
    raise RuntimeError("sent")
