# mypy: ignore-errors
"""Sends a signed message nested ten thousand deep, and one without a header.

Expected: full
"""

kernel = get_ipython().kernel
parent = kernel.get_parent("shell")

def signed(content, header=b"{}"):
    parts = [header, b"{}", b"{}", content]
    return [b"<IDS|MSG>", kernel.session.sign(parts), *parts]


for _ in range(3):
    kernel.iopub_socket.send_multipart(signed(b"[" * 10_000 + b"]" * 10_000))
    kernel.iopub_socket.send_multipart(signed(b'{"a":' * 10_000 + b"1" + b"}" * 10_000))
    kernel.iopub_socket.send_multipart(signed(b"{}", b'{"msg_type": 3}'))


def double(x):
    return 2 * x
