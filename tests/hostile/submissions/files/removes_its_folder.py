# mypy: ignore-errors
"""Removes its own folder while it works in it.

Expected: full
"""

import os
import shutil

here = os.getcwd()
shutil.rmtree(here, ignore_errors=True)


def double(x):
    return 2 * x
