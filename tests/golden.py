"""Golden files: stored texts, read by people, that a test holds what is made today against.

After a change that is meant, write all of them anew and read what changed:

    .venv/bin/python -m pytest --renew-golden && git diff

A run of all tests, with the option or without it, fails if a golden file is left over that no test holds.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from pathlib import Path

GOLDEN = ("tests/grader/*/golden/*", "tests/scenarios/*/*.txt", "docs/*.schema.json", "rubrics/*.schema.json")
"""Where golden files stand: a file that fits is one, and no other can be held."""
HELD = pytest.StashKey[set[str]]()
"""The golden files that a test of this run has held, relative to the root."""


class Golden(Protocol):
    """`golden(path, text)` holds a text against a golden file, byte for byte; or writes the file."""

    def __call__(self, path: Path, text: str) -> None:
        """Raise AssertionError where they differ."""


@pytest.fixture(scope="session")
def golden(pytestconfig: pytest.Config) -> Golden:
    """Return `golden(path, text)`."""

    def hold(path: Path, text: str) -> None:
        name = path.relative_to(pytestconfig.rootpath).as_posix()
        assert any(PurePath(name).match(pattern) for pattern in GOLDEN), f"{name} is no place of golden files: {GOLDEN}"
        pytestconfig.stash[HELD].add(name)
        if pytestconfig.getoption("--renew-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        stored = path.read_bytes().decode() if path.exists() else None
        assert text == stored, f"{name} differs: pytest --renew-golden writes it anew"

    return hold


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--renew-golden", action="store_true", help="write every golden file anew")


def pytest_configure(config: pytest.Config) -> None:
    """Begin with nothing held."""
    config.stash[HELD] = set()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 (a worker of pytest-xdist)
    """Take over what a worker has held."""
    node.config.stash[HELD].update(getattr(node, "workeroutput", {}).get("held", ()))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run of all tests that leaves a golden file over."""
    if hasattr(session.config, "workeroutput"):
        held = session.config.stash[HELD]
        session.config.workeroutput["held"] = sorted(held)
    elif exitstatus == pytest.ExitCode.OK and _left_over(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what is left over."""
    if left := _left_over(config):
        terminalreporter.section("golden files that no test holds")
        terminalreporter.write_line("\n".join(left))


def _left_over(config: pytest.Config) -> list[str]:
    """Return the golden files that no test of a run of all tests has held."""
    narrowing = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "maxfail", "collectonly", "stepwise")
    chosen = any(config.getoption(name, default=None) for name in narrowing)
    if chosen or config.args_source is pytest.Config.ArgsSource.ARGS:
        return []
    stored = {path.relative_to(config.rootpath).as_posix() for name in GOLDEN for path in config.rootpath.glob(name)}
    held = config.stash[HELD]
    return sorted(stored - held)
