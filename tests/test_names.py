"""A mistake that is named is one that was made, over ordinary wrong functions and all known mistakes of each lab."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

NAMES = Path(__file__).resolve().parents[1] / "benchmarks" / "names.py"


@pytest.fixture(scope="module")
def names() -> ModuleType:
    """Return the command that counts false names."""
    spec: Any = importlib.util.spec_from_file_location("names", NAMES)
    module = importlib.util.module_from_spec(spec)
    sys.modules["names"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("lab", ["lab01", "lab02", "lab03", "corelab"])
def test_no_name_is_false(
    names: Any,  # noqa: ANN401 (a module)
    lab: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["names.py", lab])
    assert names.main() == 0, capsys.readouterr().out
