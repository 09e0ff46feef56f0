"""Exceptions by name: Python's, and those of the libraries that a course uses. Any other is a student's word."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from grader.messages.sentences import quote, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Text

OF_LIBRARIES = frozenset(
    {
        "AxisError",
        "ComplexWarning",
        "DTypePromotionError",
        "LinAlgError",
        "RankWarning",
        "TooHardError",
        "UFuncTypeError",
        "VisibleDeprecationWarning",
        "_ArrayMemoryError",
        "_UFuncBinaryResolutionError",
        "_UFuncInputCastingError",
        "_UFuncNoLoopError",
        "_UFuncOutputCastingError",
        "AbortedError",
        "AlreadyExistsError",
        "CancelledError",
        "DataLossError",
        "DeadlineExceededError",
        "FailedPreconditionError",
        "InaccessibleTensorError",
        "InternalError",
        "InvalidArgumentError",
        "NotFoundError",
        "OperatorNotAllowedInGraphError",
        "OutOfRangeError",
        "PermissionDeniedError",
        "ResourceExhaustedError",
        "StagingError",
        "UnauthenticatedError",
        "UnavailableError",
        "UnimplementedError",
        "UnknownError",
        "DivisionByZero",
        "FrozenInstanceError",
        "InvalidOperation",
        "JSONDecodeError",
        "StatisticsError",
    }
)
"""The exceptions of NumPy, of TensorFlow (and so of Keras), and of what notebooks use of Python's library."""


GENERAL = frozenset({"Exception", "BaseException", "object"})
"""What says nothing of an exception."""


def known_name(kind: str, bases: Sequence[str] = ()) -> Text:
    """Return an exception's name where it is Python's or a library's, else what it derives from, or that it is unknown.

    `bases` are the names of the classes that its own derives from, the nearest first.
    """
    if _is_known(kind):
        return quote(kind)
    if (base := next(filter(_is_known, bases), None)) is not None and base not in GENERAL:
        return say("a kind of {base}", base=base)
    return say("an exception of a class of its own")


def _is_known(kind: str) -> bool:
    found = getattr(builtins, kind, None)
    return kind in OF_LIBRARIES or (isinstance(found, type) and issubclass(found, BaseException))
