"""A stub that is as it was is "not written yet", and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.messages.format_values import NO_ANSWER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.records.record import CheckPart, Record

pytestmark = pytest.mark.kernel

STUB = 'def entropy(p):\n    """Entropy."""\n    raise NotImplementedError("entropy is not written yet")'
RIGHT = "def entropy(p):\n    q = p[p > 0]\n    return -np.sum(q * np.log(q))"

CASES: Mapping[str, tuple[Sequence[str], str | None, str]] = {
    "stub": ([STUB], None, "not written yet"),
    "noted": ([STUB.replace("    raise", "    # to do: the formula\n    raise")], None, "not written yet"),
    "bare": (["def entropy(p):\n    raise NotImplementedError"], None, "not written yet"),
    "wide": (
        ["def entropy(\n    p,\n):\n    raise NotImplementedError(\n        'a' 'b'\n    )"],
        None,
        "not written yet",
    ),
    "above": ([STUB + "\n    return -np.sum(p * np.log(p))"], "raise_left", "(cell In [2], line 3)"),
    "below": (["def entropy(p):\n    h = 1\n    raise NotImplementedError\n    return h"], "raise_left", "line 3)"),
    "branch": (
        ["def entropy(p):\n    if len(p) > 99:\n        return 1.0\n    raise NotImplementedError('x')"],
        "raise_left",
        "(cell In [2], line 4)",
    ),
    "again": ([RIGHT, STUB], "defined_twice", "the empty one (cell In [3], line 1) comes later and replaces"),
    "glued": ([RIGHT, "x = 1", STUB], "defined_twice", "the empty one (cell In [4], line 1)"),
    "same_cell": ([f"{RIGHT}\n\n\n{STUB}"], "defined_twice", "the empty one (cell In [2], line 6)"),
    "later_not_reached": (
        [STUB, f"no_such_name\n{RIGHT}"],
        "cell_stopped",
        "entropy is written (cell In [3], line 2), but its cell stopped before: cell In [3], line 1: NameError",
    ),
    "passes_later": ([RIGHT, "def entropy(p):\n    pass"], "defined_twice", "the empty one (cell In [3], line 1)"),
    "pass": (["def entropy(p):\n    '''Entropy.'''\n    pass"], "empty_function", "does nothing yet"),
    "dots": (["def entropy(p): ..."], "empty_function", "does nothing yet"),
    "printed": (["def entropy(p):\n    print(-np.sum(p * np.log(p)))"], "printed", "prints, and returns nothing"),
    "no_return": (["def entropy(p):\n    h = -np.sum(p * np.log(p))"], "no_return", "no return with a value"),
    "a_way": (["def entropy(p):\n    if len(p) > 99:\n        return 1.0"], "returned_nothing", "the call gave None"),
    "print_returned": (["def entropy(p):\n    return print(p)"], "returned_nothing", "the call gave None"),
    "decorated": (
        ["def told(f):\n    def inner(*a):\n        f(*a)\n    return inner", f"@told\n{RIGHT}"],
        "decorated",
        "entropy has a decorator above it (cell In [3], line 2), and the call gave None",
    ),
    "calls": (
        ["def helper(p):\n    raise NotImplementedError", "def entropy(p):\n    return helper(p)"],
        "calls_stub",
        "",
    ),
    "calls_left": (
        ["def helper(p):\n    h = 1\n    raise NotImplementedError", "def entropy(p):\n    return helper(p)"],
        "calls_unfinished",
        "it calls helper, in which the line raise NotImplementedError",
    ),
}


@pytest.fixture(scope="module")
def records(graded_class: Callable[..., Mapping[str, Record]]) -> Mapping[str, Record]:
    return graded_class({name: cells for name, (cells, _, _) in CASES.items()})


@pytest.mark.parametrize("name", CASES)
def test_what_is_not_finished_is_told_as_what_it_is(
    records: Mapping[str, Record], check_of: Callable[[Record, str], CheckPart], name: str
) -> None:
    _, mistake, told = CASES[name]
    check = check_of(records[name], "entropy")
    assert check.because is not None
    assert (check.verdict, check.mistake) == ("not_attempted" if mistake is None else "failed", mistake)
    assert told in check.because.en
    assert check.earned == 0
    if mistake is not None:
        assert check.hint is not None
        assert "expectation" not in check.hint.en, "the formula's own hint"
        assert check.evidence is None or check.evidence.expected == NO_ANSWER


def test_of_two_written_functions_the_page_says_which_one_counts(
    graded_class: Callable[..., Mapping[str, Record]],
) -> None:
    wrong = RIGHT.replace("return -", "return ")
    notebooks = {"twice": [RIGHT, wrong], "once": [wrong], "right": [wrong, RIGHT]}
    stops = {"not_reached": [wrong, f"no_such_name\n{RIGHT}"], "behind": [RIGHT, f"{wrong}\nno_such_name"]}
    records = graded_class({**notebooks, **stops})
    told = {name: [note.en for note in record.notes if "defined" in note.en] for name, record in records.items()}
    assert told["twice"] == ["entropy is defined 2 times: the last one counts (cell In [3], line 1)"]
    assert (told["once"], told["right"]) == ([], [])
    assert told["behind"] == told["twice"]
    [not_reached] = told["not_reached"]
    assert not_reached.endswith("the cell of the last one stopped before: this one counts (cell In [2], line 1)")
