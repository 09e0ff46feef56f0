"""Every forbidden and required name is tried; what is misspelt, or lets a function pass that does nothing, is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.audit.calls import calls_part
from grader.course.lab import load_lab

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.audit.finding import Part
    from grader.course.folder import Course
    from tests.conftest import Said

BY_HAND = """\
      by_hand:
        points: 2.5
        promise: {zh-TW: "自己寫。", en: "By hand."}
        hint: {zh-TW: "怎麼加？", en: "How is it added?"}
        calls: CALLS
"""
BATCH = "      batch:\n        points: 2.5\n"


def with_calls(course: Course, calls: str) -> Course:
    """Return the course with another check of `double`."""
    rubric = course.rubric_path("warmup")
    text = rubric.read_text("utf-8").replace("points: 10\n", "points: 12.5\n", 1).replace("points: 7.5", "points: 10")
    rubric.write_text(text.replace(BATCH, BY_HAND.replace("CALLS", calls) + BATCH), "utf-8")
    return course


def part(course: Course) -> Part:
    found = calls_part(course, load_lab(course, "warmup"))
    assert found is not None
    return found


def test_a_lab_without_such_checks_has_no_such_topic(fair: Course) -> None:
    assert calls_part(fair, load_lab(fair, "warmup")) is None


NAMES = "loop, for, while, sum, __import__, np.sum, tf.keras.losses, keras, F.softmax, scipy.special.softmax, np, total"


def test_every_name_is_tried_and_refused(fair: Course) -> None:
    found = part(with_calls(fair, f"{{forbid: [{NAMES}], require: [double, np.add, print]}}"))
    assert found.told.en == "15 of 15 uses refused"
    assert found.findings == ()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("np.sofmax", "numpy has no sofmax"),
        ("math.linalg.nrom", "math has no linalg.nrom"),
        ("sofmax", "nothing is called sofmax"),
        ("nmupy.sum", "nothing is called nmupy.sum: is it written as students write it?"),
    ],
)
def test_a_forbidden_name_that_nothing_has_is_told(fair: Course, name: str, told: str) -> None:
    [finding] = part(with_calls(fair, f"{{forbid: [{name}], require: [total]}}")).findings
    assert (finding.weight, finding.place) == ("missing", "double.by_hand")
    assert told in finding.told.en


def test_a_check_that_a_function_passes_which_does_nothing_is_advice(fair: Course) -> None:
    [finding] = part(with_calls(fair, "{forbid: [sum]}")).findings
    assert (finding.weight, finding.place) == ("advice", "double.by_hand")
    assert "a function that returns 0 passes" in finding.told.en


@pytest.mark.kernel
def test_a_lab_with_such_checks_is_fair(grade: Callable[..., Said], fair: Course) -> None:
    course = with_calls(fair, "{forbid: [loop, sum, tf.keras.losses]}")
    said = grade("audit", "warmup", "--course", course.folder, "--lang", "en")
    assert said.status == 0, said.out
    assert "3 of 3 uses refused" in said.out


@pytest.mark.kernel
def test_a_solution_that_uses_what_is_forbidden_makes_it_unfair(grade: Callable[..., Said], fair: Course) -> None:
    rubric = fair.rubric_path("warmup")
    text = rubric.read_text("utf-8")
    start = text.index("        questions:", text.index("  total:"))
    rubric.write_text(f"{text[:start]}        calls: {{forbid: [sum]}}\n{text[start:]}", "utf-8")
    said = grade("audit", "warmup", "--course", fair.folder, "--lang", "en")
    assert said.status == 1
    assert "does not pass: sum is used in total" in " ".join(said.out.split())


@pytest.mark.kernel
def test_a_task_of_which_only_the_code_is_looked_at_needs_no_mistakes(grade: Callable[..., Said], fair: Course) -> None:
    rubric = fair.rubric_path("warmup")
    text = rubric.read_text("utf-8")
    start = text.index("        questions:", text.index("  total:"))
    rubric.write_text(text[:start] + "        calls: {require: [sum], forbid: [loop]}\n", "utf-8")
    for name in ("reference/mistakes/warmup/total", "reference/laws/warmup/total", "tests/correct/warmup/total"):
        for path in fair.folder.glob(f"{name}.*"):
            path.unlink()
    said = grade("audit", "warmup", "--course", fair.folder, "--lang", "en")
    assert said.status == 0, said.out
