"""What a student wrote, as it stands in a page: nothing of it runs, leads anywhere, or is asked of anybody."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from grader.review.cells import LONGEST_SOURCE, shown_cells, source_html
from grader.review.pictures import picture_address
from grader.submission.saved_notebook import SavedCell, SavedNotebook, SavedOutput
from tests.grader.conftest import CORPUS, HOSTILE
from tests.page import elements, parse, text_of

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

ALLOWED = {
    *(
        "html",
        "head",
        "body",
        "pre",
        "span",
        "p",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "em",
        "strong",
        "s",
        "code",
    ),
    *("div", "blockquote", "hr", "br", "table", "thead", "tbody", "tr", "th", "td"),
}
MARKDOWN = {
    "link": "[click](https://evil.example/x)",
    "script link": "[click](javascript:alert(1))",
    "data link": "[click](data:text/html,<script>alert(1)</script>)",
    "automatic link": "<https://evil.example> and https://evil.example",
    "reference": "[click][1]\n\n[1]: https://evil.example 'title\" onmouseover=alert(1)'",
    "picture": "![alt](https://evil.example/x.png)",
    "picture in a link": "[![alt](https://evil.example/x.png)](https://evil.example)",
    "html": "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n<b onclick=alert(1)>bold</b>",
    "html block": "<div>\n<style>body{display:none}</style>\n</div>",
    "svg": "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "math": "$<script>alert(1)</script>$ and $$\\href{javascript:alert(1)}{x}$$",
    "amsmath": "\\begin{align}<img src=x onerror=alert(1)>\\end{align}",
    "fence": '```"><script>alert(1)</script>\n</code></pre><script>alert(1)</script>\n```',
    "table": "| a | <b>b</b> |\n|:-:|--:|\n| `x` | <script>y</script> |",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#x3c;img src=x&#x3e;",
    "comment": "<!-- --><script>alert(1)</script><![CDATA[ x ]]>",
    "attributes": '**bold**{onclick="alert(1)"} <a href="x" hx-get="/evil" data-hx-post="/x">x</a>',
    "htmx": '<div hx-get="/again" hx-trigger="load"></div>',
}


def png(width: int, height: int) -> str:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10)
    return base64.b64encode(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    ).decode()


def jpeg(width: int, height: int) -> str:
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    return base64.b64encode(b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0" + frame + b"\xff\xd9").decode()


def tree_of(kind: str, source: str) -> ET.Element:
    return parse(f"<!DOCTYPE html>{source_html(kind, source)}", strict=False)


@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
@pytest.mark.parametrize("name", [*CORPUS, *MARKDOWN, "all"])
def test_only_harmless_elements_come_of_any_text(kind: str, name: str) -> None:
    source = {**CORPUS, **MARKDOWN, "all": HOSTILE}[name]
    for element in elements(tree_of(kind, source)):
        assert element.tag in ALLOWED, element.tag
        assert set(element.attrib) <= {"class", "start"}, element.attrib
        assert all(re.fullmatch(r"[\w\- +.#]*", value) or element.tag == "code" for value in element.attrib.values())


def test_a_link_stands_as_its_text_and_its_address() -> None:
    assert text_of(tree_of("markdown", MARKDOWN["link"])) == "click (https://evil.example/x)"
    assert text_of(tree_of("markdown", MARKDOWN["picture"])) == "alt (https://evil.example/x.png)"


def test_html_is_shown_as_it_was_typed() -> None:
    assert "<script>alert(1)</script>" in text_of(tree_of("markdown", MARKDOWN["html"]))


def test_markdown_keeps_what_it_means() -> None:
    root = tree_of(
        "markdown", "# Answer\n\n- **one**\n- $x^2$\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```python\nx = 1\n```"
    )
    tags = {element.tag for element in elements(root)}
    assert {"h3", "li", "strong", "table", "th", "pre"} <= tags
    assert [text_of(one) for one in root.iter("span") if "formula" in (one.get("class") or "")] == ["x^2"]
    assert [one.get("class") for one in root.iter("td")] == [None, "right"]


@pytest.mark.parametrize("tex", [r"\frac{1}{2}", "a < b > c & d", r"\text{<script>}", "x_{1}*y*"])
def test_a_formula_is_its_tex_word_for_word(tex: str) -> None:
    for source in (f"${tex}$", f"$$\n{tex}\n$$"):
        [found] = [one for one in tree_of("markdown", source).iter("span") if "formula" in (one.get("class") or "")]
        assert "".join(found.itertext()).strip() == tex


def test_code_is_coloured_and_stays_word_for_word() -> None:
    source = 'def f(x):\n    """Say."""\n    return x < 1 and "<b>"  # &amp;\n\n\n!pip install x\n%%time'
    root = tree_of("code", source)
    [shown] = root.iter("pre")
    assert "".join(shown.itertext()) == source
    assert {"k-k", "k-c1"} <= {one.get("class") for one in root.iter("span")}


def test_what_nobody_sees_is_marked_in_code_and_taken_out_of_outputs() -> None:
    assert text_of(tree_of("code", "x = 1 \u202e# \u200b")) == "x = 1 �# �"
    [cell] = shown_cells(notebook(SavedOutput("text", "\x1b[31mred\x1b[0m \u202e10%\r50%\r100%\nend")))
    assert cell.outputs[0].text == "100%\nend"


def test_a_long_cell_is_shown_in_part_and_quickly_and_that_is_said() -> None:
    for kind in ("code", "markdown", "raw"):
        [cell] = shown_cells(SavedNotebook("c", (SavedCell(kind, "[" * 300_000),)))
        assert len(cell.html) < 2 * LONGEST_SOURCE
        assert cell.left is not None
        assert "280000" in cell.left.en


@pytest.mark.parametrize(
    "source", ["[" * 19_000, "*_" * 9_000, "> " * 9_000, "$" * 19_000, "`" * 19_000, "((((" * 4_000]
)
def test_a_text_that_is_hard_to_read_is_read_all_the_same(source: str) -> None:
    for kind in ("code", "markdown"):
        assert source_html(kind, source)


def notebook(*outputs: SavedOutput) -> SavedNotebook:
    return SavedNotebook("c", (SavedCell("code", "x", outputs=outputs),))


def test_pictures_are_png_and_jpeg_by_their_own_bytes() -> None:
    for text, kind in ((png(8, 8), "png"), (jpeg(8, 8), "jpeg")):
        [cell] = shown_cells(notebook(SavedOutput("png", text)))
        assert cell.outputs[0].picture == f"data:image/{kind};base64,{text}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no base64!",
        base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>").decode(),
        base64.b64encode(b"GIF89a" + b"\0" * 40).decode(),
        base64.b64encode(b"\x89PNG\r\n\x1a\n<script>alert(1)</script>").decode(),
        base64.b64encode(b"\xff\xd8\xff<script>").decode(),
        png(60_000, 60_000),
        jpeg(60_000, 60_000),
        png(0, 5),
        png(8, 8) + '" onload="alert(1)',
    ],
)
def test_all_else_is_no_picture(text: str) -> None:
    assert picture_address(text) is None
    [cell] = shown_cells(notebook(SavedOutput("png", text)))
    assert cell.outputs[0].picture is None
    assert cell.outputs[0].hidden is not None


def test_an_output_of_another_kind_is_named_and_not_shown() -> None:
    [cell] = shown_cells(notebook(SavedOutput("nothing", left_out="text/html, <script>")))
    assert cell.outputs[0].hidden is not None
    assert "text/html" in cell.outputs[0].hidden.en


def test_cells_that_are_not_there_are_left_out() -> None:
    cells = (SavedCell("markdown", "one"), SavedCell("code", "  "), SavedCell("code", "three"))
    assert [cell.place for cell in shown_cells(SavedNotebook("c", cells), (2, 9, -1, 1))] == [2]
    assert [cell.place for cell in shown_cells(SavedNotebook("c", cells))] == [0, 2]
