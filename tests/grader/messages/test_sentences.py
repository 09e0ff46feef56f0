"""Sentences: safe and repeatable whatever a student wrote, and whole in both languages."""

from __future__ import annotations

import ast
import gettext
import json
import re
import string
import unicodedata
from functools import cache
from pathlib import Path, PurePath
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from grader.messages.sentences import LONGEST_TEXT, clean, language_of, nearest, place_text, quote, say
from grader.model import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "grader"
CATALOGUE = PACKAGE / "messages" / "locale" / "zh_TW" / "LC_MESSAGES" / "grader.po"

# clean --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("plain", "plain", id="plain"),
        pytest.param("", "", id="empty"),
        pytest.param("資訊 é 😀", "資訊 é 😀", id="any script"),
        pytest.param("\x1b[31mred\x1b[0m", "red", id="colour"),
        pytest.param("\x1b[38;2;255;0;0mred", "red", id="24-bit colour"),
        pytest.param("\x1b[2J\x1b[Hgone", "gone", id="clear the screen"),
        pytest.param("\x1b]0;title\x07text", "text", id="window title"),
        pytest.param("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link", id="hyperlink"),
        pytest.param("\x1b]52;c;ZXZpbA==\x07text", "text", id="clipboard"),
        pytest.param("a\x1bcb", "acb", id="a lone escape"),
        pytest.param("a\x9b31mb", "a31mb", id="8-bit escape"),
        pytest.param("a\x00\x07\x08\x7fb", "ab", id="control characters"),
        pytest.param("a\rb\nc\td\x0be\x0cf", "a b c d e f", id="line ends and tabs"),
        pytest.param("a\u2028b\u2029c\x85d", "a b c d", id="line ends of Unicode"),
        pytest.param("  a   b  ", "a b", id="blanks"),
        pytest.param("a\u3000b\u00a0c", "a b c", id="wide and hard blanks"),
        pytest.param("\u202eabc\u202c", "abc", id="right to left"),
        pytest.param("\u2066abc\u2069\u200f\u061c", "abc", id="isolates and marks of direction"),
        pytest.param("a\u200bb\u200c\u200d\u2060\ufeffc", "abc", id="zero width"),
        pytest.param("a\ud800b\udfffc", "abc", id="lone surrogates"),
        pytest.param("a\ue000b\U000f0000c", "abc", id="private use"),
        pytest.param("<f at 0x7f12ab34cd56>", "<f at 0x…>", id="address"),
        pytest.param("0x7f12ab34cd56, 0x7F12AB34CD57", "0x…, 0x…", id="addresses"),
        pytest.param("0xff", "0xff", id="a short number is no address"),
        pytest.param("File /tmp/ipykernel_1234/987654.py, line 3", "File <notebook> line 3", id="the kernel's file"),
    ],
)
def test_cleaning_takes_out_what_could_harm_or_differs_from_run_to_run(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize("inside", ["\x00", "\u200b", "\ud800", "\x1b[0m"])
@pytest.mark.parametrize("text", ["at 0x7f12{}ab34cd", "/tmp/ipykernel{}_12/34.py"])  # noqa: S108 (a kernel's name)
def test_an_address_broken_by_an_invisible_character_is_one_all_the_same(text: str, inside: str) -> None:
    assert clean(text.format(inside)) == clean(text.format(""))


def test_a_text_is_cut_at_its_longest_with_a_mark() -> None:
    assert clean("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT
    assert clean("x" * (LONGEST_TEXT + 1)) == "x" * (LONGEST_TEXT - 1) + "…"
    assert clean("abcdef", longest=3) == "ab…"


@pytest.mark.parametrize("part", ["x", "0x", "ipykernel_", "ipykernel_1", "\x1b]", "\x1b[1;", "x ", "\u200b"])
def test_cleaning_a_gigantic_text_costs_next_to_nothing(part: str) -> None:
    text = part * (20_000_000 // len(part))
    began = monotonic()
    assert len(clean(text)) <= LONGEST_TEXT
    assert monotonic() - began < 1


ANY_TEXT = st.text(
    st.characters() | st.characters(categories=["Cs", "Cc", "Cf", "Zs"]) | st.sampled_from("0xabcdef123456 \x1b[]m;_")
)


@given(ANY_TEXT, st.integers(1, 50))
def test_a_cleaned_text_is_short_encodable_one_line_and_shows_every_character(text: str, longest: int) -> None:
    cleaned = clean(text, longest=longest)
    assert len(cleaned) <= longest
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert not [character for character in cleaned if unicodedata.category(character)[0] == "C"]
    assert cleaned.split() == cleaned.split(" ") or not cleaned


@given(ANY_TEXT)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=LONGEST_TEXT))
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    if "0x" not in text and "ipykernel" not in text:
        assert clean(text) == text


# say ----------------------------------------------------------------------------------------------------------


def test_a_sentence_is_said_in_both_languages() -> None:
    assert say("cell In [{cell}], line {line}", cell=3, line=2) == Text("儲存格 In [3] 第 2 行", "cell In [3], line 2")


def test_a_text_in_a_sentence_is_put_in_in_the_matching_language() -> None:
    text = say("{place}: {because}", place=place_text(3, None), because=quote("ValueError"))
    assert text == Text("儲存格 In [3]：ValueError", "cell In [3]: ValueError")


@pytest.mark.parametrize("value", ["{other}", "{0}", "{", "}", "{}", "{cell.__class__}", "%s"])
def test_braces_in_a_value_are_only_characters(value: str) -> None:
    assert say("cell In [{cell}]", cell=value).en == f"cell In [{value}]"


def test_a_sentence_without_its_value_is_our_bug() -> None:
    with pytest.raises(KeyError):
        say("cell In [{cell}]")


def test_a_quote_is_the_same_in_both_languages() -> None:
    assert quote("ValueError") == Text("ValueError", "ValueError")


# language_of and nearest --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-TW"),
        ({"LANG": "zh_HK.UTF-8"}, "zh-TW"),
        ({"LANG": "ZH_TW"}, "zh-TW"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "zh_TW.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LC_MESSAGES": "en_US.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "zh-TW"),
        ({"LC_ALL": "en_US.UTF-8", "LANGUAGE": "zh_TW:en"}, "zh-TW"),
        ({"LANGUAGE": "en:zh_TW", "LC_ALL": "zh_TW.UTF-8"}, "en"),
        ({"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_TW.UTF-8"}, "zh-TW"),
        ({"LC_CTYPE": "zh_TW.UTF-8"}, "en"),
    ],
    ids=repr,
)
def test_the_language_is_that_of_the_first_variable_that_is_set(environment: Mapping[str, str], language: str) -> None:
    assert language_of(environment) == language


@pytest.mark.parametrize(
    ("word", "words", "ordered"),
    [
        ("lab2", ("lab01", "lab02", "corelab"), ("lab02", "lab01", "corelab")),
        ("LAB02", ("lab01", "lab02"), ("lab02", "lab01")),
        ("softmx", ("entropy", "softmax"), ("softmax", "entropy")),
        ("nothing like it", ("b", "a"), ("b", "a")),
        ("", ("b", "a"), ("b", "a")),
        ("x", (), ()),
    ],
)
def test_the_most_similar_word_comes_first_and_none_is_lost(
    word: str, words: tuple[str, ...], ordered: tuple[str, ...]
) -> None:
    assert nearest(word, words) == ordered


@given(st.text(max_size=9), st.lists(st.text(max_size=9), unique=True, max_size=9))
def test_nearest_is_a_rearrangement(word: str, words: list[str]) -> None:
    assert sorted(nearest(word, words)) == sorted(words)


# The catalogue ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as lines:
        return read_po(lines, locale="zh_TW")


@cache
def sentences() -> dict[str, tuple[str, int]]:
    """Return every sentence that the package says, and where."""
    found = extract_from_dir(PACKAGE, method_map=[("**.py", "python")], keywords={"say": None}, strip_comment_tags=True)
    return {message: (PurePath(file).as_posix(), line) for file, line, message, *_ in found if isinstance(message, str)}


@cache
def calls_of_say() -> tuple[tuple[str, ast.Call], ...]:
    return tuple(
        (f"{path.relative_to(ROOT)}:{node.lineno}", node)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", None) == "say" or getattr(node.func, "attr", None) == "say")
    )


def placeholders(sentence: str) -> set[tuple[str, str, str]]:
    """Return the names in braces, with the way in which they are to be shown."""
    return {(name, form or "", turn or "") for _, name, form, turn in string.Formatter().parse(sentence) if name}


def test_the_package_says_a_lot() -> None:
    assert len(sentences()) > 100


def test_every_sentence_is_a_literal_in_the_code() -> None:
    for place, call in calls_of_say():
        assert call.args, place
        assert isinstance(call.args[0], ast.Constant), place
        assert isinstance(call.args[0].value, str), place
        assert len(call.args) == 1, place


def test_every_call_gives_the_values_that_its_sentence_names_and_no_other() -> None:
    for place, call in calls_of_say():
        assert isinstance(call.args[0], ast.Constant)
        named = {name for name, *_ in placeholders(str(call.args[0].value))}
        given_values = {keyword.arg for keyword in call.keywords}
        assert given_values == named, place


def test_every_sentence_has_a_translation_with_the_same_values(catalogue: Catalog) -> None:
    for sentence, place in sentences().items():
        message = catalogue.get(sentence)
        assert message is not None, (place, sentence)
        assert isinstance(message.string, str)
        assert message.string.strip(), (place, sentence)
        assert not message.fuzzy, (place, sentence)
        assert placeholders(message.string) == placeholders(sentence), (place, sentence)


def test_every_translation_is_chinese(catalogue: Catalog) -> None:
    for message in catalogue:
        bare = re.sub(r"\{.*?\}", "", str(message.string))
        if message.id and re.search("[a-z]", re.sub(r"\{.*?\}", "", str(message.id))):
            assert re.search("[\u4e00-\u9fff]", bare), message.id


def test_no_translation_is_of_a_sentence_that_nobody_says(catalogue: Catalog) -> None:
    said = sentences()
    assert [message.id for message in catalogue if message.id and message.id not in said] == []
    assert list(catalogue.obsolete) == []


def is_a_verdict(sentence: str, place: tuple[str, int]) -> bool:
    """Tell sentences on what is wrong with a result, which stand in tables, from hints and all others."""
    checks, combined = "checks/", "grading/explaining/combined.py"
    return place[0].startswith(checks) or (place[0] == combined and not sentence.startswith("Which "))


def test_a_translation_begins_and_ends_as_its_sentence(catalogue: Catalog) -> None:
    """A full stop in one language alone would double or lack where sentences are put together."""
    said = sentences()
    for message in catalogue:
        if message.id and str(message.id)[-1] == "." and not is_a_verdict(str(message.id), said[str(message.id)]):
            assert str(message.string).endswith("。"), message.id
        assert not str(message.string).endswith("。") or str(message.id).endswith("."), message.id


def test_a_verdict_stands_in_a_table_and_has_no_full_stop_in_chinese(catalogue: Catalog, root: Path) -> None:
    """The grader's own, those of known mistakes and those of laws: one like the other."""
    said = sentences()
    verdicts = {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and is_a_verdict(str(message.id), said[str(message.id)])
    }
    for path in sorted((root / "reference").glob("*/*/*.yaml")):
        if path.parent.parent.name in {"mistakes", "laws"}:
            for name, entry in yaml.safe_load(path.read_text("utf-8")).items():
                told = entry.get("observed") or entry["broken"]
                verdicts[f"{path.name}: {name}"] = told["zh-TW"]
    assert len(verdicts) > 500
    assert [name for name, verdict in verdicts.items() if verdict.endswith("。")] == []


def test_the_compiled_catalogue_is_the_written_one(catalogue: Catalog) -> None:
    compiled = CATALOGUE.with_suffix(".mo")
    assert compiled.is_file(), "pip install -e . compiles it"
    with compiled.open("rb") as content:
        machine = {message.id: message.string for message in read_mo(content) if message.id}
    assert machine == {message.id: message.string for message in catalogue if message.id}


def test_the_catalogue_is_found_by_gettext() -> None:
    found = gettext.find("grader", PACKAGE / "messages" / "locale", languages=["zh_TW"])
    assert found is not None
    assert Path(found) == CATALOGUE.with_suffix(".mo")


# Words as Taiwan uses them ------------------------------------------------------------------------------------

MAINLAND = {
    "默認": "預設",
    "缺省": "預設",
    "程序員": "程式設計師",
    "數組": "陣列",
    "循環": "迴圈",
    "返回": "回傳",
    "函數名": "函式名稱",
    "變量": "變數",
    "字符": "字元",
    "字節": "位元組",
    "數據": "資料",
    "信息": "資訊",
    "視頻": "影片",
    "軟件": "軟體",
    "硬件": "硬體",
    "網絡": "網路",
    "屏幕": "螢幕",
    "內存": "記憶體",
    "代碼": "程式碼",
    "對象": "物件",
    "調用": "呼叫",
    "打印": "印出",
    "運行": "執行",
    "文件夾": "資料夾",
    "文件名": "檔名",
    "源碼": "原始碼",
    "鼠標": "滑鼠",
    "鏈接": "連結",
    "線程": "執行緒",
    "進程": "行程",
    "隊列": "佇列",
    "導入": "匯入",
    "導出": "匯出",
    "服務器": "伺服器",
    "單元格": "儲存格",
    "優化": "最佳化",
    "遞歸": "遞迴",
    "語句": "陳述式",
    "布爾": "布林",
    "浮點型": "浮點數",
    "默认": "預設",
}
ALLOWED = ("結束代碼",)
"""The exit status of a command is a 代碼 in Taiwan too: a code, not program text."""


@cache
def course_texts() -> tuple[tuple[str, str], ...]:
    """Return every text of the project that a student reads in Chinese, with its place."""
    with CATALOGUE.open("rb") as lines:
        texts = [(f"grader.po: {message.id}", str(message.string)) for message in read_po(lines)]
    texts += [(path.name, path.read_text(encoding="utf-8")) for path in sorted((ROOT / "rubrics").glob("*.yaml"))]
    for path in sorted((ROOT / "labs").glob("*.ipynb")):
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        texts += [
            (f"{path.name}, cell {number}", "".join(cell["source"])) for number, cell in enumerate(notebook["cells"])
        ]
    return tuple(texts)


def test_there_are_texts_in_every_place() -> None:
    places = {re.split("[:,]", place)[0] for place, text in course_texts() if re.search("[\u4e00-\u9fff]", text)}
    assert {"grader.po", "lab01.yaml", "lab02.yaml", "lab01.ipynb", "lab02.ipynb"} <= places


def test_no_text_uses_a_word_that_taiwan_does_not() -> None:
    found = []
    for place, text in course_texts():
        for allowed in ALLOWED:
            text = text.replace(allowed, "")  # noqa: PLW2901 (the rest of the text)
        found += [f"{place}: {word}, which is {ours} in Taiwan" for word, ours in MAINLAND.items() if word in text]
    assert found == []


def test_no_text_has_a_simplified_character() -> None:
    """A traditional character has a code in Big5, which a simplified one has not."""
    for place, text in course_texts():
        for character in re.findall("[\u4e00-\u9fff]", text):
            assert character.encode("cp950", "ignore"), f"{place}: {character}"
