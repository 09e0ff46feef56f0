"""Every check has to refuse its impostors: wrong answers that its kind makes out of the expected one."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

from grader import checks
from grader.audit.finding import Finding, Part
from grader.messages.sentences import say
from grader.model import Agrees, Returned
from grader.registry import module_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.grading.key import Asked, Key
    from grader.model import Observation


def impostors_part(key: Key, file: str) -> Part:
    """Judge every impostor of every question by its check."""
    count, passed = 0, dict[tuple[str, str], Finding]()
    for asked in key.asked:
        for name, impostor in _impostors(asked):
            count += 1
            if any(isinstance(asked.judge(impostor, reading=reading), Agrees) for reading in asked.readings or (None,)):
                place = f"{asked.question.task}.{asked.question.check}"
                text = say("takes an impostor for right: {name}", name=name)
                passed.setdefault((place, name), Finding("unfair", place, text, file=file))
    text = say("{refused} of {count} impostors refused", refused=count - len(passed), count=count)
    return Part("impostors", text, tuple(passed.values()))


def _impostors(asked: Asked) -> Iterator[tuple[str, Observation]]:
    """Yield the impostors of a question. A kind's `impostors` is given those of the check's options that it names."""
    make: Any = module_in(checks, asked.kind).impostors
    named = [name for name in inspect.signature(make).parameters if name in asked.options]
    for name, impostor in make(asked.expected, **{option: asked.options[option] for option in named}):
        yield name, Returned(impostor, impostor.dtype.name) if isinstance(impostor, np.ndarray) else impostor
