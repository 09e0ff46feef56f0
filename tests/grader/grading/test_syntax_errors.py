"""What Python cannot read is told in words, in both languages, for what beginners write."""

from __future__ import annotations

import re

import pytest

from grader.grading.syntax_errors import unreadable_text, with_pythons_words

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
    "x = g(1，2)": "a character is none of Python's, such as a full-width comma, bracket or quotation mark",
    "if z:\n\u3000return": "an invisible character stands there, such as a space of a web page: type the line anew",
    "x =\u200b 1": "an invisible character stands there, such as a space of a web page: type the line anew",
    "x = “abc”": "a character is none of Python's, such as a full-width comma, bracket or quotation mark",
    "x = [1 2]": "something is missing between two values, perhaps a comma",
    "if x = 3:\n    y = 1": "a single = cannot stand here: to compare two values, write ==",
    "if g(x) = 3:\n    y = 1": "a single = cannot stand here: to compare two values, write ==",
    "print 'x'": "print is a function: what it prints stands in parentheses",
    r"x = 'C:\Users'": "a backslash between quotes begins a special character: write / or r before the quotes",
    "x = 2n": "letters follow a number directly: an operator is missing, or a name begins with a digit",
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
    kind, message = type(error).__name__, error.msg
    told = unreadable_text(kind, message)
    assert told.en == said
    assert re.search("[\u4e00-\u9fff]", told.zh_tw)
    whole = with_pythons_words(kind, message)
    assert whole is not None
    assert f"{kind}: " in whole.en, "Python's words can be looked up"


@pytest.mark.parametrize("message", ["invalid syntax", "", "'" * 300, "expected an indented block", "unmatched"])
def test_for_all_else_pythons_own_words_stand(message: str) -> None:
    assert with_pythons_words("SyntaxError", message) is None
    assert unreadable_text("SyntaxError", message).en.startswith("SyntaxError")
    assert with_pythons_words("ValueError", "'(' was never closed") is None
