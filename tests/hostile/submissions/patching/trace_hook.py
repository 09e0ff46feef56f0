# mypy: ignore-errors
"""Sets a trace that rewrites what functions return.

Expected: zero
"""

import sys
import threading


def trace(frame, event, argument):
    if frame.f_code.co_name == "double":
        frame.f_locals["x"] = 0
    return trace


sys.settrace(trace)
threading.settrace(trace)
sys.setprofile(lambda *arguments: None)

def double(x):
    return x + 0.123
