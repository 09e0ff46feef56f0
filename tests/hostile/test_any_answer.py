"""Answers that lie about themselves, and notebooks that put themselves in a probe's place, earn nothing.

Each notebook stands beside an honest one, which keeps every mark.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Said

pytestmark = pytest.mark.kernel

REFERENCE = """
import numpy as np

def counts(words):
    return {word: words.count(word) for word in set(words)}

def forward(x):
    return 3 * np.asarray(x), ("cache", len(x))

def made(rng):
    return {"words": [str(word) for word in rng.choice(["a", "b", "c"], 9)]}

def numbers(rng):
    return {"x": rng.normal(size=4)}
"""
PROBES = """
def layer(lab, x):
    out, cache = lab.forward(x)
    return {"out": out, "cache": cache}
"""
HONEST = "import numpy as np\n" + REFERENCE.partition("def made")[0]
WRONG: dict[str, str] = {
    "equal_to_all": """
class Lie(dict):
    def __eq__(self, other):
        return True
    __hash__ = None
def counts(words):
    return Lie(x=1)
def forward(x):
    return Lie(), Lie()
""",
    "text_equal_to_all": """
class Lie(str):
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 0
def counts(words):
    return {Lie('q'): 1}
def forward(x):
    return Lie('q'), (Lie('q'), Lie('q'))
""",
    "hidden_items": """
class Lie(dict):
    def items(self):
        raise SystemExit
    def __iter__(self):
        while True: pass
def counts(words):
    return Lie(x=1)
def forward(x):
    return [Lie(), 1]
""",
    "pickled": """
import os
class Lie:
    def __reduce__(self):
        return os.system, ('touch /tmp/owned',)
    def __array__(self, *_, **__):
        raise SystemExit
def counts(words):
    return Lie()
def forward(x):
    return Lie(), Lie()
""",
    "endless": """
def counts(words):
    a = []
    a.append(a)
    return a
def forward(x):
    d = {}
    d['d'] = d
    return d, d
""",
    "a_million": """
def counts(words):
    return dict.fromkeys(range(10**6))
def forward(x):
    return [0] * 10**6, 'x' * 10**8
""",
    "fake_pandas": """
import sys, types
sys.modules['pandas'] = types.ModuleType('pandas')
class Lie:
    def numpy(self):
        return self
def counts(words):
    return Lie()
def forward(x):
    return Lie(), Lie()
""",
    "probes_place": """
layer = lambda *_: 'right'
import sys, types
fake = types.ModuleType('probes')
fake.layer = layer
sys.modules['probes'] = fake
import builtins
builtins.layer = layer
""",
    "patched": """
import grader.probes.asking as a, grader.wire.reading as r
a.answer_of = lambda *_: {}
a.asked_of = lambda *_: (lambda *_: {})
r.plain_of = lambda _: {}
""",
}


def check(name: str, **questions: Any) -> dict[str, Any]:  # noqa: ANN401 (as a rubric has them)
    text = {"zh-TW": "測試", "en": name}
    return {"points": 1, "promise": text, "hint": text, "questions": [{"count": 3, "about": text, **questions}]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a course with one lab, and what was handed in."""
    text = {"zh-TW": "測試", "en": "values"}
    tasks = {
        "counts": {"title": text, "lecture": text, "points": 1, "checks": {"values": check("v", make="made")}},
        "layer": {
            "title": text,
            "lecture": text,
            "points": 1,
            "probe": "layer",
            "checks": {"values": check("v", make="numbers")},
        },
    }
    limits = {"call_seconds": 2, "submission_seconds": 60}
    rubric = {"title": text, "minutes": 1, "points": 2, "packages": ["numpy"], "limits": limits, "tasks": tasks}
    for room in ("rubrics", "reference", "probes", "labs", "in"):
        (tmp_path / room).mkdir()
    (tmp_path / "rubrics/any.yaml").write_text(yaml.safe_dump(rubric, allow_unicode=True), "utf-8")
    (tmp_path / "reference/any.py").write_text(REFERENCE, "utf-8")
    (tmp_path / "probes/any.py").write_text(PROBES, "utf-8")
    for student, source in {"honest": HONEST, **WRONG}.items():
        cells = [nbformat.v4.new_code_cell(source)]
        book = nbformat.v4.new_notebook(cells=cells)
        nbformat.write(book, tmp_path / f"in/{student}.ipynb")
    nbformat.write(book, tmp_path / "labs/any.ipynb")
    return tmp_path


def test_lies_earn_nothing_and_cost_nobody_else(grade: Callable[..., Said], folder: Path) -> None:
    said = grade("any", folder / "in", "--course", folder, "--output", folder / "out", "--lang", "en")
    assert said.status == 0, said.err
    records = {path.stem: json.loads(path.read_text("utf-8")) for path in (folder / "out").glob("*.json")}
    earned = {student: records[student]["earned"] for student in ("honest", *WRONG)}
    assert earned == {"honest": 2, **dict.fromkeys(WRONG, 0)}
    told = json.dumps(records, ensure_ascii=False)
    assert "Traceback" not in told
    assert "forward" in json.dumps(records["probes_place"]), "what the notebook lacks is told, not the probe's fault"
