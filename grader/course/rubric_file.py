"""Reads a rubric's file. Any mistake is refused with file, line, key and what is allowed, before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from grader import checks
from grader.course.forms import NAMES
from grader.course.inputs import FormError, value_of
from grader.course.rubric import Rubric
from grader.course.strict import problem_of
from grader.course.yaml_lines import Problem, read_yaml
from grader.messages.sentences import nearest_text, say
from grader.registry import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from grader.course.yaml_lines import Keys, YamlFile


def read_rubric(path: Path) -> tuple[Rubric, YamlFile]:
    """Read and validate a rubric; raise a LabError that names every mistake with its line."""
    file = read_yaml(path)
    try:
        rubric = Rubric.model_validate(file.data)
    except ValidationError as error:
        raise file.refusal([_problem(details) for details in error.errors()]) from error
    if problems := [*_sums(rubric), *_literals(rubric)]:
        raise file.refusal(problems)
    return rubric, file


def _sums(rubric: Rubric) -> Iterator[Problem]:
    """Find points that do not add up."""
    yield from _sum(("points",), rubric.points, {name: task.points for name, task in rubric.tasks.items()})
    for name, task in rubric.tasks.items():
        parts = {check_name: check.points for check_name, check in task.checks.items()}
        parts |= {} if task.manual is None else {"manual": task.manual.points}
        yield from _sum(("tasks", name, "points"), task.points, parts)


def _sum(keys: Keys, whole: Fraction, parts: Mapping[str, Fraction]) -> Iterator[Problem]:
    if sum(parts.values()) != whole:
        sum_text = " + ".join(f"{float(part):g} ({name})" for name, part in parts.items())
        total = f"{float(sum(parts.values())):g}"
        sentence = say("is {whole}, but {parts} = {total}", whole=f"{float(whole):g}", parts=sum_text, total=total)
        yield Problem(keys, sentence)


def _literals(rubric: Rubric) -> Iterator[Problem]:
    """Find inputs that are not rectangular arrays of numbers."""
    for task_name, task in rubric.tasks.items():
        for check_name, check in task.checks.items():
            for position, entry in enumerate(check.questions):
                for name, given in (entry.inputs or {}).items():
                    keys = ("tasks", task_name, "checks", check_name, "questions", position, "inputs", name)
                    try:
                        value_of(given)
                    except FormError as error:
                        yield Problem(keys, error.text)
                    except (ValueError, OverflowError):
                        yield Problem(keys, say("a list must be a rectangular array of numbers of its dtype"))


def _problem(details: ErrorDetails) -> Problem:
    keys: Keys = details["loc"]
    context: Mapping[str, Any] = details.get("ctx", {})
    match details["type"]:
        case "union_tag_invalid" if "inputs" in keys:
            name = str(context["tag"])
            allowed = nearest_text(name, NAMES)
            return Problem(keys, say("there is no form {name}; allowed: {allowed}", name=name, allowed=allowed))
        case "unknown_key" if len(keys) and keys[-1] in NAMES and context["key"] in NAMES:
            sentence = say("{name} and {other} are two forms: an input has one", name=keys[-1], other=context["key"])
            return Problem(keys, sentence)
        case "greater_than_equal" if context["ge"] == 0:
            return Problem(keys, say("must not be negative"))
        case "too_short" if context.get("field_type") == "Dictionary":
            return Problem(keys, say("needs at least {count} entries", count=context["min_length"]))
        case "union_tag_invalid":
            known = [tag.strip("' ") for tag in context["expected_tags"].split(",")]
            allowed = nearest_text(str(context["tag"]), known)
            sentence = say("{tag} is not allowed here; allowed: {allowed}", tag=context["tag"], allowed=allowed)
            return Problem((*keys, "kind"), sentence)
        case "union_tag_not_found":
            return Problem(keys, say("needs a kind; allowed: {allowed}", allowed=", ".join(names_in(checks))))
        case "one_source":
            return Problem(keys, say("needs either inputs or make, and not both"))
        case "one_way":
            return Problem(keys, say("a task has a variable or a probe, and not both"))
        case "file_name":
            return Problem(keys, say("{name} is no name of a file in labs/", name=context["name"]))
        case "no_questions":
            return Problem((*keys, "questions"), say("the key is missing: a check needs questions, or calls"))
        case "no_checks":
            return Problem((*keys, "checks"), say("the key is missing: a task needs checks, or manual for a person"))
        case "only_read":
            return Problem((*keys, "cells"), say("cells are those that a person reads: they stand beside manual"))
        case "not_asked":
            return Problem((*keys, context["key"]), say("a person alone reads this task: nothing is asked about it"))
        case "no_cells":
            return Problem(
                (*keys, "cells"),
                say("the key is missing: which cells does a person read? {{heading: …}}, {{tag: …}} or {{id: …}}"),
            )
        case "no_way":
            return Problem(keys, say("needs an id, a tag or a heading of cells"))
        case "same_id":
            return Problem(keys, say("the id {id} comes twice", id=context["id"]))
        case "signed":
            return Problem(keys, say("must be a number"))
        case "start":
            return Problem(
                keys if keys[-1:] == ("start",) else (*keys, "start"),
                say("must be a number from 0, and not more than the points"),
            )
        case "no_calls":
            return Problem(keys, say("needs require or forbid, each a list of names"))
        case "both_calls":
            return Problem(keys, say("{name} is both required and forbidden", name=context["name"]))
        case "called":
            return Problem(
                keys,
                say(
                    "{name} is no name: write it as students do, without brackets (squares, np.sum, tf.keras.losses), "
                    "or loop",
                    name=context["name"],
                ),
            )
        case "rebuilt":
            return Problem(
                (*keys, "rebuilt"), say("only a check of a network can have this: architecture, loss, training")
            )
        case "string_pattern_mismatch" if keys[-1:] == ("id",):
            return Problem(keys, say("must be a short name of letters, digits, _ and -"))
        case "identifier":
            return Problem(keys, say("{name} is no Python name", name=context["name"]))
        case "points":
            return Problem(keys, say("must be a number above 0"))
        case "float_type" | "float_parsing" | "int_type" | "int_parsing" | "int_from_float":
            return Problem(keys, say("must be a number, and {observed} is none", observed=repr(details["input"])))
        case "list_type" | "too_short":
            return Problem(keys, say("must be a list of at least one item, each after a dash"))
    return problem_of(details)
