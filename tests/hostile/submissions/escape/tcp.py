# mypy: ignore-errors
"""Connects and listens by TCP.

Expected: full
"""

import socket


def listen():
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    one.listen()


def sixth():
    socket.socket(socket.AF_INET6).bind(("::1", 0))

def double(x):
    return 2 * x if refused(listen, sixth) else -1.0
