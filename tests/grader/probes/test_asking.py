"""A notebook, or the reference, is asked: a function, a variable, or a probe; the same way on both sides."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from grader.model import CALL, Given, Manner, Probe, Question, Value
from grader.probes.asking import LackingError, answer_of, seeded

SOURCE = """
def twice(lab, x):
    return lab.double(lab.double(x))

def chained(lab, steps):
    counter = lab.Counter()
    for step in steps:
        counter.add(step)
    return counter.total

def half(x):
    return x / 2
"""


class Counter:
    """What a student writes as a class."""

    def __init__(self) -> None:
        self.total = 0.0

    def add(self, step: float) -> None:
        """Count a step."""
        self.total += step


def double(x: Any) -> Any:  # noqa: ANN401 (whatever is doubled)
    return x * 2


def doubled_in_place(x: Any) -> Any:  # noqa: ANN401 (same)
    x *= 2
    return x


NAMES: dict[str, object] = {
    "double": double,
    "in_place": doubled_in_place,
    "apply": lambda f, x: f(x),
    "Counter": Counter,
    "threshold": 0.05,
    "draw": lambda: [random.random(), float(np.random.random())],  # noqa: NPY002, S311 (as notebooks draw)
    "greet": lambda name: print("Hello", name),  # noqa: T201 (it is what this is about)
}


def asked(task: str, *arguments: Value, **manner: Any) -> Any:  # noqa: ANN401 (any answer)
    return answer_of(NAMES, Question(task, "check", arguments, manner=Manner(**manner)))


def test_a_function_is_called_with_copies() -> None:
    given = np.ones(2)
    assert asked("in_place", given).tolist() == [2, 2]
    assert given.tolist() == [1, 1]


def test_a_variable_is_read_by_its_own_name() -> None:
    assert asked("task", variable="threshold") == 0.05


def test_a_probe_asks_for_what_the_notebook_has() -> None:
    assert asked("task", 3, probe=Probe("twice", SOURCE)) == 12
    assert asked("task", [1, 2.5], probe=Probe("chained", SOURCE)) == 3.5


def test_a_notebook_cannot_put_itself_in_the_place_of_a_probe() -> None:
    names = {**NAMES, "twice": lambda *_: "mine", "probes": "mine", "lab": "mine", "half": lambda _: "mine"}
    question = Question("task", "check", (3,), manner=Manner(probe=Probe("twice", SOURCE)))
    assert answer_of(names, question) == 12


def test_a_function_of_the_probes_can_be_an_argument() -> None:
    assert asked("apply", Given("half"), 3.0, source=SOURCE) == 1.5


def test_the_arguments_can_be_the_answer_as_the_call_leaves_them() -> None:
    [left] = asked("in_place", np.ones(2), counts="arguments")
    assert left.tolist() == [2, 2]


def test_what_is_printed_can_be_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("greet", "s001", probe=Probe("printed")) == "Hello s001\n"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("task", "manner", "lacking", "found"),
    [
        ("absent", {}, "absent", None),
        ("threshold", {}, "threshold", "float"),
        ("task", {"variable": "absent"}, "absent", None),
        ("task", {"probe": Probe("asks", "def asks(lab):\n    return lab.absent(1)")}, "absent", None),
        ("absent", {"probe": Probe("printed")}, "absent", None),
    ],
)
def test_what_is_not_there_is_named(task: str, manner: dict[str, Any], lacking: str, found: str | None) -> None:
    with pytest.raises(LackingError) as caught:
        asked(task, **manner)
    assert (caught.value.lacking, caught.value.found) == (lacking, found)


def test_a_seed_gives_the_same_numbers_whatever_was_drawn_before() -> None:
    first = asked("draw", seed=3)
    random.random()  # noqa: S311 (drawn before)
    np.random.random()  # noqa: NPY002 (same)
    assert asked("draw", seed=3) == first
    assert asked("draw", seed=4) != first


def test_a_seed_leaves_the_random_numbers_as_if_nothing_had_been_drawn() -> None:
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002 (the legacy state is what this is about)
    wanted = random.random(), np.random.random()  # noqa: NPY002, S311 (same)
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002 (same)
    with seeded(99):
        random.random()  # noqa: S311 (same)
    assert (random.random(), np.random.random()) == wanted  # noqa: NPY002, S311 (same)


def test_nothing_special_is_the_usual_way() -> None:
    assert Manner() == CALL
