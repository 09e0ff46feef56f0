"""The formats of grader/reports, each once: what holds for every one of them is a test that takes one of these."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
import xmlschema

from grader import reports
from grader.records.record import load_record, schema
from grader.registry import module_in, names_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from grader.model import Language
    from grader.records.record import Record

SCENARIOS = Path(__file__).parents[2] / "scenarios" / "page"
LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
FORMATS = names_in(reports)
OF_STUDENTS = tuple(name for name in FORMATS if hasattr(module_in(reports, name), "render"))
OF_CLASSES = tuple(name for name in FORMATS if hasattr(module_in(reports, name), "render_class"))


@pytest.fixture(params=FORMATS)
def report_format(request: pytest.FixtureRequest) -> ModuleType:
    """Return a format."""
    return module_in(reports, request.param)


@pytest.fixture(params=OF_STUDENTS)
def student_format(request: pytest.FixtureRequest) -> ModuleType:
    """Return a format for a student."""
    return module_in(reports, request.param)


@pytest.fixture(params=OF_CLASSES)
def class_format(request: pytest.FixtureRequest) -> ModuleType:
    """Return a format for a class."""
    return module_in(reports, request.param)


@pytest.fixture(scope="session")
def real_records() -> Mapping[str, Record]:
    """Return the records of real gradings, with every kind of picture in them."""
    return {path.stem: load_record(path) for path in sorted(SCENARIOS.glob("*.json"))}


@pytest.fixture(scope="session")
def files(
    records: Mapping[str, Record], real_records: Mapping[str, Record], corpus: Mapping[str, Record]
) -> Callable[[ModuleType], Mapping[str, str]]:
    """Return what a format makes of every record of these tests, by what it is about; made once, for some take a while.

    A made-up record is `about, language`, one of a real grading `real about, language`. What is hostile says the same
    in both languages, and is made in Chinese; a class of it is `about, class of one` and `about, class of two`.
    """
    real = {f"real {about}": record for about, record in real_records.items()}

    @cache
    def of_format(module: ModuleType) -> Mapping[str, str]:
        made: dict[str, str] = {}
        if hasattr(module, "render"):
            for about, record in {**records, **real}.items():
                made |= {f"{about}, {language}": module.render(record, language) for language in LANGUAGES}
            made |= {f"{about}, zh-TW": module.render(record, "zh-TW") for about, record in corpus.items()}
        if hasattr(module, "render_class"):
            for about, record in {**corpus, **records}.items():
                other = record.model_copy(update={"student": "s001"})
                made[f"{about}, class of one"] = module.render_class([record], "en")
                made[f"{about}, class of two"] = module.render_class([record, other], "zh-TW")
        return made

    return of_format


@pytest.fixture(scope="session")
def validators(schemas: Path) -> Mapping[str, Callable[[str], object]]:
    """Return what raises for a text that does not follow its format's schema, by format."""

    def of_json(rules: dict[str, object]) -> Callable[[str], object]:
        validator = jsonschema.validators.validator_for(rules)(rules)
        return lambda text: validator.validate(json.loads(text))

    published = {path.name.split(".")[0]: json.loads(path.read_text("utf-8")) for path in schemas.glob("*.schema.json")}
    jenkins = xmlschema.XMLSchema(str(schemas / "junit-10.xsd"))
    return {name: of_json(rules) for name, rules in {**published, "json": schema()}.items()} | {
        "junit": jenkins.validate
    }
