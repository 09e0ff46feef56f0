"""What a student reads for ten different mistakes, in both languages: golden files, beside each notebook."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.pages.card import card_of
from grader.records.record import load_record
from grader.reports import terminal

if TYPE_CHECKING:
    from grader.model import Language
    from grader.records.record import Record
    from tests.golden import Golden

SCENARIOS = Path(__file__).parent / "scenarios"
MISTAKES = sorted(path.parent.name for path in SCENARIOS.glob("*/lab*.ipynb"))
LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
MOST_WORDS = 160


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Record]:
    """Return the record of every scenario, each lab graded as one class."""
    from grader.cli import main  # noqa: PLC0415 (the fixtures of single tests cannot be had here)

    kept: dict[str, Record] = {}
    for lab in sorted({path.stem for path in SCENARIOS.glob("*/lab*.ipynb")}):
        output = tmp_path_factory.mktemp(lab)
        course = str(SCENARIOS.parent.parent)
        main([lab, str(SCENARIOS), "--course", course, "--seed", "7", "--output", str(output)])
        found = map(load_record, output.glob("*.json"))
        kept |= {record.student: record for record in found if record.ungraded is None}  # others are of another lab
    return kept


def words_in(text: str) -> int:
    """Count words; a Chinese character counts half of one."""
    characters = len(re.findall(r"[\u3040-\u9fff]", text))
    return len(re.findall(r"[^\s\u3040-\u9fff]*[^\W_][^\s\u3040-\u9fff]*", text)) + characters // 2


@pytest.mark.kernel
def test_there_are_ten_different_mistakes(records: dict[str, Record]) -> None:
    assert set(records) == set(MISTAKES)
    named = {next(c.mistake for t in r.tasks for c in t.checks if c.verdict == "failed") for r in records.values()}
    assert len(named) == len(MISTAKES) >= 10
    assert None not in named


@pytest.mark.kernel
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_page_of_a_mistake_is_the_one_that_was_read(
    records: dict[str, Record], golden: Golden, mistake: str, language: Language
) -> None:
    page = re.sub(r"(?m)^.*labgrader \d.*$\n?", "", terminal.render(records[mistake], language))
    golden(SCENARIOS / mistake / f"page.{language}.txt", page)


@pytest.mark.kernel
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_card_says_one_thing_in_at_most_160_words(
    records: dict[str, Record], mistake: str, language: Language
) -> None:
    card = card_of(records[mistake])
    texts = [text for text in (card.headline, card.because, card.about, card.question, card.lecture) if text]
    told = [text.in_language(language) for text in texts]
    example = card.example
    told += [] if example is None else [example.call, example.observed or "", example.expected or ""]
    assert sum(map(words_in, told)) <= MOST_WORDS
    assert card.because is not None
    assert card.question is not None
    assert re.search(r"[？?]", card.question.in_language(language))


def test_no_page_gives_the_corrected_line_away() -> None:
    for page in SCENARIOS.glob("*/page.*.txt"):
        assert not re.search(r"np\.(log|exp|mean|sum)\(|\*\*\s*2|keepdims", page.read_text("utf-8")), page
