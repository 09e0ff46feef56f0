# mypy: ignore-errors
"""Connects to the sockets of services: Docker, D-Bus, the system's log.

Expected: full
"""

import socket


def reach(path, kind=socket.SOCK_STREAM):
    def act():
        socket.socket(socket.AF_UNIX, kind).connect(path)
    return act


def own():
    server = socket.socket(socket.AF_UNIX)
    server.bind("own")
    server.listen()
    reach("own")()


acts = [reach(p) for p in ("/var/run/docker.sock", "/run/dbus/system_bus_socket", "\0abstract")]
acts += [reach("/dev/log", socket.SOCK_DGRAM), own, lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)]

def double(x):
    return 2 * x if refused(*acts) else -1.0
