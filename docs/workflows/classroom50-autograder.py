# ruff: noqa: INP001 (a program of its own)
"""Classroom 50's autograder for one lab: CLASSROOM/autograders/LAB/autograder.py, with the lab's kit beside it.

Classroom 50 runs it in the student's checkout, with what the result has to name in the environment, and takes
./result.json from there. It ends with 0 when the submission was graded, whatever the points, and with another status
when it was not: Classroom 50 then reports an error, and no zero. Source: wiki/Advanced-Autograding of
foundation50/classroom50.

The checkout is full of a student's files: no program is started in it, Python takes no module from where it is started
(-P), the notebook is taken as data, and a result.json that the student left is no result.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

RELEASE = Path(__file__).resolve().parent
"""Here lies LAB.kit.json, as `grade release` wrote it. Everybody may read it: it has the public questions alone."""
PROGRAM = "labgrader[tensorflow]"
GRADED = {0, 1}
"""The exit statuses of a notebook that was graded: with all points, or with less."""
GRADE = "import sys; from grader.cli import main; sys.exit(main())"
STAMPS = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "assignment_type": "ASSIGNMENT_TYPE",
    "owner": "OWNER",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}
"""The fields that are not in a record, and where Classroom 50 tells them."""


def main() -> int:
    """Grade the notebook here, leave the result, and return the exit status."""
    result_file, notebook = Path("result.json").absolute(), Path(f"{os.environ['ASSIGNMENT']}.ipynb").absolute()
    _remove(result_file)
    if importlib.util.find_spec("grader") is None:
        subprocess.run([sys.executable, "-P", "-m", "pip", "install", "--quiet", PROGRAM], cwd=RELEASE, check=True)
    lab = os.environ["ASSIGNMENT"]
    with tempfile.TemporaryDirectory() as scratch:
        handed_in, records = Path(scratch, notebook.name), Path(scratch, "records")
        if _is_file_or_link(notebook):
            # A link is copied as a link, which the grader refuses: it could point to another file of this machine.
            shutil.copy(notebook, handed_in, follow_symlinks=False)
        words = [
            lab,
            str(handed_in),
            "--course",
            str(RELEASE),
            "--output",
            str(records),
            "--format",
            "classroom50",
        ]
        status = subprocess.run([sys.executable, "-P", "-c", GRADE, *words], cwd=scratch, check=False).returncode
        if status not in GRADED:
            return status
        result = json.loads((records / f"{lab}.classroom50.json").read_text("utf-8"))
        result |= {field: os.environ[name] for field, name in STAMPS.items() if os.environ.get(name)}
        result_file.write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")
    return 0


def _remove(path: Path) -> None:
    """Remove whatever a student left in the place of the result: through a link, another file would be written."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _is_file_or_link(path: Path) -> bool:
    """Say whether there is a file or a link, and no folder, pipe or device."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode)


if __name__ == "__main__":
    sys.exit(main())
