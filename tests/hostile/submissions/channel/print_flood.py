# mypy: ignore-errors
"""Prints without end.

Expected: any
"""

def double(x):
    return 2 * x

# %%
while True:
    print("flood " * 2000)
