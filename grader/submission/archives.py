"""Unpacks a zip that somebody handed in, within bounds: no path leads out of the folder, and no link is made.

A zip without UTF-8's flag may have names of any system: of Windows in Taiwan (cp950), of macOS (UTF-8 without the
flag), of the West (CP437).
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import struct
import time
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

from grader.errors import SubmissionError
from grader.messages.sentences import clean, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.model import Text

MOST_MEMBERS = 20_000
MOST_BYTES = 2 * 2**30
"""Of all that a zip holds, unpacked."""
LARGEST_MEMBER = 512 * 2**20
LARGEST_RATIO = 200
RATIO_FROM_BYTES = 16 * 2**20
"""What is smaller may be packed as well as it likes: a file of zeros is no bomb."""
LARGEST_DIRECTORY = 16 * 2**20
"""Of a zip's list of what it holds, which is read whole."""
OF_SYSTEMS = frozenset(
    [
        *("__macosx", "icon\r"),  # macOS
        *("desktop.ini", "thumbs.db", "ehthumbs.db", "$recycle.bin", "system volume information"),  # Windows
        *("lost+found", "@eadir", "#recycle"),  # Linux, and a Synology disk station
        "__pycache__",
    ]
)
LONGEST_NAME = 240
DEEPEST = 20
PART_BYTES = 2**20

END, END_64 = b"PK\x05\x06", b"PK\x06\x07"
END_BYTES, LONGEST_COMMENT, END_64_BYTES = 22, 2**16, 20
UTF8_FLAG, LOCKED_FLAG = 0x800, 0x1
LATIN = re.compile(rb"(?<=[A-Za-z])[\x80-\xa5](?=[a-z])")
"""An accent of CP437 within a word."""
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    ValueError,
    struct.error,
    OSError,
)
"""What zipfile raises for damaged files, for kinds of packing that it does not know, and where the disk is full."""


def is_zip_name(name: str) -> bool:
    """Say whether a file is a zip, by its name."""
    return name.lower().endswith(".zip")


def no_entry(name: str) -> bool:
    """Say whether a file or folder is something that a system or an editor has left: nobody handed it in."""
    return name.startswith((".", "~$")) or name.casefold() in OF_SYSTEMS


def unpack(path: Path, folder: Path) -> tuple[tuple[str, Text], ...]:
    """Unpack a zip into a new folder; return what was left out of it, with the reason.

    Raises SubmissionError for a zip that is damaged, locked or too large.
    """
    try:
        with path.open("rb") as file:
            _refuse_long_list(path, file)
            with zipfile.ZipFile(file) as archive:
                return tuple(_Unpacking(path, folder, archive).all())
    except SubmissionError:
        raise
    except BROKEN as error:
        reason = clean(str(error)) or type(error).__name__
        raise SubmissionError(
            say("{file} cannot be unpacked ({reason}): hand in the notebook itself.", file=path, reason=reason)
        ) from error


class _Unpacking:
    def __init__(self, path: Path, folder: Path, archive: zipfile.ZipFile) -> None:
        self._path, self._folder, self._archive = path, folder, archive
        self._left = MOST_BYTES

    def all(self) -> Iterator[tuple[str, Text]]:
        members = self._archive.infolist()
        if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_BYTES:
            raise SubmissionError(_too_large(self._path))
        self._folder.mkdir(mode=0o700, exist_ok=True)
        for member, name in zip(members, _names(members), strict=True):
            parts = [part for part in name.replace("\\", "/").split("/") if part not in {"", "."}]
            if not parts or (".." not in parts and any(map(no_entry, parts))):
                continue
            if (because := _refused(member, name, parts)) is not None:
                yield clean(name), because
            else:
                self._take(member, self._folder.joinpath(*parts))

    def _take(self, member: zipfile.ZipInfo, place: Path) -> None:
        """Write a file; one that stands twice in the zip is the last one."""
        if member.is_dir():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            return
        if member.flag_bits & LOCKED_FLAG:
            text = say("{file} is locked with a password: hand in the notebook itself.", file=self._path)
            raise SubmissionError(text)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._archive.open(member) as packed, place.open("wb") as file:
            self._copy(member, packed, file)
        with contextlib.suppress(ValueError, OverflowError, OSError):  # a time that no calendar has
            moment = time.mktime((*member.date_time, 0, 0, -1))
            os.utime(place, (moment, moment))

    def _copy(self, member: zipfile.ZipInfo, packed: IO[bytes], file: IO[bytes]) -> None:
        """Copy a member, counting what really comes out of it."""
        written = 0
        allowed = max(RATIO_FROM_BYTES, LARGEST_RATIO * member.compress_size)
        while part := packed.read(PART_BYTES):
            written += len(part)
            self._left -= len(part)
            if written > min(allowed, LARGEST_MEMBER) or self._left < 0:
                raise SubmissionError(_too_large(self._path))
            file.write(part)


def _refused(member: zipfile.ZipInfo, name: str, parts: Sequence[str]) -> Text | None:
    """Return why a member of a zip is not unpacked, if it is not."""
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name) or "\0" in name:
        return say("its path leads out of the zip")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return say("it is a link or a device, not a file")
    if len(parts) > DEEPEST or any(len(os.fsencode(part)) > LONGEST_NAME for part in parts):
        return say("its path is too long")
    return None


def _too_large(path: Path) -> Text:
    return say("{file} holds more than is unpacked: hand in the notebook itself.", file=path)


def _names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return the names as their writer saw them: in one encoding, the first in which all of them can be read."""
    raw = [None if one.flag_bits & UTF8_FLAG else one.orig_filename.encode("cp437", "replace") for one in members]
    unflagged = [name for name in raw if name is not None]
    encoding = next((one for one in ("utf-8", "cp950", "cp437") if _readable(unflagged, one)), "cp437")
    return [
        one.orig_filename if name is None else name.decode(encoding, "replace")
        for one, name in zip(members, raw, strict=True)
    ]


def _readable(names: Sequence[bytes], encoding: str) -> bool:
    try:
        for name in names:
            name.decode(encoding)
    except UnicodeDecodeError:
        return False
    western = [name for name in names if not name.isascii()]
    return encoding != "cp950" or not all(LATIN.sub(b"", name).isascii() for name in western)


def _refuse_long_list(path: Path, file: IO[bytes]) -> None:
    if _directory_bytes(file) > LARGEST_DIRECTORY:
        raise SubmissionError(_too_large(path))


def _directory_bytes(file: IO[bytes]) -> int:
    """Return how many bytes a zip's list of its members has, before zipfile reads it: 0 where there is none."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - END_BYTES - LONGEST_COMMENT))
    tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_BYTES:
        file.seek(0)
        return 0
    listed = int(struct.unpack_from("<L", tail, at + 12)[0])
    locator = tail[max(0, at - END_64_BYTES) : at]
    if locator.startswith(END_64):
        file.seek(min(struct.unpack_from("<Q", locator, 8)[0] + 40, size))
        more = file.read(8)
        listed = int(struct.unpack("<Q", more)[0]) if len(more) == 8 else 0  # noqa: PLR2004
    file.seek(0)
    return listed
