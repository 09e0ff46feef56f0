# mypy: ignore-errors
"""Starts threads until none can be started.

Expected: zero
"""

import threading
import time


def double(x):
    while True:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
