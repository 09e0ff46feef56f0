"""A search for inputs with Hypothesis: the same one each time."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def search(
    strategy: Any,  # noqa: ANN401 (a SearchStrategy)
    accepts: Callable[[tuple[Any, ...]], bool],
    *,
    most: int,
    shrinks: bool,
) -> tuple[Any, ...] | None:
    """Return the first arguments of `most` that are accepted, None if none are; with `shrinks` the smallest found.

    Raises hypothesis.errors.FlakyFailure where arguments are accepted once and then refused.
    """
    from hypothesis import HealthCheck, Phase, find, settings  # noqa: PLC0415 (heavy, and rarely needed)
    from hypothesis.errors import NoSuchExample  # noqa: PLC0415 (same)

    quiet = settings(
        max_examples=most,
        database=None,
        deadline=None,
        phases=[Phase.generate, *([Phase.shrink] if shrinks else [])],  # to explain a break would ask hundreds more
        suppress_health_check=list(HealthCheck),
    )
    try:
        found: tuple[Any, ...] = find(strategy, accepts, settings=quiet, random=random.Random(0))  # noqa: S311 (no secret)
    except NoSuchExample:
        return None
    return found
