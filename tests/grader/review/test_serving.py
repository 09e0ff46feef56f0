"""`grade review` as a command: what it says, what it refuses, and how it ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.grader.review.reading_class import LAB

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Said
    from tests.grader.review.conftest import Server

START = "import sys; {before}; from grader.__main__ import main; raise SystemExit(main())"


@pytest.mark.slow
@pytest.mark.parametrize("interrupt", [signal.SIGINT, signal.SIGTERM])
def test_it_says_its_address_with_the_token_and_ends_at_once(
    results: Path, serve: Callable[..., Server], interrupt: signal.Signals
) -> None:
    server = serve(results)
    assert server.origin.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(server.address) as answer:  # noqa: S310 (our own server)
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{server.origin}/")  # noqa: S310 (same)
    server.process.send_signal(interrupt)
    assert server.process.wait(15) == (130 if interrupt == signal.SIGINT else -signal.SIGTERM)


@pytest.mark.slow
def test_it_is_bound_to_this_computer_alone(results: Path, serve: Callable[..., Server]) -> None:
    port = int(serve(results).origin.rpartition(":")[2])
    with socket.create_server(("127.0.0.2", port)):
        pass  # every other address is free


def test_a_port_that_is_taken_is_told(grade: Callable[..., Said], results: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = grade("review", LAB, results, "--port", taken.getsockname()[1], "--no-browser")
    assert said.status == 2
    assert "Name another one with --port" in said.err


def test_where_there_is_nothing_to_read_it_is_told(grade: Callable[..., Said], results: Path, tmp_path: Path) -> None:
    said = grade("review", "lab01", results, "--no-browser")
    assert (said.status, "no result of lab01; it has essay" in said.err) == (2, True)
    said = grade("review", "nothing", results, "--no-browser")
    assert (said.status, 'There is no lab "nothing"' in said.err) == (2, True)
    said = grade("review", LAB, tmp_path, "--no-browser")
    assert (said.status, "There is no gradebook" in said.err) == (2, True)


@pytest.mark.parametrize("package", ["starlette", "uvicorn", "markdown_it", "mdit_py_plugins"])
def test_without_the_extra_it_says_what_to_install(results: Path, root: Path, package: str) -> None:
    start = START.format(before=f"sys.modules[{package!r}] = None")
    words = [sys.executable, "-c", start, "review", LAB, str(results), "--no-browser", "--lang", "en"]
    said = subprocess.run(words, capture_output=True, text=True, check=False, cwd=root, timeout=60)
    assert said.returncode == 2
    assert (
        said.stderr.strip() == f"grade review needs {package}, which is not installed: pip install 'labgrader[review]'"
    )
