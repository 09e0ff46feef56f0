# mypy: ignore-errors
"""Makes namespaces of its own, and mounts.

Expected: full
"""

import ctypes

libc = ctypes.CDLL(None)


def call(name, *arguments):
    def act():
        if getattr(libc, name)(*arguments) < 0:
            raise PermissionError
    return act


acts = [
    call("unshare", 0x10000000),
    call("unshare", 0x20000),
    call("mount", b"none", b"/tmp", b"tmpfs", 0, None),
    call("umount2", b"/proc", 2),
    call("chroot", b"."),
    call("setns", 0, 0),
]

def double(x):
    return 2 * x if refused(*acts) else -1.0
