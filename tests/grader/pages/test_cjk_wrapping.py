"""Lines as full as they can be: Chinese breaks anywhere but before a closing mark, other words stay whole."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from grader.pages.cjk_wrapping import WrappedText

MIXED = "像素的型別是 uint8：10 - 20 在 uint8 裡是多少？先印出相減的結果看看，再數一數平均了幾個像素。"
CLOSING = "，。、；：？！）」』》〉】〕…"


def lines(text: str, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    console.print(WrappedText(Text(text)))
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue().splitlines()


@pytest.mark.parametrize("width", range(20, 81))
def test_no_line_of_a_mixed_sentence_has_a_gap(width: int) -> None:
    told = lines(MIXED, width)
    assert max(map(cell_len, told)) <= width
    assert all(cell_len(one) >= width - 6 for one in told[:-1])
    assert "".join(told).replace(" ", "") == MIXED.replace(" ", "")


@pytest.mark.parametrize("width", range(20, 81))
def test_no_line_begins_with_a_closing_mark_and_no_latin_word_is_torn(width: int) -> None:
    told = lines(MIXED, width)
    assert not any(one.startswith(tuple(CLOSING)) for one in told)
    assert sum(one.count("uint8") for one in told) == 2


@pytest.mark.parametrize("width", range(12, 81))
def test_no_line_ends_with_an_opening_bracket_of_either_width(width: int) -> None:
    text = "批改時不能使用套件「scipy」（儲存格 In [7] 第 1, 2, 3 行）；模型（ 第一個）得到 f(輸入)、[數值]，共三行。"
    told = lines(text, width)
    assert not any(one.endswith(("「", "（", "(", "[")) for one in told), told
    assert not any(one.startswith((")", "]", *CLOSING)) for one in told), told


def test_english_breaks_between_words() -> None:
    assert lines("one two three four", 9) == ["one two", "three", "four"]


def test_a_word_that_is_longer_than_a_line_is_folded() -> None:
    assert lines("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=60), st.integers(4, 40))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    told = lines(text, width)
    assert all(cell_len(one) <= width for one in told)
    kept = "".join(told)
    assert [c for c in kept if not c.isspace()] == [
        c for c in text if not c.isspace() and unicodedata.category(c) != "Cc"
    ]
