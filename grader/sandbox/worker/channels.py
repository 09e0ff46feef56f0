"""The client's ends of a kernel's channels: whatever a kernel sends, only valid messages come out.

The stock client raises ValueError, KeyError or RecursionError in its reader, and nothing bounds what waits in it. Here
an invalid message is dropped, both invalid messages and all bytes are counted, and a message is put together only as
far as it may be large. While one waits nothing more is read: then the system lets the kernel wait.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass
from queue import Empty
from time import monotonic
from typing import TYPE_CHECKING, Any

from grader.sandbox.worker.frames import Frames, NoFramesError, TooLargeError, framed, hello
from grader.wire.json_text import has_more_tokens_than

if TYPE_CHECKING:
    from jupyter_client.asynchronous.client import AsyncKernelClient

LARGEST_REPLY_BYTES = 14 * 2**20
"""The largest answer is an array of `values.LARGEST_ARRAY_BYTES`, in base64."""
LARGEST_OUTPUT_BYTES = 8 * 2**20
"""A figure of a notebook is rarely a tenth of that. Where a message is larger, the connection is cut."""
LARGEST_STATUS_BYTES = 2**16
"""What is larger on the output channel is no status, and only its bytes are counted."""
MOST_TOKENS = 200_000
"""In one message. The answers to all questions of a message have some thousand; an array is one text."""
LONGEST_SIGNATURE = 128
SUBSCRIBE = b"\x01"
"""To everything."""
CONNECT_SECONDS = 0.005


@dataclass
class Tally:
    """What came from a kernel: bytes, since a cell or a call began; invalid messages; how its connections ended.

    `memory_mib` is the most memory that it was seen to use.
    """

    bytes: int = 0
    malformed: int = 0
    memory_mib: int = 0
    is_cut: bool = False
    """It has sent a message that is too large."""
    is_garbled: bool = False
    """It has sent what is no message, not even an invalid one."""
    is_lost: bool = False
    """It has closed a connection, or has ended."""


class Connection(asyncio.Protocol):
    """A connection to one of a kernel's sockets: parts of messages in, parts of messages out."""

    def __init__(self, first: bytes, largest: int, tally: Tally) -> None:
        self._first = first
        self._to_send = bytearray()
        self._frames = Frames(largest)
        self._tally = tally
        self._waiting: deque[list[bytes]] = deque()
        self._news = asyncio.Event()
        self._transport: Any = None  # asyncio's, of whatever kind of socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say hello."""
        self._transport = transport
        self._transport.write(self._first)

    def data_received(self, data: bytes) -> None:
        """Keep the messages that are complete, and read no more until they are taken."""
        try:
            self._waiting.extend(self._frames.feed(data))
            self._flush()
        except TooLargeError:
            self._tally.is_cut = True
            self.close()
        except NoFramesError:
            self._tally.is_garbled = True
            self.close()
        if self._waiting:
            self._news.set()
            self._transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio's signature)
        """Note that nothing more comes."""
        self._tally.is_lost = True

    def send(self, parts: list[bytes]) -> None:
        """Send a message, or have it sent as soon as the kernel takes one."""
        self._to_send += framed(parts)
        self._flush()

    def _flush(self) -> None:
        if self._frames.is_ready and self._to_send:
            self._transport.write(bytes(self._to_send))
            self._to_send.clear()

    async def receive(self, timeout: float | None) -> list[bytes]:  # noqa: ASYNC109 (of queue.Queue's form)
        """Return the parts of the next message; raise Empty where none comes within `timeout` seconds."""
        if not self._waiting:
            await asyncio.sleep(0)  # what has come already is read then
        try:
            async with asyncio.timeout(timeout):
                while not self._waiting:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise Empty from None
        parts = self._waiting.popleft()
        if not self._waiting and not self._transport.is_closing():
            self._transport.resume_reading()
        return parts

    def close(self) -> None:
        """Close it at once."""
        if self._transport is not None:
            self._transport.abort()


class Channel:
    """A channel as jupyter_client and nbclient use one; it gives valid messages and nothing else."""

    def __init__(self, session: Any, connection: Connection, largest: int, tally: Tally) -> None:  # noqa: ANN401 (jupyter_client's, untyped)
        self._session = session
        self._connection = connection
        self._largest = largest
        self._tally = tally

    def send(self, msg: dict[str, Any]) -> None:
        """Send a message."""
        self._connection.send([bytes(part) for part in self._session.serialize(msg)])

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # noqa: ASYNC109 (jupyter_client's parameter)
        """Return the next message; raise Empty when none comes within `timeout` seconds."""
        deadline = None if timeout is None else monotonic() + timeout
        while True:
            found = self._read(await self._connection.receive(None if deadline is None else deadline - monotonic()))
            await asyncio.sleep(0)  # else a flood would keep the watchdog and the time limits from running
            if found is not None:
                return found
            if deadline is not None and monotonic() >= deadline:
                raise Empty

    def _read(self, frames: list[bytes]) -> dict[str, Any] | None:
        size = sum(map(len, frames))
        self._tally.bytes += size
        if size > self._largest:
            return None
        found = read_message(self._session, frames)
        if found is None:
            self._tally.malformed += 1
        return found


def read_message(session: Any, frames: list[bytes]) -> dict[str, Any] | None:  # noqa: ANN401 (jupyter_client's, untyped)
    """Return a message of the form that its readers rely on, else None. Raises nothing, whatever the frames are."""
    if any(has_more_tokens_than(MOST_TOKENS, frame) for frame in frames):
        return None
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


class Channels:
    """The shell and the output channel of a kernel: they are connected as soon as the kernel listens."""

    def __init__(self, client: AsyncKernelClient) -> None:
        self.tally = Tally()
        client.allow_stdin = False
        self._connections = (
            Connection(hello(b"DEALER", client.session.bsession), LARGEST_REPLY_BYTES, self.tally),
            Connection(hello(b"SUB"), LARGEST_OUTPUT_BYTES, self.tally),
        )
        self._connections[1].send([SUBSCRIBE])
        largest = (LARGEST_REPLY_BYTES, LARGEST_STATUS_BYTES)
        channels = [
            Channel(client.session, one, most, tally=self.tally)
            for one, most in zip(self._connections, largest, strict=True)
        ]
        client._shell_channel, client._iopub_channel = channels  # noqa: SLF001 (where it keeps them, once they are made)
        places = zip((client.shell_port, client.iopub_port), self._connections, strict=True)
        self._connecting = [asyncio.ensure_future(_connect(client, port, one)) for port, one in places]

    def close(self) -> None:
        """Close both."""
        for connecting in self._connecting:
            connecting.cancel()
        for connection in self._connections:
            connection.close()


async def _connect(client: AsyncKernelClient, port: int, connection: Connection) -> None:
    """Connect as soon as the kernel listens; it is given up with the kernel."""
    loop = asyncio.get_running_loop()
    while True:
        with contextlib.suppress(OSError):
            if client.transport == "ipc":
                await loop.create_unix_connection(lambda: connection, f"{client.ip}-{port}")
            else:
                await loop.create_connection(lambda: connection, client.ip, port)
            return
        await asyncio.sleep(CONNECT_SECONDS)
