# mypy: ignore-errors
"""Sends a datagram, and asks for a name.

Expected: full
"""

import socket


def send():
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 53))


def ask():
    socket.getaddrinfo("example.org", 80)


def netlink():
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)


def packet():
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)

def double(x):
    return 2 * x if refused(send, ask, netlink, packet) else -1.0
