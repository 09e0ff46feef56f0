"""A corpus of hostile texts goes through every format of a platform and comes out harmless, by the reader's own rules.

The pages for people have such tests of their own, with a parser of HTML and a real browser.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from grader import reports
from grader.records.record import Record
from grader.registry import module_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.model import Language

JSON = ("gradescope", "prairielearn", "coursera", "classroom50")
STUDENTS = (*JSON, "junit", "github")
CLASSES = ("csv", "junit", "github")
COMMANDS = frozenset(
    {"error", "warning", "notice", "debug", "add-mask", "set-output", "set-env", "add-path", "stop-commands", "group"}
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MOST_BYTES = 2**20
"""PrairieLearn takes no more, and a job summary of GitHub has no more."""


def rendered(corpus: Mapping[str, Record], name: str) -> Iterator[tuple[str, str]]:
    """Yield every file that a format makes of the corpus, with what the text was."""
    module = module_in(reports, name)
    for about, record in corpus.items():
        if hasattr(module, "render"):
            yield about, module.render(record, "en")
        if hasattr(module, "render_class"):
            other = record.model_copy(update={"student": "s001"})
            yield about, module.render_class([record, other], "zh-TW")
            yield about, module.render_class([record], "en")


@pytest.mark.parametrize("name", sorted({*STUDENTS, *CLASSES}))
def test_nothing_colours_hides_or_turns_text_or_ends_a_line(
    corpus: Mapping[str, Record], unreadable: re.Pattern[str], name: str
) -> None:
    for about, text in rendered(corpus, name):
        found = unreadable.search(text.removeprefix("\ufeff").replace("\r\n", "\n"))
        assert found is None, (about, found)


@pytest.mark.parametrize("name", sorted({*STUDENTS, *CLASSES}))
def test_no_report_grows_beyond_what_its_reader_takes(corpus: Mapping[str, Record], name: str) -> None:
    for about, text in rendered(corpus, name):
        assert len(text.encode()) < MOST_BYTES, about


@pytest.mark.parametrize("name", JSON)
def test_json_holds_nothing_that_would_colour_hide_or_turn_text(
    corpus: Mapping[str, Record], unreadable: re.Pattern[str], name: str
) -> None:
    for about, text in rendered(corpus, name):
        for said in texts_in(json.loads(text)):
            assert unreadable.search(said) is None, about


def texts_in(value: Any) -> Iterator[str]:  # noqa: ANN401 (whatever JSON holds)
    """Yield every text of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_the_form_of_the_json_does_not_depend_on_what_a_student_says(
    corpus: Mapping[str, Record], records: Mapping[str, Record], language: Language
) -> None:
    def form(value: Any) -> Any:  # noqa: ANN401 (whatever JSON holds)
        if isinstance(value, dict):
            return {name: form(one) for name, one in value.items()}
        return [form(one) for one in value] if isinstance(value, list) else type(value).__name__

    for name in JSON:
        render = module_in(reports, name).render
        forms = [form(json.loads(render(record, language))) for record in (*corpus.values(), records["hostile"])]
        assert all(one == forms[0] for one in forms), name


@pytest.mark.parametrize("name", ["junit"])
def test_the_tree_of_the_xml_does_not_depend_on_what_a_student_says(corpus: Mapping[str, Record], name: str) -> None:
    trees = [
        [(element.tag, sorted(element.attrib)) for element in ET.fromstring(text.encode()).iter()]  # noqa: S314 (ours)
        for _, text in rendered(corpus, name)
    ]
    assert len({str(tree) for tree in trees}) == 2, "one suite, and two"


# GitHub ---------------------------------------------------------------------------------------------------------------


def commands_in(log: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield the commands that actions/runner finds in a log, of its new and its old form (ActionCommand.cs)."""
    for line in re.split("\r\n|\r|\n|\x0b|\x0c|\x85|\u2028|\u2029", log):
        yield from [found for found in (new_command(line.lstrip()), old_command(line)) if found is not None][:1]


def new_command(line: str) -> tuple[str, dict[str, str], str] | None:
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, given = line[2:end].partition(" ")
    pairs = [part.split("=", 1) for part in given.strip().split(",") if "=" in part]
    return (
        (name, {key: unescaped(value) for key, value in pairs}, unescaped(line[end + 2 :]))
        if name in COMMANDS
        else None
    )


def old_command(line: str) -> tuple[str, dict[str, str], str] | None:
    found = re.search(r"##\[([^ \]]*)[^\]]*\](.*)", line)
    return (found[1], {}, found[2]) if found and found[1] in COMMANDS else None


def unescaped(text: str) -> str:
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def test_the_reader_of_commands_finds_forged_ones() -> None:
    """The judge of the next test is worth something."""
    found = list(commands_in("hello\n  ::error file=a%2Cb,line=1::x%0Ay\n::nothing::\n a ##[warning]b\n::error\n"))
    assert found == [("error", {"file": "a,b", "line": "1"}, "x\ny"), ("warning", {}, "b")]


def test_a_log_has_the_commands_of_the_report_and_no_others(corpus: Mapping[str, Record]) -> None:
    render = module_in(reports, "github").render
    for about, record in corpus.items():
        text = render(record, "en")
        found = list(commands_in(text))
        assert [name for name, _, _ in found] == ["error", "warning", "warning", "notice"], about
        assert len(text.splitlines()) == len(found), about
        for name, properties, data in found:
            assert set(properties) <= ({"title"} if name == "notice" else {"file", "title"}), about
            assert "\r" not in data, about


def test_what_a_student_said_arrives_as_it_was_but_on_one_line(corpus: Mapping[str, Record]) -> None:
    render = module_in(reports, "github").render
    for about in ("github start", "github properties", "html", "table"):
        said = corpus[about].submission.file
        _, properties, data = next(commands_in(render(corpus[about], "en")))
        assert properties["file"] == said
        assert data.splitlines()[0] == said


def test_the_reader_of_escapes_and_the_writer_agree_on_what_looks_like_an_escape(corpus: Mapping[str, Record]) -> None:
    """A runner undoes %25 last, so that `%250A` in a text stays `%0A` and ends no line."""
    text = module_in(reports, "github").render(corpus["github escaped"], "en")
    assert "%0A::error::forged" not in text.replace("%250A", "")
    _, _, data = next(commands_in(text))
    assert data.splitlines()[0] == "50%25%0A::error::forged%0D%3A%2C"


def test_markdown_makes_no_html_no_link_and_no_picture_of_what_a_student_says(
    corpus: Mapping[str, Record], records: Mapping[str, Record]
) -> None:
    parser = MarkdownIt("commonmark").enable("table").enable("strikethrough")
    module = module_in(reports, "github")
    for about, record in {**corpus, "hostile": records["hostile"]}.items():
        for members in ([record], [record, record.model_copy(update={"student": "s001"})]):
            tokens = parser.parse(module.render_class(members, "en"))
            inside = [one for token in tokens for one in token.children or ()]
            assert {token.type for token in inside} <= {"text", "code_inline"}, about
            blocks = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
            assert blocks == {"heading", "inline", "table", "thead", "tbody", "tr", "th", "td"}, about
            for row in rows_of(tokens):
                assert len(row) == 3, about


def rows_of(tokens: list[Any]) -> Iterator[list[Any]]:
    """Yield the cells of each row of the tables."""
    row: list[Any] = []
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type in {"td_open", "th_open"}:
            row.append(token)
        elif token.type == "tr_close":
            yield row


def test_no_text_of_a_student_stands_outside_of_code(corpus: Mapping[str, Record]) -> None:
    parser = MarkdownIt("commonmark").enable("table")
    module = module_in(reports, "github")
    for about in ("links", "markdown", "template", "github old"):
        tokens = parser.parse(module.render_class([corpus[about]], "en"))
        words = " ".join(one.content for token in tokens for one in token.children or () if one.type == "text")
        assert not re.search(r"evil|\{\{|##\[|@all", words), about


# Spreadsheets ---------------------------------------------------------------------------------------------------------


def test_no_cell_of_a_table_is_a_formula(corpus: Mapping[str, Record]) -> None:
    for about, text in rendered(corpus, "csv"):
        header, *lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        for line in lines:
            assert len(line) == len(header), about
        for cell in (cell for line in (header, *lines) for cell in line):
            assert not cell.startswith(FORMULA_STARTS), about
            assert "\n" not in cell, about


# What is no text at all -----------------------------------------------------------------------------------------------


def test_a_lone_surrogate_is_no_record(records: Mapping[str, Record]) -> None:
    written = json.loads(module_in(reports, "json").render(records["perfect"], "en"))
    written["student"] = "s\ud800"
    with pytest.raises(ValueError, match="hex escape"):
        Record.model_validate_json(json.dumps(written))
