"""Pictures that a notebook has saved: PNG and JPEG alone, by their first bytes, of a size that a browser can show."""

from __future__ import annotations

import base64
import binascii
import struct

LARGEST_BYTES = 4 * 2**20
MOST_PIXELS = 40_000_000
"""A picture of one colour takes a few bytes in its file and four for each pixel in a browser."""
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The marks of a JPEG's segments that say how large it is (ITU T.81, table B.1)."""


def picture_address(text: str) -> str | None:
    """Return a picture in base64 as an address that holds all of it, `data:image/png;base64,…`; None for all else."""
    if len(text) > LARGEST_BYTES * 3 // 2:
        return None
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    kind, pixels = _size(content)
    if kind is None or not 0 < pixels <= MOST_PIXELS or len(content) > LARGEST_BYTES:
        return None
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _size(content: bytes) -> tuple[str | None, int]:
    """Return what kind of picture it is, and how many pixels it has."""
    if content.startswith(PNG) and content[12:16] == b"IHDR" and len(content) >= 24:  # noqa: PLR2004 (PNG's header)
        width, height = struct.unpack(">II", content[16:24])
        return "png", width * height
    if content.startswith(JPEG):
        return "jpeg", _jpeg_pixels(content)
    return None, 0


def _jpeg_pixels(content: bytes) -> int:
    """Return the pixels that the frame of a JPEG says; 0 where there is none."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 (what each segment begins with)
        mark, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if mark in FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return int(height * width)
        at += 2 + length
    return 0
