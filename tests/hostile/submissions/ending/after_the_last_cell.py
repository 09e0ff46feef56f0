# mypy: ignore-errors
"""Registers work for the time after: exit handlers, finalisers and a thread that waits.

Expected: full
"""

import atexit
import threading
import time


def later():
    open("/tmp/hostile-was-here", "w").write("late")


class Last:
    def __del__(self):
        later()


last = Last()
atexit.register(later)


def wait():
    while True:
        time.sleep(0.01)
        try:
            later()
        except OSError:
            pass


threading.Thread(target=wait, daemon=False).start()


def double(x):
    return 2 * x
