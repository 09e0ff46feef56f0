"""The frames of a kernel's sockets: ZMTP 3.0 as a client speaks it, with a bound on what it puts together.

libzmq bounds a frame and not a message of several: one that never ends fills the memory of whoever listens, and a
kernel can write what it likes into a connection that libzmq has made for it. So a worker reads the frames itself.
Source: https://rfc.zeromq.org/spec/23/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GREETING_BYTES = 64
GREETING = (b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL").ljust(GREETING_BYTES, b"\0")
NULL_MECHANISM = slice(12, 32)
FIRST, SIGNED, VERSION = 0, 9, 10
MORE, LONG, COMMAND = 1, 2, 4
SHORT_HEAD, LONG_HEAD = 2, 9
LONGEST_SHORT = 255
OF_A_FRAME = 100
"""What a frame costs in memory beside its bytes: many empty ones are a large message, too."""
MOST_COMMANDS = 20
"""A connection has one, at its beginning."""


class TooLargeError(Exception):
    """A message is larger than it may be; what has come of it is dropped."""


class NoFramesError(Exception):
    """What came is no frame."""


def hello(kind: bytes, identity: bytes = b"") -> bytes:
    """Return what a client says first, as a socket of this kind."""
    properties = b"".join(
        bytes([len(name)]) + name + len(value).to_bytes(4, "big") + value
        for name, value in ((b"Socket-Type", kind), (b"Identity", identity))
    )
    return GREETING + _frame(b"\x05READY" + properties, COMMAND)


def framed(parts: Sequence[bytes]) -> bytes:
    """Return a message of several parts as frames."""
    *first, last = parts
    return b"".join([*(_frame(part, MORE) for part in first), _frame(last, 0)])


def _frame(body: bytes, flags: int) -> bytes:
    if len(body) > LONGEST_SHORT:
        return bytes([flags | LONG]) + len(body).to_bytes(8, "big") + body
    return bytes([flags, len(body)]) + body


class Frames:
    """Puts messages together from bytes as they come, each of at most `largest` bytes."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._read = bytearray()
        self._is_greeted = False
        self._commands = 0
        self._parts: list[bytes] = []
        self._size = 0

    @property
    def is_ready(self) -> bool:
        """Say whether the other side has said hello: earlier it takes no message."""
        return self._commands > 0

    def feed(self, read: bytes) -> Iterator[list[bytes]]:
        """Yield each message that is complete; raise TooLargeError or NoFramesError, after which there are no more."""
        self._read += read
        while self._greeted() and (frame := self._next()):
            flags, body = frame
            if flags & COMMAND:
                self._commands += 1
                if self._commands > MOST_COMMANDS:
                    raise NoFramesError
                continue
            self._parts.append(body)
            self._size += len(body) + OF_A_FRAME
            if not flags & MORE:
                parts, self._parts, self._size = self._parts, [], 0
                yield parts

    def _greeted(self) -> bool:
        """Say whether the greeting has been read."""
        if not self._is_greeted and len(self._read) >= GREETING_BYTES:
            greeting = self._read[:GREETING_BYTES]
            is_one = (greeting[FIRST], greeting[SIGNED]) == (0xFF, 0x7F) and greeting[VERSION] >= GREETING[VERSION]
            if not is_one or greeting[NULL_MECHANISM] != GREETING[NULL_MECHANISM]:
                raise NoFramesError
            del self._read[:GREETING_BYTES]
            self._is_greeted = True
        return self._is_greeted

    def _next(self) -> tuple[int, bytes] | None:
        """Return the flags and the body of the next frame; None where it has not all come."""
        if not self._read:
            return None
        flags = self._read[0]
        if flags & ~(MORE | LONG | COMMAND):
            raise NoFramesError
        head = LONG_HEAD if flags & LONG else SHORT_HEAD
        if len(self._read) < head:
            return None
        size = int.from_bytes(self._read[1:head], "big")
        if self._size + size + OF_A_FRAME > self._largest:
            raise TooLargeError
        if len(self._read) < head + size:
            return None
        body = bytes(memoryview(self._read)[head : head + size])
        del self._read[: head + size]
        return flags, body
