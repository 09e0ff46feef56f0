"""Inspects a network, and returns what it saw as plain data.

Runs in the kernel where networks are built anew; and beside the student's code for a network that cannot be, where
the library is whichever the notebook imported. A network is never shown images in two ways: where labels or the shape
of the images do not fit, it is built again for others.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.model import Unreadable
from grader.sandbox.kernel.inspector import Inspector, Showing
from grader.sandbox.kernel.keras_subject import KerasSubject
from grader.sandbox.kernel.torch_answer import torch_answer_of
from grader.sandbox.kernel.torch_subject import TorchSubject
from grader.wire.values import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.model import Observation
    from grader.networks.model import Built, Inspection
    from grader.sandbox.kernel.inspector import Subject
    from grader.sandbox.kernel.keras_hooks import Hooks


def inspect_network(build: Callable[[], object], inspection: Inspection, hooks: Hooks | None) -> Observation:
    """Build the network and inspect it. What `build` raises is raised here too: it is the caller's to observe."""
    seed_libraries(inspection.seed)
    answer = build()
    subject = _subject_of(answer)
    if subject is None:
        return no_network(answer)
    if hooks is not None:
        hooks.free = True
    try:
        return _inspected(subject, build, inspection)
    finally:
        if hooks is not None:
            hooks.free = False


def is_network(answer: object) -> bool:
    """Say whether it is a Keras model, of whichever class."""
    keras_model = sys.modules.get("keras.src.models.model")
    return keras_model is not None and isinstance(answer, keras_model.Model)


def no_network(answer: object) -> Unreadable:
    """Return what came instead of a network: of Keras, or of PyTorch where that alone was imported."""
    is_of_torch = "torch" in sys.modules and "keras" not in sys.modules
    found = type(answer).__name__[:LONGEST_NAME]
    if answer is None:
        return Unreadable("nothing", found)
    return Unreadable("module" if is_of_torch else "network", found)


def _subject_of(answer: object) -> Subject | None:
    if (parts := torch_answer_of(answer)) is not None:
        return TorchSubject(parts)
    return KerasSubject(answer) if is_network(answer) else None


def _inspected(subject: Subject, build: Callable[[], object], inspection: Inspection) -> Built:
    """Inspect a network in the way in which it takes images and labels, and train it where that is asked for."""

    def again(showing: Showing) -> Inspector:
        seed_libraries(inspection.seed)
        other = _subject_of(build())
        if other is None:
            raise TypeError("the function returned a network at first, and then none")
        return Inspector(other, inspection, showing)

    seen = _fitting(subject, inspection, again)
    if inspection.epochs and seen.trouble is None and subject.may_be_trained():
        seen.train()
        if seen.is_slow():
            other = again(replace(seen.showing, scale=1.0))  # it may rescale pixels in its own way
            if other.trouble is None:
                other.train()
                # A loss also falls where pixels are far too large: the network counts that has learnt more.
                seen = other if other.learnt > max(0.0, seen.learnt) else seen
    return seen.built()


def _fitting(subject: Subject, inspection: Inspection, again: Callable[[Showing], Inspector]) -> Inspector:
    """Inspect with images and labels as it is likely to take them; where these do not fit, a fresh one with others."""
    first, *others = subject.showings()
    tried = [Inspector(subject, inspection, first)]
    while not tried[-1].gives_a_table() and others:
        tried.append(again(others.pop(0)))
    if tried[-1].gives_a_table():
        seen = tried[-1]
    else:
        seen = next((one for one in tried if one.predictions is not None), tried[0])
    if seen.trouble is not None and seen.trouble.step == "evaluate":
        other = again(replace(seen.showing, one_hot=not seen.showing.one_hot))
        seen = other if other.trouble is None else seen
    return seen


def seed_libraries(seed: int) -> None:
    """Fix the random numbers of Keras and of what it seeds with them, and of PyTorch, if they were imported."""
    utilities = sys.modules.get("keras.src.utils.rng_utils")
    if utilities is not None:
        utilities.set_random_seed(seed)
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "manual_seed"):
        torch.manual_seed(seed)
