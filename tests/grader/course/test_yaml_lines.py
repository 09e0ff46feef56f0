"""YAML with lines: numbers as people mean them, no key twice, and every mistake a sentence with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.course.yaml_lines import Problem, YamlFile, read_yaml
from grader.errors import LabError
from grader.messages.sentences import quote

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Read = Callable[[str | bytes], YamlFile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a reader of YAML given as text or bytes."""

    def write_and_read(content: str | bytes) -> YamlFile:
        path = tmp_path / "file.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_yaml(path)

    return write_and_read


def refused(read: Read, content: str | bytes) -> str:
    """Return the English sentence with which a file is refused; it must be."""
    with pytest.raises(LabError) as caught:
        read(content)
    assert caught.value.text.zh_tw
    return caught.value.text.en


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1e-4", 1e-4),
        ("1.0e-4", 1e-4),
        ("1E3", 1000.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("-.5", -0.5),
        ("+1.5", 1.5),
        ("2.50", 2.5),
        ("012", 12),
        ("-012", -12),
        ("0", 0),
        ("-0", 0),
        ("1", 1),
        ("12345678901234567890123", 12345678901234567890123),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("1:30", "1:30"),
        ("0x10", "0x10"),
        ("0o10", "0o10"),
        ("1_000", "1_000"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("True", "True"),
        ("2026-01-01", "2026-01-01"),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("1e", "1e"),
        ("1.2.3", "1.2.3"),
        ("'1'", "1"),
        ('"1.5"', "1.5"),
        ("=", "="),
    ],
)
def test_a_plain_word_is_what_yaml_1_2_says(read: Read, written: str, value: object) -> None:
    found = read(f"key: {written}\n").data["key"]
    assert (type(found), found) == (type(value), value)


@given(number=st.floats(allow_nan=False, allow_infinity=False))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
def test_every_float_that_python_writes_is_read_as_it_was(read: Read, number: float) -> None:
    assert read(f"key: {number!r}").data["key"] == number


def test_every_key_and_item_knows_its_line(read: Read) -> None:
    file = read("a: 1\n\nb:\n  - x\n  -\n    c: {d: 2}\n")
    assert file.data == {"a": 1, "b": ["x", {"c": {"d": 2}}]}
    assert file.lines == {
        (): 1,
        ("a",): 1,
        ("b",): 3,
        ("b", 0): 4,
        ("b", 1): 6,
        ("b", 1, "c"): 6,
        ("b", 1, "c", "d"): 6,
    }


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing but a remark\n", "---\n", "null\n"])
def test_an_empty_file_says_nothing(read: Read, content: str) -> None:
    assert read(content).data is None


@pytest.mark.parametrize(
    ("content", "line", "key"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "a"),
        ("a: 1\na: 1\n", 2, "a"),
        ("x:\n  y:\n    z: 1\n    z: 2\n", 4, "x.y.z"),
        ("x:\n  - k: 1\n    k: 2\n", 3, "x.0.k"),
        ("x: {k: 1, k: 2}\n", 1, "x.k"),
        ("a: 1\n'a': 2\n", 2, "a"),
    ],
)
def test_a_key_written_twice_is_refused_with_its_line(read: Read, content: str, line: int, key: str) -> None:
    assert f"line {line}, {key}: the key is written twice" in refused(read, content)


def test_every_key_that_is_written_twice_is_named(read: Read) -> None:
    told = refused(read, "a: 1\na: 2\nb: 1\nb: 2\n").splitlines()
    assert len(told) == 2
    assert "line 2, a:" in told[0]
    assert "line 4, b:" in told[1]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param("a: 1\n\tb: 2\n", 2, id="tab"),
        pytest.param("a:\n\t- 1\n", 2, id="tab before a dash"),
        pytest.param("a: b: c\n", 1, id="colon in a text"),
        pytest.param("a: 1\n b: 2\n", 2, id="wrong indentation"),
        pytest.param("a: [1, 2\nb: 3\n", 2, id="open bracket"),
        pytest.param("a: 1\nb: 'c\n", 3, id="open quote"),
        pytest.param("a: 1\n---\nb: 2\n", 2, id="two documents"),
        pytest.param("a: 1\nb: *x\n", 2, id="unknown anchor"),
        pytest.param("a: 1\nb: !!python/object:os.system {}\n", 2, id="a tag that would make an object"),
        pytest.param("a: 1\nb: !thing 2\n", 2, id="unknown tag"),
        pytest.param("a: 1\n? [b]\n: 2\n", 2, id="a list as key"),
        pytest.param("a: \x00\n", 1, id="control character"),
        pytest.param("a: !!int x\n", 1, id="a word as int"),
        pytest.param("a: !!float x\n", 1, id="a word as float"),
        pytest.param("a: !!bool x\n", 1, id="a word as bool"),
        pytest.param("a: !!timestamp x\n", 1, id="a word as a date"),
        pytest.param(f"a: {'9' * 5000}\n", 1, id="a number of 5000 digits"),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_line(read: Read, content: str, line: int) -> None:
    told = refused(read, content)
    assert f"line {line}: not valid YAML" in told
    assert "file.yaml" in told


@pytest.mark.parametrize("content", [b"a: \xff\n", "a: 資訊\n".encode("big5"), "a: 1\n".encode("utf-16")])
def test_what_is_not_utf_8_is_refused(read: Read, content: bytes) -> None:
    told = refused(read, content)
    assert "file.yaml is not UTF-8 text" in told


def test_a_file_with_a_byte_order_mark_is_read(read: Read) -> None:
    assert read(b"\xef\xbb\xbfa: 1\n").data == {"a": 1}


@pytest.mark.parametrize("depth", [50, 200, pytest.param(5000, id="deeper than Python's stack")])
def test_what_is_nested_too_deeply_is_refused(read: Read, depth: int) -> None:
    assert "file.yaml" in refused(read, "a: " + "[" * depth + "]" * depth)


def test_what_is_nested_in_itself_is_refused(read: Read) -> None:
    assert "nested too deeply" in refused(read, "a: &a [*a]\n")


def test_an_anchor_stands_for_what_it_names(read: Read) -> None:
    file = read("a: &shared {x: 1}\nb: *shared\n")
    assert file.data == {"a": {"x": 1}, "b": {"x": 1}}
    assert file.lines["b",] == 2


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(LabError, match="cannot be read"):
            read_yaml(path)


def test_a_refusal_names_file_line_and_key_of_every_problem_in_the_order_of_the_lines(read: Read) -> None:
    file = read("a:\n  b: 1\nc: 2\n")
    problems = [
        Problem(("c",), quote("third")),
        Problem(("a", "b"), quote("second")),
        Problem(("a", "step of a validator", "b", "missing"), quote("too")),
        Problem((), quote("first")),
    ]
    told = file.refusal(problems).text.en.splitlines()
    assert [line.split("file.yaml, ")[1] for line in told] == [
        "line 1, -: first",
        "line 2, a.b: second",
        "line 2, a.step of a validator.b.missing: too",
        "line 3, c: third",
    ]


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
def test_any_file_is_read_or_refused(read: Read, content: bytes) -> None:
    try:
        lines = read(content).lines
    except LabError:
        return
    assert lines[()] == 1
