"""What comes back is held against its question before anything is computed with it.

A kernel may answer anything. Here an answer of another kind than the question asks for, and a network whose parts
contradict each other, become an answer that cannot be read: wrong, and harmless.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from grader.model import Returned, Structured, Unfit, Unreadable
from grader.networks.model import Built

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Array, Observation, Question

MOST_BYTES = 16 * 2**20
"""All arrays of a network together: one message of a kernel cannot hold more."""


def fitting(question: Question, observed: Observation) -> Observation:
    """Return an observation as it is where it can answer the question, else Unreadable."""
    is_about_a_network = question.inspection is not None
    wants_numbers = question.manner.counts == "numbers"
    match observed:
        case Returned() if is_about_a_network or not wants_numbers:
            return Unreadable("malformed", "")
        case Structured() if is_about_a_network or wants_numbers:
            return Unreadable("malformed", "")
        case Unfit() if question.manner.probe is None:
            return Unreadable("malformed", "")
        case Built() if not (is_about_a_network and _is_consistent(observed)):
            return Unreadable("malformed", "")
        case Built(library=library) if question.inspection is not None and library not in question.inspection.libraries:
            return Unreadable(
                "module" if library == "keras" else "network", "Model" if library == "keras" else "Module"
            )
    return observed


def _is_consistent(built: Built) -> bool:
    """Say whether what a network says of itself can be true.

    Its outputs may have any shape, for a wrong network gives such: the checks say so. They are numbers of one kind, and
    those before and after the training are of one shape.
    """
    arrays = tuple(_arrays(built))
    before, after = built.unseen_before, built.unseen
    is_one_shape = before is None or after is None or before.shape == after.shape
    are_floats = all(array.dtype.kind == "f" for array in arrays)
    is_small = sum(array.nbytes for array in arrays) <= MOST_BYTES
    return is_one_shape and are_floats and is_small and math.isfinite(built.scale)


def _arrays(built: Built) -> Iterator[Array]:
    yield from (array for array in (built.predictions, built.unseen_before, built.unseen) if array is not None)
    for pair in built.weights:
        yield from pair
