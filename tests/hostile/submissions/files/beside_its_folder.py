# mypy: ignore-errors
"""Writes beside its own folder, where its sockets are, and lists what is above.

Expected: full
"""

import os

acts = [
    lambda: open("../wire/x", "w"),
    lambda: open("../x", "w"),
    lambda: os.mkdir("../wire/d"),
    lambda: os.rename("../wire/connection.json", "../wire/x"),
]

def double(x):
    return 2 * x if refused(*acts) else -1.0
