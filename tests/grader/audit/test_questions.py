"""Which entry of questions catches which mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.audit.candidates import judged_mistake
from grader.audit.questions import catches, questions_part
from grader.course.lab import load_lab
from grader.grading.make_key import make_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.audit.finding import Catches
    from grader.course.folder import Course


def rows(course: Course) -> tuple[Catches, ...]:
    lab = load_lab(course, "warmup")
    key = make_key(lab, 0)
    candidates = [
        judged_mistake(lab, key, task, mistake=mistake) for task, some in lab.mistakes.items() for mistake in some
    ]
    return catches(lab, key, candidates)


def test_each_entry_has_its_mistakes_and_those_that_it_alone_catches(fair: Course) -> None:
    found = {(row.place, row.entry): (row.label, row.caught, row.alone) for row in rows(fair)}
    assert found == {
        ("double.values", 1): ("x=1.5", ("square",), ()),
        ("double.values", 2): ("number x3", ("square", "rounded"), ("rounded",)),
        ("double.batch", 1): ("x=[1, 2, 4]", ("square", "first_only"), ()),
        ("total.values", 1): ("x=[1, 2, 4]", ("mean", "last"), ()),
        ("total.values", 2): ("vector x2", ("mean", "last"), ()),
    }


def test_it_is_told_how_many_hang_on_one_entry_and_how_many_entries_could_go(fair: Course) -> None:
    part = questions_part(rows(fair))
    assert part.told.en == "5 entries; 1 mistakes are caught by one of them only, 3 entries catch nothing alone"
    assert part.findings == ()


def test_a_question_that_catches_nothing_is_seen(spoil: Callable[[str, str, str], Course]) -> None:
    course = spoil("rubrics/warmup.yaml", "- {public: true, inputs: {x: 1.5}}", "- {public: true, inputs: {x: 2.0}}")
    first = rows(course)[0]
    assert (first.label, first.caught) == ("x=2.0", ()), "2 + 2 is 2 times 2"
