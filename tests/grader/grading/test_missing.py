"""A function that is not there is told by where it was written; nothing of the formula is said or shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.pages.card import card_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.records.record import CheckPart, Record

pytestmark = pytest.mark.kernel

ENTROPY = "def entropy(p):\n    q = p[p > 0]\n    return -np.sum(q * np.log(q))"
INDENTED = "\n".join(f"    {line}" for line in ENTROPY.split("\n"))

CASES: Mapping[str, tuple[Sequence[str | tuple[str, str]], str, str]] = {
    "class": ([f"class Losses:\n    @staticmethod\n{INDENTED}"], "in_class", "inside the class Losses (cell In [2]"),
    "function": ([f"def answers():\n{INDENTED}\n    return 1"], "in_function", "inside the function answers (cell"),
    "deep": ([f"def answers():\n  for _ in range(1):\n{INDENTED}"], "in_function", "inside the function answers"),
    "html": ([f"%%html\n{ENTROPY}"], "in_magic", "begins with %%html"),
    "timeit": ([f"%%timeit -n1 -r1\n{ENTROPY}"], "in_magic", "begins with %%timeit"),
    "markdown": (
        [("markdown", ENTROPY)],
        "in_markdown",
        "in a Markdown cell, whose text is never run (after cell In [1])",
    ),
    "fenced": ([("markdown", f"My answer:\n```python\n{ENTROPY}\n```")], "in_markdown", "in a Markdown cell"),
    "raw": ([("raw", ENTROPY)], "in_raw", "in a Raw cell"),
    "comment": (["# " + ENTROPY.replace("\n", "\n# ")], "in_comment", "commented out (cell In [2], line 1)"),
    "quotes": ([f'"""\n{ENTROPY}\n"""'], "in_text", "between quotes"),
    "capital": ([ENTROPY.replace("entropy", "Entropy")], "near_name", "it has Entropy (cell In [2])"),
    "typing": ([ENTROPY.replace("entropy", "entrpy")], "near_name", "it has entrpy"),
    "separator": ([ENTROPY.replace("entropy", "en_tropy")], "near_name", "it has en_tropy"),
    "lambda_near": (["Entropy = lambda p: -np.sum(p * np.log(p))"], "near_name", "it has Entropy"),
    "never": (["x = 1"], "not_defined", "the notebook defines no function named entropy"),
    "value": ([ENTROPY, "entropy = entropy(np.ones(1))"], "no_function", "entropy is no function"),
    "deleted": ([ENTROPY, "del entropy"], "deleted", "(cell In [2], line 1) and deleted again (cell In [3])"),
    "popped": ([ENTROPY, "globals().pop('entropy')"], "gone", "gone when all cells have run"),
    "condition": ([f"if len('x') > 1:\n{INDENTED}"], "under_a_condition", "only under a condition"),
    "main": ([f"if __name__ != '__main__':\n{INDENTED}"], "under_a_condition", "only under a condition"),
    "syntax": (
        [f"{ENTROPY}\nprint(entropy(np.ones(1))"],
        "cell_unreadable",
        "Python cannot read its cell: cell In [2]",
    ),
    "merged": ([f"<<<<<<< HEAD\n{ENTROPY}\n>>>>>>> b"], "cell_unreadable", "Python cannot read its cell"),
    "mark": ([f"\ufeff{ENTROPY}"], "cell_unreadable", "an invisible character stands in the line"),
    "words_before": ([f"Answer: {ENTROPY}"], "cell_unreadable", "Python cannot read its cell: cell In [2], line 1"),
    "package": ([f"import no_such_package\n{ENTROPY}"], "cell_stopped", "No module named 'no_such_package'"),
    "lambda": (["print(no_such_name)\nentropy = lambda p: 1.0"], "cell_stopped", "NameError"),
    "imported": (["from no_such_package import entropy"], "cell_stopped", "No module named 'no_such_package'"),
    "name": (
        [f"print(no_such_name)\n{ENTROPY}"],
        "cell_stopped",
        "its cell stopped before: cell In [2], line 1: NameError",
    ),
    "call": (
        ["def half(p):\n    return p.none", f"half(np.ones(2))\n{ENTROPY}"],
        "cell_stopped",
        "because its cell In [3] stopped before, in a call: cell In [2], line 2: AttributeError",
    ),
    "cleared": ([ENTROPY, "x = 1", "%reset -f"], "deleted", "(cell In [2], line 1) and deleted again (cell In [4])"),
    "died": ([f"import os\nos._exit(3)\n{ENTROPY}"], "cell_stopped", "it ended the Python process"),
}


@pytest.fixture(scope="module")
def records(graded_class: Callable[..., Mapping[str, Record]]) -> Mapping[str, Record]:
    return graded_class({name: cells for name, (cells, _, _) in CASES.items()})


@pytest.mark.parametrize("name", CASES)
def test_where_the_function_was_written_is_told_with_a_question_of_its_own(
    records: Mapping[str, Record], check_of: Callable[[Record, str], CheckPart], name: str
) -> None:
    _, mistake, told = CASES[name]
    check = check_of(records[name], "entropy")
    assert check.because is not None
    assert (check.verdict, check.mistake) == ("failed", mistake)
    assert told in check.because.en
    assert check.hint is not None
    assert "expectation" not in check.hint.en, "the formula's own hint"
    assert check.evidence is None


@pytest.mark.parametrize(
    ("name", "headline"), [("syntax", "cell In [2], line 4"), ("package", "cell In [2], line 1"), ("name", "In [2]")]
)
def test_the_cell_that_stopped_is_the_first_thing_to_do(
    records: Mapping[str, Record], name: str, headline: str
) -> None:
    card = card_of(records[name])
    first = "Look at the cell of entropy first" if name == "syntax" else "Look at this cell first"
    assert card.headline.en.startswith(first)
    assert headline in card.headline.en
    assert card.question is not None
    assert card.example is None


NEEDS = "def entropy(p):\n    return -math.fsum(x * math.log(x) for x in p if x > EPS)"
NEEDED: Mapping[str, tuple[Sequence[str], str]] = {
    "import": (["no_such_name\nimport math\nEPS = 0", NEEDS], "it uses math, which is not there, because its cell"),
    "import_as": (
        ["x = 1\nx / 0\nimport numpy as npp", "def entropy(p):\n    return -npp.sum(p * npp.log(p))"],
        "stopped before: cell In [2], line 2: ZeroDivisionError",
    ),
    "value": (["import math\n{}['a']\nEPS = 0", NEEDS], "it uses EPS, which is not there, because its cell stopped"),
    "unreadable": (["import math\nEPS = = 0", NEEDS], "cell In [2], line 2: SyntaxError"),
    "typing": (["import nmupy as npp", "def entropy(p):\n    return npp.sum(p)"], "No module named 'nmupy'"),
    "function": (
        ["no_such_name\ndef plogp(p):\n    return p * np.log(p)", "def entropy(p):\n    return -plogp(p).sum()"],
        "it calls plogp, which is not there: plogp was not defined, because its cell stopped before: cell In [2]",
    ),
}


@pytest.fixture(scope="module")
def needing(graded_class: Callable[..., Mapping[str, Record]]) -> Mapping[str, Record]:
    return graded_class({name: cells for name, (cells, _) in NEEDED.items()})


@pytest.mark.parametrize("name", NEEDED)
def test_a_name_that_a_stopped_cell_would_have_given_leads_to_that_cell_first(
    needing: Mapping[str, Record], check_of: Callable[[Record, str], CheckPart], name: str
) -> None:
    check = check_of(needing[name], "entropy")
    assert check.because is not None
    assert NEEDED[name][1] in check.because.en
    assert check.evidence is None
    card = card_of(needing[name])
    assert card.headline.en.startswith("Look at this cell first: cell In [2], line")


def test_names_of_other_tasks_are_not_taken_for_slips(
    graded_class: Callable[..., Mapping[str, Record]], check_of: Callable[[Record, str], CheckPart]
) -> None:
    cells = ["def cross_entropy(y_true, y_pred):\n    return 0.0"]
    check = check_of(graded_class({"other": cells})["other"], "softmax_cross_entropy")
    assert check.mistake == "not_defined"


def test_a_call_of_a_function_that_is_not_there_says_why_it_is_not(
    graded_class: Callable[..., Mapping[str, Record]], check_of: Callable[[Record, str], CheckPart]
) -> None:
    uses = "def softmax_cross_entropy(y_true, logits):\n    return -np.log(softmax(logits)).sum()"
    stops = "import no_such_package\ndef softmax(z):\n    return z"
    record = graded_class({"calls": [stops, uses]})["calls"]
    check = check_of(record, "softmax_cross_entropy")
    assert check.because is not None
    assert check.because.en.startswith(
        "it calls softmax, which is not there: softmax was not defined, because its cell"
    )
    assert "No module named 'no_such_package'" in card_of(record).headline.en
