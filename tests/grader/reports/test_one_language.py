"""A record in one language gives the pages that one in both gives to a reader of this language, and no switch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import pytest

from grader.model import Language
from grader.pages.summary import first_thing
from grader.records.record import dump_record, in_own_languages, load_record
from grader.workflow.reporting import class_reports, student_reports

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import ModuleType

    from grader.records.record import Record

LANGUAGES: tuple[Language, ...] = get_args(Language)


def in_one(record: Record, language: Language) -> Record:
    return in_own_languages(record.model_copy(update={"languages": (language,)}))


def other(language: Language) -> Language:
    return "en" if language == "zh-TW" else "zh-TW"


def without_switch(page: str, language: Language) -> str:
    """Return an HTML page in both languages as its reader sees it: without the switch and the other language."""
    own, foreign = ("zh", "en") if language == "zh-TW" else ("en", "zh")
    page = re.sub(r"(?s)<fieldset class=\"language\".*?</fieldset>\n", "", page)
    page = re.sub(r"<header>\n</header>\n", "", page)
    page = re.sub(rf'<span class="{foreign}" lang="[^"]*">[^<]*</span>', "", page)
    page = re.sub(r' data-zh="[^"]*" data-en="[^"]*"', "", page)
    return re.sub(rf'<span class="{own}" lang="[^"]*">([^<]*)</span>', r"\1", page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_students_reports_are_those_of_this_language_for_every_reader(
    student_format: ModuleType, records: Mapping[str, Record], real_records: Mapping[str, Record], language: Language
) -> None:
    name = student_format.__name__.rpartition(".")[2]
    for about, record in {**records, **real_records}.items():
        [mine] = student_reports(in_one(record, language), [name], other(language))
        [theirs] = student_reports(record, [name], language)
        if name != "json":
            assert mine.content == without_switch(theirs.content, language), about


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_class_is_shown_in_the_language_that_all_of_its_records_have(
    class_format: ModuleType, records: Mapping[str, Record], language: Language
) -> None:
    name, some = class_format.__name__.rpartition(".")[2], list(records.values())
    some = [record for record in some if record.lab == some[0].lab and not record.kit]
    mixed = [in_one(record, language) if at % 2 else record for at, record in enumerate(some)]
    for mine in class_reports(mixed, [name], other(language), is_class=True):
        [theirs] = (one for one in class_reports(some, [name], language, is_class=True) if one.file == mine.file)
        assert mine.content == without_switch(theirs.content, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_to_do_first_does_not_depend_on_the_language(
    records: Mapping[str, Record], real_records: Mapping[str, Record], language: Language
) -> None:
    for about, record in {**records, **real_records}.items():
        mine, theirs = first_thing(in_one(record, language)), first_thing(record)
        assert type(mine) is type(theirs), about
        for part in ("task", "check"):
            assert getattr(getattr(mine, part, None), "name", "") == getattr(getattr(theirs, part, None), "name", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_file_has_this_language_alone_and_is_read_as_it_was(
    records: Mapping[str, Record], tmp_path: Path, language: Language
) -> None:
    for about, record in records.items():
        kept = in_one(record, language)
        text = dump_record(record.model_copy(update={"languages": (language,)}))
        assert text == dump_record(kept), about
        assert f'"{other(language)}":' not in text
        (tmp_path / "record.json").write_text(text, "utf-8")
        assert load_record(tmp_path / "record.json") == kept


def test_a_record_in_both_languages_is_written_as_ever(records: Mapping[str, Record]) -> None:
    for record in records.values():
        assert '"languages"' not in dump_record(record)
        assert in_own_languages(record) is record
