# mypy: ignore-errors
"""Replies to its own cell, and to a question that it has not answered yet.

Expected: zero
"""

kernel = get_ipython().kernel
parent = kernel.get_parent("shell")

stream = kernel.shell_streams[0] if getattr(kernel, "shell_streams", None) else kernel.shell_stream
right = {"status": "ok", "observation": {"not_attempted": {}}}
kernel.session.send(stream, "execute_reply", {"status": "ok", "execution_count": 1}, parent, ident=kernel._parent_ident.get("shell") if hasattr(kernel, "_parent_ident") else None)


def double(x):
    return x + 0.123
