"""Draws two grey images and their difference, with one path for each level of brightness."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.pages.svg import WIDTH, Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.records.chart_data import Images

LEVELS = 15
GAP = 10.0
SIDE = (WIDTH - 2 * GAP) / 3
BELOW = 20.0
BRIGHTEST = 255


@dataclass(frozen=True, slots=True)
class Ink:
    """All pixels of one brightness, from 0 to 1. The colour is `white`; in the difference it is `more` or `less`."""

    colour: str
    opacity: float
    path: str


@dataclass(frozen=True, slots=True)
class Panel:
    """An image: where it stands, its pixels and its name."""

    x: float
    inks: tuple[Ink, ...]
    name: Label


@dataclass(frozen=True, slots=True)
class ImagesChart:
    """The first image, the second, and the first less the second; `scale` is the side of one of their pixels."""

    panels: tuple[Panel, ...]
    columns: int
    rows: int
    scale: float
    height: float
    differing: int


def draw_images(images: Images) -> ImagesChart:
    """Return the two images and their difference beside each other."""
    first, second = (tuple(tuple(bytes.fromhex(row)) for row in image) for image in (images.first, images.second))
    difference = [[one - other for one, other in zip(*rows, strict=True)] for rows in zip(first, second, strict=True)]
    rows, columns = len(first), len(first[0])
    scale = SIDE / max(rows, columns)
    height = rows * scale
    white = ("white", "white")
    shown = (("[0]", first, white), ("[1]", second, white), ("[0] − [1]", difference, ("more", "less")))
    panels = tuple(
        Panel(
            x=round(place * (SIDE + GAP), 2),
            inks=_inks(image, *colours),
            name=Label(round(place * (SIDE + GAP) + columns * scale / 2, 2), round(height + 15, 2), name),
        )
        for place, (name, image, colours) in enumerate(shown)
    )
    differing = sum(number != 0 for row in difference for number in row)
    return ImagesChart(
        panels=panels,
        columns=columns,
        rows=rows,
        scale=round(scale, 4),
        height=round(height + BELOW, 2),
        differing=differing,
    )


def _inks(image: Sequence[Sequence[int]], above: str, below: str) -> tuple[Ink, ...]:
    """Return the pixels by level, those above 0 apart from those below."""
    paths: defaultdict[tuple[bool, int], list[str]] = defaultdict(list)
    for y, row in enumerate(image):
        for x, width, number in _runs(row):
            paths[number > 0, abs(number)].append(f"M{x} {y}h{width}v1h-{width}z")
    return tuple(
        Ink(above if is_above else below, round(level / LEVELS, 3), "".join(parts))
        for (is_above, level), parts in sorted(paths.items())
    )


def _runs(row: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return (x, width, level) of neighbours of one level from -15 to 15, without those of level 0."""
    runs: list[tuple[int, int, int]] = []
    for x, number in enumerate(row):
        level = round(number * LEVELS / BRIGHTEST)
        if level and runs and runs[-1][2] == level and runs[-1][0] + runs[-1][1] == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1, level)
        elif level:
            runs.append((x, 1, level))
    return runs
