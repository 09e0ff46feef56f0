# mypy: ignore-errors
"""Never comes back.

Expected: zero
"""

def double(x):
    while True:
        pass
