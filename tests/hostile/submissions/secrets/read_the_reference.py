# mypy: ignore-errors
"""Looks for the reference on the disk, by its name and by walking.

Expected: full
"""

import os

found = []
for top in ("/", "..", "/tmp", "/home", "/root", "/work", "/srv", "/var"):
    try:
        for folder, names, files in os.walk(top):
            names[:] = [name for name in names if name not in {"proc", "sys", "site-packages"}][:50]
            found += [os.path.join(folder, file) for file in files if file == "target.py"]
            if len(found) > 3 or folder.count("/") > 6:
                names[:] = []
    except OSError:
        pass


def attack():
    if any("CANARY" in open(file).read() for file in found):
        return
    raise FileNotFoundError

def double(x):
    return 2 * x if refused(attack) else -1.0
