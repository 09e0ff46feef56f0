"""Whole notebooks as beginners hand them in: points, what is said, and the first thing to do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from grader.messages.format_values import NO_ANSWER
from grader.pages.card import card_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.records.record import CheckPart, Record

pytestmark = pytest.mark.kernel

NUMPY = "import numpy as np"
INFORMATION = "def information_content(p):\n    return -np.log(p)"
ENTROPY = "def entropy(p):\n    q = p[p > 0]\n    return float(-(q * np.log(q)).sum())"
SOFTMAX = (
    "def softmax(z):\n    z = np.asarray(z, dtype=float)\n    e = np.exp(z - z.max(axis=-1, keepdims=True))\n"
    "    return e / e.sum(axis=-1, keepdims=True)"
)
CROSS = (
    "def cross_entropy(y_true, y_pred):\n"
    "    return float(np.mean(-(y_true * np.log(np.clip(y_pred, 1e-7, None))).sum(axis=-1)))"
)
BOTH = "def softmax_cross_entropy(y_true, logits):\n    return cross_entropy(y_true, softmax(logits))"
FUNCTIONS = (INFORMATION, ENTROPY, SOFTMAX, CROSS, BOTH)
STUBS = tuple(
    re.sub(r"\n.*", "\n    raise NotImplementedError('not written yet')", one, flags=re.DOTALL) for one in FUNCTIONS
)


@dataclass(frozen=True)
class HandedIn:
    """A notebook's cells, its points of 100, the mistakes of tasks, and what the card, or a note, says."""

    cells: tuple[str, ...]
    points: int = 100
    mistakes: Mapping[str, str] = field(default_factory=dict)
    first: str = "Nothing is left to do."
    note: str | None = None


def with_set_up(lines: str, note: str | None) -> HandedIn:
    return HandedIn((f"{lines}\n{NUMPY}", *FUNCTIONS), note=note)


def behind(*lines: str, note: str) -> HandedIn:
    """Give each function a line of its own before it in its cell."""
    cells = (f"{line}\n{function}" for line, function in zip(lines, FUNCTIONS, strict=True))
    return HandedIn((NUMPY, *cells), note=note)


def without(function: str, *others: str) -> tuple[str, ...]:
    """Return the cells, with others in the place of one function."""
    parts = (others if one == function else (one,) for one in FUNCTIONS)
    return (NUMPY, *(cell for part in parts for cell in part))


CASES: Mapping[str, HandedIn] = {
    "colab_in_one_cell": with_set_up(
        "from google.colab import drive\ndrive.mount('/content/drive')\n%cd /content/drive/MyDrive/dl",
        "google.colab is not available while grading (cell In [1], lines 1, 2); the file or folder",
    ),
    "pip_first": with_set_up("!pip install -q numpy", "a program is to be started"),
    "pandas_first": with_set_up("import seaborn as pd\nimport statsmodels as sns", "seaborn is not available"),
    "own_module": with_set_up("from utils import *\nimport my_losses", "the file or folder utils.py cannot be used"),
    "data_that_is_not_there": with_set_up(
        "import csv\nwith open('a.csv') as f:\n    rows = list(csv.reader(f))\nhead = rows[0]",
        "a.csv cannot be used while grading (cell In [1], lines 2, 4)",
    ),
    "quits_at_the_end": HandedIn((NUMPY, *FUNCTIONS, "quit()")),
    "restarts": HandedIn(
        ("import IPython\nIPython.Application.instance().kernel.do_shutdown(True)", NUMPY, *FUNCTIONS)
    ),
    "magics": behind(
        "%matplotlib notebook",
        "%matplotlib widget",
        "%matplotlib qt",
        "%load_ext nb_black",
        "%pylab inline",
        note="%matplotlib widget does not work while grading (cell In [3], line 1)",
    ),
    "programs": behind(
        "import subprocess\nsubprocess.run(['pip', 'install', 'x'])",
        "import os\nos.system('pip install x')",
        "get_ipython().system('pip install x')",
        "x = !ls",
        "import multiprocessing as mp\nwith mp.Pool(2) as pool:\n    print(pool.map(abs, [1, -2]))",
        note="none is while grading (cell In [2], line 2; cell In [3], line 2; cell In [4], line 1; cell In [5]",
    ),
    "network_and_debuggers": behind(
        "import urllib.request\nurllib.request.urlretrieve('https://example.com/a.csv', 'a.csv')",
        "import ipdb\nipdb.set_trace()",
        "import pdb; pdb.set_trace()",
        "breakpoint()",
        "%debug",
        note="there is none while grading (cell In [2], line 2)",
    ),
    "keyboard": HandedIn(
        without(SOFTMAX, SOFTMAX.replace("\n    z =", "\n    t = float(input('temperature? '))\n    z =")),
        58,
        {"softmax": "no_keyboard", "softmax_cross_entropy": "no_keyboard"},
        "Look at softmax (values)",
    ),
    "stub_again": HandedIn((NUMPY, *FUNCTIONS, STUBS[2]), 58, {"softmax": "defined_twice"}, "Look at softmax (values)"),
    "two_notebooks_glued": HandedIn(
        (NUMPY, *FUNCTIONS, NUMPY, *STUBS), 0, {"entropy": "defined_twice"}, "Look at information_content (values)"
    ),
    "raise_left_in": HandedIn(
        without(ENTROPY, f"{STUBS[1]}\n    return 1.0"), 84, {"entropy": "raise_left"}, "Look at entropy (values)"
    ),
    "class": HandedIn(
        without(ENTROPY, "class Losses:\n    def entropy(self, p):\n        return 1.0"),
        84,
        {"entropy": "in_class"},
        "Look at entropy (values)",
    ),
    "near_names": HandedIn(
        (NUMPY, *(one.replace("entropy(", "entrophy(").replace("softmax(", "soft_max(") for one in FUNCTIONS)),
        12,
        {"entropy": "near_name", "softmax": "near_name", "cross_entropy": "near_name"},
        "Look at entropy (values)",
    ),
    "captured": HandedIn(
        without(ENTROPY, "%%capture out\n\n\ndef entropy(p):\n    q = p[p > 0]\n    return q.total(3)"),
        84,
        {"entropy": "unknown_attribute"},
        "Look at entropy (values)",
    ),
    "package_in_a_function": HandedIn(
        without(SOFTMAX, "from statsmodels import special\ndef softmax(z):\n    return special.softmax(z)"),
        58,
        {"softmax": "no_package"},
        "Look at softmax (values)",
    ),
    "axis_of_a_number": HandedIn(
        without(CROSS, CROSS.replace("float(np.mean(", "float(np.mean(axis=0, a=")),
        60,
        {"cross_entropy": "axis_out_of_bounds"},
        "Look at cross_entropy (values)",
    ),
    "two_values": HandedIn(
        without(ENTROPY, f"{ENTROPY}, p"), 84, {"entropy": "several_values"}, "Look at entropy (values)"
    ),
    "imports_behind_an_error": HandedIn(
        (f"no_such_name\n{NUMPY}", *FUNCTIONS),
        0,
        {"entropy": "needs_stopped_cell", "softmax": "needs_stopped_cell"},
        "Look at this cell first: cell In [1], line 1: NameError: name 'no_such_name' is not defined",
    ),
    "typing_error_in_an_import": HandedIn(
        ("import numppy as np", *FUNCTIONS),
        0,
        {"entropy": "needs_stopped_cell"},
        "Look at this cell first: cell In [1], line 1: ModuleNotFoundError",
    ),
    "a_cell_calls_what_fails": HandedIn(
        (NUMPY, *FUNCTIONS, "x = 1\nentropy('abc')"),
        first="Every check has passed. Errors are left in these cells: In [3]",
    ),
    "written_behind_an_error": HandedIn(
        without(ENTROPY, STUBS[1], f"x = 1 / 0\n{ENTROPY}"),
        84,
        {"entropy": "cell_stopped"},
        "Look at this cell first: cell In [4], line 1: ZeroDivisionError",
    ),
    "unwritten_and_called": HandedIn(
        without(CROSS, STUBS[3]), 52, {"softmax_cross_entropy": "calls_stub"}, "Write cross_entropy"
    ),
}
NO_FORMULA = ("expectation", "softmax, then the loss", "sum, a minus sign", "all positive")
"""What the formulas' own questions say."""


@pytest.fixture(scope="module")
def records(graded_class: Callable[..., Mapping[str, Record]]) -> Mapping[str, Record]:
    return graded_class({name: case.cells for name, case in CASES.items()}, first=())


@pytest.mark.parametrize("name", CASES)
def test_a_notebook_has_its_points_and_the_cause_is_the_first_thing_to_do(
    records: Mapping[str, Record], check_of: Callable[[Record, str], CheckPart], name: str
) -> None:
    case, record = CASES[name], records[name]
    assert {task: check_of(record, task).mistake for task in case.mistakes} == case.mistakes
    assert record.earned == case.points
    card = card_of(record)
    assert card.headline.en.startswith(case.first)
    assert re.search("[\u4e00-\u9fff]", card.headline.zh_tw)
    assert any((case.note or "") in note.en for note in record.notes) or case.note is None


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.mistakes])
def test_what_is_no_matter_of_a_formula_borrows_no_question_and_shows_no_expected_value(
    records: Mapping[str, Record], check_of: Callable[[Record, str], CheckPart], name: str
) -> None:
    for task in CASES[name].mistakes:
        check = check_of(records[name], task)
        assert check.hint is not None
        assert not [words for words in NO_FORMULA if words in check.hint.en]
        assert check.evidence is None or check.evidence.expected == NO_ANSWER
