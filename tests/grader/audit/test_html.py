"""An audit's page: everything escaped, everything in both languages, marks where they belong."""

from __future__ import annotations

import math
import re

import html5lib
import pytest

from grader.audit.auditing import Audit
from grader.audit.finding import Broken, Catches, Clearance, Counterpart, Finding, Measured, Part, Tried
from grader.audit.html import render
from grader.audit.mutants import Change
from grader.audit.mutation import Mutation, Slip, Survivor
from grader.audit.record import render_json
from grader.audit.terminal import page
from grader.audit.tolerance_chart import WIDTH, tolerance_chart
from grader.model import Language, Text
from grader.reports.terminal import Plain

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} ]]> &lt; \"q\" 'q' [bold]x[/bold] \x1b[31m"


def an_audit(word: str = "word") -> Audit:
    text = Text(f"中文 {word}", f"English {word}")
    change = Change(word, 3, f"return {word}", "pass")
    return Audit(
        lab="lab",
        title=text,
        seed=7,
        seconds=12.5,
        parts=(
            Part("stub", text),
            Part("mistakes", text, (Finding("advice", word, text, word), Finding("unfair", "", text, word))),
            Part("laws", text, (Finding("advice", word, text, word),)),
        ),
        tried=Tried(slips=9, found=8, mistakes=1, uses=False, variants=2, solution=True),
        mutation=Mutation(
            {"f": 9}, (Survivor(change, ("f",), None), Survivor(change, ("f",), word)), (Slip("f", "a", "b"),)
        ),
        clearances=(
            Clearance("f.values", (Measured(word, 0.1), Measured("same", 0.0)), (Measured("off", 5.0),)),
            Clearance("f.batch", (), ()),
        ),
        catches=(Catches("f.values", 1, word, (word,), (word,)), Catches("f.values", 2, "x=1", (), ())),
        counterparts=(Counterpart("f", (word,), 1e-7, 1e-6), Counterpart("g", (), 0.0, 0.0)),
        laws=(Broken("f", word, (word,), 2), Broken("f", "idle", (), 0)),
    )


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_a_page_is_valid_and_shows_the_language_that_was_asked_for_first(language: Language) -> None:
    shown = render(an_audit(), language)
    html5lib.HTMLParser(strict=True).parse(shown)
    checked = re.findall(r'id="(zh|en)" checked', shown)
    assert checked == ["zh" if language == "zh-TW" else "en"]
    assert shown.count('class="zh"') == shown.count('class="en"') > 20


def test_nothing_that_is_shown_can_do_anything() -> None:
    shown = render(an_audit(HOSTILE), "en")
    html5lib.HTMLParser(strict=True).parse(shown.replace("\x1b", ""))
    assert "<script" not in shown
    assert "49" not in re.sub(r"[\d.]+(?=\")", "", shown)


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_the_terminals_page_says_it_all_without_control_characters(
    language: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    from rich.console import Console  # noqa: PLC0415 (here alone)

    Console(width=100, color_system=None).print(Plain(page(an_audit(HOSTILE), language)))
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    for part in ("reference/lab.py:3", "- return", "+ pass", "f.values", "0.1", "[bold]x[/bold]"):
        assert part in shown


def test_the_gravest_comes_first_and_advice_alone_makes_no_lab_unfair() -> None:
    shown = render(an_audit(), "en")
    assert shown.index("To be mended") < shown.index("Advice")
    fair = an_audit()
    fair = Audit(**{**{name: getattr(fair, name) for name in Audit.__slots__}, "parts": fair.parts[2:]})
    assert fair.is_fair
    assert not an_audit().is_fair


def test_what_is_kept_is_json_with_texts_by_language() -> None:
    kept = render_json(an_audit())
    assert '"zh-TW": "中文 word"' in kept
    assert '"fair": false' in kept
    assert "NaN" not in kept


def test_a_picture_has_the_end_of_the_tolerance_in_the_middle_and_a_logarithmic_scale() -> None:
    row = Clearance("f.values", (Measured("same", 0.0), Measured("near", 0.01)), (Measured("far", math.inf),))
    drawn = tolerance_chart(row)
    assert drawn.end == WIDTH / 2
    assert drawn.end - drawn.free_from == pytest.approx(drawn.free_to - drawn.end, abs=0.2)
    assert [mark.x for mark in drawn.variants] == [0.0, pytest.approx(WIDTH / 3, abs=0.1)]
    assert drawn.mistakes[0].x == WIDTH
    assert [tick.name for tick in drawn.ticks] == ["1e-6", "1e-4", "1e-2", "1", "1e2", "1e4", "1e6"]
