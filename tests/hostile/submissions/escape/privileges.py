# mypy: ignore-errors
"""Looks whether it has any right of an administrator, in whatever namespace.

Expected: full
"""

import os


def attack():
    rights = [line.split()[1] for line in open("/proc/self/status") if line.startswith(("CapEff", "CapPrm", "CapBnd"))]
    if not any(right.strip("0") for right in rights[:2]):
        raise PermissionError

def double(x):
    return 2 * x if refused(attack) else -1.0
