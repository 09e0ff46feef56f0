"""A function that is known by its answers alone: what a student's kit has in the place of the reference."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Generic, TypeVar

from grader.wire.given import fresh
from grader.wire.plain import encode_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.model import Value

Answer = TypeVar("Answer")


class UnansweredError(LookupError):
    """The function was asked something whose answer is not recorded."""


class Recorded(Generic[Answer]):
    """A function of some parameters, with its answers by the form of the arguments (see `form_of`)."""

    def __init__(self, name: str, parameters: Sequence[str], answers: Mapping[str, Answer]) -> None:
        self.__name__ = name
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        self.__signature__ = inspect.Signature([inspect.Parameter(parameter, kind) for parameter in parameters])
        self._answers = answers

    def __call__(self, *arguments: Value) -> Answer:
        """Return the recorded answer; raise UnansweredError where there is none."""
        try:
            return self._answers[form_of(arguments)]
        except KeyError:
            raise UnansweredError(self.__name__) from None

    def recorded(self, arguments: Sequence[Value], default: Answer) -> Answer:
        """Return the recorded answer, or `default` where there is none."""
        return self._answers.get(form_of(arguments), default)


def form_of(arguments: Sequence[Value]) -> str:
    """Return arguments as text: equal texts are equal values of equal types. Raises WireError for other values."""
    return json.dumps([encode_value(fresh(value)) for value in arguments], sort_keys=True)
