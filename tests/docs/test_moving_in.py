"""docs/moving-in.md is run from top to bottom as it stands there: its notebooks, its commands, and what they print."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs/moving-in.md"
BIN = Path(sys.executable).parent
BLOCK = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
CELL = re.compile(r"^# %%(?: \[(\w+)\])?\n", re.MULTILINE)
CHANGING = re.compile(r"seed \d+|（seed）：\d+|\d+ s\b|\d+ 秒|labgrader [\d.]+|isolation: \w+|隔離等級：\w+")
pytestmark = pytest.mark.kernel


def notebook_of(text: str) -> str:
    """Return the notebook that a block writes cell by cell."""
    parts = CELL.split(text)[1:]
    cells: list[dict[str, Any]] = []
    for kind, source in zip(parts[::2], parts[1::2], strict=True):
        plain = source if kind is None else re.sub(r"^# ?", "", source, flags=re.MULTILINE)
        cell: dict[str, Any] = {
            "cell_type": kind or "code",
            "metadata": {},
            "source": (f"# {plain}" if kind == "raw" else plain).strip(),
        }
        cells.append(cell if kind else {**cell, "execution_count": None, "outputs": []})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def said_by(commands: str, folder: Path) -> str:
    """Return what commands print, one after the other; what differs from run to run is left out."""
    environment = {
        "PATH": os.pathsep.join((str(BIN), os.environ["PATH"])),
        "HOME": str(folder.parent),
        "LANG": "en_US.UTF-8",
        "COLUMNS": "110",
    }
    told = []
    for command in commands.splitlines():
        done = subprocess.run(
            [str(shutil.which("bash")), "-c", command], cwd=folder, env=environment, capture_output=True, check=False
        )
        text = done.stdout.decode("utf-8")
        assert done.returncode in {0, 1}, (command, text, done.stderr.decode("utf-8"))
        told.append(text)
    return "\n".join(line.rstrip() for line in "".join(told).replace(f"{folder}/", "").splitlines())


def test_the_page_is_true_from_top_to_bottom(tmp_path: Path) -> None:
    folder = tmp_path / "course"
    folder.mkdir()
    said, checked = "", 0
    page = PAGE.read_text("utf-8")
    for block in BLOCK.finditer(page):
        text = block["text"]
        match block["kind"]:
            case "python":
                name = re.match(r"# (\S+\.ipynb)\n", text)
                assert name is not None
                (folder / name[1]).write_text(notebook_of(text), "utf-8")
            case "yaml":
                name = re.match(r"# end of (\S+)\n(.*)", text, re.DOTALL)
                assert name is not None
                with (folder / name[1]).open("a", encoding="utf-8") as file:
                    file.write(name[2])
            case "sh":
                said = said_by(text, folder)
            case "text":
                assert CHANGING.sub("…", text.strip()) == CHANGING.sub("…", said.strip())
                checked += 1
    assert checked >= 6
    for lab, words in {"squares": "raise NotImplementedError", "huber": "huber 還沒寫"}.items():
        given = (folder / f"given/{lab}.ipynb").read_text("utf-8")
        assert words in given
        assert "SOLUTION" not in given
