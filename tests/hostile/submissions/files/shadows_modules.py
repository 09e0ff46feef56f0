# mypy: ignore-errors
"""Writes modules of the names of the library and of NumPy beside the notebook.

Expected: full
"""

for name in ("numpy", "json", "random", "zmq", "tornado", "ipykernel", "conftest", "sitecustomize", "usercustomize"):
    open(name + ".py", "w").write("raise SystemExit('shadowed')")


def double(x):
    return 2 * x
