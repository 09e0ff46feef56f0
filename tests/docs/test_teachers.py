"""The lab of docs/teachers.md, put together of its examples, is graded, and each of its tasks is answered."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from grader.course.folder import Course
from grader.course.forms import NAMES
from grader.course.inputs import value_of
from grader.course.lab import load_lab
from grader.course.rubric import Entry, Task
from grader.course.rubric_file import read_rubric
from grader.grading.make_key import make_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Said

PAGE = (Path(__file__).resolve().parents[2] / "docs/teachers.md").read_text("utf-8")
NEEDS = {"with_places": "pandas", "relu": "torch"}
IN_TORCH = "\nimport torch\n\n\ndef relu(x):\n    return torch.clamp(x, min=0)\n"


def blocks(kind: str, head: str) -> list[str]:
    found = re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return [block for block in found if block.startswith(f"# {head}")]


def zoo(folder: Path) -> Course:
    """Write the lab of the page, without the tasks whose package is absent here."""
    [rubric] = [yaml.safe_load(block) for block in blocks("yaml", "rubrics/zoo.yaml")]
    for block in blocks("yaml", "task of rubrics/zoo.yaml"):
        rubric["tasks"].update(yaml.safe_load(block))
    absent = [task for task, package in NEEDS.items() if importlib.util.find_spec(package) is None]
    rubric["tasks"] = {name: task for name, task in rubric["tasks"].items() if name not in absent}
    rubric["points"] = sum(task["points"] for task in rubric["tasks"].values())
    rubric["packages"] = [package for task, package in NEEDS.items() if task not in absent]
    left_out = "with_places" if "with_places" in absent else ""
    sources = [one for one in blocks("python", "reference/zoo.py") if not left_out or left_out not in one]
    for name, content in {
        "rubrics/zoo.yaml": yaml.safe_dump(rubric, allow_unicode=True, sort_keys=False),
        "reference/zoo.py": "\n\n".join(sources),
        "probes/zoo.py": blocks("python", "probes/zoo.py")[0],
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    (folder / "labs").mkdir()
    return Course(folder)


def test_the_lab_in_20_lines_has_as_many() -> None:
    [rubric] = blocks("yaml", "rubrics/zoo.yaml")
    assert len(rubric.splitlines()) - 1 <= 20
    assert yaml.safe_load(rubric)["points"] == 2


def test_every_example_is_a_task_that_the_reference_answers(tmp_path: Path) -> None:
    lab = load_lab(zoo(tmp_path), "zoo")
    key = make_key(lab, 1)
    assert {one.question.task for one in key.asked} == set(lab.rubric.tasks)
    assert len(lab.rubric.tasks) >= 9


@pytest.mark.kernel
def test_the_lab_of_the_page_is_graded(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path
) -> None:
    course = zoo(tmp_path / "course")
    right = course.reference_path("zoo").read_text("utf-8")
    if "torch" in (tmp_path / "course/rubrics/zoo.yaml").read_text("utf-8"):
        right += IN_TORCH
    stub = "\n".join(f"{name} = ..." for name in ("p_value", "meaning"))
    handed_in = tmp_path / "in"
    notebook(right, name="right", folder=handed_in)
    notebook(right.replace("k * k", "2 * k").replace("x @ w + b, x", "x @ w + b"), name="wrong", folder=handed_in)
    notebook(stub, name="stub", folder=handed_in)
    assert grade("zoo", handed_in, "--course", course.folder, "--output", tmp_path / "out").status == 0
    records = {path.stem: json.loads(path.read_text("utf-8")) for path in (tmp_path / "out").glob("*.json")}
    assert records["right"]["earned"] == records["right"]["points"]
    told = {task["name"]: [told_of(check) for check in task["checks"]] for task in records["wrong"]["tasks"]}
    assert "affine_forward returned" in told["affine_forward"][0]
    assert told["squares"][0]
    verdicts = {task["name"]: task["checks"][0]["verdict"] for task in records["stub"]["tasks"]}
    assert (verdicts["p_value"], verdicts["meaning"]) == ("not_attempted", "not_attempted")


def told_of(check: dict[str, Any]) -> str:
    return str(check["because"]["en"]) if check["because"] else ""


def test_every_form_of_the_page_is_read() -> None:
    rows = re.findall(r"^\| (`\{.*?) \|", PAGE, re.MULTILINE)
    forms = [form.replace("…", "[1]") for row in rows for form in re.findall(r"`(\{.*?\})`", row)]
    names = set()
    for form in forms:
        given = yaml.safe_load(form)
        entry = Entry.model_validate({"inputs": {"x": given}})
        value_of((entry.inputs or {})["x"])
        names.add(next(iter(given)))
    assert names == set(NAMES) - {"value"}, "value is what a kit writes"


def test_the_lab_with_tasks_for_a_person_is_one(tmp_path: Path) -> None:
    [text] = blocks("yaml", "rubrics/essay.yaml")
    path = tmp_path / "essay.yaml"
    path.write_text(text, "utf-8")
    rubric, _ = read_rubric(path)
    starts = {name: task.manual.begins_with for name, task in rubric.tasks.items() if task.manual is not None}
    assert starts == {"fit_line": 2, "plot": 10}
    assert list(rubric.asked) == ["fit_line"]


def test_the_tables_name_every_way_to_ask() -> None:
    head = PAGE.partition("## A lab in 20 lines")[0]
    for word in ("variable", "probe"):
        assert word in Task.model_fields
        assert f"`{word}: " in head
    for kind in ("close", "exact", "same_set", "raises", "choice", "unchanged", "architecture"):
        assert kind in head, kind


@pytest.mark.kernel
def test_the_rubric_without_mappings_is_a_lab_in_the_language_of_the_page(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path
) -> None:
    course = zoo(tmp_path / "course")
    [small], [settings] = blocks("yaml", "rubrics/small.yaml"), blocks("yaml", "course.yaml")
    (course.folder / "rubrics/small.yaml").write_text(small, "utf-8")
    course.reference_path("zoo").rename(course.reference_path("small"))
    (course.folder / "rubrics/zoo.yaml").unlink()
    assert load_lab(course, "small").languages == ("en",)
    handed_in = notebook("def squares(n):\n    return [k * k for k in range(1, n + 1)]")
    for said in ("", settings.replace("[en]", "[zh-TW, en]")):
        (course.folder / "course.yaml").write_text(said, "utf-8")
        page = grade("small", handed_in, "--course", course.folder, "--lang", "zh-TW").out
        assert "Do they begin with 0?" in page
        assert ("先做這一件事" in page) == bool(said)
