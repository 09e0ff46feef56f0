# mypy: ignore-errors
"""Makes files until there are no more.

Expected: zero
"""

def double(x):
    number = 0
    while True:
        open(f"f{number}", "w").close()
        number += 1
