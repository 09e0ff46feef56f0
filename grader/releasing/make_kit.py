"""Makes a student's kit of a lab: public questions, and what the reference and the known mistakes answer to them."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import replace
from itertools import groupby
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from grader import __version__
from grader.course.forms import NUMERIC_DTYPES as DTYPES
from grader.course.kit import FORMAT, KitFacts, digest_of, notebook_digest
from grader.course.mistakes_and_laws import INPUTS
from grader.course.recorded import form_of, plain_argument, with_parameters
from grader.course.rubric import Rubric, options_of
from grader.course.stub import functions_in_cells
from grader.errors import LabError
from grader.grading.ask_reference import raised
from grader.grading.explaining.known import answered
from grader.grading.make_key import make_key
from grader.grading.scoring import manual_points
from grader.messages.languages import narrowed
from grader.messages.sentences import say
from grader.model import Question, Tensor
from grader.networks.model import Goal
from grader.probes.asking import seeded
from grader.releasing.law_source import source_of
from grader.wire.given import fresh
from grader.wire.observations import encode_observation
from grader.wire.plain import encode_value
from grader.wire.reading import plain_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.course.mistakes_and_laws import Law, Mistake
    from grader.course.rubric import Task
    from grader.course.texts import TextEntry
    from grader.grading.key import Asked, Key
    from grader.model import Question, Text, Value

Form = dict[str, Any]


class NothingPublicError(LabError):
    """A lab has no question that students may know."""


CHOICE = "choice"


def make_kit(course: Course, lab: Lab, notebook: Form) -> Form:
    """Return a lab's kit as JSON, to be given out with this notebook.

    Raises LabError where nothing of it is public, or a value cannot be written down. The same lab gives the same kit:
    public questions that are made are drawn with a seed of the lab's name.
    """
    released = _released(lab)
    key, given = _asked(lab, released)
    form: Form = {
        "kit": FORMAT,
        "labgrader": __version__,
        "lab": lab.name,
        "course_sha256": lab.sha256,
        "points": _number(lab.rubric.points),
        "notebook_sha256": notebook_digest(notebook["cells"]),
        "rubric": released,
        "answers": {
            task: _task_answers(lab, task, arguments, seeds=_seeds(key, task)) for task, arguments in given.items()
        },
        "probes": lab.probes,
        "given": sorted(functions_in_cells(notebook["cells"], released["tasks"])),
        "languages": list(lab.languages),
        "mistakes": narrowed(_mistakes(lab, key), lab.languages),
        "laws": narrowed(_laws(course, lab, released), lab.languages),
    }
    return {**form, "sha256": digest_of(form)}


def _seed(lab: str) -> int:
    """Return the seed of the kit's own questions: no class is graded with it but by chance, as one of 2**53."""
    return int.from_bytes(hashlib.sha256(f"kit:{lab}".encode()).digest()[:6], "big")


# The rubric -------------------------------------------------------------------------------------------------------


def _released(lab: Lab) -> Form:
    """Return the rubric with its public questions, their inputs written out; of networks with all of them."""
    key = make_key(lab, _seed(lab.name))
    tasks = {name: _task(task, _public(lab, key, name)) for name, task in lab.rubric.tasks.items()}
    tasks = {name: task for name, task in tasks.items() if "checks" in task or "cells" in task}
    if not any("checks" in task for task in tasks.values()):
        raise NothingPublicError(say("{lab} has no public question, so there is no kit of it.", lab=lab.name))
    whole: Form = {
        **_said(title=lab.rubric.title),
        **({} if lab.rubric.minutes is None else {"minutes": lab.rubric.minutes}),
        "points": sum(task["points"] for task in tasks.values()),
        "packages": list(lab.rubric.packages),
        "limits": lab.rubric.limits.model_dump(),
        "tasks": {name: {**task, "points": _number(task["points"])} for name, task in tasks.items()},
    }
    whole["points"] = _number(whole["points"])
    if lab.rubric.files:
        whole["files"] = list(lab.rubric.files)
    if lab.rubric.data is not None:
        whole["data"] = lab.rubric.data
    if lab.rubric.training is not None:
        whole["training"] = lab.rubric.training.model_dump()
    released: Form = narrowed(whole, lab.languages)
    return released


def _public(lab: Lab, key: Key, task: str) -> Mapping[str, list[Asked]]:
    """Return a task's questions that students may know, by their check; the calls of a law are one question."""
    known = {law.name for law in lab.laws[task].laws if law.public} if task in lab.laws else set()
    only = CHOICE if _has_choices(lab, task) else None
    found: dict[str, list[Asked]] = {}
    for asked in key.asked:
        is_told = asked.public or isinstance(asked.expected, Goal)
        if only is not None and asked.kind != only:
            continue
        if asked.question.task == task and is_told and (asked.case is None or asked.case.law.name in known):
            found.setdefault(asked.question.check, []).append(asked)
    return {
        check: [next(group) for _, group in groupby(questions, key=lambda one: id(one.case or one))]
        for check, questions in found.items()
    }


def _task(task: Task, public: Mapping[str, Sequence[Asked]]) -> Form:
    checks_form = {}
    for name, check in task.checks.items():
        if name not in public and check.calls is None:
            continue
        checks_form[name] = {
            "points": _number(check.points),
            **_said(promise=check.promise, hint=check.hint),
            **({} if check.judge is None else {"judge": _judge(check.judge)}),
            **({} if check.rebuilt is None else {"rebuilt": check.rebuilt}),
            **({} if check.calls is None else {"calls": check.calls.model_dump(exclude_none=True)}),
            **({"questions": list(map(_question, public[name]))} if name in public else {}),
        }
    asked: Form = {
        **{name: given for name in ("variable", "probe") if (given := getattr(task, name)) is not None},
        "readings": {name: _words(reading.text) for name, reading in task.readings.items()},
        "checks": checks_form,
    }
    return {
        **_said(title=task.title, lecture=task.lecture),
        "points": sum(task.checks[name].points for name in checks_form) + manual_points(task),
        **(asked if checks_form else {}),
        **_read(task),
    }


def _read(task: Task) -> Form:
    """Return that a person reads a task, and where; by which items stays here."""
    if task.manual is None:
        return {}
    cells = {} if task.cells is None else {"cells": task.cells.model_dump(exclude_none=True)}
    return {"manual": {"points": _number(task.manual.points)}, **cells}


def _question(asked: Asked) -> Form:
    arguments = asked.question.arguments if asked.case is None else asked.case.arguments
    inputs = {name: _input(value) for name, value in zip(asked.names, arguments, strict=True)}
    about = {} if asked.about is None else {"about": _words(asked.about)}
    seed = asked.question.manner.seed
    told = {**about, **({} if seed is None else {"seed": seed})}
    return {"public": True, "inputs": inputs, "judge": {"kind": asked.kind, **_options(asked.options)}, **told}


def _options(options: Mapping[str, Any]) -> Form:
    """Return a judge's options; of choices no hint: the one without would be the right one."""
    return {name: dict.fromkeys(value) if name == "choices" else value for name, value in options.items()}


def _input(value: Value) -> object:
    """Return a value as a rubric writes it."""
    match value:
        case np.ndarray() if value.dtype.name in DTYPES:
            return {"array": value.tolist(), "dtype": value.dtype.name} if value.ndim else value.item()
        case list():
            return {"list": list(map(_input, value))}
        case tuple():
            return {"tuple": list(map(_input, value))}
        case bool() | int() | float() | str() | None:
            return value
    return {"value": encode_value(value)}


def _judge(judge: Any) -> Form:  # noqa: ANN401 (a model made from the kinds)
    return {"kind": judge.kind, **_options(options_of(judge))}


# The answers ------------------------------------------------------------------------------------------------------


def _asked(lab: Lab, released: Form) -> tuple[Key, Mapping[str, Sequence[tuple[Value, ...]]]]:
    """Return the kit's key, and for each task all that the reference is asked while it is made, the questions first."""
    asked: dict[str, dict[str, tuple[Value, ...]]] = {
        task: {} for task, entry in released["tasks"].items() if "checks" in entry
    }

    def listening(task: str) -> Callable[..., object]:
        oracle = lab.oracle(task)

        def answer(*given: object) -> object:
            plain = tuple(map(plain_argument, given))
            asked[task].setdefault(form_of(plain), plain)
            return oracle(*given)

        return with_parameters(answer, lab.parameters(task))

    readings = getattr(lab.reference, "READINGS", {})
    reference = SimpleNamespace(**{task: listening(task) for task in asked}, READINGS=readings)
    facts = KitFacts(lab.rubric.points, "")
    key = make_key(replace(lab, rubric=_rubric(lab, released), reference=reference, kit=facts), 0)
    questions = {task: {form: one.arguments for form, one in _questions(key, task).items()} for task in asked}
    return key, {task: tuple({**given, **questions[task]}.values()) for task, given in asked.items()}


def _questions(key: Key, task: str) -> dict[str, Question]:
    """Return a task's questions by the form of their arguments, each once."""
    asked = [one.question for one in key.asked if one.question.task == task]
    return {form_of(one.arguments): one for one in asked}


def _rubric(lab: Lab, released: Form) -> Rubric:
    try:
        return Rubric.model_validate(released)
    except ValidationError as error:  # the rubric was valid before its questions were written out
        keys = ".".join(map(str, error.errors()[0]["loc"]))
        raise LabError(
            say("{lab} cannot be given out: {key} cannot be written down.", lab=lab.name, key=keys)
        ) from error


def _seeds(key: Key, task: str) -> Mapping[str, int]:
    """Return the seeds with which a task's questions are asked, by the form of their arguments."""
    seeds = {form: one.manner.seed for form, one in _questions(key, task).items()}
    return {form: seed for form, seed in seeds.items() if seed is not None}


def _task_answers(lab: Lab, task: str, given: Sequence[tuple[Value, ...]], seeds: Mapping[str, int]) -> Form:
    oracle, parameters = lab.oracle(task), list(lab.parameters(task))
    names = lab.rubric.tasks[task].readings
    if _has_choices(lab, task):  # what is right stays here
        return {"parameters": parameters, "answers": [_entry(arguments, None) for arguments in given], "readings": {}}
    return {
        "parameters": parameters,
        "answers": [
            *_recorded(lab, oracle, given, seeds=seeds),
            *_recorded(lab, oracle, list(_swapped(given)), seeds=seeds),
        ],
        "readings": {name: list(_recorded(lab, lab.reading(task, name), given, seeds=seeds)) for name in names},
    }


def _has_choices(lab: Lab, task: str) -> bool:
    judges = (judge for check in lab.rubric.tasks[task].checks.values() for judge in check.judges)
    return any(judge.kind == CHOICE for judge in judges)


def _swapped(given: Sequence[tuple[Value, ...]]) -> Iterator[tuple[Value, ...]]:
    """Yield the arguments in each other's place, where there are two of one shape: a common slip is known by them."""
    known = set(map(form_of, given))
    for arguments in given:
        turned = arguments[::-1]
        if len(turned) == 2 and _are_alike(*turned) and form_of(turned) not in known:  # noqa: PLR2004 (two to swap)
            yield turned


def _are_alike(one: Value, other: Value) -> bool:
    return isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and one.shape == other.shape


def _recorded(
    lab: Lab, function: Callable[..., object], given: Sequence[tuple[Value, ...]], seeds: Mapping[str, int]
) -> Iterator[Form]:
    """Yield the answers of the reference, or what it raises: it may refuse arguments in each other's place."""
    for arguments in given:
        seed = seeds.get(form_of(arguments))
        try:
            with np.errstate(all="ignore"), contextlib.nullcontext() if seed is None else seeded(seed):
                answer = function(*_as_given(lab, arguments))
        except Exception as error:  # noqa: BLE001 (it may be what a question asks for)
            yield {"arguments": form_of(arguments), "answer": encode_observation(raised(error))}
            continue
        yield _entry(arguments, answer)


def _as_given(lab: Lab, arguments: tuple[Value, ...]) -> list[object]:
    plain = (value.values if isinstance(value, Tensor) else value for value in arguments)
    return [fresh(value, lab.probe_functions) for value in plain]


def _entry(arguments: tuple[Value, ...], answer: object) -> Form:
    return {"arguments": form_of(arguments), "answer": encode_value(plain_of(answer))}


# Mistakes and laws ------------------------------------------------------------------------------------------------


def _mistakes(lab: Lab, key: Key) -> Form:
    """Return the known mistakes about numbers, by what they answer; what tells those of a network is no answer."""
    networks = {asked.question.task for asked in key.asked if asked.question.inspection is not None}
    tasks = dict.fromkeys(asked.question.task for asked in key.asked)
    return {
        task: {mistake.name: _mistake(mistake, key, task) for mistake in lab.mistakes.get(task, ())}
        for task in tasks
        if task not in networks and not _has_choices(lab, task)
    }


def _mistake(mistake: Mistake, key: Key, task: str) -> Form:
    questions = _questions(key, task).values()
    return {
        "loses": list(mistake.loses),
        "observed": _words(mistake.observed),
        "hint": _words(mistake.hint),
        "answers": [encode_observation(answered(mistake.function, question)) for question in questions],
    }


def _laws(course: Course, lab: Lab, released: Form) -> Form:
    found = {}
    for task in lab.laws.keys() & released["tasks"].keys():
        public = [law for law in lab.laws[task].laws if law.public]
        if public:
            file = (course.laws_folder(lab.name) / f"{task}.py").read_text("utf-8")
            source = source_of(file, [INPUTS, *(law.name for law in public)])
            found[task] = {"source": source, "laws": {law.name: _law(law) for law in public}}
    return found


def _law(law: Law) -> Form:
    return {"broken": _words(law.broken), "hint": _words(law.hint)}


def _said(**texts: TextEntry | None) -> Form:
    """Return those of some texts that the rubric has."""
    return {name: _words(entry.text) for name, entry in texts.items() if entry is not None}


def _words(text: Text) -> Form:
    return {"zh-TW": text.zh_tw, "en": text.en}


def _number(points: Fraction) -> int | float:
    return points.numerator if points.denominator == 1 else float(points)
