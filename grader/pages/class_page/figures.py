"""Where the bars in the charts of the class page stand: widths in percent, heights in pixels.

So a chart fits a phone and its texts keep their size, which a viewBox would shrink.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.pages.class_summary import Bin, CheckCount

HEIGHT = 140.0
"""Of the highest bar; above it stands its number."""

TOP = 20.0
GAP = 0.15


@dataclass(frozen=True, slots=True)
class BinBar:
    """One bar of the distribution. `x`, `width` and `middle` are in percent, `y` and `height` in pixels."""

    least: int
    count: int
    x: float
    width: float
    middle: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a horizontal bar: its kind, and in percent where it starts and how wide it is."""

    kind: str
    x: float
    width: float


def bars(bins: Sequence[Bin]) -> tuple[BinBar, ...]:
    """Return a bar for each bin, the fullest one of the full height."""
    most = max((len(one.students) for one in bins), default=0) or 1
    slot = 100 / max(1, len(bins))
    return tuple(_bar(one, position * slot, width=slot, most=most) for position, one in enumerate(bins))


def stack(count: CheckCount) -> tuple[Segment, ...]:
    """Return side by side the parts of the class that passed a check, failed it and did not attempt it."""
    parts = {"passed": count.passed, "failed": count.failed, "not_attempted": count.not_attempted}
    whole = sum(map(len, parts.values())) or 1
    segments, x = [], 0.0
    for kind, students in parts.items():
        width = 100 * len(students) / whole
        segments.append(Segment(kind, round(x, 3), round(width, 3)))
        x += width
    return tuple(segments)


def _bar(one: Bin, left: float, *, width: float, most: int) -> BinBar:
    height = HEIGHT * len(one.students) / most
    return BinBar(
        least=one.least,
        count=len(one.students),
        x=round(left + width * GAP / 2, 3),
        width=round(width * (1 - GAP), 3),
        middle=round(left + width / 2, 3),
        y=round(TOP + HEIGHT - height, 3),
        height=round(height, 3),
    )
