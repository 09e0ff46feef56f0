# mypy: ignore-errors
"""Starts threads whose stacks are so small that no limit on memory ends them.

Expected: zero
"""

import threading
import time


def double(x):
    threading.stack_size(32768)
    stop = threading.Event()
    for _ in range(6000):
        threading.Thread(target=stop.wait, daemon=True).start()
    time.sleep(1)
    return 2 * x
