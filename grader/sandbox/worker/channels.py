"""The client's ends of a kernel's channels: whatever a kernel sends, only valid messages come out.

The stock client raises ValueError, KeyError or RecursionError in its reader, and its queues have no bound in bytes.
Here an invalid message is dropped, and both invalid messages and all bytes are counted.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from queue import Empty
from time import monotonic
from typing import TYPE_CHECKING, Any

import zmq
import zmq.asyncio
from jupyter_client.channels import AsyncZMQSocketChannel

if TYPE_CHECKING:
    from jupyter_client.asynchronous.client import AsyncKernelClient

LARGEST_REPLY_BYTES = 14 * 2**20
"""The largest answer is an array of `values.LARGEST_ARRAY_BYTES`, in base64."""
LARGEST_OUTPUT_BYTES = 8 * 2**20
"""A figure of a notebook is rarely a tenth of that. Where a message is larger, libzmq cuts the connection."""
MOST_WAITING_REPLIES = 2
LONGEST_SIGNATURE = 128
MOST_WAITING_OUTPUTS = 3


@dataclass
class Tally:
    """What came from a kernel: bytes, since a cell or a call began; invalid messages; connections that were cut.

    `memory_mib` is the most memory that it was seen to use.
    """

    bytes: int = 0
    malformed: int = 0
    memory_mib: int = 0
    monitors: tuple[zmq.asyncio.Socket, ...] = ()

    def is_cut(self) -> bool:
        """Say whether a connection was cut: the kernel has sent a message that is too large, or has ended."""
        monitors = (monitor for monitor in self.monitors if not monitor.closed)
        return any(int(monitor.get(zmq.EVENTS)) & int(zmq.POLLIN) for monitor in monitors)

    def close(self) -> None:
        """Close the monitors."""
        for monitor in self.monitors:
            monitor.close(linger=0)


class Channel(AsyncZMQSocketChannel):
    """Gives valid messages and nothing else."""

    tally: Tally

    async def get_msg(  # type: ignore[override]  # as jupyter_client's own asynchronous channel
        self,
        timeout: float | None = None,  # noqa: ASYNC109 (jupyter_client's parameter)
    ) -> dict[str, Any]:
        """Return the next message; raise Empty when none comes within `timeout` seconds."""
        deadline = None if timeout is None else monotonic() + timeout
        while True:
            left = None if deadline is None else max(0.0, deadline - monotonic())
            if not await self.socket.poll(None if left is None else int(left * 1000)):
                raise Empty
            message = self._read(await self.socket.recv_multipart())
            await asyncio.sleep(0)  # else a flood would keep the watchdog and the time limits from running
            if message is not None:
                return message
            if deadline is not None and monotonic() >= deadline:
                raise Empty

    def _read(self, frames: list[bytes]) -> dict[str, Any] | None:
        self.tally.bytes += sum(map(len, frames))
        message = read_message(self.session, frames)
        if message is None:
            self.tally.malformed += 1
        return message


def read_message(session: Any, frames: list[bytes]) -> dict[str, Any] | None:  # noqa: ANN401 (jupyter_client's, untyped)
    """Return a message of the form that its readers rely on, else None. Raises nothing, whatever the frames are."""
    try:
        _, parts = session.feed_identities(frames)
        if len(parts[0]) > LONGEST_SIGNATURE:  # the session keeps them all
            return None
        message: dict[str, Any] = session.deserialize(parts)
    except Exception:  # noqa: BLE001 (json, zmq and jupyter_client each have their own; RecursionError too)
        return None
    parts_of_it = (message.get(name) for name in ("header", "parent_header", "content", "metadata"))
    if not all(isinstance(part, dict) for part in parts_of_it) or not isinstance(message.get("msg_type"), str):
        return None
    return message


def open_channels(client: AsyncKernelClient) -> Tally:
    """Open the shell and the output channel, each with a bound on the messages that wait in it."""
    tally = Tally()
    client.shell_channel_class = client.iopub_channel_class = Channel
    client.allow_stdin = False
    for name, largest, most in (
        ("shell_channel", LARGEST_REPLY_BYTES, MOST_WAITING_REPLIES),
        ("iopub_channel", LARGEST_OUTPUT_BYTES, MOST_WAITING_OUTPUTS),
    ):
        client.context.setsockopt(zmq.MAXMSGSIZE, largest)
        client.context.setsockopt(zmq.RCVHWM, most)
        channel = getattr(client, name)
        channel.tally = tally
        tally.monitors += (channel.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED),)
    client.start_channels(stdin=False, hb=False, control=False)
    return tally
