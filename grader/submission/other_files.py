"""Says what a file is that is no notebook: what people upload in a notebook's place, and what then helps.

It is asked only about files that could not be read as a notebook; nothing in them is unpacked, parsed or run.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from grader.messages.sentences import joined, quote, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.model import Text

BEGINNING = 2**16
"""How many bytes are looked at, where a kind of file is known by its beginning."""
LONGEST_LINK = 4096

_ARCHIVES = (
    ("zip", rb"PK(?:\x03\x04|\x05\x06)"),
    ("7z", rb"7z\xbc\xaf\x27\x1c"),
    ("rar", rb"Rar!\x1a\x07"),
    ("gzip", rb"\x1f\x8b"),
    ("xz", rb"\xfd7zXZ\x00"),
    ("bzip2", rb"BZh[1-9]"),
    ("tar", rb".{257}ustar"),
)
_OFFICE = re.compile(
    rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf|PK\x03\x04.{26}(?:\[Content_Types\]|mimetype)", re.DOTALL
)
_PDF = re.compile(rb"\s*%PDF-")
_PICTURE = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}WEBP|.{4}ftyp(?:hei|mif|avif)|BM.{4}\x00{4}|<svg\b", re.DOTALL
)
_PAGE = re.compile(
    rb"(?:<\?xml[^>]*+>|(?><!--.*?-->)|\s)*+<(?:!doctype|html|head|body|script|meta)\b", re.IGNORECASE | re.DOTALL
)
_LFS = re.compile(rb"version https://git-lfs\.github\.com/spec/")
_LINK = re.compile(
    rb"\s*<?https?://\S+\s*\Z|\[InternetShortcut\]|.*<key>URL</key>|\s*\{(?![^}]*\"cells\")[^}]*\"(?:url|doc_id)\"\s*:",
    re.DOTALL,
)
_CONFLICT = tuple(re.compile(rb"^%b(?: .*)?\r?$" % (mark * 7), re.MULTILINE) for mark in (b"<", b"=", b">"))
_PYTHON = re.compile(
    rb"^(?:#!.*python|# %%|import \w|from [\w.]+ import |(?:async )?def \w+ *\(|class \w+ *[:(]|print\(|\w+ *=(?!=))",
    re.MULTILINE,
)
_MARKS = (
    ("UTF-32", codecs.BOM_UTF32_LE),
    ("UTF-32", codecs.BOM_UTF32_BE),
    ("UTF-16", codecs.BOM_UTF16_LE),
    ("UTF-16", codecs.BOM_UTF16_BE),
    ("UTF-32", b"\x00\x00\x00{"),
    ("UTF-32", b"{\x00\x00\x00"),
    ("UTF-16", b"\x00{"),
    ("UTF-16", b"{\x00"),
)


def not_utf8(path: Path, content: bytes, byte: int) -> Text:
    """Return what a file is and what to do, where a byte of it is not UTF-8. `content` is the whole file."""
    return next(_kinds(path, content), None) or _other_bytes(path, content, byte)


def not_json(path: Path, content: bytes, place: int) -> Text:
    """Return what a text is and what to do, where it is no JSON from a place on."""
    known = next(_kinds(path, content), None)
    if known is not None:
        return known
    return _damaged(path, content, place) if content.lstrip()[:1] in {b"{", b"["} else _other_text(path, content)


def other_json(path: Path, content: bytes) -> Text:
    """Return what JSON is that has not the form of a notebook, and what to do."""
    another = say("{file} is no notebook: it is JSON, but not of a notebook's form.", file=path)
    return next(_kinds(path, content), None) or joined([another, _itself()], " ")


def _other_bytes(path: Path, content: bytes, byte: int) -> Text:
    if content.lstrip()[:1] == b"{":
        return say(
            "{file} is not UTF-8 text (byte {byte}), as a notebook has to be: open it in VS Code, choose Reopen with "
            "Encoding and one in which it can be read, such as Big5, then Save with Encoding UTF-8, and hand that in.",
            file=path,
            byte=byte,
        )
    problem = say("{file} is not UTF-8 text (byte {byte}), so it is no notebook.", file=path, byte=byte)
    return joined([problem, _itself()], " ")


def _other_text(path: Path, content: bytes) -> Text:
    if _PYTHON.search(content[:BEGINNING]):
        return say(
            "{file} is a Python script, not a notebook, whatever its name says: "
            "copy its code into the cells of the lab's notebook, save that and hand it in.",
            file=path,
        )
    return _not_a_notebook(path, say("plain text"))


def _damaged(path: Path, content: bytes, place: int) -> Text:
    if _is_cut_off(content, place):
        return say(
            "{file} breaks off on line {line}, its last one: not all of it was saved, copied or uploaded. "
            "Save the notebook again and hand that in.",
            file=path,
            line=content.rstrip().count(b"\n") + 1,
        )
    return say(
        "{file} is no notebook: line {line} is not valid JSON, so Jupyter cannot open it either. Take an earlier "
        "version: Jupyter keeps one in .ipynb_checkpoints beside it, Colab under File > Revision history.",
        file=path,
        line=content.count(b"\n", 0, place) + 1,
    )


def _is_cut_off(content: bytes, place: int) -> bool:
    """Say whether a text ends where more was to come; `place` is where it is no JSON any more."""
    is_open = content.count(b"{") > content.count(b"}")
    return not content[place:].strip() or (is_open and not content.rstrip().endswith(b"}"))


def _kinds(path: Path, content: bytes) -> Iterator[Text]:
    begins = content[:BEGINNING]
    yield from _binary(path, begins)
    if _LFS.match(begins):
        yield say(
            "{file} is a Git LFS pointer, which only stands in the notebook's place: "
            "run `git lfs pull` in its repository, and hand in the file that is there then.",
            file=path,
        )
    if (line := _line_of_conflict(content)) is not None:
        yield say(
            "{file} has the marks of a Git merge conflict (line {line}), so Jupyter cannot open it: take one of the "
            "two versions (`git checkout --ours {name}` or `--theirs`; if it is committed already: "
            "`git checkout COMMIT -- {name}` with an earlier commit), look at it in Jupyter, and hand that in.",
            file=path,
            name=quote(path.name),
            line=line,
        )
    if _PAGE.match(begins):
        yield _not_a_notebook(path, say("a web page (HTML)"))
    if len(content) <= LONGEST_LINK and _LINK.match(content):
        yield _not_a_notebook(path, say("only a link"))


def _line_of_conflict(content: bytes) -> int | None:
    """Return the line on which Git's marks of a conflict begin: `<<<<<<<`, `=======` and `>>>>>>>`, in this order."""
    begin, place = None, 0
    for mark in _CONFLICT:
        found = mark.search(content, place)
        if found is None:
            return None
        begin, place = found.start() if begin is None else begin, found.end()
    return content.count(b"\n", 0, begin) + 1


def _binary(path: Path, begins: bytes) -> Iterator[Text]:
    if begins and not begins.strip(b"\0"):
        yield say(
            "{file} holds nothing but zeros, as after a saving or copying that broke off: "
            "save the notebook again, or take an earlier version, and hand that in.",
            file=path,
        )
    for encoding, mark in _MARKS:
        if begins.startswith(mark):
            yield say(
                "{file} is text in {encoding}, and a notebook is UTF-8: open it in VS Code or Notepad, "
                "save it with the encoding UTF-8, and hand that in.",
                file=path,
                encoding=encoding,
            )
    if _OFFICE.match(begins):
        yield _not_a_notebook(path, say("an office document"))
    for kind, beginning in _ARCHIVES:
        if re.match(beginning, begins, re.DOTALL):
            yield say(
                "{file} is a packed file ({kind}), not a notebook: "
                "unpack it, and hand in the notebook in it (its name ends with .ipynb).",
                file=path,
                kind=kind,
            )
    if _PDF.match(begins):
        yield _not_a_notebook(path, say("a PDF file"))
    if _PICTURE.match(begins):
        yield _not_a_notebook(path, say("a picture"))


def _not_a_notebook(path: Path, what: Text) -> Text:
    return joined([say("{file} is {what}, not a notebook.", file=path, what=what), _itself()], " ")


def _itself() -> Text:
    """Return how a student gets at the notebook's own file."""
    return say(
        "Hand in the notebook's own file: in Jupyter File > Download, in Colab File > Download > Download .ipynb, "
        "in VS Code File > Save As."
    )
