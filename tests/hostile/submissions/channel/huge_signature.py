# mypy: ignore-errors
"""Sends messages whose signature has four megabytes.

Expected: any
"""

kernel = get_ipython().kernel
parent = kernel.get_parent("shell")

for number in range(12):
    kernel.iopub_socket.send_multipart([b"<IDS|MSG>", bytes([number]) * 4_000_000, b"{}", b"{}", b"{}", b"{}"])


def double(x):
    return 2 * x
