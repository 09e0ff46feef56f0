"""The gradebook's packages are an extra: where they are missing, that is said before anything is graded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("missing", ["sqlalchemy", "alembic"])
@pytest.mark.parametrize(
    "words", [["book", "show", "lab01"], ["lab01", "here", "--output", "out"], ["lab01", "--book", "a.sqlite"]], ids=str
)
@pytest.mark.kernel
def test_a_missing_package_is_told_in_a_sentence_with_what_to_install(
    tmp_path: Path, missing: str, words: list[str]
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here/s001.ipynb").write_bytes((ROOT / "labs/lab01.ipynb").read_bytes())
    program = (
        "import sys\n"
        f"sys.modules[{missing!r}] = None\n"
        "from grader.cli import main\n"
        f"sys.exit(main({[*words, '--course', str(ROOT), '--lang', 'en']!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LANGUAGE": "en"},
    )
    assert done.returncode == 2, done.stderr
    assert 'pip install "labgrader[course]"' in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("s001.json"))
