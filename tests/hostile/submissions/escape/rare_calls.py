# mypy: ignore-errors
"""Makes the system calls that escapes are made of: io_uring, bpf, userfaultfd, keys, memfd, asynchronous contexts.

Expected: full
"""

import ctypes

libc = ctypes.CDLL(None)
names = {"io_uring_setup": 425, "bpf": 321, "userfaultfd": 323, "memfd_create": 319, "add_key": 248, "keyctl": 250,
         "perf_event_open": 298, "shmget": 29, "msgget": 68, "semget": 64, "mq_open": 240, "process_vm_writev": 311,
         "open_by_handle_at": 304, "kcmp": 312, "setsid": 112, "clone3": 435, "pidfd_getfd": 438, "unknown": 470,
         "io_setup": 206, "io_submit": 209}


def call(number):
    def act():
        if libc.syscall(number, 0, 0, 0, 0, 0, 0) < 0:
            raise PermissionError
    return act


import platform

acts = [call(number) for number in names.values()] if platform.machine() == "x86_64" else []

def double(x):
    return 2 * x if refused(*acts) else -1.0
