"""Rubrics: every mistake is refused with file, line, key and remedy; what is right means what it says."""

from __future__ import annotations

import json
import textwrap
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import jsonschema
import numpy as np
import pytest
import yaml
from pydantic import TypeAdapter

from grader import checks
from grader.course.forms import Input
from grader.course.inputs import value_of
from grader.course.rubric import Rubric, options_of, schema
from grader.course.rubric_file import read_rubric
from grader.course.yaml_lines import read_yaml
from grader.errors import LabError
from grader.registry import names_in
from grader.wire.plain import encode_value

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[str], Path]

GOOD = textwrap.dedent(
    """\
    title: {zh-TW: "實驗", en: "Lab"}
    minutes: 20
    points: 10
    packages: [numpy]
    limits: {cell_seconds: 5, call_seconds: 2.5}
    tasks:
      half:
        title: {zh-TW: "一半", en: "Half"}
        lecture: {zh-TW: "第一節", en: "Section 1"}
        points: 10
        checks:
          values:
            points: 7.5
            promise: {zh-TW: "一半", en: "The half"}
            hint: {zh-TW: "除以二？", en: "Divided by two?"}
            judge: {kind: close, rtol: 1e-4}
            questions:
              - public: true
                inputs: {x: 3}
              - make: numbers
                count: 4
          batch:
            points: 2.5
            promise: {zh-TW: "一半", en: "The halves"}
            hint: {zh-TW: "除以二？", en: "Divided by two?"}
            questions:
              - inputs: {x: [1, 2]}
              - judge: {kind: large, above: 9}
                inputs: {x: 30}
    """
)


CALLS = "tasks.half.checks.values.calls"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a writer of rubrics."""

    def to_file(text: str) -> Path:
        path = tmp_path / "lab.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


def spoiled(old: str, new: str) -> str:
    """Return the good rubric with its first `old` replaced."""
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def refused(path: Path) -> str:
    """Return the English sentences with which a rubric is refused; it must be."""
    with pytest.raises(LabError) as caught:
        read_rubric(path)
    assert "lab.yaml" in caught.value.text.zh_tw
    return caught.value.text.en


def with_input(value: str) -> str:
    return spoiled("inputs: {x: 3}", f"inputs: {{x: {value}}}")


# What is right means what it says -----------------------------------------------------------------------------


def test_a_good_rubric_means_what_it_says(write: Write) -> None:
    rubric, _ = read_rubric(write(GOOD))
    task = rubric.tasks["half"]
    values, batch = task.checks["values"], task.checks["batch"]
    limits = rubric.limits.limits
    assert rubric.title is not None
    assert rubric.title.text.zh_tw == "實驗"
    assert (limits.cell_seconds, limits.call_seconds, limits.submission_seconds) == (5, 2.5, 300)
    assert (values.points, batch.points) == (Fraction(15, 2), Fraction(5, 2))
    assert [entry.public for entry in values.questions] == [True, False]
    assert [entry.count for entry in values.questions] == [1, 4]
    assert values.judge is not None
    assert options_of(values.judge) == {
        "rtol": 1e-4,
        "atol": 1e-6,
        "half_precision": False,
        "order": "given",
        "dtypes": "kind",
        "names": "given",
    }
    assert batch.judge is None


def test_points_are_exact_as_they_are_written(write: Write) -> None:
    text = spoiled("points: 7.5", "points: 9.9").replace("points: 2.5", "points: 0.1")
    rubric, _ = read_rubric(write(text))
    assert rubric.tasks["half"].checks["batch"].points == Fraction(1, 10)


@pytest.mark.parametrize(
    ("written", "dtype", "value"),
    [
        ("[1, 2]", "float64", [1, 2]),
        ("[[1, 2], [3, 4.5]]", "float64", [[1, 2], [3, 4.5]]),
        ("[]", "float64", []),
        ("[1e-7]", "float64", [1e-7]),
        ("{array: [0, 255], dtype: uint8}", "uint8", [0, 255]),
        ("{array: [-128, 127], dtype: int8}", "int8", [-128, 127]),
        ("{array: [-1, 2.0], dtype: int32}", "int32", [-1, 2]),
        ("{array: [0.1], dtype: float32}", "float32", [np.float32(0.1)]),
        ("{array: [true, false], dtype: bool}", "bool", [True, False]),
        ("{array: [0.5], dtype: float16}", "float16", [0.5]),
    ],
)
def test_an_array_has_its_dtype_and_numbers(write: Write, written: str, dtype: str, value: list[Any]) -> None:
    rubric, _ = read_rubric(write(with_input(written)))
    inputs = rubric.tasks["half"].checks["values"].questions[0].inputs
    assert inputs is not None
    array = value_of(inputs["x"])
    assert isinstance(array, np.ndarray)
    assert (array.dtype.name, array.tolist()) == (dtype, value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3", 3),
        ("3.0", 3.0),
        ("1e-4", 1e-4),
        ("true", True),
        ('"mse"', "mse"),
        ("mse", "mse"),
        ("1:30", "1:30"),
        ("{list: [1, [2, 3]]}", [1, [2, 3]]),
        ("{list: []}", []),
    ],
)
def test_a_plain_input_keeps_its_type(write: Write, written: str, value: object) -> None:
    rubric, _ = read_rubric(write(with_input(written)))
    inputs = rubric.tasks["half"].checks["values"].questions[0].inputs
    assert inputs is not None
    found = value_of(inputs["x"])
    assert (type(found), found) == (type(value), value)


def test_a_check_may_say_what_a_function_calls_with_questions_or_without(write: Write) -> None:
    calls = "calls: {require: [squares], forbid: [tf.keras.losses, sum, loop, for]}"
    questions = GOOD[GOOD.rindex("      questions:") :]
    for text in (
        GOOD.replace(questions, f"      {calls}\n"),
        spoiled("judge: {kind: close", f"{calls}\n        judge: {{kind: close"),
    ):
        rubric, _ = read_rubric(write(text))
        found = [check.calls for check in rubric.tasks["half"].checks.values() if check.calls is not None]
        assert [one.model_dump() for one in found] == [
            {"require": ["squares"], "forbid": ["tf.keras.losses", "sum", "loop", "for"]}
        ]
        jsonschema.validate(read_yaml(write(text)).data, schema())


# Every mistake is refused with line, key and remedy -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "key", "remedy"),
    [
        pytest.param(
            spoiled("minutes: 20", "minuts: 20"), 2, "minuts", "allowed: minutes, title", id="unknown key of the lab"
        ),
        pytest.param(
            spoiled("cell_seconds", "cell_secs"), 5, "limits.cell_secs", "allowed: cell_seconds", id="of the limits"
        ),
        pytest.param(spoiled('en: "Lab"', 'english: "Lab"'), 1, "title.english", "allowed: zh-TW, en", id="of a text"),
        pytest.param(
            spoiled("    lecture:", "    lectur:"), 9, "tasks.half.lectur", "allowed: lecture, title", id="of a task"
        ),
        pytest.param(
            spoiled("hint:", "hints:"),
            15,
            "tasks.half.checks.values.hints",
            "allowed: hint, points",
            id="of a check",
        ),
        pytest.param(
            spoiled("count: 4", "counts: 4"),
            21,
            "tasks.half.checks.values.questions.1.counts",
            "allowed: count, public",
            id="of a question",
        ),
        *(
            pytest.param(
                spoiled("judge: {kind: close, rtol: 1e-4}", f"calls: {{{calls}}}"), 16, key, remedy, id=f"calls {calls}"
            )
            for calls, key, remedy in (
                ("", CALLS, "needs require or forbid, each a list of names"),
                ("requires: [sum]", f"{CALLS}.requires", "allowed: require, forbid"),
                ("forbid: []", f"{CALLS}.forbid", "a list of at least one item"),
                ("forbid: sum", f"{CALLS}.forbid", "a list of at least one item"),
                ("forbid: [3]", f"{CALLS}.forbid.0", "must be a text"),
                ("forbid: [np.sum()]", f"{CALLS}.forbid.0", "np.sum() is no name: write it as students do"),
                (
                    "forbid: ['tf.*']",
                    f"{CALLS}.forbid.0",
                    "without brackets (squares, np.sum, tf.keras.losses), or loop",
                ),
                ("forbid: [class]", f"{CALLS}.forbid.0", "class is no name"),
                ("require: ['']", f"{CALLS}.require.0", "is no name"),
                ("require: [.sum]", f"{CALLS}.require.0", ".sum is no name"),
                ("require: [f, sum], forbid: [sum]", CALLS, "sum is both required and forbidden"),
            )
        ),
        pytest.param(
            GOOD[: GOOD.rindex("      questions:")],
            22,
            "tasks.half.checks.batch.questions",
            "the key is missing: a check needs questions, or calls",
            id="neither questions nor calls",
        ),
        pytest.param(
            spoiled("rtol", "rtoll"), 16, "tasks.half.checks.values.judge", "allowed: rtol, kind", id="of a kind"
        ),
        pytest.param(
            spoiled("above: 9", "above: 9, atol: 1"),
            28,
            "tasks.half.checks.batch.questions.1.judge",
            "allowed: ",
            id="another kind's option",
        ),
        pytest.param(
            spoiled("kind: close", "kind: clos"),
            16,
            "tasks.half.checks.values.judge.kind",
            "clos is not allowed here; allowed: close, ",
            id="unknown kind",
        ),
        pytest.param(
            spoiled("kind: close, ", ""),
            16,
            "tasks.half.checks.values.judge",
            "needs a kind; allowed: ",
            id="no kind",
        ),
        pytest.param(
            spoiled("above: 9", "below: 9"),
            28,
            "tasks.half.checks.batch.questions.1.judge",
            "the key is missing",
            id="an option without default is missing",
        ),
        pytest.param(
            spoiled("rtol: 1e-4", "rtol: small"),
            16,
            "tasks.half.checks.values.judge",
            "must be a number",
            id="text for a tolerance",
        ),
        pytest.param(
            spoiled("points: 10\npackages", "points: 11\npackages"),
            3,
            "points",
            "is 11, but 10 (half) = 10",
            id="the lab's points do not add up",
        ),
        pytest.param(
            spoiled("points: 7.5", "points: 7"),
            10,
            "tasks.half.points",
            "is 10, but 7 (values) + 2.5 (batch) = 9.5",
            id="the task's points do not add up",
        ),
        pytest.param(
            spoiled("points: 7.5", "points: 7.4999"),
            10,
            "tasks.half.points",
            "is 10, but 7.4999 (values) + 2.5 (batch) = 9.9999",
            id="points that do not add up by a hair",
        ),
        pytest.param(
            spoiled("points: 2.5", "points: -2.5"),
            23,
            "tasks.half.checks.batch.points",
            "must be a number above 0",
            id="negative points",
        ),
        pytest.param(
            spoiled("points: 2.5", "points: 0"),
            23,
            "tasks.half.checks.batch.points",
            "must be a number above 0",
            id="no points",
        ),
        pytest.param(
            spoiled("points: 2.5", "points: ten"),
            23,
            "tasks.half.checks.batch.points",
            "must be a number above 0",
            id="text for points",
        ),
        pytest.param(
            spoiled("points: 2.5", 'points: "2.5"'),
            23,
            "tasks.half.checks.batch.points",
            "must be a number above 0",
            id="a number in quotes for points",
        ),
        pytest.param(
            spoiled("points: 2.5", "points: true"),
            23,
            "tasks.half.checks.batch.points",
            "must be a number above 0",
            id="true for points",
        ),
        pytest.param(
            spoiled("points: 2.5", "points: 1e999"),
            23,
            "tasks.half.checks.batch.points",
            "must be a number above 0",
            id="infinite points",
        ),
        pytest.param(
            spoiled("points: 2.5", "points:"),
            23,
            "tasks.half.checks.batch.points",
            "must be a number above 0",
            id="points without a number",
        ),
        pytest.param(spoiled("minutes: 20", "minutes: soon"), 2, "minutes", "must be a number", id="text for minutes"),
        pytest.param(
            spoiled("minutes: 20", 'minutes: "20"'), 2, "minutes", "must be a number", id="a number in quotes"
        ),
        pytest.param(spoiled("minutes: 20", "minutes: true"), 2, "minutes", "must be a number", id="true for minutes"),
        pytest.param(spoiled("minutes: 20", "minutes: 2.5"), 2, "minutes", "must be a number", id="half a minute"),
        pytest.param(spoiled("minutes: 20", "minutes: 0"), 2, "minutes", "greater than 0", id="no minutes"),
        pytest.param(
            spoiled("call_seconds: 2.5", "call_seconds: -1"),
            5,
            "limits.call_seconds",
            "greater than 0",
            id="negative seconds",
        ),
        pytest.param(
            spoiled("call_seconds: 2.5", "call_seconds: 2.5 s"),
            5,
            "limits.call_seconds",
            "must be a number",
            id="seconds with a unit",
        ),
        pytest.param(
            spoiled("call_seconds: 2.5", 'call_seconds: "2.5"'),
            5,
            "limits.call_seconds",
            "must be a number",
            id="seconds in quotes",
        ),
        pytest.param(
            spoiled("count: 4", "count: 0"),
            21,
            "tasks.half.checks.values.questions.1.count",
            "greater than or equal to 1",
            id="no question",
        ),
        pytest.param(
            spoiled("count: 4", "count: 101"),
            21,
            "tasks.half.checks.values.questions.1.count",
            "less than or equal to 100",
            id="too many questions",
        ),
        pytest.param(
            spoiled("count: 4", "count: 1.5"),
            21,
            "tasks.half.checks.values.questions.1.count",
            "must be a number",
            id="half a question",
        ),
        pytest.param(
            spoiled("public: true", "public: maybe"),
            18,
            "tasks.half.checks.values.questions.0.public",
            "must be true or false",
            id="text for true",
        ),
        pytest.param(
            spoiled("public: true", "public: yes"),
            18,
            "tasks.half.checks.values.questions.0.public",
            "must be true or false",
            id="yes for true",
        ),
        pytest.param(
            spoiled("public: true", "public: 1"),
            18,
            "tasks.half.checks.values.questions.0.public",
            "must be true or false",
            id="1 for true",
        ),
        pytest.param(
            spoiled('title: {zh-TW: "實驗", en: "Lab"}', 'title: {zh: "實驗", en: "Lab"}'),
            1,
            "title.zh",
            "unknown key; allowed: zh-TW, en",
            id="another word for a language",
        ),
        pytest.param(spoiled('en: "Half"', 'en: ""'), 8, "tasks.half.title.en", "must be a text", id="an empty text"),
        pytest.param(spoiled('en: "Half"', "en: 5"), 8, "tasks.half.title.en", "must be a text", id="a number as text"),
        pytest.param(
            spoiled('title: {zh-TW: "一半", en: "Half"}', "title: 5"),
            8,
            "tasks.half.title",
            "must be a text, or a text for each language: zh-TW, en",
            id="a number for a text",
        ),
        pytest.param(
            spoiled('title: {zh-TW: "一半", en: "Half"}', 'title: ""'),
            8,
            "tasks.half.title",
            "must be a text, or a text for each language",
            id="an empty string",
        ),
        pytest.param(
            spoiled('title: {zh-TW: "一半", en: "Half"}', "title: {}"),
            8,
            "tasks.half.title",
            "must be a text, or a text for each language",
            id="a text in no language",
        ),
        pytest.param(
            GOOD.replace("          - public: true\n            inputs: {x: 3}\n", "").replace(
                "          - make: numbers\n            count: 4\n", "", 1
            ),
            17,
            "tasks.half.checks.values.questions",
            "must be a list of at least one item",
            id="questions without any",
        ),
        pytest.param(
            GOOD[: GOOD.index("          - inputs: {x: [1, 2]}")].rstrip() + " []\n",
            26,
            "tasks.half.checks.batch.questions",
            "must be a list of at least one item",
            id="an empty list of questions",
        ),
        pytest.param(
            spoiled("make: numbers", "make: numbers\n            inputs: {x: 1}"),
            20,
            "tasks.half.checks.values.questions.1",
            "needs either inputs or make, and not both",
            id="both inputs and make",
        ),
        pytest.param(
            spoiled("        questions:", "        rebuilt: required\n        questions:"),
            17,
            "tasks.half.checks.values.rebuilt",
            "only a check of a network can have this",
            id="a check about numbers that needs a network built anew",
        ),
        pytest.param(
            spoiled("inputs: {x: 3}", "inputs: [3]"),
            19,
            "tasks.half.checks.values.questions.0.inputs",
            "must be keys with values",
            id="inputs as a list",
        ),
        pytest.param(
            spoiled("make: numbers", "make: 5"),
            20,
            "tasks.half.checks.values.questions.1.make",
            "must be a text",
            id="a number for a maker",
        ),
        pytest.param(
            with_input("[[1, 2], [3]]"),
            19,
            "tasks.half.checks.values.questions.0.inputs.x",
            "rectangular array of numbers",
            id="ragged list",
        ),
        pytest.param(
            with_input("[1, two]"),
            19,
            "tasks.half.checks.values.questions.0.inputs.x",
            "rectangular array of numbers",
            id="a word in a list",
        ),
        pytest.param(
            with_input("[1, null]"),
            19,
            "tasks.half.checks.values.questions.0.inputs.x",
            "rectangular array of numbers",
            id="nothing in a list",
        ),
        pytest.param(
            with_input("[{a: 1}]"),
            19,
            "tasks.half.checks.values.questions.0.inputs.x",
            "rectangular array of numbers",
            id="keys in a list",
        ),
        pytest.param(
            with_input("{list: [{a: 1}]}"),
            19,
            "tasks.half.checks.values.questions.0.inputs.x",
            "",
            id="keys in a plain list",
        ),
        *(
            pytest.param(
                with_input(f"{{array: [{number}], dtype: {dtype}}}"),
                19,
                "tasks.half.checks.values.questions.0.inputs.x",
                "of its dtype",
                id=f"{number} as {dtype}",
            )
            for number, dtype in [
                ("256", "uint8"),
                ("-1", "uint8"),
                ("1.5", "uint8"),
                ("128", "int8"),
                ("32768", "int16"),
                ("2147483648", "int32"),
                ("9223372036854775808", "int64"),
                ("1e30", "int64"),
                ("2", "bool"),
                ("70000", "float16"),
                ("1e39", "float32"),
                ("1e999", "float64"),
            ]
        ),
        pytest.param(
            with_input("[1e999]"),
            19,
            "tasks.half.checks.values.questions.0.inputs.x",
            "",
            id="a number beyond every float",
        ),
        pytest.param(
            with_input("{array: [1], dtype: uint7}"),
            19,
            "tasks.half.checks.values.questions.0.inputs.x",
            "'uint8'",
            id="unknown dtype",
        ),
        pytest.param(
            with_input("{array: [1], dtyp: uint8}"),
            19,
            "tasks.half.checks.values.questions.0.inputs.x",
            "unknown key; allowed: dtype, array",
            id="misspelt dtype",
        ),
        pytest.param(
            GOOD[: GOOD.index("  half:")].rstrip() + " {}\n", 6, "tasks", "at least", id="a lab without tasks"
        ),
        pytest.param(GOOD[: GOOD.index("tasks:")], 1, "tasks", "the key is missing", id="a lab without the key tasks"),
        pytest.param(
            GOOD[: GOOD.index("  half:")], 6, "tasks", "must be keys with values", id="a lab with tasks of nothing"
        ),
        pytest.param(
            spoiled("  half:", "  half-way:"), 6, "tasks", "half-way is no Python name", id="a task that is no name"
        ),
        pytest.param(
            spoiled("      batch:", "      2nd:"),
            11,
            "tasks.half.checks",
            "2nd is no Python name",
            id="a check that is no name",
        ),
        pytest.param(spoiled("packages: [numpy]", "packages: numpy"), 4, "packages", "must be a list", id="no list"),
        pytest.param(
            spoiled("packages: [numpy]", "packages: [1]"), 4, "packages.0", "must be a text", id="a number in a list"
        ),
        pytest.param("", 1, "-", "must be keys with values", id="an empty file"),
        pytest.param("[]", 1, "-", "must be keys with values", id="a list at the top"),
        pytest.param("lab", 1, "-", "must be keys with values", id="a word at the top"),
    ],
)
def test_a_mistake_is_refused_with_its_line_key_and_remedy(
    write: Write, text: str, line: int, key: str, remedy: str
) -> None:
    told = refused(write(text)).splitlines()
    begins = f", line {line}, {key}"
    assert any(begins in one and remedy in one.split(begins)[1] for one in told), "\n".join(told)


def test_every_mistake_is_named_at_once_in_the_order_of_the_lines(write: Write) -> None:
    text = spoiled("minutes: 20", "minutes: soon").replace("points: 2.5", "points: -1").replace("count: 4", "count: 0")
    lines = [int(one.split("line ")[1].split(",")[0]) for one in refused(write(text)).splitlines()]
    assert lines == [2, 21, 23]


def test_one_mistake_in_an_input_is_told_once(write: Write) -> None:
    assert len(refused(write(with_input("{array: [1], dtyp: uint8}"))).splitlines()) == 1


@pytest.mark.parametrize("option", ["rtol: -1", "atol: -1e-9", "rtol: 1e999", "atol: 1e999"])
def test_a_tolerance_that_is_none_is_refused(write: Write, option: str) -> None:
    assert "line 16" in refused(write(spoiled("rtol: 1e-4", option)))


# The schema for editors ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


def test_the_projects_rubrics_are_valid_and_follow_the_schema(
    root: Path, validator: jsonschema.Draft202012Validator
) -> None:
    paths = sorted((root / "rubrics").glob("*.yaml"))
    assert len(paths) >= 2
    for path in paths:
        rubric, file = read_rubric(path)
        assert rubric.points == 100
        validator.validate(file.data)
        validator.validate(read_yaml(path).data)


def test_a_rubric_reads_the_same_in_other_yaml_readers(root: Path) -> None:
    """An editor's YAML is not ours: 1e-4 without a dot is text in YAML 1.1, so our files write it with one."""
    for path in sorted((root / "rubrics").glob("*.yaml")):
        assert yaml.safe_load(path.read_text(encoding="utf-8")) == read_yaml(path).data


def test_the_schema_is_json_and_knows_every_kind() -> None:
    text = json.dumps(schema())
    for kind in names_in(checks):
        assert f'"{kind}"' in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("minutes: 20", "minuts: 20"),
        ("minutes: 20", "minutes: soon"),
        ("minutes: 20", 'minutes: "20"'),
        ("minutes: 20", "minutes: 0"),
        ("minutes: 20", "minutes: 2.5"),
        ("cell_seconds", "cell_secs"),
        ("call_seconds: 2.5", "call_seconds: -1"),
        ('en: "Lab"', 'english: "Lab"'),
        ('en: "Half"', 'en: ""'),
        ("    lecture:", "    lectur:"),
        ("hint:", "hints:"),
        ("count: 4", "counts: 4"),
        ("count: 4", "count: 0"),
        ("count: 4", "count: 101"),
        ("rtol", "rtoll"),
        ("above: 9", "above: 9, atol: 1"),
        ("above: 9", "below: 9"),
        ("kind: close", "kind: closs"),
        ("kind: close, ", ""),
        ("points: 2.5", "points: -2.5"),
        ("points: 2.5", "points: ten"),
        ("public: true", "public: yes"),
        ("public: true", "public: 1"),
        ("inputs: {x: 3}", "inputs: [3]"),
        ("inputs: {x: 3}", "inputs: {x: {array: [1], dtype: uint7}}"),
        ("inputs: {x: 3}", "inputs: {x: {array: [1], dtyp: uint8}}"),
        ("packages: [numpy]", "packages: numpy"),
        ("make: numbers", "make: 5"),
    ],
)
def test_the_schema_refuses_a_mistake_that_reading_refuses_too(
    write: Write, validator: jsonschema.Draft202012Validator, old: str, new: str
) -> None:
    path = write(spoiled(old, new))
    assert not validator.is_valid(read_yaml(path).data)
    refused(path)


@pytest.mark.parametrize(
    ("old", "new"), [("make: numbers", "make: numbers\n            inputs: {x: 1}"), ("  half:", "  half-way:")]
)
def test_a_mistake_that_reading_refuses_is_shown_by_the_editor_where_a_schema_can(
    write: Write, validator: jsonschema.Draft202012Validator, old: str, new: str
) -> None:
    path = write(spoiled(old, new))
    refused(path)
    assert not validator.is_valid(read_yaml(path).data)


def test_the_good_rubric_follows_the_schema(write: Write, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(read_yaml(write(GOOD)).data)


def test_a_rubric_cannot_be_changed(write: Write) -> None:
    rubric, _ = read_rubric(write(GOOD))
    with pytest.raises(ValueError, match="frozen"):
        rubric.minutes = 1
    assert isinstance(rubric, Rubric)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"list": [1, [2.5, True], "a"]}, [1, [2.5, True], "a"]),
        ({"tuple": [1, {"list": [2]}, {"tuple": []}]}, (1, [2], ())),
        ({"list": [{"array": [1, 2], "dtype": "int64"}]}, [np.array([1, 2])]),
        ({"tuple": [{"array": [[0.5]], "dtype": "float32"}]}, (np.array([[0.5]], np.float32),)),
    ],
    ids=str,
)
def test_lists_and_tuples_hold_each_other_and_arrays(given: dict[str, Any], value: Any) -> None:  # noqa: ANN401
    asked = value_of(TypeAdapter(Input).validate_python(given))
    assert encode_value(asked) == encode_value(value)


@pytest.mark.parametrize("given", [{"list": [{"array": [1, [2]], "dtype": "int64"}]}, {"tuple": [{"x": 1}]}], ids=str)
def test_an_item_that_is_no_form_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"rectangular|int64|dtype|array"):
        value_of(TypeAdapter(Input).validate_python(given))
