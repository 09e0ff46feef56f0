"""Who waits for a notebook is told that it runs, on standard error, whatever the notebook does to that meanwhile."""

from __future__ import annotations

import contextlib
import io
import time
from typing import TYPE_CHECKING

from grader.newlab import waiting
from grader.newlab.waiting import told_while_waiting
from tests.grader.newlab.test_moving import cell, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tests.conftest import Said


def test_what_takes_long_is_told_and_what_does_not_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    with told_while_waiting("running", 0.1), contextlib.redirect_stderr(io.StringIO()):
        time.sleep(0.5)
    with told_while_waiting("not told"):
        pass
    assert capsys.readouterr() == ("", "running\n")


def test_a_notebook_that_runs_for_long_is_told_of(grade: Callable[..., Said], tmp_path: Path) -> None:
    code = f"import time\ntime.sleep({waiting.SECONDS + 0.5})\ndef f(x):\n    return x # SOLUTION"
    path = written(tmp_path / "f.ipynb", cell(code), cell("assert f(3) == 3"))
    said = grade("new", "f", "--from", path, "--course", tmp_path / "course", "--lang", "en")
    assert (said.status, said.err) == (0, "f.ipynb is being run with its tests; a statement may take a minute.\n")
