"""The addresses of the page, and what answers at each. What is asked changes nothing; what is posted is an action.

Answers are made in threads: one waits for its database, and the others go on meanwhile.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from grader.errors import LabError, SaidError
from grader.messages.sentences import say
from grader.review import overview, reading_page
from grader.review.actions import NOT_KEPT, Form, answer_request, keep_override, keep_reading
from grader.review.again import again_editor, begin_again
from grader.review.cells import shown_cells
from grader.review.editors import alike_editor, items_editor
from grader.review.page import HIDDEN, LANGUAGE_COOKIE, NAMES_COOKIE, fragment, html, page, seen_by
from grader.review.reading_page import address_of, find_read
from grader.review.security import Guard

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from grader.model import Text
    from grader.review.again import Regrading
    from grader.review.page import Seen
    from grader.review.reading_page import Read
    from grader.review.reviewing import Reviewing
    from grader.review.security import Door
    from grader.workflow.log import Log

STATIC = Path(__file__).parent / "static"
MOST_COMMENTS = 30
YEAR = 365 * 24 * 3600


class Answers:
    """What answers at each address. It keeps nothing but a grading that is under way."""

    def __init__(self, reviewing: Reviewing, door: Door, log: Log, regrading: Regrading) -> None:
        self._reviewing = reviewing
        self._door = door
        self._log = log
        self._regrading = regrading

    def app(self) -> ASGIApp:
        """Return the application, with its guard in front of it."""
        asked = {
            "/": self._overview,
            "/read/{task}": self._begin,
            "/read/{task}/{key}": self._read,
            "/next/{task}/{key}": self._next,
            "/comments/{task}": self._comments,
            "/items/{task}/{key}": self._items,
            "/alike/{task}/{key}": self._alike,
            "/whole/{key}": self._whole,
            "/again/{task}/{key}": self._again,
        }
        posted = {
            "/read/{task}/{key}": self._keep,
            "/items/{task}/{key}": self._change_item,
            "/alike/{task}/{key}": self._give,
            "/override/{task}/{key}": self._override,
            "/answer/{key}": self._answer,
            "/again/{task}/{key}": self._begin_again,
            "/settings": self._settings,
        }
        routes = [Route(path, self._asking(answer), methods=["GET"]) for path, answer in asked.items()]
        routes += [Route(path, self._posting(answer), methods=["POST"]) for path, answer in posted.items()]
        static = Mount("/static", StaticFiles(directory=STATIC))
        return Guard(Starlette(routes=[*routes, static]), self._door)

    # What is asked ------------------------------------------------------------------------------------------------

    def _overview(self, now: Reviewing, request: Request, seen: Seen) -> Response:
        values = overview.page_values(now, seen, request.query_params.get("done", ""))
        return page("overview.html.jinja", seen, now, door=self._door, **values)

    def _begin(self, now: Reviewing, request: Request, seen: Seen) -> Response:
        """Lead to the first student of a question who is not read, else to the first."""
        task = request.path_params["task"]
        turns = now.turns(task, seen.only)
        first = turns.next_unread("") or next(iter(turns.chosen), None)
        if first is None:
            return self._said(now, say("Nobody is left by this filter: choose another one."), seen)
        return RedirectResponse(address_of(task, first) + seen.query, status_code=303)

    def _read(self, now: Reviewing, request: Request, seen: Seen) -> Response:
        read = self._found(now, request, seen)
        values = reading_page.page_values(now, read, seen)
        return page("read.html.jinja", seen, now, door=self._door, **values)

    def _next(self, now: Reviewing, request: Request, seen: Seen) -> Response:
        """Lead to the next student who is not read, or to all questions where nobody is left."""
        task = request.path_params["task"]
        key = now.turns(task, seen.only).next_unread(request.path_params["key"])
        place = f"/?{urlencode({'done': task})}" if key is None else address_of(task, key) + seen.query
        return RedirectResponse(place, status_code=303)

    def _comments(self, now: Reviewing, request: Request, seen: Seen) -> Response:
        words = request.query_params.get("words", "").casefold().split()
        every = now.book.comments(now.place.lab, request.path_params["task"])
        found = [one for one in every if all(word in one.casefold() for word in words)][:MOST_COMMENTS]
        return html(fragment("comments.html.jinja", seen, comments=found))

    def _items(self, now: Reviewing, request: Request, seen: Seen) -> Response:
        return html(items_editor(now, self._found(now, request, seen), seen))

    def _alike(self, now: Reviewing, request: Request, seen: Seen) -> Response:
        return html(alike_editor(now, self._found(now, request, seen), seen))

    def _whole(self, now: Reviewing, request: Request, seen: Seen) -> Response:
        student = self._student(now, request)
        notebook = now.book.handed_in(now.place.lab, student)
        cells = () if notebook is None else tuple(shown_cells(notebook))
        return html(fragment("whole.html.jinja", seen, cells=cells))

    def _again(self, now: Reviewing, request: Request, seen: Seen) -> Response:
        return html(again_editor(self._regrading, self._found(now, request, seen), seen))

    # What is posted -----------------------------------------------------------------------------------------------

    def _keep(self, now: Reviewing, request: Request, seen: Seen, form: Form) -> Response:
        return keep_reading(now, self._found(now, request, seen), form, seen=seen)

    def _change_item(self, now: Reviewing, request: Request, seen: Seen, form: Form) -> Response:
        return html(items_editor(now, self._found(now, request, seen), seen, form=form))

    def _give(self, now: Reviewing, request: Request, seen: Seen, form: Form) -> Response:
        return html(alike_editor(now, self._found(now, request, seen), seen, form=form))

    def _override(self, now: Reviewing, request: Request, seen: Seen, form: Form) -> Response:
        return keep_override(now, self._found(now, request, seen), form, seen=seen)

    def _answer(self, now: Reviewing, request: Request, seen: Seen, form: Form) -> Response:
        return answer_request(now, self._student(now, request), form, seen=seen)

    def _begin_again(self, now: Reviewing, request: Request, seen: Seen, form: Form) -> Response:
        return html(begin_again(self._regrading, self._found(now, request, seen), form, seen=seen))

    def _settings(self, _: Reviewing, __: Request, ___: Seen, form: Form) -> Response:
        """Remember in the browser which language is shown, and whether names are hidden."""
        answer = Response(status_code=204, headers={"hx-refresh": "true"})
        for name, cookie in (("language", LANGUAGE_COOKIE), ("names", NAMES_COOKIE)):
            if form.one(name) in {"zh-TW", "en", HIDDEN, "shown"}:
                answer.set_cookie(cookie, form.one(name), max_age=YEAR, samesite="strict", httponly=True)
        return answer

    # How --------------------------------------------------------------------------------------------------------

    def _found(self, now: Reviewing, request: Request, seen: Seen) -> Read:
        read = find_read(now, request.path_params["task"], request.path_params["key"], only=seen.only)
        if read is None:
            raise LabError(say("There is no such page: this question or this student is not in the lab any more."))
        return read

    def _student(self, now: Reviewing, request: Request) -> str:
        turn = now.turns("").at(request.path_params["key"])
        if turn is None:
            raise LabError(say("There is no such page: this question or this student is not in the lab any more."))
        return turn.student

    def _asking(
        self, answer: Callable[[Reviewing, Request, Seen], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(self._response, request, lambda now, seen: answer(now, request, seen))

        return endpoint

    def _posting(
        self, answer: Callable[[Reviewing, Request, Seen, Form], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            body = (await request.body()).decode("utf-8", "replace")
            form = Form(parse_qs(body, keep_blank_values=True))
            return await run_in_threadpool(self._response, request, lambda now, seen: answer(now, request, seen, form))

        return endpoint

    def _response(self, request: Request, answer: Callable[[Reviewing, Seen], Response]) -> Response:
        """Return an answer; where that fails, a sentence: a page, or a line in the place of what was to be changed."""
        now = self._reviewing.anew()
        seen = seen_by(request, now.languages, self._door)
        try:
            return answer(now, seen)
        except LabError as error:
            said: SaidError = error
        except Exception as error:  # noqa: BLE001 (logged, and told in a sentence)
            said = self._log.placed(self._log.failure(error, request.url.path))
        if request.method == "POST":
            message = said.text.in_language(seen.language)
            return html(fragment("refused.html.jinja", seen, message=message), headers=NOT_KEPT)
        return self._said(now, said.text, seen, status=404 if isinstance(said, LabError) else 500)

    def _said(self, now: Reviewing, text: Text, seen: Seen, *, status: int = 200) -> Response:
        shown = page(
            "said.html.jinja",
            seen,
            now,
            door=self._door,
            title=now.place.lab,
            message=text.in_language(seen.language),
        )
        shown.status_code = status
        return shown
