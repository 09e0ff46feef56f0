"""What the surroundings refuse is told in words of our own: what was seen, where, and what to do next."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, get_args

import pytest

from grader.grading.failures import failure_of
from grader.grading.refusals import kind_text, passed_over_text, refused_hint, refused_text
from grader.model import Cell, PassedOver, Place, Raised, Refusal
from grader.submission.definitions import Written
from grader.wire.observations import What

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WHATS = get_args(What)

PYTHONS_WORDS = re.compile(r"Error|Errno|raw_input|Traceback")


def refusal(what: What) -> Refusal:
    return Refusal(what, "a_name" if what in {"package", "file", "magic", "variable"} else "")


@pytest.mark.parametrize("what", WHATS)
def test_every_refusal_has_a_sentence_and_a_question_in_both_languages(what: What) -> None:
    for text in (refused_text(refusal(what)), kind_text(refusal(what)), refused_hint(refusal(what))):
        assert text.en != text.zh_tw
        assert any("\u4e00" <= character <= "\u9fff" for character in text.zh_tw)
        assert not PYTHONS_WORDS.search(text.en)


@pytest.mark.parametrize("what", WHATS)
def test_a_function_that_is_refused_something_is_told_so_with_its_place_and_not_by_pythons_words(what: What) -> None:
    raised = Raised("EOFError", "EOF when reading", Place(1, 2), "f", refused=refusal(what))
    failure = failure_of(raised, "f", Written((Cell(1, "def f():\n    return 1"),)))
    assert failure is not None
    assert failure.hint == refused_hint(refusal(what))
    assert failure.because.en == f"{refused_text(refusal(what)).en} (cell In [1], line 2)"
    assert failure.hidden is not None
    assert "a_name" not in failure.hidden.en + failure.hidden.zh_tw


def test_what_was_passed_over_is_one_sentence_with_every_place() -> None:
    passed = (
        PassedOver(Place(1, 1), Refusal("package", "seaborn")),
        PassedOver(Place(1, 2), Refusal("program")),
        PassedOver(Place(1, 3), Refusal("package", "seaborn")),
        PassedOver(Place(4, 9), Refusal("package", "seaborn")),
    )
    text = passed_over_text(passed)
    assert text is not None
    assert text.en == (
        "Passed over, while the rest of the cell was run: the package seaborn is not available while grading "
        "(cell In [1], lines 1, 3; cell In [4], line 9); a program is to be started, and none is while grading "
        "(cell In [1], line 2). This costs nothing unless an answer needs it."
    )
    assert text.zh_tw.count("。") == 2


def test_nothing_is_said_where_nothing_was_passed_over() -> None:
    assert passed_over_text(()) is None


def test_a_sentence_about_very_many_refusals_stays_short() -> None:
    passed = [PassedOver(Place(cell, cell), Refusal("package", f"p{cell % 50}")) for cell in range(1, 200)]
    text = passed_over_text(passed)
    assert text is not None
    assert "and 44 more" in text.en
    assert len(text.en) < 1000


def record_of(folder: Path) -> Any:  # noqa: ANN401 (JSON)
    return json.loads((folder / "s001.json").read_text("utf-8"))


FUNCTIONS = [
    "def sum_of_squared_errors(y_true, y_pred):\n    return ((np.asarray(y_true) - np.asarray(y_pred)) ** 2).sum()",
    "def euclidean_distance(y_true, y_pred):\n    return np.sqrt(sum_of_squared_errors(y_true, y_pred))",
    "def mse(y_true, y_pred):\n    return ((np.asarray(y_true) - np.asarray(y_pred)) ** 2).mean()",
]


@pytest.mark.kernel
@pytest.mark.parametrize(
    "first", ["!pip install numpy", "from google.colab import drive\n%cd /content", "import seaborn"]
)
def test_set_up_before_the_imports_costs_nothing_and_the_page_says_so(
    grade: Callable[..., Any], notebook: Callable[..., Path], tmp_path: Path, first: str
) -> None:
    said = grade("lab01", notebook(f"{first}\nimport numpy as np", *FUNCTIONS), "--lang", "en", "--output", tmp_path)
    assert said.status == 0
    assert "Passed over, while the rest of the cell was run" in said.out
    assert "cell In [1], line" in said.out
    record = record_of(tmp_path)
    assert record["earned"] == record["points"]
    assert record["cells"] == []


@pytest.mark.kernel
def test_a_function_that_asks_for_the_keyboard_loses_its_own_points_and_is_told_why(
    grade: Callable[..., Any], notebook: Callable[..., Path], tmp_path: Path
) -> None:
    asks = "def mse(y_true, y_pred):\n    n = int(input('How many? '))\n    return ((y_true - y_pred) ** 2).sum() / n"
    said = grade("lab01", notebook("import numpy as np", *FUNCTIONS[:2], asks), "--lang", "en", "--output", tmp_path)
    assert said.status == 1
    assert "the keyboard is asked, and nobody types while grading (cell In [4], line 2)" in " ".join(said.out.split())
    verdicts = {task["name"]: [check["verdict"] for check in task["checks"]] for task in record_of(tmp_path)["tasks"]}
    assert set(verdicts["mse"]) == {"failed"}
    assert {*verdicts["sum_of_squared_errors"], *verdicts["euclidean_distance"]} == {"passed"}
