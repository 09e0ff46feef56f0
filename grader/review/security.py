"""What stands in front of every answer: only this computer's person comes in, and only from pages of ours.

The token in the first address is exchanged for a cookie that no script can read and no other site can send. The Host
must be the address that was bound (else a name of somebody's could be led here), a change must come from a page of
ours (Origin) and carry that page's token. The policy lets a page run our scripts alone, and ask only us.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import socket
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse

from grader.messages.sentences import say

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from grader.model import Language, Text

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
)
FORGERY_HEADER = "x-review-token"
LARGEST_BODY = 2**20
LONGEST_NUMBER = 9
"""In digits, of a number in a header."""
SAFE = frozenset({"GET", "HEAD"})
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 (it is recognised, not bound)
ENTERED = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/">'
    '<link rel="icon" href="data:,"><title>grade review</title></head><body></body></html>'
)
"""A page that leads on by itself: behind a redirect, a browser that comes from elsewhere would not send the cookie."""


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in: the host and port that are bound, and the token of this run; refusals are in a language."""

    host: str
    port: int
    language: Language = "en"
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def address(self) -> str:
        """Return the first address, which has the token."""
        host = "127.0.0.1" if self.host in ANYWHERE else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/?token={self.token}"

    @property
    def cookie(self) -> str:
        """Return the cookie's name: cookies do not know ports, and several servers may run at once."""
        return f"review-{self.port}"

    @property
    def session(self) -> str:
        """Return what the cookie holds."""
        return self._derived("cookie")

    @property
    def forgery_token(self) -> str:
        """Return what every change has to carry."""
        return self._derived("forgery")

    def is_host(self, host: str) -> bool:
        """Say whether a Host header names this server; where every address is bound, any address does, but no name."""
        name, port = _split(host)
        if port != self.port:
            return False
        if name in {self.host, f"[{self.host}]"} or name in LOOPBACK:
            return True
        return self.host in ANYWHERE and (_is_address(name) or name == socket.gethostname().lower())

    def _derived(self, purpose: str) -> str:
        return hmac.new(self.token.encode(), purpose.encode(), sha256).hexdigest()


class Guard:
    """An ASGI application in front of another one: it refuses, lets in, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # a web socket: nothing here has one
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = [(name.encode(), value.encode()) for name, value in HEADERS]
                message = {**message, "headers": [*message["headers"], *named]}
            await send(message)

        answer = self._answer(Request(scope))
        await (self._app if answer is None else answer)(scope, receive, send_guarded)

    def _answer(self, request: Request) -> Response | None:
        """Return a refusal, or the page that lets a browser in; None where the request goes on."""
        if not self._door.is_host(request.headers.get("host", "")):
            return self._refusal(say("This is not the address of this server: open the one that was printed."))
        given = request.query_params.get("token")
        if request.method == "GET" and request.url.path == "/" and given is not None:
            return self._entered(given)
        if not _same(request.cookies.get(self._door.cookie, ""), self._door.session):
            return self._refusal(say("Open the address that `grade review` has printed: its token lets you in."))
        return None if request.method in SAFE else self._changing(request)

    def _entered(self, given: str) -> Response:
        if not _same(given, self._door.token):
            return self._refusal(
                say("This token is of another run: open the address that `grade review` has printed last.")
            )
        page = HTMLResponse(ENTERED, headers={"cache-control": "no-store"})
        page.set_cookie(self._door.cookie, self._door.session, httponly=True, samesite="strict", path="/")
        return page

    def _changing(self, request: Request) -> Response | None:
        """Return the refusal of a change that does not come from a page of ours; None for one that does."""
        if request.method != "POST":
            return self._refusal(say("Only GET and POST are understood."), status=405)
        if request.headers.get("origin") != f"http://{request.headers.get('host')}":
            return self._refusal(say("This change does not come from a page of this server. Nothing was changed."))
        if not _same(request.headers.get(FORGERY_HEADER, ""), self._door.forgery_token):
            return self._refusal(
                say("This page is of another run of the server: load it anew. Nothing was changed."),
            )
        length = request.headers.get("content-length", "")
        if _number(length) is None or int(length) > LARGEST_BODY:
            return self._refusal(say("This is more than one change has. Nothing was changed."), status=413)
        return None

    def _refusal(self, because: Text, *, status: int = 403) -> Response:
        said = f"{because.in_language(self._door.language)}\n"
        return PlainTextResponse(said, status_code=status, headers={"cache-control": "no-store"})


def _same(given: str, wanted: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def _split(host: str) -> tuple[str, int | None]:
    """Return the name and the port of a Host header; port 80 has no number there."""
    name, colon, port = host.lower().rpartition(":")
    if not colon or host.endswith("]"):
        return host.lower(), 80
    return name, _number(port)


def _number(text: str) -> int | None:
    """Return a number as a header has it; None for all else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
