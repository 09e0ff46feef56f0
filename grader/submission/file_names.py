"""Whose an entry is that no platform has named: its stem, or what stands beside the lab's name where that is a number.

Two students may write the same number (of a section, of a year) beside their names; so nothing is cut off but the lab's
name, an ending, and words that say which copy it is.
"""

from __future__ import annotations

import re

NUMBER = re.compile(r"[A-Za-z]{0,3}\d{3,}[A-Za-z]?")
"""What a student's number looks like: s001, 41047001, B10901001."""
NOTEBOOK = re.compile(r"(?is)(?P<stem>.+?)\s*(?:\.ipynb)+(?:\.(?:txt|json|download))?(?: ?\(\d{1,3}\))?\s*")
"""Browsers and Windows put an ending, a number or a blank of their own behind a notebook's ending."""

_OTHER_ENDING = re.compile(r"(?is)(?P<stem>.+?)(?:\.(?:ipynb|tar|zip|pdf|docx?|py|html?))*\.[a-z0-9]{1,12}~?")
_BEGINS = r"(?<![^\s_-])"
_COPY = rf"(?:\(\d{{1,3}}\)|複製|的?副本|拷貝|{_BEGINS}(?:copy ?\d{{0,3}}|final|new|v\d{{1,2}}|ver\d{{1,2}}))"
_TASK = rf"(?:{_BEGINS}(?:hw ?\d{{0,2}}|homework|assignment|answers?|ans|submission)|作業|繳交)"
_WITHOUT_COPY = re.compile(rf"(?is)(?P<text>.*?)(?:[\s_-]*{_COPY})*[\s_-]*")
_NO_NAME = re.compile(rf"(?i)(?:[\s_-]*(?:{_COPY}|{_TASK}))*[\s_-]*")
BETWEEN_WORDS = re.compile(r"[\s_\-()（）]+")


def stem_of(name: str, *, is_folder: bool = False) -> str:
    """Return an entry's name without its endings, of which a browser may have added one: s001.ipynb.txt."""
    if (notebook := NOTEBOOK.fullmatch(name)) is not None:
        return notebook["stem"]
    other = None if is_folder else _OTHER_ENDING.fullmatch(name)
    return name if other is None else other["stem"]


def student_of(stem: str, lab: str) -> str:
    """Return the part of a stem that is the student's number, maybe with a name, where there is nothing else but it.

    `41047001` for `41047001_lab02`, `lab02-41047001 (1)` and `41047001 - Copy`; else the whole stem.
    """
    parts = re.split(rf"(?i)(?<![a-z0-9]){re.escape(lab)}(?![a-z0-9])", stem, maxsplit=1) if lab else [stem]
    if len(parts) == 1:
        alone = _without_copy(stem)
        return alone if NUMBER.fullmatch(alone) else stem
    for one, other in (parts, reversed(parts)):
        rest = _without_copy(one.strip(" _-"))
        if _NO_NAME.fullmatch(other) and _has_one_number(rest):
            return rest
    return stem


def _without_copy(text: str) -> str:
    """Return a text without the words at its end that say which copy it is."""
    found = _WITHOUT_COPY.fullmatch(text)
    return text if found is None else found["text"]


def _has_one_number(text: str) -> bool:
    return sum(NUMBER.fullmatch(word) is not None for word in BETWEEN_WORDS.split(text)) == 1
