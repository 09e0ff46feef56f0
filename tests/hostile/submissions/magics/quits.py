# mypy: ignore-errors
"""Quits by the notebook's own means.

Expected: full
"""

def double(x):
    return 2 * x

# %%
quit()

# %%
exit
