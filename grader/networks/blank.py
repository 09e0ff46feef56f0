"""A network of which nothing was seen: the impostors of a check are made from it by `dataclasses.replace`."""

from __future__ import annotations

from grader.networks.model import Built

BLANK = Built(
    layers=(),
    parameters=1,
    loss="loss",
    optimizer=None,
    from_logits=False,
    scale=1.0,
    predictions=None,
    reported=None,
    penalties=0.0,
    losses=(),
    unseen_before=None,
    unseen=None,
    weights=(),
    trouble=None,
)
