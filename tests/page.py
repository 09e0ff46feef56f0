"""An HTML page as its reader gets it: parsed as a browser would, and written down as an outline of what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import html5lib

if TYPE_CHECKING:
    from collections.abc import Iterator

INLINE = frozenset({"span", "code", "strong", "small"})
UNSAID = frozenset({"style", "script", "meta"})
MATTER = ("id", "role", "type", "name", "checked", "hidden", "disabled", "selected", "href", "for", "scope", "value")
"""The attributes that say something, in the order of an outline; those of accessibility and of data come after them."""


def parse(page: str, *, strict: bool = True) -> ET.Element:
    """Return the page's tree, no names with a namespace; a strict parser also raises for what a browser would mend."""
    root = html5lib.HTMLParser(strict=strict, namespaceHTMLElements=False).parse(page)
    assert isinstance(root, ET.Element)
    for element in elements(root):
        element.tag = element.tag.removeprefix("{http://www.w3.org/2000/svg}")
    return root


def elements(root: ET.Element) -> Iterator[ET.Element]:
    """Yield all elements, in the page's order, without comments."""
    return (element for element in root.iter() if isinstance(element.tag, str))


def text_of(element: ET.Element) -> str:
    """Return the text in an element, on one line."""
    return " ".join("".join(element.itertext()).split())


def tree(root: ET.Element) -> list[str]:
    """Return every element with the names of its attributes: what no text of a student may change."""
    return [f"{element.tag} {sorted(element.attrib)}" for element in elements(root)]


def outline(page: str) -> str:
    """Return what a page says: a line for each element, with the attributes that matter and the text of its own.

    Left out is how it looks: styles, scripts, classes, and where the parts of a picture lie.
    """
    return "\n".join(_lines(parse(page, strict=False), depth=0)) + "\n"


def _lines(element: ET.Element, depth: int) -> Iterator[str]:
    if element.tag in UNSAID:
        return
    yield " ".join(filter(None, ("  " * depth + element.tag, *_attributes(element), _said(element))))
    if element.tag != "svg":
        for child in element:
            yield from _blocks(child, depth + 1)


def _blocks(element: ET.Element, depth: int) -> Iterator[str]:
    """Yield the lines of the elements that are no part of a text, where an inline one may hold some."""
    if element.tag not in INLINE:
        yield from _lines(element, depth)
        return
    for child in element:
        yield from _blocks(child, depth)


def _attributes(element: ET.Element) -> Iterator[str]:
    more = sorted(name for name in element.attrib if name.startswith(("aria-", "data-")))
    for name in (*MATTER, *more):
        if name in element.attrib:
            value = element.attrib[name]
            yield f"{name}={value}" if value else name


def _said(element: ET.Element) -> str:
    if element.tag == "svg":
        return " ".join(filter(None, (text_of(one) for one in element.iter("text"))))
    return " ".join("".join(_texts(element)).split())


def _texts(element: ET.Element) -> Iterator[str]:
    """Yield the element's own text, Chinese and English apart, without what has a line of its own."""
    yield element.text or ""
    for child in element:
        if child.tag in INLINE:
            yield {"en": " | "}.get(child.get("class", ""), "")
            yield from _texts(child)
        yield child.tail or ""
