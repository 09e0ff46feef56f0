"""Asks a notebook, or the reference: a function is called, a variable read, or a probe asked.

`names` are those of the notebook's session or of the reference's module. What is raised here is raised by what was
asked, but for `LackingError`: there is nothing of this name.
"""

from __future__ import annotations

import contextlib
import random
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from grader import probes
from grader.probes.loading import module_of
from grader.wire.given import fresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from grader.model import Manner, Probe, Question

READY = ("figure", "file", "printed")
SOURCE = "probes"
"""The name of the module that is made of the probes' text."""


class LackingError(AttributeError):
    """The notebook, or the reference, has nothing of this name, or nothing that can be called: then its type."""

    def __init__(self, name: str, found: str | None = None) -> None:
        super().__init__(name)
        self.lacking = name
        self.found = found


class Names:
    """What a probe is given as `lab`: `lab.softmax` is what the notebook, or the reference, has of this name."""

    def __init__(self, names: Mapping[str, object]) -> None:
        self._names = names

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever has the name)
        try:
            return self._names[name]
        except KeyError:
            raise LackingError(name) from None


def answer_of(names: Mapping[str, object], question: Question) -> object:
    """Return what a question is answered, as it is; arguments are given fresh.

    Where these are the answer, None stands for one that is a function.
    """
    manner = question.manner
    functions = vars(module_of(SOURCE, manner.source)) if manner.source else {}
    given = [fresh(value, functions) for value in question.arguments]
    asked = asked_of(names, question.task, manner)
    with contextlib.nullcontext() if manner.seed is None else seeded(manner.seed):
        answer = asked(*given)
    if manner.counts == "arguments":
        return tuple(None if callable(value) else value for value in given)
    return answer


def asked_of(names: Mapping[str, object], task: str, manner: Manner) -> Callable[..., object]:
    """Return what is called with the arguments of a question; raise LackingError where it is not there."""
    if manner.variable is not None:
        if manner.variable not in names:
            raise LackingError(manner.variable)
        return lambda: names[str(manner.variable)]
    if manner.probe is not None and manner.probe.source:
        return _own(names, manner.probe)
    function = names.get(task)
    if not callable(function):
        raise LackingError(task, None if function is None else type(function).__name__)
    called: Callable[..., object] = function
    if manner.probe is not None:
        ready: Callable[..., object] = getattr(probes, manner.probe.name)
        return lambda *given: ready(lambda: called(*given))
    return called


def _own(names: Mapping[str, object], probe: Probe) -> Callable[..., object]:
    ask = getattr(module_of(SOURCE, probe.source), probe.name)
    return lambda *given: ask(Names(names), *given)


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Fix the random numbers of Python, NumPy, and TensorFlow and PyTorch where they are imported.

    Those of Python and NumPy go on afterwards as if nothing had been drawn.
    """
    before = random.getstate(), np.random.get_state()  # noqa: NPY002 (it is the legacy state that notebooks use)
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 (same)
    if (tensorflow := sys.modules.get("tensorflow")) is not None:
        tensorflow.random.set_seed(seed)
    if (torch := sys.modules.get("torch")) is not None:
        torch.manual_seed(seed)
    try:
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])  # noqa: NPY002 (same)
