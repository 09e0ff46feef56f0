"""What Python cannot read is told in words, in both languages, for what beginners write."""

from __future__ import annotations

import re

import pytest

from grader.grading.syntax_errors import unreadable_text, with_pythons_words

PROSE = "the line reads like text and not like code: text begins with #, or stands in a text cell"
SAID = {
    "def f(z):\n    return g(z": "the bracket ( is opened and never closed",
    "x = [1, 2\ny = 3": "the bracket [ is opened and never closed",
    "x = g(1))": "the bracket ) closes nothing that was opened",
    "x = [1, 2)": "the bracket [ is closed by ), which is of another kind",
    "def f(z)\n    return z": "a colon is missing",
    "for i in z\n    print(i)": "a colon is missing",
    "x = 'abc": "a quotation mark is opened and never closed",
    'def f(z):\n    """abc\n    return z': "a quotation mark is opened and never closed",
    "def f(z):\nreturn z": "what belongs to line 1 must be indented below it",
    "def f(z):\n    if z:\n    return 3": "what belongs to line 2 must be indented below it",
    "x = 1\n  y = 2": "the line is indented further than the one above it",
    "def f(z):\n        e = z\n    return e": "the indentation of the line is that of no line above it",
    "def f(z):\n\treturn z\n        x = 1": "tabs and spaces are mixed in the indentation",
    "x = g(1，2)": "， is a character of Chinese text or print: in code it is ,",
    "x = g（1)": "（ is a character of Chinese text or print: in code it is (",
    "if x == 1：\n    y = 2": "： is a character of Chinese text or print: in code it is :",
    "x = “abc”": '“ is a character of Chinese text or print: in code it is "',
    "x = ‘abc’": "‘ is a character of Chinese text or print: in code it is '",
    "x = [1、2]": "、 is a character of Chinese text or print: in code it is ,",
    "x = 2 × y": "× is a character of Chinese text or print: in code it is *",
    "x = １": "１ is a character of Chinese text or print: in code it is 1",
    "x = y²": "a character is none of Python's, such as a full-width comma, bracket or quotation mark",
    "x =\u30001": "an invisible character stands in the line, such as a full-width space: delete it and type a space",
    "請計算平均，然後回傳。": PROSE,
    "先計算平均 然後 return 答案": PROSE,
    "1. 第一題": PROSE,
    'print "abc"': "since Python 3, what is printed stands in brackets: print(…)",
    "x = 2x": "a letter follows a number: a name cannot begin with a digit, and a product needs *",
    "if x:\n    y = 1\nelse if z:\n    y = 2": "else if is one word in Python: elif",
    "y = 1\nelse:\n    y = 2": "else has no beginning above it at the same indentation, such as an if or a try",
    "if x && y:\n    z = 1": "&& is written and in Python",
    "if !x:\n    z = 1": "! is written not in Python",
    "x++": "Python has no ++ and --: write x += 1 or x -= 1",
    "lambda = 0.1": "lambda is a word of Python's own: a variable needs another name",
    "def f(x, lambda):\n    return x": "lambda is a word of Python's own: a variable needs another name",
    "for i = 1:\n    x = 2": "a for needs the word in before its values: for i in range(3)",
    "x = 2 y": "between 2 and y something is missing, such as an operator or a comma",
    "def f(x):\n    return np.sum(x) len(x)": "between ) and len something is missing, such as an operator or a comma",
    "x = f'{y}' z": 'between "" and z something is missing, such as an operator or a comma',
    "x = 1 +": "the line ends with +: what comes after it is missing",
    "import numpy as": "the line ends with as: what comes after it is missing",
    "x =\u200b1": "an invisible character stands in the line, such as a full-width space: delete it and type a space",
    "x = [1 2]": "something is missing between two values, perhaps a comma",
    "if x = 3:\n    y = 1": "a single = cannot stand here: to compare two values, write ==",
    "if g(x) = 3:\n    y = 1": "a single = cannot stand here: to compare two values, write ==",
    "print 'x'": "since Python 3, what is printed stands in brackets: print(…)",
    r"x = 'C:\Users'": "a backslash between quotes begins a special character: write / or r before the quotes",
    "x = 2n": "a letter follows a number: a name cannot begin with a digit, and a product needs *",
    "x + 1 = 2": "a single = cannot stand here: to compare two values, write ==",
    "None = 2": "what stands to the left of = cannot be given a value",
    "x = g(a=1, 2)": "an argument without a name follows one with a name (name=value)",
    "try:\n    x = 1\ny = 2": "try has no except below it, as far to the left as the try itself",
    "break": "break or continue stands outside of any loop",
    "def f(z):\n    continue": "break or continue stands outside of any loop",
    "return 3": "return stands outside of any function, perhaps not indented enough",
}


def error_of(source: str) -> SyntaxError:
    with pytest.raises(SyntaxError) as raised:
        compile(source, "cell", "exec")
    return raised.value


@pytest.mark.parametrize(("source", "said"), SAID.items())
def test_what_python_cannot_read_is_told_in_words(source: str, said: str) -> None:
    error = error_of(source)
    kind, message, line = type(error).__name__, error.msg, (source.splitlines()[(error.lineno or 1) - 1 :] or [""])[0]
    told = unreadable_text(kind, message, line)
    assert told.en == said
    assert re.search("[\u4e00-\u9fff]", told.zh_tw)
    whole = with_pythons_words(kind, message, line)
    assert whole is not None
    assert f"{kind}: " in whole.en, "Python's words can be looked up"


@pytest.mark.parametrize("message", ["invalid syntax", "", "'" * 300, "expected an indented block", "unmatched"])
def test_for_all_else_pythons_own_words_stand(message: str) -> None:
    assert with_pythons_words("SyntaxError", message) is None
    assert unreadable_text("SyntaxError", message).en.startswith("SyntaxError")
    assert with_pythons_words("ValueError", "'(' was never closed") is None


@pytest.mark.parametrize(
    "line",
    ["", "x = y ? 1 : 2", 's = "two texts" "side by side"', "x = a.b", "return None, True", "x = rb'' + f''", "$"],
)
def test_a_line_with_nothing_known_in_it_keeps_pythons_words(line: str) -> None:
    assert unreadable_text("SyntaxError", "invalid syntax", line).en == "SyntaxError: invalid syntax"
