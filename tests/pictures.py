"""Pictures in the documentation: each is made by a test, of the page as it is.

After a change that is meant, make all of them anew and look at them:

    .venv/bin/python -m pytest -m browser --renew-pictures && git diff --stat

How a page looks depends on the fonts of a machine, so a picture is not held byte for byte: only that it is there, of
the size that its test makes, and shown.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_BYTES = 200_000


class Pictures(Protocol):
    """`pictures(path, png)` holds a picture of the documentation, or writes it."""

    def __call__(self, path: Path, png: bytes) -> None:
        """Raise AssertionError where there is none of this size."""


@pytest.fixture(scope="session")
def pictures(pytestconfig: pytest.Config) -> Pictures:
    """Return `pictures(path, png)`."""

    def hold(path: Path, png: bytes) -> None:
        if pytestconfig.getoption("--renew-pictures"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(png)
        stored = path.read_bytes() if path.exists() else b""
        assert _size(stored) == _size(png), f"{path.name} is another one: pytest --renew-pictures makes it anew"
        assert len(stored) < LARGEST_BYTES
        told = (path.parent.parent / f"{path.parent.name}.md").read_text("utf-8")
        assert f"]({path.parent.name}/{path.name})" in told, f"nothing shows {path.name}"

    return hold


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--renew-pictures", action="store_true", help="make the documentation's pictures anew")


def _size(png: bytes) -> tuple[int, ...]:
    return struct.unpack(">II", png[16:24]) if png[:4] == b"\x89PNG" else ()
