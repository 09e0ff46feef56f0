# mypy: ignore-errors
"""Reads what others handed in, beside the notebook and above it.

Expected: full
"""

import glob


def attack():
    found = [p for up in (".", "..", "../..", "../../..") for p in glob.glob(up + "/**/*.ipynb", recursive=True)]
    if not found:
        raise FileNotFoundError

def double(x):
    return 2 * x if refused(attack) else -1.0
