"""Starts the server: binds an address of this computer, says which, and opens a browser there."""

from __future__ import annotations

import socket
import webbrowser
from typing import TYPE_CHECKING

import uvicorn

from grader.errors import LabError
from grader.messages.sentences import say
from grader.review.again import Regrading
from grader.review.app import Answers
from grader.review.security import Door
from grader.workflow.log import Log

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.model import Language
    from grader.review.reviewing import Reviewing

WAITING = 128
SECONDS_TO_END = 2
"""How long an answer may take that is under way when the server ends."""


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to an address, with port 0 to a free one; raise LabError where that is refused."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=WAITING)
    except OSError as error:
        raise LabError(
            say(
                "{host}, port {port}, cannot be used: {reason}. Name another one with --port, or leave it out.",
                host=host,
                port=port,
                reason=error.strerror or str(error),
            )
        ) from error


def serve(
    reviewing: Reviewing, listening: socket.socket, *, host: str, language: Language, told: Callable[[str], None]
) -> None:
    """Answer until Ctrl-C; `told` gets the first address when the server can be asked."""
    door = Door(host, listening.getsockname()[1], language)
    with Log(reviewing.place.results) as log:
        app = Answers(reviewing, door, log, regrading=Regrading(reviewing)).app()
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=SECONDS_TO_END,
        )
        told(door.address)  # who asks from here on is heard, and waits
        uvicorn.Server(config).run(sockets=[listening])


def open_browser(address: str) -> bool:
    """Open the person's browser; say whether there is one."""
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False
