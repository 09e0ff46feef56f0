# ruff: noqa: INP001 (a program of its own)
"""Classroom 50's autograder for one lab: CLASSROOM/autograders/LAB/autograder.py, with the course beside it.

Classroom 50 runs it in the student's checkout, with what the result has to name in the environment, and takes
./result.json from there. It ends with 0 when the submission was graded, whatever the points, and with another status
when it was not: Classroom 50 then reports an error, and no zero. Source: wiki/Advanced-Autograding of
foundation50/classroom50.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COURSE = Path(__file__).resolve().parent / "course"
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
    if importlib.util.find_spec("grader") is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", f"{COURSE}[tensorflow]"], check=True)
    lab, owner = os.environ["ASSIGNMENT"], os.environ["OWNER"]
    with tempfile.TemporaryDirectory() as scratch:
        handed_in, records = Path(scratch, "submissions", owner), Path(scratch, "records")
        handed_in.mkdir(parents=True)
        if os.path.lexists(f"{lab}.ipynb"):
            # A link is copied as a link, which the grader refuses: it could point to the course's answers.
            shutil.copy(f"{lab}.ipynb", handed_in / f"{lab}.ipynb", follow_symlinks=False)
        words = [
            lab,
            str(handed_in.parent),
            "--course",
            str(COURSE),
            "--output",
            str(records),
            "--format",
            "classroom50",
        ]
        status = subprocess.run([sys.executable, "-P", "-c", GRADE, *words], check=False).returncode
        if status == 0:
            result = json.loads((records / f"{owner}.classroom50.json").read_text("utf-8"))
            result |= {field: os.environ[name] for field, name in STAMPS.items() if os.environ.get(name)}
            Path("result.json").write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
