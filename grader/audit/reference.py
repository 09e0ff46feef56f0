"""The reference has to be finite and pure, and to agree with TensorFlow where a variant is written with it.

That it is finite and leaves its inputs alone is checked whenever a key is made, so in every grading.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.audit.finding import Counterpart, Finding, Part
from grader.audit.tolerances import ruler
from grader.grading.ask_reference import expected_answer
from grader.grading.make_key import make_key
from grader.messages.sentences import say
from grader.model import Passed, Returned, Structured
from grader.networks.model import Goal
from grader.wire.plain import encode_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.audit.candidates import Candidate
    from grader.course.lab import Lab
    from grader.grading.judging import Judged
    from grader.grading.key import Asked, Key
    from grader.model import Array, Value


def reference_part(lab: Lab, key: Key, counterparts: Sequence[Counterpart], *, file: str) -> Part:
    """Ask the makers and the reference again, and say which tasks have a counterpart in TensorFlow."""
    findings = [*_makers(lab, key, file), *_answers(lab, key, file)]
    having = [one for one in counterparts if one.variants]
    text = say("finite and pure")
    if having:
        text = say(
            "finite and pure; {count} of {tasks} tasks of numbers have a counterpart in TensorFlow, "
            "with a relative difference of at most {largest}",
            count=len(having),
            tasks=len(counterparts),
            largest=f"{max(one.relative for one in having):.1e}",
        )
    return Part("reference", text, tuple(findings))


def counterparts(key: Key, variants: Sequence[Candidate]) -> Iterator[Counterpart]:
    """Yield each task about numbers with its variants among `variants`, which all compute with TensorFlow or Keras."""
    for task in dict.fromkeys(asked.question.task for asked in key.asked):
        own = [one for one in variants if one.task == task and one.mistake is None]
        if _is_about_numbers(key, task):
            differences = [_difference(judged) for one in own for judged in one.judged]
            absolute = max((one[0] for one in differences), default=0.0)
            relative = max((one[1] for one in differences), default=0.0)
            yield Counterpart(task, tuple(one.name for one in own), difference=absolute, relative=relative)


def _is_about_numbers(key: Key, task: str) -> bool:
    return any(asked.question.task == task and not isinstance(asked.expected, Goal) for asked in key.asked)


def _makers(lab: Lab, key: Key, file: str) -> Iterator[Finding]:
    again = make_key(lab, key.seed)
    for one, other in zip(key.asked, again.asked, strict=True):
        if _form(one) != _form(other):
            place = f"{one.question.task}.{one.question.check}"
            text = say("a maker gives another question for the same seed: it may use nothing but its rng")
            yield Finding("unfair", place, text, file=file)
            return


def _form(asked: Asked) -> object:
    return [encode_value(value) for value in asked.question.arguments]


def _answers(lab: Lab, key: Key, file: str) -> Iterator[Finding]:
    found = set[str]()
    for asked in key.asked:
        task, question = asked.question.task, asked.question
        if not isinstance(asked.expected, np.ndarray | Structured) or task in found:
            continue
        again = expected_answer(lab, lab.oracle(task), question.arguments, manner=question.manner, keys=("tasks", task))
        if encode_value(_value(again)) != encode_value(_value(asked.expected)):
            found.add(task)
            text = say("the reference answers the same question differently when it is asked again")
            yield Finding("unfair", task, text, file=file)


def _value(expected: Array | Structured) -> Value:
    return expected.value if isinstance(expected, Structured) else expected


def _difference(judged: Judged) -> tuple[float, float]:
    """Return the largest absolute and relative difference between the answers to a check and the reference."""
    if not isinstance(judged.verdict, Passed):
        return 0.0, 0.0  # that a variant loses the check is another topic
    absolute = relative = 0.0
    for answer in judged.answers:
        asked, reading = answer.asked, judged.verdict.reading
        expected: Any = asked.expected if reading is None else asked.readings[reading]
        if not isinstance(answer.observed, Returned) or ruler(asked) is None:
            continue
        truth = np.asarray(expected, np.float64)
        error = np.abs(answer.observed.value.astype(np.float64).reshape(truth.shape) - truth)
        absolute = max(absolute, float(error.max(initial=0.0)))
        sizes = np.abs(truth)
        relative = max(relative, float((error[sizes > 0] / sizes[sizes > 0]).max(initial=0.0)))
    return absolute, relative if math.isfinite(relative) else 0.0
