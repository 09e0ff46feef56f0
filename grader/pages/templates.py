"""How every file that is made from a template is made, and how a page's policy names its own style and script."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.messages.sentences import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.model import Language


@cache
def environment(
    package: str, *, is_html: bool = True, finalize: Callable[[object], object] | None = None
) -> Environment:
    """Return what compiles the templates/ of a package, once for all its pages.

    In HTML every value is escaped. `finalize` is what each value passes through before. An unknown name raises.
    """
    return Environment(
        loader=PackageLoader(package),
        autoescape=is_html,  # noqa: S701 (what is no HTML is a notebook, Python or YAML, for its author)
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def worded(languages: Sequence[Language]) -> dict[str, object]:
    """Return what a template in both languages needs to be in these alone.

    `zh` and `en` say whether a language is one of them, and `words(chinese, english, between)` joins what they keep.
    """

    def words(chinese: str, english: str, between: str = "") -> str:
        said = {"zh-TW": chinese, "en": english}
        return between.join(dict.fromkeys(said[language] for language in LANGUAGES if language in languages))

    return {"zh": "zh-TW" in languages, "en": "en" in languages, "words": words}


def policy_hash(content: str) -> str:
    """Return what a Content-Security-Policy calls an inline script or style: its SHA-256, in base64."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
