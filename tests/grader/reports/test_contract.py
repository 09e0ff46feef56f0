"""Every report format, as grader/reports/__init__.py promises it: what holds for each file of the folder.

What students wrote is hostile here: the same text stands wherever a student has a say, and must come out harmless.
"""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import reports
from grader.registry import module_in, names_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import ModuleType

    from grader.model import Language
    from grader.records.record import Record
    from tests.golden import Golden

FOLDER = Path(__file__).parent / "golden"
LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
PAGES = frozenset({"html", "json", "terminal"})
"""The formats that no platform reads: what they say of real records is held in tests of their own."""
MOST_BYTES = 2**20
"""PrairieLearn takes no more, and a job summary of GitHub has no more."""


def name_of(module: ModuleType) -> str:
    return module.__name__.rsplit(".", 1)[-1]


def offenders(files: Mapping[str, str], offends: Callable[[str], object]) -> list[str]:
    return [about for about, text in files.items() if offends(text)]


def test_there_are_formats() -> None:
    of_students = {name for name in names_in(reports) if hasattr(module_in(reports, name), "render")}
    of_classes = {name for name in names_in(reports) if hasattr(module_in(reports, name), "render_class")}
    platforms = {"github", "gradescope", "prairielearn", "coursera", "classroom50", "junit"}
    assert {*PAGES, *platforms} <= of_students
    assert {"csv", "github", "junit"} <= of_classes
    assert of_students | of_classes == set(names_in(reports))


def test_no_two_formats_write_the_same_file() -> None:
    modules = [module_in(reports, name) for name in names_in(reports)]
    written = [f"s001.{module.ENDING}" for module in modules if hasattr(module, "render")]
    written += [module.CLASS_FILE for module in modules if hasattr(module, "render_class")]
    assert len(set(written)) == len(written)


def test_an_ending_is_plain(student_format: ModuleType) -> None:
    assert re.fullmatch(r"[a-z0-9]+(\.[a-z0-9]+)*", student_format.ENDING)


def test_the_name_of_a_classes_file_is_plain(class_format: ModuleType) -> None:
    assert re.fullmatch(r"[a-z0-9]+(\.[a-z0-9]+)+", class_format.CLASS_FILE)


def test_a_format_says_in_its_docstring_what_the_command_line_takes(report_format: ModuleType) -> None:
    assert (report_format.__doc__ or "").startswith(f"`{name_of(report_format)}`")


def test_a_rendering_takes_records_and_a_language(report_format: ModuleType) -> None:
    one, many = ("Record", "AnyRecord"), ("Sequence[AnyRecord]",)
    for function, first, kinds in (("render", "record", one), ("render_class", "records", many)):
        if render := getattr(report_format, function, None):
            signature = inspect.signature(render)
            taken = {parameter.name: parameter.annotation for parameter in signature.parameters.values()}
            if function == "render_class" and getattr(report_format, "SHOWS_LEFT_OUT", False):
                assert taken.pop("left_out") == "Sequence[LeftOut]"
            assert taken.pop(first) in kinds
            assert taken == {"language": "Language"}
            assert signature.return_annotation == "str"


def test_every_record_is_text_that_can_be_written(
    report_format: ModuleType, files: Callable[[ModuleType], Mapping[str, str]]
) -> None:
    assert offenders(files(report_format), lambda text: not (text.encode("utf-8") and text.endswith("\n"))) == []


def test_every_record_follows_the_schema_of_its_format(
    report_format: ModuleType,
    files: Callable[[ModuleType], Mapping[str, str]],
    validators: Mapping[str, Callable[[str], object]],
) -> None:
    without = {"csv", "github", "html", "terminal"}
    assert (name_of(report_format) in without) is (name_of(report_format) not in validators)
    if validate := validators.get(name_of(report_format)):
        for text in files(report_format).values():
            validate(text)


def test_every_class_is_rendered(
    records: Mapping[str, Record], class_records: Sequence[Record], class_format: ModuleType
) -> None:
    for language in LANGUAGES:
        for members in (class_records, [*class_records, records["hostile"]], class_records[3:]):
            text = class_format.render_class(members, language)
            assert text.encode("utf-8")
            assert text.endswith("\n")


def test_the_same_record_gives_the_same_text(records: Mapping[str, Record], student_format: ModuleType) -> None:
    first = student_format.render(records["middling"], "en")
    assert first == student_format.render(records["middling"].model_copy(deep=True), "en")


def test_the_same_class_gives_the_same_text_in_whatever_order_it_comes(
    class_records: Sequence[Record], class_format: ModuleType
) -> None:
    render = class_format.render_class
    records = [record.model_copy(update={"seed": seed}) for seed, record in enumerate(class_records)]
    assert render(records, "en") == render(records[::-1], "en")


def test_every_format_tells_whose_it_is_and_what_was_earned(
    records: Mapping[str, Record], student_format: ModuleType
) -> None:
    for about, earned in {"perfect": "5", "middling": "2.5", "untouched": "0"}.items():
        text = student_format.render(records[about], "en")
        assert records[about].student in text
        assert earned in text or earned.replace(".", "") in text, "Classroom 50 counts in tenths"


def test_every_format_tells_what_failed(records: Mapping[str, Record], student_format: ModuleType) -> None:
    text = student_format.render(records["middling"], "en")
    for task in records["middling"].tasks:
        if any(check.verdict == "failed" for check in task.checks):
            assert task.name in text
            assert "1 of 4 numbers differ" in text


def test_every_format_that_has_a_place_for_it_tells_the_seed(
    records: Mapping[str, Record], student_format: ModuleType
) -> None:
    found = re.search(r"seed\D+7\b", student_format.render(records["middling"], "en"))
    assert (found is None) is (name_of(student_format) == "classroom50")


def test_every_class_tells_all_its_students(class_records: Sequence[Record], class_format: ModuleType) -> None:
    text = class_format.render_class(class_records, "en")
    for record in class_records:
        assert record.student in text


# Hostile texts --------------------------------------------------------------------------------------------------------


def test_nothing_colours_hides_or_turns_text_or_ends_a_line(
    report_format: ModuleType, files: Callable[[ModuleType], Mapping[str, str]], unreadable: re.Pattern[str]
) -> None:
    def offends(text: str) -> bool:
        return unreadable.search(text.removeprefix("\ufeff").replace("\r\n", "\n")) is not None

    if name_of(report_format) != "json":  # the record itself: what is kept is what was handed in
        assert offenders(files(report_format), offends) == []


def test_no_report_grows_beyond_what_its_reader_takes(
    report_format: ModuleType, files: Callable[[ModuleType], Mapping[str, str]]
) -> None:
    if name_of(report_format) not in PAGES:
        assert offenders(files(report_format), lambda text: len(text.encode()) >= MOST_BYTES) == []


def is_json(module: ModuleType) -> bool:
    return name_of(module) not in PAGES and getattr(module, "ENDING", "").endswith("json")


def test_json_holds_nothing_that_would_colour_hide_or_turn_text(
    student_format: ModuleType, files: Callable[[ModuleType], Mapping[str, str]], unreadable: re.Pattern[str]
) -> None:
    if is_json(student_format):
        found = files(student_format)
        assert offenders(found, lambda text: any(map(unreadable.search, texts_in(json.loads(text))))) == []


def texts_in(value: Any) -> Iterator[str]:  # noqa: ANN401 (whatever JSON holds)
    """Yield every text of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)


def test_the_form_of_the_json_does_not_depend_on_what_a_student_says(
    student_format: ModuleType, corpus: Mapping[str, Record], records: Mapping[str, Record]
) -> None:
    def form(value: Any) -> Any:  # noqa: ANN401 (whatever JSON holds)
        if isinstance(value, dict):
            return {name: form(one) for name, one in value.items()}
        return [form(one) for one in value] if isinstance(value, list) else type(value).__name__

    if is_json(student_format):
        hostile = [*corpus.values(), records["hostile"]]
        for language in LANGUAGES:
            forms = [form(json.loads(student_format.render(record, language))) for record in hostile]
            assert all(one == forms[0] for one in forms)


# Golden files ---------------------------------------------------------------------------------------------------------


def test_a_students_report_is_as_it_was_read_by_hand(
    records: Mapping[str, Record], student_format: ModuleType, golden: Golden
) -> None:
    if name_of(student_format) not in PAGES:
        for about, record in records.items():
            golden(FOLDER / f"{about}.{student_format.ENDING}", student_format.render(record, "en"))


def test_a_classes_report_is_as_it_was_read_by_hand(
    records: Mapping[str, Record], class_records: Sequence[Record], class_format: ModuleType, golden: Golden
) -> None:
    if name_of(class_format) in PAGES:
        return
    members = [*class_records, records["hostile"]]
    golden(FOLDER / class_format.CLASS_FILE, class_format.render_class(members, "en"))
