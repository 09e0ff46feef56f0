"""What a call writes into files of the current folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_FILES = 20
LARGEST_BYTES = 2**20


def file(call: Callable[[], object]) -> dict[str, str | bytes]:
    r"""Return the content of each file that a call makes or changes in the current folder, by its name.

    A file of UTF-8 is text, with "\n" at the end of each line, the last one too; another one is bytes. What the call
    has made is removed, so that the next one begins as this one did: a file that is written twice within one tick of
    the clock would look unchanged. Raises ValueError where there are more than MOST_FILES, or one is larger than
    LARGEST_BYTES.
    """
    folder = Path.cwd()
    before = _seen(folder)
    call()
    changed = [path for path, state in _seen(folder).items() if before.get(path) != state]
    if len(changed) > MOST_FILES or any(path.stat().st_size > LARGEST_BYTES for path in changed):
        message = f"more than {MOST_FILES} files were written, or one of more than {LARGEST_BYTES} bytes"
        raise ValueError(message)
    found = {path.relative_to(folder).as_posix(): _content(path) for path in sorted(changed)}
    for path in changed:
        if path not in before:
            path.unlink()
    return found


def _seen(folder: Path) -> dict[Path, tuple[int, int]]:
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in found}


def _content(path: Path) -> str | bytes:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return content
    return text if not text or text.endswith("\n") else f"{text}\n"
