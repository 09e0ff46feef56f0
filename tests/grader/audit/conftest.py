"""A course whose one lab is fair, small enough to be audited in a few seconds, to be spoiled in one way at a time."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from grader.course.folder import Course

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DOUBLE_MISTAKES = '''
"""What wrong solutions of double give."""

import numpy as np


def square(x):
    """Multiply the number with itself."""
    return np.asarray(x) ** 2


def first_only(x):
    """Take the first number of an array."""
    return 2 * np.ravel(x)[0]


def rounded(x):
    """Round the answer."""
    return np.round(2 * np.asarray(x), 1)
'''
DOUBLE_TEXTS = """
square:
  loses: [values, batch]
  observed: {zh-TW: "這是平方。", en: "This is the square."}
  hint: {zh-TW: "3 的兩倍是多少？", en: "What is twice 3?"}
first_only:
  loses: [batch]
  observed: {zh-TW: "只有第一個數值。", en: "Only the first number is there."}
  hint: {zh-TW: "其他的數值呢？", en: "Where are the others?"}
rounded:
  loses: [values]
  observed: {zh-TW: "函式回傳的數值被四捨五入了。", en: "The answers are rounded."}
  hint: {zh-TW: "什麼時候才需要四捨五入？", en: "When are fewer digits needed?"}
"""
TOTAL_MISTAKES = '''
"""What wrong solutions of total give."""

import numpy as np


def mean(x):
    """Take the mean."""
    return np.mean(x)


def last(x):
    """Let every pass overwrite the total."""
    return x[-1]
'''
TOTAL_TEXTS = """
mean:
  loses: [values]
  observed: {zh-TW: "這是平均。", en: "This is the mean."}
  hint: {zh-TW: "最後除以什麼了嗎？", en: "Is there a division at the end?"}
last:
  loses: [values]
  observed: {zh-TW: "只有最後一個數值。", en: "Only the last number is there."}
  hint: {zh-TW: "= 和 += 有什麼不同？", en: "How do = and += differ?"}
"""
TOTAL_LAWS = '''
"""What every right total obeys."""

import numpy as np


def inputs():
    """Draw vectors of one to three quarters."""
    from hypothesis import strategies as st

    return st.lists(st.integers(1, 8), min_size=1, max_size=3).map(lambda some: (np.array(some) / 4,))


def at_least_the_largest(ask, x):
    """Expect no sum of positive numbers below the largest."""
    return bool(ask(x) >= np.max(x) - 1e-3)
'''
TOTAL_LAW_TEXTS = """
at_least_the_largest:
  broken: {zh-TW: "總和比最大的數值還小。", en: "The sum is smaller than the largest number."}
  hint: {zh-TW: "全部加起來之後呢？", en: "What is it when all are added?"}
"""
DOUBLE_VARIANTS = """
import numpy as np


def by_addition(x):
    return x + x


def in_float32(x):
    return np.float32(2) * np.asarray(x, np.float32)


def _not_one():
    return None
"""
TOTAL_VARIANTS = """
def builtin(x):
    return sum(x)


def loop(x):
    total = 0
    for number in x:
        total += number
    return total
"""
EQUIVALENT = """
double:
  - was: "return 2 * np.asarray(x)"
    now: "return 2 * x"
    because: "Arrays come as arrays."
"""


@pytest.fixture
def fair(tmp_path: Path, root: Path, notebook: Callable[..., Path]) -> Course:
    """Return the small course of the tests with all that an audit wants to see."""
    folder = tmp_path / "course"
    shutil.copytree(root / "tests/another_course", folder)
    rubric = folder / "rubrics/warmup.yaml"
    about = 'about: {zh-TW: "一些數值", en: "some numbers"}'
    text = rubric.read_text("utf-8").replace("count: 3", f"count: 3, {about}").replace("count: 2", f"count: 2, {about}")
    rubric.write_text(text, "utf-8")
    notebook(
        "def double(x):\n    return 2 * x",
        "def total(x):\n    return sum(x)",
        name="warmup",
        folder=folder / "reference/solutions",
    )
    for name, content in {
        "reference/mistakes/warmup/double.py": DOUBLE_MISTAKES,
        "reference/mistakes/warmup/double.yaml": DOUBLE_TEXTS,
        "reference/mistakes/warmup/total.py": TOTAL_MISTAKES,
        "reference/mistakes/warmup/total.yaml": TOTAL_TEXTS,
        "reference/laws/warmup/total.py": TOTAL_LAWS,
        "reference/laws/warmup/total.yaml": TOTAL_LAW_TEXTS,
        "tests/correct/warmup/double.py": DOUBLE_VARIANTS,
        "tests/correct/warmup/total.py": TOTAL_VARIANTS,
        "reference/equivalent_mutants/warmup.yaml": EQUIVALENT,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return Course(folder)


@pytest.fixture
def spoil(fair: Course) -> Callable[[str, str, str], Course]:
    """Return a way to change a file of the fair course: `spoil("reference/warmup.py", "2 *", "3 *")`."""

    def change(name: str, old: str, new: str) -> Course:
        path = fair.folder / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new), "utf-8")
        return fair

    return change
