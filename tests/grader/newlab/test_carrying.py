"""A notebook's tests become tasks, checks, points and questions; what cannot is told with its place and its reason."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from grader.newlab.carrying import carry_over
from grader.newlab.listening import listen
from grader.newlab.skeleton import Skeleton, rubric_text
from grader.newlab.worth import identifier, shares
from grader.source.model import AssertionPart, CodePart, ManualPart, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.newlab.carried import CarriedOver
    from grader.source.model import Part

TWICE = CodePart(1, 'def twice(x, k=2):\n    """Multiply by k. And more."""\n    return x * k', ("twice",))


def source(*parts: Part, headings: dict[int, str] | None = None) -> Source:
    return Source(Path("/none/lab.ipynb"), parts, {}, texts=("# The lab",), headings=headings or {})


def carried(*parts: Part) -> CarriedOver:
    made = source(*parts)
    return carry_over(made, listen(made, seconds=20))


def rubric(*parts: Part, headings: dict[int, str] | None = None) -> Any:  # noqa: ANN401 (YAML)
    made = source(*parts, headings=headings)
    text = rubric_text(made, carry_over(made, listen(made, seconds=20)), Skeleton("lab", "The lab"))
    return yaml.safe_load(text)


def asked(*parts: Part) -> list[tuple[str, str, dict[str, object], bool]]:
    return [(one.task, one.check, dict(one.inputs), one.public) for one in carried(*parts).questions]


def reasons(*parts: Part) -> list[str]:
    return [one.because.en for one in carried(*parts).left]


def test_each_test_is_a_check_of_each_task_that_it_asks_with_the_notebooks_points() -> None:
    thrice = CodePart(2, "def thrice(x):\n    return 3 * x", ("thrice",))
    first = AssertionPart(3, "assert twice(1) == 2\nassert thrice(1) == 3", points=Fraction(3), question="q1")
    second = AssertionPart(4, "assert twice(4) == 8", question="grade-2")
    found = carried(TWICE, thrice, first, second)
    assert [(task.name, [(one.name, one.points) for one in task.checks]) for task in found.tasks] == [
        ("twice", [("q1", Fraction(3, 2)), ("grade_2", 1)]),
        ("thrice", [("q1", Fraction(3, 2))]),
    ]
    assert found.points == 4


def test_visible_lines_are_public_and_hidden_ones_are_not() -> None:
    test = AssertionPart(2, "assert twice(1) == 2\nassert twice(2) == 4", hidden=frozenset({2}), question="q")
    assert asked(TWICE, test) == [
        ("twice", "q", {"x": 1, "k": 2}, True),
        ("twice", "q", {"x": 2, "k": 2}, False),
    ]


def test_otters_hidden_cases_are_hidden() -> None:
    code = (
        "from otter.test_files import test_case\n@test_case(hidden=True)\ndef q1(env):\n    assert env['twice'](1) == 2"
    )
    assert [one[3] for one in asked(TWICE, AssertionPart(2, code))] == [False]
    hidden, shown = "{'code': '>>> twice(1)\\n2', 'hidden': True}", "{'code': '>>> twice(2)\\n4'}"
    cases = f"test = {{'suites': [{{'cases': [\n{hidden},\n{shown}]}}]}}"
    assert [one[3] for one in asked(TWICE, AssertionPart(2, cases))] == [False, True]


def test_no_question_stands_twice_in_a_check() -> None:
    test = AssertionPart(
        2, "assert twice(1) == 2\nassert isinstance(twice(1), int)\nassert twice(1) == 2", frozenset({1})
    )
    [question] = carried(TWICE, test).questions
    assert (question.public, question.asks_more) == (True, False)


def test_an_exception_a_print_and_a_variable_are_asked_in_their_own_way() -> None:
    code = (
        "def f(x):\n    if x < 0:\n        raise ValueError('no')\n    return x\ndef g(x):\n    print('x', x)\nbest = 3"
    )
    test = "try:\n    f(-1)\nexcept ValueError:\n    pass\ng(2)\nassert best == 3\n"
    tasks = rubric(CodePart(1, code, ("f", "g", "best")), AssertionPart(2, test))["tasks"]
    assert tasks["f"]["checks"]["cell_2"]["judge"] == {"kind": "raises"}
    assert (tasks["g"]["probe"], tasks["g"]["checks"]["cell_2"]["judge"]) == ("printed", {"kind": "printed"})
    assert (tasks["best"]["variable"], tasks["best"]["checks"]["cell_2"]["questions"]) == ("best", [{}])


def test_the_rubric_has_titles_promises_and_notes_and_its_points_add_up() -> None:
    parts = [AssertionPart(cell, f"assert twice({cell}) == {2 * cell}", points=Fraction(1, 3)) for cell in (2, 3, 4)]
    found = rubric(TWICE, *parts, headings={1: "Part **one**"})
    task = found["tasks"]["twice"]
    assert (found["title"], found["points"], task["title"]) == ("The lab", task["points"], "Part one")
    assert sum(check["points"] for check in task["checks"].values()) == pytest.approx(task["points"])
    assert {check["promise"] for check in task["checks"].values()} == {"Multiply by k."}
    assert "hint" not in task["checks"]["cell_2"]


def test_a_long_text_stays_on_one_line_and_a_long_question_is_one_entry() -> None:
    code = f'def f(x):\n    """{"Long words: " * 30}."""\n    return len(x)'
    test = AssertionPart(2, f"x = {list(range(0, 3000, 30))}\nassert f(x) == 100\nassert f({'word: ' * 60!r}) == 360")
    task = rubric(CodePart(1, code, ("f",)), test, headings={1: "A heading: " * 30})["tasks"]["f"]
    inputs = [one["inputs"]["x"] for one in task["checks"]["cell_2"]["questions"]]
    assert (inputs[0]["list"], inputs[1]) == (list(range(0, 3000, 30)), "word: " * 60)


TABLES = """import numpy as np, pandas as pd
from pandas.testing import *
def totals(k):
    return pd.Series([1.0, 2.0 * k], index=["a", "b"], name="total")
def table(k):
    return pd.DataFrame({"a": [1, k]})
both = (3, totals(1))
"""
FREE = {"kind": "close", "names": "any", "dtypes": "any"}


@pytest.mark.parametrize(
    ("test", "judge"),
    [
        ("assert totals(3)['b'] == 6", FREE),
        ("assert isinstance(totals(3), pd.Series)", FREE),
        ("y = totals(3)\nassert (y == [1, 6]).all()", FREE),
        ("assert np.allclose(totals(3), [1, 6], atol=0.1)", {**FREE, "atol": 0.1}),
        ("assert table(3).shape == (2, 1)", FREE),
        ("assert table(3).loc[1, 'a'] == 3", FREE),
        ("assert set(totals(3)) == {1, 6}", {"kind": "same_set"}),
        ("assert both[1].sum() == 3", FREE),
        ("assert totals(3).name == 'total'", None),
        ("y = totals(3)\nassert y.sum() == 7\nassert y.dtype == float", None),
        ("assert totals(3)['b'] == 6\nassert totals(3).name == 'total'", None),
        ("y = table(3)\ncolumns = list(y.columns)\nassert columns == ['a']", None),
        ("assert table(3).equals(pd.DataFrame({'a': [1, 3]}))", None),
        ("assert_frame_equal(table(3), pd.DataFrame({'a': [1, 3]}))", None),
        ("pd.testing.assert_series_equal(totals(3), totals(3))", None),
        (
            "assert_frame_equal(table(3), pd.DataFrame({'a': [1, 3]}), check_names=False)",
            {"kind": "close", "names": "any"},
        ),
    ],
)
def test_names_and_dtypes_of_a_table_count_where_an_assertion_looks_at_them(
    test: str, judge: dict[str, object] | None
) -> None:
    answers = ("totals", "table", "both")
    questions = [
        question
        for task in carried(CodePart(1, TABLES, answers), AssertionPart(2, test)).tasks
        for check in task.checks
        for question in check.questions
    ]
    assert [one.judge for one in questions] == [judge]


def test_a_function_with_other_parameters_later_is_asked_as_it_is_in_the_end() -> None:
    later = CodePart(3, "def twice(y):\n    return 2 * y", ("twice",))
    found = carried(TWICE, AssertionPart(2, "assert twice(1) == 2"), later, AssertionPart(4, "assert twice(2) == 4"))
    assert [dict(one.inputs) for one in found.questions] == [{"y": 2}]
    assert any("other parameters" in one.because.en for one in found.left)


def test_an_assertion_that_looks_at_a_part_is_marked_in_the_rubric() -> None:
    made = source(TWICE, AssertionPart(2, "assert twice(3) > 5"))
    text = rubric_text(made, carry_over(made, listen(made)), Skeleton("lab", "The lab"))
    note = "# asks for the whole answer, where the notebook looked at a part of it\n"
    assert f"        questions:      {note}          - {{public: true" in text
    made = source(TWICE, AssertionPart(2, "assert twice(3) > 5\nassert twice(1) == 2"))
    text = rubric_text(made, carry_over(made, listen(made)), Skeleton("lab", "The lab"))
    assert f"        questions:\n          {note}          - {{public: true, inputs: {{x: 3" in text


def test_a_name_that_the_test_takes_away_is_one_to_be_used() -> None:
    code = "def sq(x):\n    return x * x\ndef total(n):\n    return sum(sq(k) for k in range(n))"
    test = (
        "old = sq\ndel sq\ntry:\n    total(2)\nexcept NameError:\n    pass\nelse:\n    raise AssertionError\nsq = old"
    )
    found = rubric(CodePart(1, code, ("sq", "total")), AssertionPart(2, test), AssertionPart(3, "assert sq(3) == 9"))
    assert found["tasks"]["total"]["checks"]["cell_2"]["calls"] == {"require": ["sq"]}


def test_a_function_that_a_test_takes_away_is_back_for_the_next_one_and_told() -> None:
    code = CodePart(1, "import numpy as np\ndef mean(x):\n    return sum(x) / len(x)", ("mean",))
    test = AssertionPart(2, "np.mean = None\nmap = None\nassert mean([1, 3]) == 2")
    found = carried(code, test, AssertionPart(3, "assert mean([2, 4]) == np.mean([2, 4])"))
    assert len(found.questions) == 2
    assert ["np.mean" in one.because.en or "map" in one.because.en for one in found.left] == [True, True]


@pytest.mark.parametrize(
    ("code", "points"),
    [
        ("test = {'points': 3, 'suites': [{'cases': [{'code': '>>> twice(1)\\n2'}]}]}", 3),
        ("test = {'points': [1, 0.5], 'suites': [{'cases': [{'code': '>>> twice(1)\\n2'}]}]}", 1.5),
        ("points = 4\ndef test_twice(env):\n    assert env['twice'](1) == 2", 4),
        ("from otter.test_files import test_case\n@test_case(points=2)\ndef q(twice):\n    assert twice(1) == 2", 2),
        (">>> twice(1)\n2", 1),
    ],
)
def test_otters_own_points_count_where_the_notebook_says_none(code: str, points: float) -> None:
    assert carried(TWICE, AssertionPart(2, code)).points == points


def test_where_the_notebook_gives_no_points_at_all_each_test_is_worth_one() -> None:
    tests = [AssertionPart(cell, f"assert twice({cell}) == {2 * cell}", points=Fraction(0)) for cell in (2, 3)]
    assert carried(TWICE, *tests).points == 2


@pytest.mark.parametrize(
    ("code", "test", "reason"),
    [
        ("import random\ndef f():\n    return random.random()", "assert f() < 1", "left to chance"),
        ("def f(x):\n    x.append(1)\n    return x", "assert f([]) == [1]", "changes its argument x"),
        ("def f(g):\n    return g.a", "class A:\n    a = 1\nassert f(A()) == 1", "of the type A"),
        ("def f(*x):\n    return x", "assert f(1) == (1,)", "takes x"),
        ("def f(x):\n    yield x", "assert list(f(1)) == [1]", "of the type generator"),
        ("def f(x):\n    return float(x)", "assert f('nan') != 0", "not finite"),
        ("def f(x):\n    pass", "assert f(1) is None", "returns nothing"),
        (
            "def f(x):\n    raise NotImplementedError",
            "try:\n    f(1)\nexcept NotImplementedError:\n    pass",
            "not written",
        ),
        ("def f(x):\n    return 2", "assert f(1) == 3", "own solution fails here: AssertionError"),
        ("def f(x):\n    return 2", "assert g(1) == 3", "own solution fails here: NameError"),
        ("def f(x):\n    return 2", "import no_such_package_here", "package no_such_package_here is not here"),
        ("def f(x):\n    return 2", "assert 1 == 1", "asks for nothing that students write"),
        ("def f(x):\n    return len(x)", "assert f(list(range(9999))) == 9999", "too large"),
        (
            "table = {1: 2}\ndef f(x):\n    return table.setdefault(x, x)",
            "table.clear()\nassert f(1) == 1\ntable[1] = 5",
            "ran before",
        ),
    ],
)
def test_what_can_be_no_question_is_told_with_its_reason(code: str, test: str, reason: str) -> None:
    found = carried(CodePart(1, code, ("f",)), AssertionPart(2, test))
    assert found.questions == ()
    assert any(reason in one.because.en for one in found.left), [one.because.en for one in found.left]
    assert {one.cell for one in found.left} == {2}


@pytest.mark.parametrize(
    ("code", "test", "reason"),
    [
        ("import random\nx = random.random()", "assert x < 1", "left to chance"),
        ("x = None", "assert x is None", "is None"),
        ("x = object()", "assert x is not None", "of the type object"),
    ],
)
def test_a_variable_that_can_be_no_question_is_told_too(code: str, test: str, reason: str) -> None:
    assert any(reason in one for one in reasons(CodePart(1, code, ("x",)), AssertionPart(2, test)))


def test_a_variable_that_is_another_one_later_is_none() -> None:
    parts: Sequence[Part] = (
        CodePart(1, "x = 1", ("x",)),
        AssertionPart(2, "assert x == 1"),
        CodePart(3, "x = 2", ("x",)),
        AssertionPart(4, "assert x == 2"),
    )
    found = carried(*parts)
    assert [(one.check, one.inputs) for one in found.questions] == [("cell_4", {})]
    assert any("another value later" in one.because.en for one in found.left)


@pytest.mark.parametrize(
    "test",
    [
        "def check(x, y):\n    right = twice(x) == y\n    assert right\ncheck(1, 2)",
        "found = []\nfor x in range(3):\n    found.append(twice(x))\nassert found[2] == 4\nassert found[0] < 2",
        "y = twice(1)\nz = y + 1\nassert z == 3\nassert callable(twice)",
        "right = [twice(x) == 2 * x for x in range(3)]\nassert False not in right",
        "total = 0\ntotal += twice(2)\nassert total == 4",
    ],
)
def test_an_assertion_about_what_is_made_of_an_answer_is_not_told_as_one_about_nothing(test: str) -> None:
    found = carried(TWICE, AssertionPart(2, test))
    assert (found.left, found.questions != ()) == ((), True)


def test_of_a_variable_all_readings_count_and_what_is_given_to_an_answer_is_none() -> None:
    code = CodePart(1, "x = [1.0, 2.0]\nn = 3\ndef twice(k):\n    return 2 * k", ("x", "n", "twice"))
    test = "import numpy as np\nassert len(x) == 2\nassert np.allclose(x, [1, 2], atol=0.1)\nassert twice(n) == 6"
    found = carried(code, AssertionPart(2, test))
    assert [(one.task, one.asks_more) for one in found.questions] == [("x", False), ("twice", False)]
    assert found.questions[0].judge == {"kind": "close", "atol": 0.1}
    assert found.left == ()


def test_a_function_that_needs_something_of_the_tests_is_no_question() -> None:
    code = CodePart(1, "def f(x):\n    return x + shift", ("f",))
    found = carried(code, AssertionPart(2, "shift = 1\nassert f(1) == 2"))
    assert found.questions == ()
    assert "it raises NameError: name 'shift'" in found.left[0].because.en


def test_an_answer_that_cannot_stand_in_a_reference_leaves_the_others() -> None:
    code = CodePart(1, "def f(x):\n    return 2 * x\nkey = (1, 2)\ntable = {}\ntable[key] = key\n", ("f", "table"))
    broken = CodePart(2, "table[1] = key.index(5)")
    found = carried(code, broken, AssertionPart(3, "assert f(1) == 2\nassert len(table) == 1"))
    assert [one.task for one in found.questions] == ["f"]
    assert any("table does not come about without the tests: ValueError" in one.because.en for one in found.left)


def test_what_follows_from_a_failure_is_not_told_as_one_of_its_own() -> None:
    code = CodePart(1, "import no_such_package_here as lib\ndata = lib.load()\ntotal = data.sum()", ("total",))
    assert reasons(code, AssertionPart(2, "assert total == 3")) == [
        "the package no_such_package_here is not here: install it, and give the command again",
        "it needs total, which the notebook does not get to: see what fails before",
        "nothing of In [2] became a question: its points (1) are left out",
    ]


ACCOUNT = """class Account:
    def __init__(self, name, balance=0):
        self.name, self.balance = name, balance
    def deposit(self, amount):
        self.balance += amount
"""


@pytest.mark.parametrize(
    "test",
    [
        'a = Account("Ann", 10)\na.deposit(5)\nassert a.balance == 15',
        "assert Account('Ann').balance == 0",
        "def check(a):\n    assert a.balance == 3\ncheck(Account('Ann', 3))\nassert hasattr(Account, 'deposit')",
        "accounts = [Account(name) for name in 'ab']\nfor one in accounts:\n    assert one.balance == 0",
        "assert given.balance == 7",
        "import pytest\na = Account('Ann')\nwith pytest.raises(TypeError):\n    a.deposit()",
        "assert issubclass(Account, object)",
    ],
)
def test_an_assertion_about_an_object_of_the_students_class_is_told_as_that_once(test: str) -> None:
    parts = (CodePart(1, ACCOUNT, ("Account",)), CodePart(2, "given = Account('Eve', 7)"), AssertionPart(3, test))
    told = [one for one in reasons(*parts) if "asks for nothing" in one or "object of the class" in one]
    assert {("the class Account" in one, "`probe:`" in one) for one in told} == {(True, True)}, told
    assert len(set(told)) == 1


@pytest.mark.parametrize(
    "demonstration",
    [
        "np.linalg.solve(np.zeros((2, 2)), np.ones(2))",
        "x = np.linalg.solve(np.zeros((2, 2)), np.ones(2))\nx",
        "A = np.zeros((2, 2))\nb = np.ones(2)\nresult = solve(A, b)",
        "for n in data:\n    y = np.linalg.inv(np.zeros((n, n)))",
    ],
)
def test_a_given_cell_that_stops_costs_no_check_that_has_nothing_to_do_with_it(demonstration: str) -> None:
    code = "import numpy as np\ndata = [1, 2]\ndef solve(A, x):\n    return np.linalg.solve(A, x)\n"
    code += "def f(x):\n    y = x + 1\n    result = [n for n in data]\n    return 2 * y + sum(result)"
    test = AssertionPart(3, "assert f(1) == 7\nassert np.allclose(solve(np.eye(2), np.ones(2)), 1)")
    found = carried(CodePart(1, code, ("data", "solve", "f")), CodePart(2, demonstration), test)
    assert {one.task for one in found.questions} == {"solve", "f"}
    assert [one.because.en for one in found.left] == [
        "the cell stops here in the notebook itself: LinAlgError: Singular matrix. Nothing that is asked needs it"
    ]


@pytest.mark.parametrize(
    ("given", "test", "needing"),
    [
        ("shift = int('a')", "assert f(1) == 2", "f, shift"),
        ("numbers = [int('a')]", "assert g(numbers) == 3", "numbers"),
    ],
)
def test_what_needs_a_given_cell_that_stops_is_told_with_it(given: str, test: str, needing: str) -> None:
    code = CodePart(2, "def f(x):\n    return x + shift\ndef g(x):\n    return x", ("f", "g"))
    error = "ValueError: invalid literal for int() with base 10: 'a'"
    told = f"the cell stops here in the notebook itself: {error}. These need it: {needing}"
    assert told in reasons(CodePart(1, given), code, AssertionPart(3, test))


@pytest.mark.parametrize(
    ("read", "told"),
    [
        ("open('rain.csv').read()", "there is no file rain.csv beside the notebook: put it there"),
        ("np.loadtxt('rain.csv')", "there is no file rain.csv beside the notebook"),
        ("pd.read_csv('data/rain.csv')", "there is no file data/rain.csv beside the notebook"),
        ("open(os.path.abspath('rain.csv'))", "there is no file rain.csv beside the notebook"),
        ("open('../rain.csv')", "../rain.csv lies outside the notebook's folder"),
        ("open('/no/such/rain.csv')", "/no/such/rain.csv lies outside the notebook's folder"),
        (r"open(r'C:\data\rain.csv')", "C:/data/rain.csv lies outside the notebook's folder"),
        ("open('ra' + 'in.txt')", "rain.txt was not taken along, for its name is put together in the code"),
    ],
)
def test_a_file_that_is_not_there_has_a_sentence_of_its_own(tmp_path: Path, read: str, told: str) -> None:
    (tmp_path / "rain.txt").write_text("1\n", "utf-8")
    code = CodePart(1, f"import os, numpy as np, pandas as pd\nrain = {read}\ntotal = len(rain)", ("rain", "total"))
    made = Source(tmp_path / "lab.ipynb", (code, AssertionPart(2, "assert total == 3")), {})
    found = carry_over(made, listen(made, seconds=20))
    first = found.left[0].because.en.replace("\\", "/")
    assert (told in first, "give the command again" in first) == (True, True), first
    assert len(found.missing) == 1


def test_a_file_that_nothing_needs_is_not_asked_for_in_the_end() -> None:
    found = carried(CodePart(1, "open('rain.csv').read()"), TWICE, AssertionPart(2, "assert twice(1) == 2"))
    assert (found.missing, len(found.questions)) == ((), 1)


def test_a_call_without_end_is_told_once_as_what_it_is() -> None:
    code = CodePart(1, "def spin(x):\n    while x:\n        pass\n    return x", ("spin",))
    made = source(code, AssertionPart(2, "assert spin(0) == 0\nassert spin(1) == 0"))
    found = carry_over(made, listen(made, each=1.0))
    assert [dict(one.inputs) for one in found.questions] == [{"x": 0}]
    [left] = found.left
    assert (left.cell, left.line) == (2, 2)
    assert left.because.en in {
        f"it was still running after 1 s, and was stopped in cell In [1], line {line}: is it a loop without an end? "
        "If it only takes long, let it do less"
        for line in (2, 3)
    }


def test_what_a_person_reads_is_kept_with_its_points() -> None:
    parts = (ManualPart(4, "essay", Fraction(5)), ManualPart(5, "plot 1", None), ManualPart(6, "twice", Fraction(2)))
    nothing = ManualPart(7, "effort", Fraction(0))
    found = carried(TWICE, AssertionPart(2, "assert twice(1) == 2"), *parts, nothing)
    assert [(one.name, one.points, one.part) for one in found.manual] == [
        ("essay", Fraction(5), parts[0]),
        ("plot_1", Fraction(1), parts[1]),
        ("twice_", Fraction(2), parts[2]),
    ]
    assert [one.because.en for one in found.left] == [
        "a person reads effort, and it is worth no points in the notebook"
    ]


@pytest.mark.parametrize(
    ("name", "expected"), [("q1", "q1"), ("cell-a1", "cell_a1"), ("1a", "q1a"), ("for", "for_"), ("題一", "題一")]
)
def test_a_check_has_the_notebooks_name_as_a_python_name(name: str, expected: str) -> None:
    assert identifier(name) == expected


def test_a_name_that_nbgrader_drew_is_none() -> None:
    test = AssertionPart(7, "assert twice(1) == 2", question="cell-4eb9827586286964")
    assert [one.check for one in carried(TWICE, test).questions] == ["cell_7"]


@pytest.mark.parametrize(("worth", "count"), [(1, 3), (2, 7), (Fraction(1, 2), 2), (10, 1), (Fraction(1, 100), 1)])
def test_shares_add_up(worth: Fraction, count: int) -> None:
    found = shares(Fraction(worth), count)
    assert (sum(found), len(found), min(found) > 0) == (worth, count, True)
