# mypy: ignore-errors
"""Opens files until none can be opened.

Expected: zero
"""

def double(x):
    files = []
    while True:
        files.append(open("/dev/null"))
