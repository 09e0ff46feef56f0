"""How an answer is made: what a request asks to be shown, and a template with the page's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from grader.messages.languages import spoken
from grader.messages.sentences import LANGUAGES, say
from grader.pages.templates import environment
from grader.review.labels import keys, labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from grader.model import Language
    from grader.review.reviewing import Reviewing
    from grader.review.security import Door

LANGUAGE_COOKIE = "review-language"
NAMES_COOKIE = "review-names"
HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a request asks to be shown: in which language, which students (`only`), and whether names are hidden."""

    language: Language
    languages: tuple[Language, ...]
    only: str = ""
    hides_names: bool = False
    address: str = "/"

    @property
    def query(self) -> str:
        """Return the filter as the end of an address."""
        return f"?{urlencode({'only': self.only})}" if self.only else ""


def seen_by(request: Request, languages: tuple[Language, ...], door: Door) -> Seen:
    """Return what a request asks to be shown; the language and hidden names are the browser's own, as cookies."""
    wanted = request.cookies.get(LANGUAGE_COOKIE, "")
    language = next((one for one in LANGUAGES if one == wanted), door.language)
    query = request.url.query
    return Seen(
        spoken(languages, language),
        languages,
        only=request.query_params.get("only", ""),
        hides_names=request.cookies.get(NAMES_COOKIE) == HIDDEN,
        address=request.url.path + (f"?{query}" if query else ""),
    )


def fragment(template: str, seen: Seen, **values: Any) -> str:  # noqa: ANN401 (whatever a template shows)
    """Return HTML of a template."""
    language = seen.language
    made = environment("grader.review").get_template(template)
    return made.render(t=labels(language), language=language, query=seen.query, **_names(language), **values)


def page(template: str, seen: Seen, reviewing: Reviewing, door: Door, **values: Any) -> HTMLResponse:  # noqa: ANN401 (same)
    """Return a whole page."""
    frame = {
        "languages": seen.languages,
        "lab_title": reviewing.newest.title.text.in_language(seen.language),
        "forgery_token": door.forgery_token,
        "hides_names": seen.hides_names,
        "here": seen.address,
        "keys": keys(seen.language),
    }
    return html(fragment(template, seen, **frame, **values))


def html(content: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """Return an answer that no browser keeps."""
    return HTMLResponse(content, status_code=status, headers={"cache-control": "no-store", **(headers or {})})


def _names(language: Language) -> dict[str, Any]:
    """Return how templates name what has no name of its own."""

    def cell_name(place: int, kind: str) -> str:
        kinds = {"code": say("code cell {place}", place=place), "markdown": say("text cell {place}", place=place)}
        return kinds.get(kind, say("raw cell {place}", place=place)).in_language(language)

    def picture_name(place: int, number: int) -> str:
        return say("saved picture {number} of cell {place}", number=number, place=place).in_language(language)

    return {"cell_name": cell_name, "picture_name": picture_name}
