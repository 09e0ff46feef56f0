# mypy: ignore-errors
"""Asks whether files and processes exist that it may not read.

Expected: strong
"""

import os

acts = [
    lambda: os.stat("/etc/passwd"),
    lambda: os.stat("/etc/hostname"),
    lambda: os.stat("/bin/sh"),
    lambda: os.stat("../forbidden/canary"),
]

def double(x):
    return 2 * x if refused(*acts) else -1.0
