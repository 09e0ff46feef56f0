"""What GitHub Actions shows: annotations of a submission, a summary of the job; hostile texts are only text in both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from grader.reports.github import MOST_ANNOTATIONS, render, render_class

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.records.record import Record

COMMANDS = frozenset(
    {"error", "warning", "notice", "debug", "add-mask", "set-output", "set-env", "add-path", "stop-commands", "group"}
)


def test_a_failed_check_is_an_error_with_reason_and_hint(records: Mapping[str, Record]) -> None:
    line = render(records["middling"], "en").splitlines()[0]
    assert line.startswith("::error file=s001.ipynb,title=first%3A values::1 of 4 numbers differ%0ADivided by two?")


def test_a_cell_that_stopped_is_a_warning(records: Mapping[str, Record]) -> None:
    lines = [line for line in render(records["middling"], "en").splitlines() if line.startswith("::warning")]
    assert len(lines) == 5
    assert lines[0].endswith("::cell In [1], line 1: NameError: name 'np' is not defined")


def test_the_score_and_what_repeats_it_is_a_notice(records: Mapping[str, Record]) -> None:
    for about, score in {"perfect": "5 of 5 points", "untouched": "0 of 5 points"}.items():
        assert render(records[about], "en") == (
            f"::notice title=lab01%3A s001::{score}%0Aseed 7 · isolation: none · labgrader 0.1\n"
        )


def test_what_was_not_graded_is_an_error_that_says_why(records: Mapping[str, Record]) -> None:
    error, notice = render(records["ungraded"], "en").splitlines()
    assert error.startswith("::error ")
    assert error.endswith("::The Python kernel did not start. Nothing was graded.")
    assert "::not graded (of 5 points)" in notice


def test_no_more_annotations_of_a_level_are_made_than_github_shows(records: Mapping[str, Record]) -> None:
    record = records["middling"]
    task = record.tasks[0].model_copy(update={"checks": record.tasks[0].checks[:1] * 15})
    lines = render(record.model_copy(update={"tasks": (task,), "cells": record.cells * 3}), "en").splitlines()
    levels = [line.split(" ", 1)[0] for line in lines]
    assert levels.count("::error") == levels.count("::warning") == MOST_ANNOTATIONS
    assert levels.count("::notice") == 1


def test_the_summary_of_one_submission_has_its_checks(records: Mapping[str, Record]) -> None:
    text = render_class([records["middling"]], "en")
    assert "| ` s001 ` | 2.5 of 12.5 points |  |" in text
    assert "| ✗ ` first: values ` | 0 / 2.5 | ` 1 of 4 numbers differ ` |" in text
    assert "| ✓ ` second: values ` | 2.5 / 2.5 |  |" in text


def test_the_summary_of_a_class_has_its_students_and_mistakes(class_records: Sequence[Record]) -> None:
    text = render_class(class_records, "en")
    assert "| ` s001 ` | 5 of 5 points |  |" in text
    assert "| ` s004 ` | not graded (of 5 points) | ` The Python kernel did not start. Nothing was graded. ` |" in text
    assert "| 1 | ` first: values ` | ` 1 of 4 numbers differ ` |" in text


def test_a_summary_of_a_thousand_students_is_no_larger_than_github_takes(records: Mapping[str, Record]) -> None:
    many = [records["ungraded"].model_copy(update={"student": f"s{number:05}"}) for number in range(5000)]
    text = render_class(many, "zh-TW")
    assert len(text.encode()) < 2**20
    assert "3000" in text.splitlines()[-1]


# Hostile texts, by the readers' own rules -----------------------------------------------------------------------------


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
    for about, record in corpus.items():
        text = render(record, "en")
        found = list(commands_in(text))
        assert [name for name, _, _ in found] == ["error", "warning", "warning", "notice"], about
        assert len(text.splitlines()) == len(found), about
        for name, properties, data in found:
            assert set(properties) <= ({"title"} if name == "notice" else {"file", "title"}), about
            assert "\r" not in data, about


def test_what_a_student_said_arrives_as_it_was_but_on_one_line(corpus: Mapping[str, Record]) -> None:
    for about in ("github start", "github properties", "html", "table"):
        said = corpus[about].submission.file
        _, properties, data = next(commands_in(render(corpus[about], "en")))
        assert properties["file"] == said
        assert data.splitlines()[0] == said


def test_the_reader_of_escapes_and_the_writer_agree_on_what_looks_like_an_escape(corpus: Mapping[str, Record]) -> None:
    """A runner undoes %25 last, so that `%250A` in a text stays `%0A` and ends no line."""
    text = render(corpus["github escaped"], "en")
    assert "%0A::error::forged" not in text.replace("%250A", "")
    _, _, data = next(commands_in(text))
    assert data.splitlines()[0] == "50%25%0A::error::forged%0D%3A%2C"


def test_markdown_makes_no_html_no_link_and_no_picture_of_what_a_student_says(
    corpus: Mapping[str, Record], records: Mapping[str, Record]
) -> None:
    parser = MarkdownIt("commonmark").enable("table").enable("strikethrough")
    for about, record in {**corpus, "hostile": records["hostile"]}.items():
        for members in ([record], [record, record.model_copy(update={"student": "s001"})]):
            tokens = parser.parse(render_class(members, "en"))
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
    for about in ("links", "markdown", "template", "github old"):
        tokens = parser.parse(render_class([corpus[about]], "en"))
        words = " ".join(one.content for token in tokens for one in token.children or () if one.type == "text")
        assert not re.search(r"evil|\{\{|##\[|@all", words), about
