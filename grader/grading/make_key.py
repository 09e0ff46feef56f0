"""Makes the key, once for all submissions: rubric, reference and seed give the questions and their expected answers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from grader import checks
from grader.course.inputs import value_of
from grader.course.rubric import Check, Entry, TrainingEntry, options_of
from grader.data.digits import draw
from grader.grading.ask_reference import ask, expected_answer, expected_exception, refuse
from grader.grading.key import Asked, Key, LawCase
from grader.messages.sentences import say
from grader.model import Array, Differs, Given, Question, Returned, Structured, Tensor, Value
from grader.networks.model import Goal, Inspection
from grader.registry import module_in
from grader.wire.given import fresh
from grader.wire.plain import decode_value, encode_value
from grader.wire.reading import NotPlainError, plain_of
from grader.wire.values import WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from grader.course.lab import Lab
    from grader.course.yaml_lines import Keys
    from grader.grading.key import Expected
    from grader.model import Observation
    from grader.networks.model import Library

DEFAULT_KIND = "close"
LAW = "law"
LOSSES = ("mse", "cross_entropy")
SHOWN_IMAGES = 64
UNSEEN_IMAGES = 500


def make_key(lab: Lab, seed: int, tasks: Collection[str] | None = None) -> Key:
    """Ask the reference every question, or those of some tasks alone.

    Raises LabError for one that it cannot answer, with its line in the rubric.

    The same lab and seed give the same key. A question depends on the seed, the lab, the task, the check and its
    place in the check alone, so that adding a check leaves the others' questions as they were.
    """
    return Key(lab.name, seed, tuple(_all_asked(lab, seed, lab.rubric.asked if tasks is None else tasks)))


def _all_asked(lab: Lab, seed: int, tasks: Collection[str]) -> Iterator[Asked]:
    for task_name in tasks:
        for check_name, check in lab.rubric.tasks[task_name].checks.items():
            asked = list(_of_check(lab, task_name, check_name, seed=seed, entries=check.questions))
            keys: Keys = ("tasks", task_name, "checks", check_name, "questions", 0)
            if lab.kit is None and asked and all(_is_none(one.expected) for one in asked):
                refuse(lab, keys, say("the reference answers None: is its return missing?"))
            if lab.kit is None and asked and all(map(_leaves_nothing, asked)):
                refuse(lab, keys, say("the reference itself prints, draws or writes nothing here"))
            yield from asked


def _of_check(lab: Lab, task: str, check: str, *, seed: int, entries: Sequence[Entry]) -> Iterator[Asked]:
    for position, entry in enumerate(entries):
        keys: Keys = ("tasks", task, "checks", check, "questions", position)
        for number in range(entry.count):
            rng = np.random.default_rng(_words((seed, lab.name, task, check, position, number)))
            yield from _asked(lab, (task, check), entry, keys=keys, seed=seed, rng=rng)


def _leaves_nothing(asked: Asked) -> bool:
    """Say whether a ready-made probe finds nothing of the reference: then a function that does nothing is right."""
    probe = asked.question.manner.probe
    is_ready = probe is not None and not probe.source and asked.question.manner.counts == "value"
    return is_ready and isinstance(asked.expected, Structured) and asked.expected.value in ("", {}, [])


def _is_none(expected: Expected) -> bool:
    return isinstance(expected, Structured) and expected.value is None


def _asked(
    lab: Lab, place: tuple[str, str], entry: Entry, *, keys: Keys, seed: int, rng: np.random.Generator
) -> Iterator[Asked]:
    task, check = place
    names = lab.parameters(task)
    kind, options = _kind(lab.rubric.tasks[task].checks[check], entry)
    given = _arguments(lab, entry, names, rng=rng, keys=keys)
    manner = replace(lab.manner(task), seed=entry.seed, source=_source(lab, given))
    inspects = getattr(module_in(checks, kind), "INSPECTS", None)
    if inspects is None:
        counts = getattr(module_in(checks, kind), "COUNTS", None)
        if getattr(module_in(checks, kind), "EXPECTS", None) == "exception":
            expected: Expected = expected_exception(lab, task, given, manner=manner, keys=keys)
        else:
            manner = replace(manner, counts=counts or "numbers")
            expected = expected_answer(lab, lab.oracle(task), given, manner=manner, keys=keys)
        if not isinstance(expected, np.ndarray):
            manner = replace(manner, counts=counts or "value")
        readings = {
            name: expected_answer(lab, lab.reading(task, name), given, manner=manner, keys=keys)
            for name in lab.rubric.tasks[task].readings
        }
        about = None if entry.about is None else entry.about.text
        asked = Asked(
            Question(task, check, given, public=entry.public, manner=manner),
            names,
            entry.public,
            expected=expected,
            kind=kind,
            options=options,
            readings=readings,
            about=about,
        )
        judgement = asked.judge(_as_observed(expected))
        if isinstance(judgement, Differs):
            problem = say("refuses the reference's own answer: {because}", because=judgement.because)
            refuse(lab, (*keys, "judge"), problem)
        yield from [asked] if kind != LAW else _calls(lab, asked, keys)
        return
    # One inspection serves all checks that need no training: each of them judges what it has seen.
    shared = rng if inspects == "training" else np.random.default_rng(_words((lab.name, task, _text(given), seed)))
    goal, how = _network(lab, task, given, inspects=inspects, keys=keys, rng=shared)
    yield Asked(
        Question(task, check, given, inspection=how, public=entry.public),
        names,
        entry.public,
        expected=goal,
        kind=kind,
        options=options,
        readings={},
        rebuilt=lab.rubric.tasks[task].checks[check].rebuilt is not None,
    )


def _calls(lab: Lab, asked: Asked, keys: Keys) -> Iterator[Asked]:
    """Turn a question about a law into the calls that the law makes, found by asking it about the reference."""
    task, arguments = asked.question.task, asked.question.arguments
    case = LawCase(next(law for law in lab.laws[task].laws if law.name == asked.options["law"]), arguments)
    calls: list[tuple[tuple[Value, ...], Array]] = []

    def reference(*given: Value) -> Array:
        answer = expected_answer(lab, lab.oracle(task), given, manner=asked.question.manner, keys=keys)
        if not isinstance(answer, np.ndarray):
            refuse(lab, (*keys, "judge"), say("a law asks about numbers, and the reference answers none"))
        calls.append((given, answer))
        return answer

    if not ask(lab, lambda: case.law.function(reference, *map(fresh, arguments)), keys):
        refuse(lab, (*keys, "judge"), say("the reference itself breaks the law {law}", law=case.law.name))
    for given, expected in calls:
        call = replace(asked.question, arguments=given)
        yield replace(asked, question=call, expected=expected, readings={}, case=case)


def kernel_seed(seed: int) -> int:
    """Return the seed of a notebook's own random numbers, below 2**32: the key's cannot be told from it."""
    return int(_words((seed, "kernel"))[0])


def _network(
    lab: Lab, task: str, given: tuple[Value, ...], inspects: str, keys: Keys, rng: np.random.Generator
) -> tuple[Goal, Inspection]:
    """Return what a network is for, as the reference says, and how it is inspected."""
    loss: Any = ask(lab, lambda: lab.oracle(task)(*given), keys)
    if loss not in LOSSES:
        problem = say("the reference of a network must return one of {allowed}", allowed=", ".join(LOSSES))
        refuse(lab, keys, problem)
    training = (lab.rubric.training or TrainingEntry()).training
    trained = inspects == "training"
    images, labels = draw(training.images if trained else SHOWN_IMAGES, int(rng.integers(2**31)))
    # A kernel sees the images, and must not find their labels by drawing with every seed that there is.
    unseen, unseen_labels = draw(UNSEEN_IMAGES if trained else 0, int(rng.integers(2**63)))
    how = Inspection(
        images=images,
        labels=labels,
        unseen=unseen,
        epochs=training.epochs if trained else 0,
        seconds=training.seconds,
        seed=kernel_seed(int(rng.integers(2**63))),
        libraries=_libraries(lab.rubric.packages),
    )
    return Goal(loss, images, labels, unseen_labels=unseen_labels), how


def _libraries(packages: Collection[str]) -> tuple[Library, ...]:
    """Return with what a network may be written: with Keras, where the lab does not name PyTorch alone."""
    if "torch" not in packages:
        return ("keras",)
    return ("torch",) if {"tensorflow", "keras"}.isdisjoint(packages) else ("keras", "torch")


def _text(given: tuple[Value, ...]) -> str:
    return json.dumps([encode_value(value) for value in given])


def _words(path: tuple[int | str, ...]) -> NDArray[np.uint32]:
    return np.frombuffer(hashlib.sha256(repr(path).encode()).digest(), np.uint32)


def _kind(check: Check, entry: Entry) -> tuple[str, Mapping[str, Any]]:
    judge: Any = entry.judge or check.judge
    return (DEFAULT_KIND, {}) if judge is None else (judge.kind, options_of(judge))


def _arguments(
    lab: Lab, entry: Entry, names: tuple[str, ...], rng: np.random.Generator, keys: Keys
) -> tuple[Value, ...]:
    if entry.inputs is not None:
        return _with_tensors(lab, entry, {name: value_of(entry.inputs[name]) for name in names}, keys=keys)
    if entry.make is None:
        return ()
    maker: Callable[[np.random.Generator], Any] = getattr(lab.reference, entry.make or "")
    made = ask(lab, lambda: maker(rng), keys)
    if not isinstance(made, dict) or list(made) != list(names):
        problem = say("the maker {maker} must return a dict of {names}, in this order", maker=entry.make, names=names)
        refuse(lab, keys, problem)
    try:
        plain = {
            name: decode_value(encode_value(plain_of(value))) for name, value in made.items()
        }  # as they will arrive
    except (WireError, NotPlainError) as error:
        refuse(lab, keys, say("the maker {maker}: {problem}", maker=entry.make, problem=error))
    return _with_tensors(lab, entry, plain, keys=keys)


def _with_tensors(lab: Lab, entry: Entry, given: Mapping[str, Value], *, keys: Keys) -> tuple[Value, ...]:
    """Return arguments in their order, arrays as tensors where the rubric says so; refuse it where one is no array."""
    return tuple(
        _as_tensor(lab, value, library, keys=(*keys, "as", name))
        if (library := entry.libraries.get(name)) is not None
        else value
        for name, value in given.items()
    )


def _as_tensor(lab: Lab, value: Value, library: Literal["torch", "tensorflow"], *, keys: Keys) -> Tensor:
    if not isinstance(value, np.ndarray):
        refuse(lab, keys, say("only an array can be given as a tensor, and this input is none"))
    return Tensor(value, library)


def _source(lab: Lab, given: tuple[Value, ...]) -> str:
    """Return the source of the functions that arguments name; empty where they name none."""
    return lab.probes if any(isinstance(value, Given) for value in given) else ""


def _as_observed(expected: Expected) -> Observation:
    return Returned(expected, expected.dtype.name) if isinstance(expected, np.ndarray) else expected  # type: ignore[return-value]
