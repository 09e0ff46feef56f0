"""What the tests of a solved notebook ask is heard, however they are written."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.newlab.heard import Unwritable
from grader.newlab.listening import listen
from grader.source.model import AssertionPart, CodePart, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.newlab.heard import Heard

TWICE = "def twice(x, k=2):\n    return x * k"


def hear(test: str, *, code: str = TWICE, answers: Sequence[str] = ("twice",), folder: Path = Path("/none")) -> Heard:
    """Listen to a notebook of one cell of code and one of tests."""
    parts = (CodePart(1, code, tuple(answers)), AssertionPart(2, test))
    return listen(Source(folder / "lab.ipynb", parts, {}), seconds=20)


def asked(heard: Heard) -> list[tuple[object, ...]]:
    return [tuple(call.inputs.values()) for call in heard.calls]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("assert twice(3) == 6", [(3, 2)]),
        ("assert twice(k=5, x=1) == 5", [(1, 5)]),
        ("for i in range(3):\n    assert twice(i) == 2 * i", [(0, 2), (1, 2), (2, 2)]),
        ("assert [twice(i) for i in (1, 2)] == [2, 4]", [(1, 2), (2, 2)]),
        ("def check(x, y):\n    assert twice(x) == y\ncheck(1, 2)\ncheck(4, 8)", [(1, 2), (4, 2)]),
        ("def test_twice(env):\n    assert env['twice'](3) == 6", [(3, 2)]),
        ("def test_twice(twice):\n    assert twice(3) == 6", [(3, 2)]),
        (
            (
                "from otter.test_files import test_case\nOK_FORMAT = False\n"
                "@test_case(points=2, hidden=True)\ndef q1(env):\n    assert env['twice'](3) == 6"
            ),
            [(3, 2)],
        ),
        ("OK_FORMAT = True\ntest = {'suites': [{'cases': [{'code': r'''>>> twice(3)\n6'''}]}]}", [(3, 2)]),
        (">>> twice(3)\n6\n>>> twice(4) == 8\nTrue", [(3, 2), (4, 2)]),
        ("from nose.tools import assert_equal, eq_\nassert_equal(twice(3), 6)\neq_(twice(4), 8)", [(3, 2), (4, 2)]),
        (
            (
                "import unittest\nclass Ask(unittest.TestCase):\n    def test_it(self):\n"
                "        self.assertEqual(twice(3), 6)\nunittest.main(argv=[''], exit=False)"
            ),
            [(3, 2)],
        ),
        ("import numpy as np\nnp.testing.assert_allclose(twice(3), 6)", [(3, 2)]),
        ("try:\n    twice()\nexcept TypeError:\n    pass\nassert twice(3) == 6", [(3, 2)]),
        ("if twice(3) != 6:\n    raise AssertionError", [(3, 2)]),
    ],
)
def test_a_call_is_heard_however_the_test_is_written(test: str, expected: list[tuple[object, ...]]) -> None:
    heard = hear(test)
    assert (asked(heard), heard.failed) == (expected, ())


def test_only_the_outermost_call_counts_and_none_of_the_notebook_itself() -> None:
    code = "def fact(n):\n    return n * fact(n - 1) if n else 1\nfact(9)"
    assert asked(hear("assert fact(4) == 24", code=code, answers=["fact"])) == [(4,)]


def test_arguments_are_those_before_the_call_and_what_it_changes_is_known() -> None:
    code = "def add(items):\n    items.append(1)\n    return items"
    [call] = hear("assert add([0]) == [0, 1]", code=code, answers=["add"]).calls
    assert call.inputs == {"items": [0]}
    assert call.returned == [0, 1]
    assert call.changed == ("items",)


def test_arrays_are_copied_too() -> None:
    code = "import numpy as np\ndef zero(x):\n    x[:] = 0\n    return x"
    [call] = hear("assert zero(np.ones(2)).sum() == 0", code=code, answers=["zero"]).calls
    assert np.array_equal(np.asarray(call.inputs["x"]), [1, 1])


def test_what_a_call_prints_and_raises_is_heard() -> None:
    code = "def speak(x):\n    if x < 0:\n        raise ValueError('negative')\n    print('x is', x)"
    test = "speak(2)\ntry:\n    speak(-1)\nexcept ValueError:\n    pass"
    heard = hear(test, code=code, answers=["speak"])
    assert [(call.printed, type(call.raised)) for call in heard.calls] == [("x is 2\n", type(None)), ("", ValueError)]
    assert heard.failed == ()


def test_a_test_that_fails_with_the_solution_is_told_with_its_line_and_the_rest_runs() -> None:
    heard = hear("assert twice(1) == 3\nassert twice(3) == 6\n\nnonsense\nassert twice(4) == 8")
    assert asked(heard) == [(1, 2), (3, 2), (4, 2)]
    assert [(one.line, type(one.error)) for one in heard.failed] == [(1, AssertionError), (4, NameError)]


def test_a_test_that_python_cannot_read_is_told() -> None:
    assert [type(one.error) for one in hear("assert twice(1 ==").failed] == [SyntaxError]


def test_a_function_that_is_defined_anew_is_heard_as_well() -> None:
    parts = (
        CodePart(1, TWICE, ("twice",)),
        AssertionPart(2, "assert twice(3) == 6"),
        CodePart(3, "def twice(x):\n    return 2 * x", ("twice",)),
        AssertionPart(4, "assert twice(4) == 8"),
    )
    assert asked(listen(Source(Path("/none/lab.ipynb"), parts, {}))) == [(3, 2), (4,)]


@pytest.mark.parametrize(
    ("body", "again"),
    [
        ("return 2 * x", "same"),
        ("import random\n    return random.random() + x", "random"),
        ("import numpy as np\n    return np.random.rand(x)", "random"),
        ("import numpy as np\n    return np.random.default_rng().normal(size=x)", "random"),
        ("import numpy as np\n    return np.random.default_rng(3).normal(size=x)", "same"),
        ("count.append(x)\n    return len(count)", "random"),
    ],
)
def test_luck_and_memory_are_found_by_asking_again(body: str, again: str) -> None:
    code = f"count = []\ndef draw(x):\n    {body}"
    [call] = hear("draw(3)", code=code, answers=["draw"]).calls
    assert call.again == again


def test_a_seed_that_the_test_sets_does_not_hide_luck() -> None:
    code = "import numpy as np\ndef draw(n):\n    return np.random.rand(n)"
    [call] = hear("np.random.seed(1)\nassert draw(2)[0] > 0.4", code=code, answers=["draw"]).calls
    assert call.again == "random"


def test_variables_that_a_test_reads_are_heard_and_those_of_luck_known() -> None:
    code = "import random\nlucky = random.random()\ntotal = 7\nother = 8\ndef twice(x):\n    return 2 * x"
    answers = ["lucky", "total", "other", "twice"]
    heard = hear("assert lucky < 1\nassert total == 7\nassert twice(1) == 2", code=code, answers=answers)
    assert [(one.name, one.again) for one in heard.variables] == [("lucky", "random"), ("total", "same")]


def test_values_that_no_rubric_can_write_are_known_by_their_type() -> None:
    [call] = hear("twice(object, 1) if 0 else None\nassert apply(len) == 0", code=APPLY, answers=["apply"]).calls
    assert isinstance(call.inputs["f"], Unwritable)


APPLY = "def apply(f):\n    return f([])"


def test_the_notebook_finds_the_files_and_modules_that_it_names_and_leaves_none(tmp_path: Path) -> None:
    (tmp_path / "numbers_of_rain.csv").write_text("1\n2\n", "utf-8")
    (tmp_path / "my_own_module.py").write_text("def read(path):\n    return open(path).read().split()\n", "utf-8")
    code = "from my_own_module import read\ndef rain():\n    open('out.txt', 'w').close()\n"
    code += "    return read('numbers_of_rain.csv')"
    heard = hear("assert rain() == ['1', '2']", code=code, answers=["rain"], folder=tmp_path)
    assert ([call.returned for call in heard.calls], heard.failed) == ([["1", "2"]], ())
    assert {path.name for path in tmp_path.iterdir()} == {"numbers_of_rain.csv", "my_own_module.py"}
    assert "my_own_module" not in sys.modules


def test_nothing_is_shown_and_nothing_is_left_of_a_run(capfd: pytest.CaptureFixture[str]) -> None:
    main, path, folder = sys.modules["__main__"], list(sys.path), Path.cwd()
    hear("print(1)\nimport warnings, sys\nwarnings.warn('x')\nsys.stderr.write('y')\nassert twice(1) == 2")
    assert capfd.readouterr() == ("", "")
    assert (sys.modules["__main__"], sys.path, Path.cwd()) == (main, path, folder)


@pytest.fixture(params=[signal.default_int_handler, signal.SIG_IGN], ids=["heard", "ignored"])
def ctrl_c(request: pytest.FixtureRequest) -> Iterator[object]:
    """Hear Ctrl-C, or ignore it, as what a shell starts in the background does."""
    before = signal.signal(signal.SIGINT, request.param)
    yield request.param
    signal.signal(signal.SIGINT, before)


def test_a_notebook_without_end_is_stopped(ctrl_c: object) -> None:
    start = time.monotonic()
    parts = (
        CodePart(1, "while True:\n    pass"),
        CodePart(2, TWICE, ("twice",)),
        AssertionPart(3, "assert twice(1) == 2"),
    )
    heard = listen(Source(Path("/none/lab.ipynb"), parts, {}), seconds=0.5)
    assert time.monotonic() - start < 10
    assert (heard.stopped, heard.calls) == (True, ())
    assert signal.getsignal(signal.SIGINT) == ctrl_c


def test_where_ctrl_c_is_ignored_it_is_ignored_while_a_notebook_runs() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        heard = hear("import signal\nsignal.raise_signal(signal.SIGINT)\nassert twice(1) == 2")
    finally:
        signal.signal(signal.SIGINT, before)
    assert (heard.stopped, heard.failed, asked(heard)) == (False, (), [(1, 2)])


@pytest.mark.parametrize(
    "loop",
    [
        "x = 0\nwhile True:\n    x = 1",
        "def wait():\n    while True:\n        x = 1\nwait()",
        "try:\n    while True:\n        x = 1\nexcept:\n    while True:\n        x = 2",
    ],
)
def test_a_statement_without_end_is_stopped_alone_and_told_with_its_line(loop: str) -> None:
    parts = (
        CodePart(1, f"{loop}\nz = 1", ("z",)),
        CodePart(2, TWICE, ("twice",)),
        AssertionPart(3, "assert twice(1) == 2\nassert z == 1"),
    )
    heard = listen(Source(Path("/none/lab.ipynb"), parts, {}), each=0.5)
    assert (heard.stopped, asked(heard), [one.name for one in heard.variables]) == (False, [(1, 2)], ["z"])
    [failed] = heard.failed
    assert (failed.cell, failed.test, type(failed.error)) == (1, None, KeyboardInterrupt)
    assert (failed.line in range(1, 8), failed.seconds >= 0.5, heard.broken) == (True, True, {})


def test_an_answer_without_end_is_stopped_in_the_test_and_where_it_stands_alone() -> None:
    code = "n = 1\nwhile n:\n    n = n + 1\ndef spin(x):\n    while x:\n        pass\ndef f(x):\n    return x"
    parts = (
        CodePart(1, code, ("n", "spin", "f")),
        AssertionPart(2, "assert spin(1) == 0\nassert f(2) == 2\nassert n == 4"),
    )
    start = time.monotonic()
    heard = listen(Source(Path("/none/lab.ipynb"), parts, {}), each=0.5)
    assert time.monotonic() - start < 20
    stopped = [(one.cell, one.line in {1, 2, 3}) for one in heard.failed if isinstance(one.error, KeyboardInterrupt)]
    assert stopped == [(1, True), (2, True)]
    assert [(call.name, type(call.raised)) for call in heard.calls] == [("spin", KeyboardInterrupt), ("f", type(None))]
    assert list(heard.broken) == ["n"]


def test_an_exit_and_a_missing_package_cost_their_own_statement_alone() -> None:
    heard = hear("import no_such_package_at_all\nimport sys\nsys.exit()\nassert twice(1) == 2")
    assert [type(one.error) for one in heard.failed] == [ModuleNotFoundError, SystemExit]
    assert asked(heard) == [(1, 2)]
