"""Records in brief: pages of a class say the same of them, and thousands take little memory."""

from __future__ import annotations

import sys
import tracemalloc
from typing import TYPE_CHECKING, Any

from grader.records.brief import Briefs
from grader.records.record import Record, dump_record
from grader.reports import csv, github, html, junit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model import Language

LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
FORMATS: tuple[Any, ...] = (csv, github, html, junit)


def test_every_page_of_a_class_says_the_same_of_brief_records(records: Mapping[str, Record]) -> None:
    briefs = Briefs()
    some = [record.model_copy(update={"lab": "lab02"}) for record in records.values() if not record.kit]
    several = [one.model_copy(update={"student": f"s{number:03}"}) for number, one in enumerate(some)]
    for language in LANGUAGES:
        for module in FORMATS:
            whole = module.render_class(several, language)
            assert module.render_class([briefs.brief(one) for one in several], language) == whole


def test_what_records_have_alike_is_in_memory_once(records: Mapping[str, Record]) -> None:
    briefs, form = Briefs(), dump_record(next(iter(records.values())))
    one, other = (briefs.brief(Record.model_validate_json(form)) for _ in range(2))
    assert one == other
    assert all(mine is theirs for mine, theirs in zip(one.tasks, other.tasks, strict=True))
    assert all(check.evidence is None for task in one.tasks for check in task.checks)


def test_a_thousand_take_less_than_two_kibibytes_each(records: Mapping[str, Record]) -> None:
    briefs, form = Briefs(), dump_record(next(iter(records.values())))
    tracemalloc.start()
    kept = [briefs.brief(Record.model_validate_json(form)) for _ in range(1000)]
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used / len(kept) < 2048
    assert sys.getsizeof(kept[0]) < 512
