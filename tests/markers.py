"""What the markers promise is held: an unmarked test that starts a kernel or a browser or imports a library fails.

The libraries are TensorFlow and PyTorch. So `-m "not kernel and not tensorflow and not torch and not browser and not
slow"` runs what needs none of these, and is quick.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

BY_FIXTURE = {
    "browser": "browser",
    "tensorflow": "tensorflow",
    "torch": "torch",
    "demo": "kernel",  # tests/test_demos.py
    "record_of": "kernel",  # tests/test_labs.py
    "results": "kernel",  # tests/grader/commands/test_report.py
    "platform": "kernel",  # tests/grader/exporting/test_gradescope.py
}
"""What a test is marked with that uses a fixture of this name."""
LIBRARIES = {"tensorflow": "TensorFlow", "torch": "PyTorch"}
"""What is heavy to import, by its marker."""
PROCESSES = frozenset({"subprocess.Popen", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.system"})
"""Python's audit events of a new process (https://docs.python.org/3/library/audit_events.html)."""
HARMLESS = re.compile(
    r"(u?mount|uname|python[\d.]*( -u| -W error)* -c (?!.*grader\.sandbox)"
    r"|(grade|python[\d.]* -m grader) (book|report|--help)).*",
    re.DOTALL,
)
"""What an unmarked test may start: whatever else it is, it may start a kernel."""
WORDS = re.compile(r'"[^"]*"|\S+')
"""The words of a command that is one text."""


@dataclass
class Unmarked:
    """A test that runs without `kernel` and `browser`, and the processes that it was refused."""

    refused: list[str] = field(default_factory=list)


running: list[Unmarked] = []
"""The unmarked test that runs, if one does."""


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse a process that may become a kernel or a browser, in whatever thread it is started."""
    if running and event in PROCESSES:
        words: Sequence[Any] = arguments[1] if event in {"subprocess.Popen", "os.posix_spawn"} else [event]
        if isinstance(words, str):  # Windows has a command as one text
            words = WORDS.findall(words)
        program, *rest = map(str, [words] if isinstance(words, bytes) else words)
        program = program.strip('"').removesuffix(".exe")
        command = " ".join([PurePath(program).name, *rest])  # a folder's name may have a space
        if not HARMLESS.fullmatch(command):
            running[0].refused.append(command)
            raise pytest.fail.Exception(f"a test that starts a process is marked kernel or browser: {command}")


sys.addaudithook(_refuse)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their fixtures, and skip those of a library where there is none."""
    for item in items:
        for name in BY_FIXTURE.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(BY_FIXTURE[name])
        for module, name in LIBRARIES.items():
            if item.get_closest_marker(module) and find_spec(module) is None:
                item.add_marker(pytest.mark.skip(reason=f"{name} is not installed"))


def pytest_collection_finish() -> None:
    """Refuse a test module that imports a library for all others."""
    if found := LIBRARIES.keys() & sys.modules.keys():
        raise pytest.UsageError(f"a test module imports {', '.join(sorted(found))} when it is collected")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Watch an unmarked test, its fixtures too."""
    if not (item.get_closest_marker("kernel") or item.get_closest_marker("browser")):
        running.append(Unmarked())
    try:
        return (yield)
    finally:
        running.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that did what its markers do not say, even where the code under test has caught the refusal."""
    before = LIBRARIES.keys() & sys.modules.keys()
    result = yield
    if running and running[0].refused:
        pytest.fail(f"it starts a process and is marked neither kernel nor browser: {running[0].refused}")
    for module in (LIBRARIES.keys() & sys.modules.keys()) - before:
        if not item.get_closest_marker(module):
            pytest.fail(f"it imports {LIBRARIES[module]} and is not marked {module}")
    return result
