"""How long it takes in `grade review` from a key to the next student's page, and whether the server's memory stays.

    python -m benchmarks.review --students 600 --keys 100 --clicks 5000

makes the gradebook of a class (nothing is graded), and starts `grade review` as a user does. In a real browser the
right arrow is pressed `keys` times, each time until the next student's page is drawn. Then `clicks` clicks are sent
without a browser, in turn an item that is given and the next page; the server's resident memory is told ten times
meanwhile.
"""

from __future__ import annotations

import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import psutil

from tests.grader.review.reading_class import LAB, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

START = "import sys; from grader.__main__ import main; raise SystemExit(main())"
MIB = 2**20
TOLD = 10
NEXT = """
() => new Promise((drawn) => {
  const who = () => document.querySelector("h1 .who").textContent;
  const before = who();
  const start = performance.now();
  new MutationObserver((_, seen) => {
    if (who() === before) return;
    seen.disconnect();
    requestAnimationFrame(() => drawn(performance.now() - start));
  }).observe(document.documentElement, { subtree: true, childList: true });
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
})
"""


@click.command()
@click.option("--students", default=600, show_default=True)
@click.option("--keys", default=100, show_default=True)
@click.option("--clicks", default=5000, show_default=True)
def main(students: int, keys: int, clicks: int) -> None:
    """Measure, and print what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "gradebook.sqlite", students)
        print(f"{students} students")
        with serving(Path(folder)) as (address, process):
            if keys:
                seconds = pressed(address, keys)
                slowest = sorted(seconds)[int(len(seconds) * 0.95)]
                print(f"from a key to the next page: median {statistics.median(seconds):.3f} s, 95 %: {slowest:.3f} s")
            clicked(address, clicks, psutil.Process(process.pid))


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Give the first address of a server of this class, and its process."""
    words = [sys.executable, "-c", START, "review", LAB, str(folder), "--no-browser"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 (it is a pipe)
        found = re.search(r"http://\S+", process.stdout.readline())
        if found is None:
            sys.exit("the server did not start")
        try:
            yield found[0], process
        finally:
            process.send_signal(signal.SIGINT)


def pressed(address: str, keys: int) -> list[float]:
    """Return the seconds that each key took."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (only where keys are measured)

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address)
        page.wait_for_url(address.partition("?")[0])
        page.goto(f"{page.url}read/plot")
        seconds = []
        for _ in range(keys):
            page.wait_for_selector("#next")
            seconds.append(page.evaluate(NEXT) / 1000)
        browser.close()
    return seconds


def clicked(address: str, clicks: int, process: psutil.Process) -> None:
    """Give items and go on, and print the memory of the server meanwhile."""
    reader = Reader(address)
    place, began = reader.get("read/plot"), time.perf_counter()
    for number in range(clicks // 2):
        if number % max(1, clicks // 2 // TOLD) == 0:
            print(f"after {2 * number} clicks: {process.memory_info().rss / MIB:.0f} MiB")
        reader.give(place)
        place = reader.get(f"next{urllib.parse.urlsplit(place[0]).path.removeprefix('/read')}")
        if "/read/" not in place[0]:  # all are read: from the beginning
            place = reader.get(reader.first)
    took = (time.perf_counter() - began) / max(1, clicks)
    print(f"after {clicks} clicks: {process.memory_info().rss / MIB:.0f} MiB; {took * 1000:.1f} ms each")


class Reader:
    """Somebody who clicks, without a browser."""

    def __init__(self, address: str) -> None:
        self._origin = address.partition("/?")[0]
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._opener.open(address).read()
        self._token = ""
        self.first = ""

    def get(self, path: str) -> tuple[str, str]:
        """Return where a page is, and the page."""
        with self._opener.open(f"{self._origin}/{path}") as answer:
            found: tuple[str, str] = answer.url, answer.read().decode()
        self._token = re.findall(r'"X-Review-Token": "(\w+)"', found[1])[0]
        self.first = self.first or urllib.parse.urlsplit(found[0]).path.removeprefix("/")
        return found

    def give(self, place: tuple[str, str]) -> None:
        """Give the first item at a page, or take it back."""
        form: dict[str, Any] = {"after": re.findall(r'name="after" value="(\d+)"', place[1])[0], "is_read": "yes"}
        if not re.search(r'name="item" value="no_line" checked', place[1]):
            form["item"] = "no_line"
        headers = {"origin": self._origin, "x-review-token": self._token}
        body = urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(place[0], body, headers)  # noqa: S310 (our own server's)
        with self._opener.open(request) as answer:
            if answer.headers["x-kept"] != "yes":
                sys.exit(f"not kept: {answer.read().decode()}")


if __name__ == "__main__":
    main()
