# mypy: ignore-errors
"""Leaves with status 0 in the middle of the notebook.

Expected: full
"""

def double(x):
    return 2 * x

# %%
import os

os._exit(0)
