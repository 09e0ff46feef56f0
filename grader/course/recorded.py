"""A function that is known by its answers alone: what a student's kit has in the place of the reference."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Generic, TypeVar

from grader.model import Given, Tensor
from grader.wire.plain import encode_value
from grader.wire.reading import plain_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.model import Value

Answer = TypeVar("Answer")
Called = TypeVar("Called", bound="Callable[..., object]")


class UnansweredError(LookupError):
    """The function was asked something whose answer is not recorded."""


class Recorded(Generic[Answer]):
    """A function of some parameters, with its answers by the form of the arguments (see `form_of`)."""

    def __init__(self, name: str, parameters: Sequence[str], answers: Mapping[str, Answer]) -> None:
        self.__name__ = name
        self.__signature__ = _signature(parameters)
        self._answers = answers

    def __call__(self, *arguments: Value) -> Answer:
        """Return the recorded answer; raise UnansweredError where there is none."""
        try:
            return self._answers[form_of(list(map(plain_argument, arguments)))]
        except KeyError:
            raise UnansweredError(self.__name__) from None

    def recorded(self, arguments: Sequence[Value], default: Answer) -> Answer:
        """Return the recorded answer, or `default` where there is none."""
        return self._answers.get(form_of(arguments), default)


def with_parameters(function: Called, parameters: Sequence[str]) -> Called:
    """Return a function of any arguments with the names that they have."""
    vars(function)["__signature__"] = _signature(parameters)
    return function


def _signature(parameters: Sequence[str]) -> inspect.Signature:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Signature([inspect.Parameter(parameter, kind) for parameter in parameters])


def form_of(arguments: Sequence[Value]) -> str:
    """Return arguments as text: equal texts are equal values of equal types. Raises WireError for other values.

    A tensor counts as the array that the reference is given in its place.
    """
    plain = (value.values if isinstance(value, Tensor) else value for value in arguments)
    return json.dumps([encode_value(value) for value in plain], sort_keys=True)


def plain_argument(given: object) -> Value:
    """Return an argument as a value: a function of the probes by its name."""
    return Given(given.__name__) if inspect.isfunction(given) else plain_of(given)
