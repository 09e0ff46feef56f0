# mypy: ignore-errors
"""Looks through every object, frame and module of its process for the canary.

Expected: full
"""

import gc
import sys

word = "CANARY" + "-IN-THE-REFERENCE"


def attack():
    for frame in sys._current_frames().values():
        while frame is not None:
            if any(word in str(v)[:5000] for k, v in list(frame.f_locals.items()) if isinstance(v, (str, bytes))):
                return
            frame = frame.f_back
    if any(isinstance(o, str) and word in o and o is not word and len(o) < 500 and "o is not word" not in o for o in gc.get_objects()):
        return
    raise LookupError

def double(x):
    return 2 * x if refused(attack) else -1.0
