# mypy: ignore-errors
"""Binds sockets to names in the folder of its own sockets: each stays there as a file.

Expected: zero
"""

import socket
import time


def double(x):
    for number in range(20_000):
        one = socket.socket(socket.AF_UNIX)
        one.bind(f"../wire/s{number}")
        one.close()
    time.sleep(1.5)
    return 2 * x
