"""Asks the reference: its answers are expected, and a mistake of the staff is told with its line in the rubric."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from grader.course.yaml_lines import Problem
from grader.messages.sentences import nearest_text, say
from grader.model import Array, Given, Raised, Structured, Tensor, Text, Value
from grader.probes.asking import LackingError, seeded
from grader.wire.given import fresh
from grader.wire.plain import encode_value
from grader.wire.reading import NotPlainError, plain_of
from grader.wire.values import LONGEST_MESSAGE, WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.course.lab import Lab
    from grader.course.yaml_lines import Keys
    from grader.errors import LabError
    from grader.model import Manner


def expected_answer(
    lab: Lab, oracle: Callable[..., object], given: tuple[Value, ...], *, manner: Manner, keys: Keys
) -> Array | Structured:
    """Return what the reference answers: numbers as an array where only these count, any other value as it is."""
    mine = given_to_reference(lab, given, keys)
    before = encode_value(tuple(map(plain_of, _comparable(mine))))
    with np.errstate(all="ignore"), contextlib.nullcontext() if manner.seed is None else seeded(manner.seed):
        answer: Any = ask(lab, lambda: oracle(*mine), keys)
    if manner.counts == "arguments":
        return Structured(tuple(plain_of(value) for value in _comparable(given_to_reference(lab, given, keys))))
    expected = _read(lab, answer, manner, keys=keys)
    if encode_value(tuple(map(plain_of, _comparable(mine)))) != before:
        refuse(lab, keys, say("the reference changes its inputs; it must leave them as they are"))
    return expected


def given_to_reference(lab: Lab, given: tuple[Value, ...], keys: Keys) -> list[Any]:
    """Return arguments as the reference is given them: arrays where a notebook is given tensors.

    Refuses the rubric where a library or a function is not there of which an argument is.
    """
    functions = lab.probe_functions
    for value in given:
        if isinstance(value, Given) and value.function not in functions:
            allowed = nearest_text(value.function, functions)
            sentence = say(
                "there is no function {name} in probes/{lab}.py; it has {allowed}",
                name=value.function,
                lab=lab.name,
                allowed=allowed,
            )
            refuse(lab, keys, sentence)
    made: Any = ask(lab, lambda: _made(given, functions), keys)
    return list(made)


def _made(given: tuple[Value, ...], functions: Mapping[str, Callable[..., object]]) -> list[object]:
    return [fresh(value.values if isinstance(value, Tensor) else value, functions) for value in given]


def _comparable(values: list[Any]) -> list[Any]:
    return [None if callable(value) else value for value in values]


def _read(lab: Lab, answer: object, manner: Manner, keys: Keys) -> Array | Structured:
    try:
        numbers = numbers_of(answer) if manner.counts == "numbers" else None
        if numbers is None:
            return _structured(answer)
    except (NotPlainError, WireError) as error:
        remedy = say("a probe can make a value of it (docs/teachers.md)")
        sentence = say(
            "the reference answers {answer}, which cannot be compared: {remedy}", answer=error, remedy=remedy
        )
        refuse(lab, keys, sentence)
    if not np.isfinite(numbers).all():
        refuse(lab, keys, say("the reference answers {answer}: an answer must be finite", answer=numbers.tolist()))
    return numbers


def _structured(answer: object) -> Structured:
    value = plain_of(answer)
    encode_value(value)
    return Structured(value)


def numbers_of(answer: Any) -> Array | None:  # noqa: ANN401 (whatever the reference answers)
    """Return a number, an array of numbers or a list of them as an array; None for any other value."""
    is_other = isinstance(answer, bool | np.bool_ | tuple | np.ma.MaskedArray) or type(answer).__module__.startswith(
        "pandas"
    )
    return None if is_other else _array_of(answer)


def _array_of(answer: object) -> Array | None:
    try:
        array: Array = np.array(answer)  # a copy, for the reference may use its own array again
    except ValueError:
        return None
    is_of_numbers = array.dtype.kind in "iuf" or (array.dtype.kind == "b" and array.ndim > 0)
    return array if is_of_numbers else None


def raised(error: BaseException) -> Raised:
    """Return an exception as it is observed."""
    bases = tuple(kind.__name__ for kind in type(error).__mro__[1:])
    return Raised(type(error).__name__, str(error)[:LONGEST_MESSAGE], bases=bases)


def expected_exception(lab: Lab, task: str, given: tuple[Value, ...], *, manner: Manner, keys: Keys) -> Raised:
    """Return the exception that the reference raises; refuse the rubric where it raises none."""
    mine = given_to_reference(lab, given, keys)
    try:
        with np.errstate(all="ignore"), contextlib.nullcontext() if manner.seed is None else seeded(manner.seed):
            answer = lab.oracle(task)(*mine)
    except Exception as error:  # noqa: BLE001 (it is the answer)
        return raised(error)
    if isinstance(answer, Raised):  # of a student's kit
        return answer
    return refuse(lab, keys, say("the reference raises nothing here: ask with another input, or by another kind"))


def ask(lab: Lab, act: Callable[[], object], keys: Keys) -> object:
    """Return what staff code returns; refuse the rubric where it raises."""
    try:
        return act()
    except LackingError as error:
        refuse(lab, keys, say("the reference has nothing named {name}, for which a probe asks", name=error.lacking))
    except (Exception, SystemExit) as error:  # noqa: BLE001 (a staff file may raise anything; it is reported, not swallowed)
        refuse(lab, keys, say("the reference raises {error}", error=f"{type(error).__name__}: {error}"))


def refuse(lab: Lab, keys: Keys, text: Text) -> NoReturn:
    """Raise the LabError that tells of a place in the rubric."""
    error: LabError = lab.rubric_yaml.refusal([Problem(keys, text)])
    raise error
