"""A student's Markdown as HTML that leads nowhere: links and pictures stand as text, and HTML is shown as it was typed.

A formula is an element with its TeX as text, which the page's script hands to KaTeX.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markupsafe import Markup
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

LONGEST_ADDRESS = 200
HEADINGS_BELOW = 2
"""A student's headings stand below the page's own."""


def markdown_html(source: str) -> Markup:
    """Return Markdown as HTML without a link, a picture, a style or an element of the student's own."""
    return Markup(_reader().render(source, {"addresses": []}))  # noqa: S704 (html is off; each rule below escapes)


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    reader.enable(["table", "strikethrough"])
    reader.use(dollarmath_plugin, allow_labels=False, renderer=_formula)
    reader.use(amsmath_plugin, renderer=lambda tex: _formula(tex, {"display_mode": True}))
    rules = {
        "link_open": _link_open,
        "link_close": _link_close,
        "image": _image,
        "heading_open": _heading,
        "heading_close": _heading,
        "th_open": _aligned,
        "td_open": _aligned,
    }
    for name, rule in rules.items():
        reader.add_render_rule(name, rule)
    return reader


def _formula(tex: str, options: dict[str, Any]) -> str:
    kind = "display" if options.get("display_mode") else "inline"
    return f'<span class="formula {kind}">{escapeHtml(tex.strip())}</span>'


def _link_open(_: RendererHTML, tokens: Sequence[Token], at: int, __: object, env: dict[str, Any]) -> str:
    env["addresses"].append(str(tokens[at].attrGet("href") or ""))
    return '<span class="link">'


def _link_close(_: RendererHTML, __: Sequence[Token], ___: int, ____: object, env: dict[str, Any]) -> str:
    return f"</span>{_address(env['addresses'].pop())}"


def _image(_: RendererHTML, tokens: Sequence[Token], at: int, __: object, ___: object) -> str:
    address = str(tokens[at].attrGet("src") or "")
    return f'<span class="link">{escapeHtml(tokens[at].content)}</span>{_address(address)}'


def _address(address: str) -> str:
    shown = address if len(address) <= LONGEST_ADDRESS else address[: LONGEST_ADDRESS - 1] + "…"
    return f' <span class="address">({escapeHtml(shown)})</span>'


def _heading(reader: RendererHTML, tokens: Sequence[Token], at: int, options: Any, __: object) -> str:  # noqa: ANN401 (markdown-it's)
    tokens[at].tag = f"h{min(6, int(tokens[at].tag[1:]) + HEADINGS_BELOW)}"
    return reader.renderToken(tokens, at, options, {})


def _aligned(reader: RendererHTML, tokens: Sequence[Token], at: int, options: Any, __: object) -> str:  # noqa: ANN401 (same)
    """Return a cell of a table, aligned by a class: the page's policy allows no style of an element's own."""
    style = tokens[at].attrs.pop("style", None)
    if isinstance(style, str):
        tokens[at].attrJoin("class", style.partition(":")[2])
    return reader.renderToken(tokens, at, options, {})
