"""Questions go many to a message, and each function still answers for itself alone."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.model import Cell, Died, Limits, NotAsked, OverLimit, Question, Returned, Submission, TimedOut
from grader.sandbox.pool import single_runner
from grader.sandbox.runner import Runner, RunSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Observation

pytestmark = pytest.mark.kernel

RIGHT = "def right(x):\n    return 2 * x\n"


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with single_runner() as running:
        yield running


def answers(
    runner: Runner, source: str, *questions: tuple[str, str, float], limits: Limits | None = None
) -> tuple[Observation, ...]:
    asked = tuple(Question(task, check, (x,)) for task, check, x in questions)
    submission = Submission("s001", Path("s001.ipynb"), (Cell(1, source),), "")
    return runner.run(submission, RunSpec(questions=asked, limits=limits or Limits(20, 2, 60))).observations


def numbers(observed: tuple[Observation, ...]) -> list[float | str]:
    return [float(one.value) if isinstance(one, Returned) else type(one).__name__ for one in observed]


def test_a_function_that_ends_the_kernel_costs_its_own_check_alone(runner: Runner) -> None:
    source = RIGHT + "import os\ndef dying(x):\n    if x == 2:\n        os._exit(3)\n    return x\n"
    observed = answers(
        runner,
        source,
        ("right", "a", 1.0),
        ("dying", "a", 1.0),
        ("dying", "a", 2.0),
        ("dying", "a", 3.0),
        ("dying", "b", 4.0),
        ("right", "b", 2.0),
    )
    assert numbers(observed) == [2.0, 1.0, Died.__name__, NotAsked.__name__, 4.0, 4.0]


@pytest.mark.parametrize(
    ("loop", "longest"),
    [
        ("while True:\n            pass", 8.0),
        ("while True:\n            try:\n                while 1: pass\n            except BaseException: pass", 30.0),
    ],
    ids=["that can be interrupted", "that cannot"],
)
def test_an_endless_function_costs_its_own_check_alone(runner: Runner, loop: str, longest: float) -> None:
    source = RIGHT + f"def endless(x):\n    if x == 2:\n        {loop}\n    return x\n"
    began = monotonic()
    observed = answers(
        runner,
        source,
        ("right", "a", 1.0),
        ("endless", "a", 1.0),
        ("endless", "a", 2.0),
        ("endless", "a", 3.0),
        ("endless", "b", 4.0),
        ("right", "b", 2.0),
    )
    assert numbers(observed) == [2.0, 1.0, TimedOut.__name__, NotAsked.__name__, 4.0, 4.0]
    assert observed[2] == TimedOut("call", 2)
    assert monotonic() - began < longest


def test_packages_of_the_lab_are_imported_before_the_first_cell_whose_time_is_the_notebooks(runner: Runner) -> None:
    source = "import sys\nthere = 'colorsys' in sys.modules\nimport colorsys\ndef f(x):\n    return x * there\n"
    submission = Submission("s001", Path("s001.ipynb"), (Cell(1, source),), "")
    spec = RunSpec(questions=(Question("f", "a", (2.0,)),), limits=Limits(20, 2, 60), packages=("colorsys",))
    assert numbers(runner.run(submission, spec).observations) == [2.0]


def test_slow_functions_are_all_waited_for(runner: Runner) -> None:
    source = "import time\ndef slow(x):\n    time.sleep(0.3)\n    return x\n"
    questions = [("slow", "a", float(x)) for x in range(12)]
    assert numbers(answers(runner, source, *questions)) == [float(x) for x in range(12)], "together beyond the limit"


def test_large_answers_come_whole(runner: Runner) -> None:
    source = "import numpy as np\ndef large(x):\n    return np.full(100_000, x)\n"
    observed = answers(runner, source, *[("large", "a", float(x)) for x in range(12)])
    assert [one.value[-1] for one in observed if isinstance(one, Returned)] == list(np.arange(12.0))


def test_what_many_calls_print_together_is_no_flood(runner: Runner) -> None:
    source = "def chatty(x):\n    for _ in range(30):\n        print('x' * 10_000)\n    return x\n"
    limits = Limits(20, 5, 60, output_mib=1)
    questions = [("chatty", "a", float(x)) for x in range(10)]
    assert numbers(answers(runner, source, *questions, limits=limits)) == [float(x) for x in range(10)]


def test_a_call_that_floods_is_ended_and_the_others_are_answered(runner: Runner) -> None:
    source = RIGHT + "def flood(x):\n    while True:\n        print('x' * 10_000)\n"
    limits = Limits(20, 5, 60, output_mib=1)
    observed = answers(runner, source, ("right", "a", 1.0), ("flood", "a", 1.0), ("right", "b", 2.0), limits=limits)
    assert isinstance(observed[1], OverLimit | TimedOut)
    assert numbers(observed)[::2] == [2.0, 4.0]


def test_a_kernel_that_answers_for_more_questions_than_it_was_asked_gains_nothing(runner: Runner) -> None:
    forged = (
        "kernel = get_ipython().kernel\n"
        "def f(x):\n"
        "    parent, ident = kernel.get_parent('shell'), kernel._shell_parent_ident.get()\n"
        "    reply = {'status': 'ok', 'observations': [{'not_attempted': {}}] * 50}\n"
        "    kernel.session.send(kernel.shell_stream, 'ask_reply', reply, parent, ident)\n"
        "    return x\n"
    )
    assert len(answers(runner, forged, ("f", "a", 1.0), ("f", "a", 2.0))) == 2


SEEN = """
import sys
seen = []
def f(x):
    frame = sys._getframe()
    while frame:
        parent = frame.f_locals.get("parent")
        if isinstance(parent, dict) and "questions" in parent.get("content", {}):
            found = parent["content"]["questions"]
            seen.extend(value for one in found for value in one["question"]["arguments"] if value not in seen)
            break
        frame = frame.f_back
    return %s
"""


def test_a_public_question_is_answered_before_a_hidden_one_is_known(runner: Runner) -> None:
    questions = [Question("f", "c", (float(x),), public=x % 2 == 0) for x in range(6)]
    submission = Submission("s001", Path("s001.ipynb"), (Cell(1, SEEN % "len(seen)"),), "")
    observed = runner.run(submission, RunSpec(questions=tuple(questions), limits=Limits(20, 2, 60))).observations
    assert numbers(observed) == [3, 6, 3, 6, 3, 6], "public ones see three questions, whatever they search"


def test_further_questions_go_together_to_a_kernel_that_knows_no_hidden_one(runner: Runner) -> None:
    hidden = tuple(Question("f", "c", (float(x),)) for x in range(3))
    submission = Submission("s001", Path("s001.ipynb"), (Cell(1, SEEN % "len(seen) + 100 * len(found)"),), "")
    with runner.session(submission, RunSpec(questions=hidden, limits=Limits(20, 2, 60))) as session:
        assert numbers(session.run.observations) == [303] * 3
        further = [Question("f", "law", (10.0 + x,)) for x in range(5)]
        assert numbers(tuple(session.ask(further))) == [505] * 5
        assert numbers(tuple(session.ask(further[:1]))) == [105], "the same kernel goes on"
