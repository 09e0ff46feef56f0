"""The hostile submissions: Python files, one attack each, made into notebooks; and files that are no notebooks."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

FOLDER = Path(__file__).parent / "submissions"

PRELUDE = '''
def refused(*acts):
    """Say whether every act raises."""
    for act in acts:
        try:
            act()
        except BaseException:
            continue
        return False
    return True
'''

Expected = Literal["full", "zero", "any", "strong", "no notebook"]
"""What it earns: "strong" is full marks behind a strong wall, and behind a weaker one whatever it gets."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """An attack: its class, its name, what it may earn, and the file's bytes."""

    kind: str
    name: str
    expected: Expected
    content: bytes
    cells: tuple[str, ...] = ()

    @property
    def student(self) -> str:
        """Return the name under which it is handed in."""
        return f"{self.kind}-{self.name}"


def hostile() -> tuple[Hostile, ...]:
    """Return all submissions, sorted by student."""
    scripts = [_script(path) for path in FOLDER.rglob("*.py")]
    return tuple(sorted((*scripts, *_malformed()), key=lambda one: one.student))


def _script(path: Path) -> Hostile:
    source = path.read_text("utf-8")
    said = ast.get_docstring(ast.parse(source)) or ""
    expected = cast("Expected", said.rsplit("Expected: ", 1)[1].strip())
    cells = (PRELUDE, *re.split(r"(?m)^# %%$", source))
    return Hostile(path.parent.name, path.stem, expected, notebook(*cells), cells)


def notebook(*sources: str, metadata: dict[str, Any] | None = None, **of_a_cell: object) -> bytes:
    """Return a notebook file of code cells."""
    cells = [
        {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": text, **of_a_cell}
        for text in sources
    ]
    form = {"cells": cells, "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(form).encode()


RIGHT = "def double(x):\n    return 2 * x"
KERNEL = {"kernelspec": {"name": "../../evil", "language": "bash", "display_name": "\x1b[2J"}}


def _malformed() -> list[Hostile]:
    bad: dict[str, bytes] = {
        "empty": b"",
        "no_json": b"PK\x03\x04 not a notebook",
        "deep": b"[" * 200_000,
        "deep_inside": b'{"nbformat": 4, "cells": ' + b'[{"a":' * 50_000 + b"1" + b"}]" * 50_000 + b"}",
        "wrong_bytes": b'{"cells": "\xff\xfe"}',
        "half": notebook(RIGHT)[:-20],
        "no_cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
        "cells_of_numbers": b'{"nbformat": 4, "cells": [1, null, "x", []]}',
        "source_of_numbers": notebook().replace(b"[]", b'[{"cell_type": "code", "source": [1, {}]}]', 1),
        "huge_number": b'{"nbformat": ' + b"9" * 100_000 + b', "cells": []}',
        "another_version": b'{"nbformat": 99, "cells": []}',
    }
    good: dict[str, bytes] = {
        "kernel_of_another_name": notebook(RIGHT, metadata=KERNEL),
        "tags_that_skip": notebook(f"raise ValueError\n{RIGHT}", RIGHT, metadata={"tags": ["skip-execution"]}),
        "many_outputs": notebook(RIGHT, outputs=[{"output_type": "stream", "name": "stdout", "text": "x"}] * 50_000),
        "cell_that_is_no_python": notebook("def (", "\x00", RIGHT),
        "shell_lines": notebook("!touch /tmp/hostile-was-here\nx = !id", "%system touch /tmp/hostile-was-here", RIGHT),
        "shell_cell": notebook("%%bash\ntouch /tmp/hostile-was-here", "%env TOKEN=1\n%run /etc/passwd", RIGHT),
        "attachments": notebook(RIGHT, attachments={"../../x": {"text/html": "<script>"}}),
    }
    return [
        *(Hostile("notebook", name, "no notebook", content) for name, content in bad.items()),
        *(Hostile("notebook", name, "full", content) for name, content in good.items()),
    ]
