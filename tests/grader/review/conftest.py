"""What the review's tests share: a gradebook with a class to be read, the server as a process, and a browser."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from grader.course.settings import Settings
from grader.gradebook.book import open_book
from grader.review.again import Regrading
from grader.review.app import Answers
from grader.review.reviewing import Reviewing, ReviewPlace
from grader.review.security import Door
from grader.workflow.log import Log
from tests.grader.review.asking import Reader
from tests.grader.review.reading_class import LAB, fill, notebook_of, record_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from grader.gradebook.book import Book

START = "import sys; from grader.__main__ import main; raise SystemExit(main())"


@dataclass(frozen=True, slots=True)
class Server:
    """A running `grade review`: its first address, with the token, and its process."""

    address: str
    process: subprocess.Popen[str]

    @property
    def origin(self) -> str:
        """Return the address without path and token."""
        return self.address.partition("/?")[0]

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def class_of_thirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an output folder with the gradebook of a class of 30, which no test changes."""
    folder = tmp_path_factory.mktemp("thirty")
    fill(folder / "gradebook.sqlite", 30, records=folder)
    return folder


@pytest.fixture
def results(class_of_thirty: Path, tmp_path: Path) -> Path:
    """Return an output folder with the gradebook of a class of 30."""
    return shutil.copytree(class_of_thirty, tmp_path / "results")


@pytest.fixture
def book(results: Path) -> Iterator[Book]:
    """Return the gradebook of the class, open."""
    with open_book(results) as opened:
        yield opened


@pytest.fixture
def reader(book: Book, results: Path) -> Iterator[Callable[..., Reader]]:
    """Return `reader(cookies="")`: a person at the page, without a browser and without a network."""
    place = ReviewPlace(LAB, book, Settings(), results=results, made_by="me")
    door = Door("127.0.0.1", 8080)
    with Log(results) as log:
        reviewing = Reviewing(place)
        app = Answers(reviewing, door, log, regrading=Regrading(reviewing)).app()
        yield lambda cookies="": Reader(app, door, cookies)
        assert log.path is None, log.path.read_text("utf-8")


@pytest.fixture
def serve(root: Path) -> Iterator[Callable[..., Server]]:
    """Return `serve(results, *words)`, which starts `grade review` of the class; all are ended with the test."""
    with contextlib.ExitStack() as stack:

        def start(results: Path, *words: str) -> Server:
            course = root / "tests" / "courses" / "essay"
            command = [
                sys.executable,
                "-c",
                START,
                "review",
                LAB,
                str(results),
                "--no-browser",
                "--course",
                str(course),
            ]
            process = subprocess.Popen(
                [*command, *words],
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "LANG": "en_US.UTF-8", "PYTHONPATH": str(root)},
            )
            stack.callback(_end, process)
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found is not None
            return Server(found[0], process)

        yield start


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return `opened(server, width=1280, dark=False)`: the first page of a server, in a browser of its own.

    When the test ends, no page may have said anything in the console, raised, or asked anybody but its server.
    """
    troubles: list[str] = []
    contexts = []

    def open_first(server: Server, *, width: int = 1280, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="en-GB"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: troubles.append(f"raised: {error}"))
        page.on("request", lambda request: _note_request(request.url, server, troubles))
        page.goto(server.address)
        page.wait_for_url(f"{server.origin}/")
        return page

    yield open_first
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def browser_alone(browser: Browser) -> Iterator[Callable[[Server], Page]]:
    """Return `browser_alone(server)`: the first page, in a browser that may complain, for its server will be gone."""
    contexts = []

    def open_first(server: Server) -> Page:
        contexts.append(browser.new_context(locale="en-GB"))
        page = contexts[-1].new_page()
        page.goto(server.address)
        page.wait_for_url(f"{server.origin}/")
        return page

    yield open_first
    for context in contexts:
        context.close()


def _note_request(url: str, server: Server, troubles: list[str]) -> None:
    if not url.startswith((f"{server.origin}/", "data:image/")) and url != "data:,":
        troubles.append(f"request: {url}")


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()


@pytest.fixture
def hand_in_again(book: Book) -> Callable[..., None]:
    """Return `hand_in_again(student, said=None)`: other cells, graded; `said` is what the record has of its own."""

    def keep(student: str, said: Mapping[str, object] | None = None) -> None:
        chance = random.Random(student)  # noqa: S311 (no secret)
        notebook = notebook_of(chance)
        record = record_of(student, notebook, chance)
        book.add(record.model_copy(update=dict(said or {})), notebook=notebook)

    return keep
