"""Exceptions by name: Python's, and those of the libraries that a course uses. Any other is a student's word."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from grader.messages.sentences import quote, say

if TYPE_CHECKING:
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


def known_name(kind: str) -> Text:
    """Return an exception's name where it is Python's or a library's, and else that it is not."""
    found = getattr(builtins, kind, None)
    is_known = kind in OF_LIBRARIES or (isinstance(found, type) and issubclass(found, BaseException))
    return quote(kind) if is_known else say("an exception of a class of its own")
