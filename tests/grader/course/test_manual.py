"""Tasks that a person reads: what a rubric may say of them, and what is refused."""

from __future__ import annotations

import textwrap
from fractions import Fraction
from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml

from grader.course.rubric import schema
from grader.course.rubric_file import read_rubric
from grader.errors import LabError
from grader.model import CellsWanted

if TYPE_CHECKING:
    from pathlib import Path

GOOD = textwrap.dedent(
    """\
    points: 15
    tasks:
      half:
        points: 5
        checks:
          values:
            points: 3
            questions: [{inputs: {x: 3}}]
        manual:
          points: 2
      essay:
        title: {zh-TW: "說明", en: "Words"}
        manual:
          points: 10
          items:
            - {id: unclear, text: {zh-TW: "不清楚", en: "Unclear"}, points: -2}
            - {id: extra, text: {zh-TW: "更多", en: "More"}, points: 0.5, bonus: true}
        cells: {heading: "Question 3"}
    """
)


def written(folder: Path, text: str) -> Path:
    path = folder / "lab.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def spoiled(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_a_task_is_asked_and_read_or_read_alone(tmp_path: Path) -> None:
    rubric, _ = read_rubric(written(tmp_path, GOOD))
    half, essay = rubric.tasks.values()
    assert list(rubric.asked) == ["half"]
    assert [half.points, essay.points] == [5, 10]
    assert half.manual is not None
    assert essay.manual is not None
    unclear, extra = essay.manual.items
    assert [unclear.id, unclear.points, unclear.bonus, unclear.text.text.en] == ["unclear", -2, False, "Unclear"]
    assert [extra.points, extra.bonus] == [Fraction(1, 2), True]
    assert essay.cells_wanted("essay") == CellsWanted(heading="Question 3")
    assert half.cells_wanted("half") == CellsWanted(name="half")


@pytest.mark.parametrize(
    ("items", "said", "start"),
    [
        ("[]", "", 10),
        ("[{id: a, text: no, points: -2}, {id: b, text: no, points: -3}]", "", 10),
        ("[{id: a, text: yes, points: 4}, {id: b, text: yes, points: 6}]", "", 0),
        ("[{id: a, text: yes, points: 4}, {id: b, text: no, points: -3}]", "", 10),
        ("[{id: a, text: yes, points: 4}, {id: b, text: no, points: -3}]", "start: 0, ", 0),
        ("[]", "start: 2.5, ", Fraction(5, 2)),
    ],
)
def test_a_reader_starts_with_all_points_unless_items_only_give(
    tmp_path: Path, items: str, said: str, start: Fraction
) -> None:
    items = items.replace("yes", '"good"').replace("no", '"bad"')
    text = f"points: 10\ntasks:\n  essay: {{manual: {{points: 10, {said}items: {items}}}, cells: {{tag: essay}}}}\n"
    manual = read_rubric(written(tmp_path, text))[0].tasks["essay"].manual
    assert manual is not None
    assert manual.begins_with == start


@pytest.mark.parametrize(
    ("text", "line", "key", "remedy"),
    [
        (spoiled("points: 15", "points: 5"), 1, "points", "5 (half) + 10 (essay) = 15"),
        (spoiled("    points: 5\n", "    points: 3\n"), 4, "tasks.half.points", "3 (values) + 2 (manual) = 5"),
        (
            spoiled('    cells: {heading: "Question 3"}\n', ""),
            11,
            "tasks.essay.cells",
            "which cells does a person read",
        ),
        (spoiled('cells: {heading: "Question 3"}', "cells: {}"), 18, "tasks.essay.cells", "an id, a tag or a heading"),
        (spoiled("heading:", "headin:"), 18, "tasks.essay.cells.headin", "allowed: heading, id, tag"),
        (spoiled('heading: "Question 3"', "heading: 3"), 18, "tasks.essay.cells.heading", "must be a text"),
        (spoiled("id: extra", "id: unclear"), 15, "tasks.essay.manual.items", "the id unclear comes twice"),
        (spoiled("id: extra", 'id: "two words"'), 17, "tasks.essay.manual.items.1.id", "a short name"),
        (spoiled("points: -2", "points: two"), 16, "tasks.essay.manual.items.0.points", "must be a number"),
        (spoiled("points: -2", "points: .inf"), 16, "tasks.essay.manual.items.0.points", "must be a number"),
        (spoiled("points: 10\n", "points: -10\n"), 14, "tasks.essay.manual.points", "a number above 0"),
        (spoiled("points: 10\n", "points: 10\n      start: 11\n"), 15, "tasks.essay.manual.start", "not more than the"),
        (spoiled("points: 10\n", "points: 10\n      start: -1\n"), 15, "tasks.essay.manual.start", "a number from 0"),
        (spoiled("    manual:\n      points: 10", "    variable: x\n    manual:\n      points: 10"), 13, "", "reads"),
        (spoiled("    manual:\n      points: 2\n", "    cells: {tag: a}\n"), 9, "tasks.half.cells", "beside manual"),
        ("points: 1\ntasks:\n  half: {points: 1}\n", 3, "tasks.half.checks", "needs checks, or manual"),
    ],
)
def test_what_nobody_could_read_is_refused_with_its_line_key_and_remedy(
    tmp_path: Path, text: str, line: int, key: str, remedy: str
) -> None:
    with pytest.raises(LabError) as caught:
        read_rubric(written(tmp_path, text))
    told = caught.value.text.en.splitlines()
    begins = f", line {line}, {key}"
    assert any(begins in one and remedy in one.split(begins)[1] for one in told), "\n".join(told)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('    cells: {heading: "Question 3"}\n', ""),
        ('cells: {heading: "Question 3"}', "cells: {}"),
        ("    manual:\n      points: 10\n      items:", "    items:"),
        ("      points: 10\n      items:", "      items:"),
        (", points: -2}", "}"),
    ],
)
def test_editors_know_tasks_that_a_person_reads(old: str, new: str) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.validate(yaml.safe_load(GOOD))
    assert not validator.is_valid(yaml.safe_load(spoiled(old, new)))
