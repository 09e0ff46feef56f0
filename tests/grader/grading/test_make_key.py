"""The key: the same seed asks the same, no question tells its answer, and a reference that cannot answer is told."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.errors import LabError
from grader.grading.grade import GradingContext, run_spec
from grader.grading.make_key import kernel_seed, make_key
from grader.model import Agrees, Question, Returned
from grader.wire.plain import decode_value, encode_value

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.grading.key import Asked, Key
    from grader.model import Array

    Make = Callable[..., Key]

HEAD = """\
title: {zh-TW: "實驗", en: "Lab"}
minutes: 20
points: 10
tasks:
  half:
    title: {zh-TW: "一半", en: "Half"}
    lecture: {zh-TW: "第一節", en: "Section 1"}
    points: 10
    checks:
"""
CHECK = """\
      {name}:
        points: {points}
        promise: {{zh-TW: "一半", en: "The half"}}
        hint: {{zh-TW: "除以二？", en: "Divided by two?"}}
        questions:
{questions}
"""
RUBRIC = HEAD + CHECK.format(
    name="values",
    points=10,
    questions="          - {public: true, inputs: {x: 3}}\n          - {make: numbers, count: 3}",
)
REFERENCE = """\
import numpy as np


def half(x):
    return np.asarray(x) / 2


def numbers(rng):
    return {"x": rng.uniform(size=3)}
"""


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a maker of the key of a lab given by its rubric and its reference."""

    def write_and_make(rubric: str = RUBRIC, reference: str = REFERENCE, seed: int = 7) -> Key:
        for room in ("labs", "reference", "rubrics"):
            (tmp_path / room).mkdir(exist_ok=True)
        (tmp_path / "rubrics" / "mini.yaml").write_text(rubric, encoding="utf-8")
        (tmp_path / "reference" / "mini.py").write_text(reference, encoding="utf-8")
        return make_key(load_lab(Course(tmp_path), "mini"), seed)

    return write_and_make


def answering(body: str) -> str:
    """Return the reference with another body of `half`."""
    return REFERENCE.replace("    return np.asarray(x) / 2", body)


def making(body: str) -> str:
    """Return the reference with another body of `numbers`."""
    return REFERENCE.replace('    return {"x": rng.uniform(size=3)}', body)


def refused(make: Make, **given: str) -> str:
    """Return the English sentence with which a key is refused; it must be."""
    with pytest.raises(LabError) as caught:
        make(**given)
    assert caught.value.text.zh_tw
    return caught.value.text.en


def asked(key: Key) -> list[str]:
    """Return the questions as they are sent."""
    return [
        json.dumps([question.task, question.check, [encode_value(value) for value in question.arguments]])
        for question in key.questions
    ]


def numbers(one: Asked) -> Array:
    """Return the expected answer of a question that is answered with numbers."""
    assert isinstance(one.expected, np.ndarray)
    return one.expected


def expected(key: Key) -> list[Any]:
    return [numbers(one).tolist() for one in key.asked]


# What a key is ------------------------------------------------------------------------------------------------


def test_a_key_asks_every_question_in_the_order_of_the_rubric_with_the_references_answers(make: Make) -> None:
    key = make()
    assert (key.lab, key.seed) == ("mini", 7)
    assert [one.public for one in key.asked] == [True, False, False, False]
    assert [one.names for one in key.asked] == [("x",)] * 4
    assert key.questions[0].arguments == (3,)
    for one in key.asked:
        assert numbers(one).tolist() == (np.asarray(one.question.arguments[0]) / 2).tolist()


def test_questions_of_one_maker_differ(make: Make) -> None:
    assert len(set(asked(make())[1:])) == 3


def test_the_same_seed_asks_the_same(make: Make) -> None:
    assert asked(make(seed=7)) == asked(make(seed=7))
    assert expected(make(seed=7)) == expected(make(seed=7))


def test_another_seed_asks_other_generated_questions_and_the_same_literal_ones(make: Make) -> None:
    one, other = asked(make(seed=7)), asked(make(seed=8))
    assert one[0] == other[0]
    assert not set(one[1:]) & set(other[1:])


@pytest.mark.parametrize("seed", [0, 2**53 - 1])
def test_the_least_and_the_greatest_seed_make_a_key(make: Make, seed: int) -> None:
    assert len(make(seed=seed).asked) == 4


def test_no_seed_that_leaves_this_process_is_the_keys_or_leads_to_it(root: Path) -> None:
    lab = load_lab(Course(root), "lab03")
    keys = {seed: make_key(lab, seed) for seed in (7, 2**53 - 1)}
    for seed, key in keys.items():
        inspections = [one.inspection for one in key.questions if one.inspection is not None]
        told = [run_spec(GradingContext(lab, key)).seed, *(inspection.seed for inspection in inspections)]
        assert len(inspections) == 6
        assert seed not in told
        assert all(0 <= one < 2**32 for one in told), "what np.random.seed takes"
    assert kernel_seed(7) != kernel_seed(8)
    assert kernel_seed(7) == kernel_seed(7)


def test_a_check_more_leaves_the_other_checks_questions_as_they_were(make: Make) -> None:
    mine = RUBRIC.replace("points: 10\n        promise", "points: 5\n        promise")
    more = CHECK.format(name="more", points=5, questions="          - {make: numbers, count: 2}")
    alone = asked(make(RUBRIC))
    after = [question for question in asked(make(mine + more)) if '"values"' in question]
    before = [question for question in asked(make(mine.replace(HEAD, HEAD + more))) if '"values"' in question]
    assert alone == after == before


def test_two_checks_that_use_one_maker_ask_different_questions(make: Make) -> None:
    mine = RUBRIC.replace("points: 10\n        promise", "points: 5\n        promise")
    more = CHECK.format(name="more", points=5, questions="          - {make: numbers, count: 3}")
    arguments = [str(question.arguments) for question in make(mine + more).questions]
    assert len(set(arguments)) == len(arguments)


def test_making_a_key_neither_uses_nor_changes_numpys_global_generator(make: Make) -> None:
    told = []
    for seed in (1, 2):
        np.random.seed(seed)  # noqa: NPY002 (the global generator is what this is about)
        told.append(asked(make()))
        after = np.random.random(3).tolist()  # noqa: NPY002 (same)
        np.random.seed(seed)  # noqa: NPY002 (same)
        assert np.random.random(3).tolist() == after  # noqa: NPY002 (same)
    assert told[0] == told[1]


def test_a_question_has_no_place_for_the_answer() -> None:
    assert {field.name for field in fields(Question)} <= {
        "task",
        "check",
        "arguments",
        "inspection",
        "public",
        "manner",
    }


@pytest.mark.parametrize("name", ["lab01", "lab02"])
def test_what_is_sent_of_the_projects_labs_holds_no_expected_answer_and_no_tolerance(root: Path, name: str) -> None:
    key = make_key(load_lab(Course(root), name), 7)
    for one, sent in zip(key.asked, asked(key), strict=True):
        arguments = [decode_value(form) for form in json.loads(sent)[2]]
        given = [np.asarray(value, float) for value in arguments if not isinstance(value, str)]
        if float(np.abs(numbers(one)).max()) not in {0.0, 1.0}:
            assert not any(np.array_equal(value, numbers(one)) for value in given), sent
        assert not any(word in sent for word in ("expected", "rtol", "atol", "judge", "close", "hint"))


@pytest.mark.parametrize("name", ["lab01", "lab02"])
@pytest.mark.parametrize("seed", range(5))
def test_the_references_own_answers_are_right(root: Path, name: str, seed: int) -> None:
    for one in make_key(load_lab(Course(root), name), seed).asked:
        answer = Returned(numbers(one), numbers(one).dtype.name)
        assert isinstance(one.judge(answer), Agrees), one.question


def test_a_judge_of_a_question_comes_before_that_of_its_check_and_close_is_the_rest(make: Make) -> None:
    questions = (
        "          - {inputs: {x: 3}}\n"
        "          - {inputs: {x: 30}, judge: {kind: large, above: 9}}\n"
        "        judge: {kind: close, rtol: 0.5}"
    )
    key = make(HEAD + CHECK.format(name="values", points=10, questions=questions))
    assert [(one.kind, dict(one.options)) for one in key.asked] == [
        (
            "close",
            {"rtol": 0.5, "atol": 1e-6, "half_precision": False, "order": "given", "dtypes": "kind", "names": "given"},
        ),
        ("large", {"above": 9, "below": 1e6}),
    ]
    assert [(one.kind, dict(one.options)) for one in make().asked] == [("close", {})] * 4


def test_an_expected_answer_is_the_keys_own_whatever_the_reference_does_later(make: Make) -> None:
    body = "    np.divide(np.broadcast_to(x, 3), 2, out=KEPT)\n    return KEPT\n\n\nKEPT = np.zeros(3)"
    assert expected(make(reference=answering(body)))[0] == [1.5, 1.5, 1.5]


def test_an_argument_of_a_question_is_its_own_whatever_the_reference_keeps(make: Make) -> None:
    body = '    KEPT[:] = rng.uniform(size=3)\n    return {"x": KEPT}\n\n\nKEPT = np.zeros(3)'
    arguments = [str(question.arguments) for question in make(reference=making(body)).questions[1:]]
    assert len(set(arguments)) == 3


# A reference that cannot answer is told -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param("    raise ValueError('no')", "the reference raises ValueError: no", id="raises"),
        pytest.param("    return 1 / 0", "the reference raises ZeroDivisionError", id="divides by 0"),
        pytest.param("    raise SystemExit(0)", "the reference raises SystemExit", id="exits"),
        pytest.param("    return np.nan", "the reference answers nan: an answer must be finite", id="NaN"),
        pytest.param("    return np.asarray([1, np.inf])", "an answer must be finite", id="infinity in an array"),
        pytest.param("    return np.log(np.asarray(x) * 0)", "an answer must be finite", id="log 0"),
        pytest.param("    return None", "the reference answers None: is its return missing?", id="None"),
        pytest.param("    return object", "answers type, which cannot be compared", id="class"),
        pytest.param("    return iter([])", "answers list_iterator, which cannot be compared", id="an iterator"),
        pytest.param(
            "    return {'a': object()}", "answers object, which cannot be compared", id="an object in a dict"
        ),
        pytest.param("    return ...", "answers ellipsis, which cannot be compared", id="the stub"),
    ],
)
def test_a_reference_that_gives_nothing_to_compare_is_told_with_its_line(make: Make, body: str, told: str) -> None:
    sentence = refused(make, reference=answering(body))
    assert "mini.yaml, line 15, tasks.half.checks.values.questions.0: " in sentence
    assert told in sentence


def test_a_reference_that_changes_its_inputs_is_told(make: Make) -> None:
    body = "    x = np.asarray(x)\n    if x.shape:\n        x /= 2\n        return x\n    return x / 2"
    sentence = refused(make, reference=answering(body))
    assert "line 16, tasks.half.checks.values.questions.1: the reference changes its inputs" in sentence


@pytest.mark.parametrize("change", ["x.append(1)", "x[0] = 9", "x[1][0] = 9", "x.reverse()", "x.clear()"])
def test_a_reference_that_changes_a_list_is_told(make: Make, change: str) -> None:
    rubric = RUBRIC.replace("{x: 3}", "{x: {list: [1, [2, 3]]}}")
    sentence = refused(make, rubric=rubric, reference=answering(f"    {change}\n    return 1.0"))
    assert "the reference changes its inputs" in sentence


def test_a_question_that_holds_nan_is_no_change_of_the_inputs(make: Make) -> None:
    reference = making('    return {"x": np.array([np.nan, 1.0])}').replace("np.asarray(x) / 2", "np.nansum(x)")
    assert expected(make(reference=reference)) == [3, 1, 1, 1]


# A maker that makes no question is told -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param("    return {'y': 1.0}", "the maker numbers must return a dict of", id="another name"),
        pytest.param("    return {}", "must return a dict of", id="no name"),
        pytest.param("    return {'x': 1.0, 'y': 2.0}", "must return a dict of", id="a name too many"),
        pytest.param("    return (1.0,)", "must return a dict of", id="a tuple"),
        pytest.param("    return None", "must return a dict of", id="None"),
        pytest.param("    return {'x': object()}", "the maker numbers: object", id="an object"),
        pytest.param("    return {'x': [object()]}", "the maker numbers: object", id="an object in a list"),
        pytest.param("    return {'x': lambda: 1}", "the maker numbers: function", id="a function"),
        pytest.param("    raise KeyError('a')", "the reference raises KeyError: 'a'", id="raises"),
        pytest.param(
            "    return {'x': [[[[[[[[[[[[[[[[[[1.0]]]]]]]]]]]]]]]]]]}", "the maker numbers", id="too deep to send"
        ),
    ],
)
def test_a_maker_that_makes_no_question_is_told_with_its_line(make: Make, body: str, told: str) -> None:
    sentence = refused(make, reference=making(body).replace("np.asarray(x) / 2", "1.0"))
    assert "mini.yaml, line 16, tasks.half.checks.values.questions.1: " in sentence
    assert told in sentence


@pytest.mark.parametrize("value", ["[{a: 1}]", "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]"])
def test_a_literal_input_that_cannot_be_sent_is_told(make: Make, value: str) -> None:
    rubric = RUBRIC.replace("{x: 3}", f"{{x: {{list: {value}}}}}")
    assert "line 15, " in refused(make, rubric=rubric, reference=answering("    return 1.0"))


@pytest.mark.parametrize(
    "body",
    [
        "    return {'x': np.str_('a')}",
        "    return {'x': __import__('collections').namedtuple('P', 'a b')(1, 2)}",
        "    return {'x': 10**500}",
    ],
    ids=["numpy.str_", "namedtuple", "500 digits"],
)
def test_every_question_can_be_sent_and_read(make: Make, body: str) -> None:
    try:
        key = make(reference=making(body).replace("np.asarray(x) / 2", "1.0"))
    except LabError:
        return  # told to the staff before anything runs
    for question in key.questions:
        for value in question.arguments:
            assert decode_value(json.loads(json.dumps(encode_value(value)))) == value


# A check that nobody can pass ---------------------------------------------------------------------------------


def test_a_judge_that_refuses_the_references_own_answer_is_told(make: Make) -> None:
    rubric = RUBRIC.replace("inputs: {x: 3}", "inputs: {x: 3}, judge: {kind: large, above: 9}")
    assert "line 15" in refused(make, rubric=rubric)
