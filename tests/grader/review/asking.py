"""Asks an ASGI application as a browser does, without a network: every header is exactly what a test says."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from grader.review.security import FORGERY_HEADER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import ASGIApp, Message

    from grader.review.security import Door


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the headers by their names in small letters, and the body as text."""

    status: int
    headers: Mapping[str, str]
    body: str


def ask(
    app: ASGIApp, method: str, path: str, headers: Mapping[str, str], form: Sequence[tuple[str, str]] | None = None
) -> Answer:
    """Return the answer to one request; in a thread of its own, for a browser that is driven has this one's loop."""
    asked = _ask(app, method, path, headers=headers, body=urlencode(form or ()).encode())
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asked).result()


async def _ask(app: ASGIApp, method: str, path: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
    place, _, query = path.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": place,
        "raw_path": place.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = sent[0]
    content = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(
        start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, content.decode()
    )


class Reader:
    """A person at the page, without a browser: everything that a browser sends along, and what comes back."""

    def __init__(self, app: ASGIApp, door: Door, cookies: str = "") -> None:
        self._app = app
        self._door = door
        self._cookies = f"{door.cookie}={door.session}; {cookies}".rstrip("; ")

    def get(self, path: str) -> Answer:
        """Ask for a page, and go on where it leads."""
        found = ask(self._app, "GET", path, self._headers())
        return self.get(found.headers["location"]) if found.status == 303 else found

    def place(self, path: str) -> str:
        """Return the address to which a page leads."""
        return ask(self._app, "GET", path, self._headers()).headers["location"]

    def post(self, path: str, *form: tuple[str, str]) -> Answer:
        """Send a change as a page of the server does."""
        own = {"origin": f"http://{self._headers()['host']}", FORGERY_HEADER: self._door.forgery_token}
        return ask(self._app, "POST", path, {**self._headers(), **own, "content-length": "1"}, form)

    def _headers(self) -> dict[str, str]:
        return {"host": f"{self._door.host}:{self._door.port}", "cookie": self._cookies}
