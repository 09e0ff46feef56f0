# mypy: ignore-errors
"""Sends frames that are no messages.

Expected: zero
"""

kernel = get_ipython().kernel
parent = kernel.get_parent("shell")

import os

for _ in range(200):
    kernel.iopub_socket.send_multipart([b"<IDS|MSG>", os.urandom(20), b"{", b"[", b"null", b"\xff"])
    kernel.iopub_socket.send_multipart([os.urandom(1000)])
import time

time.sleep(1)


def double(x):
    return 2 * x
