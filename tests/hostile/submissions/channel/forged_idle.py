# mypy: ignore-errors
"""Says that it is idle while it goes on.

Expected: full
"""

kernel = get_ipython().kernel
parent = kernel.get_parent("shell")

for _ in range(100):
    kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, parent)

# %%
def double(x):
    return 2 * x
