"""How two values are held against each other, and what is found where they part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from grader.messages.format_values import shown
from grader.messages.sentences import say

if TYPE_CHECKING:
    from grader.model import Text, Value

Order: TypeAlias = Literal["given", "rows", "columns", "any"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step into a value: the place of an item, a key, or a part of a table."""

    text: str
    ordinal: tuple[int, int] | None = None
    """Of a tuple: which of how many values, from 1."""
    part: Text | None = None
    """Of a table: which part."""


Path: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two values are compared, and where in a larger value they stand.

    Differences of numbers up to atol + rtol * |expected| are forgiven, and another order of rows or columns where
    `order` says so. Where it is `exact`, a number, an array and a list of numbers are three kinds of value, and a whole
    number is another one.
    """

    rtol: float = 0.0
    atol: float = 0.0
    order: Order = "given"
    exact: bool = False
    dtypes: bool = True
    """Whether the columns of a table must be of the expected kind of dtype."""
    names: bool = True
    """Whether a Series, an index and the labels of columns must have the expected name."""
    path: Path = ()

    def into(self, step: Step) -> Comparison:
        """Return how what stands one step further in is compared."""
        return replace(self, path=(*self.path, step))


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two values part, and how: in a value, or already in its kind or structure."""

    path: Path
    because: Text
    kind: Literal["values", "structure", "shape", "not_finite"] = "values"
    hidden: Text | None = None
    """What is said of a hidden question: a kind and a place, and no value, label or key."""


def item_step(place: int) -> Step:
    """Return the step to an item of a list."""
    return Step(f"[{place}]")


def index_step(index: tuple[int, ...]) -> Step:
    """Return the step to an element of an array."""
    return Step(f"[{', '.join(map(str, index))}]")


def key_step(key: Value) -> Step:
    """Return the step to a value of a dict."""
    return Step(f"[{_quoted(key)}]")


def tuple_step(place: int, count: int) -> Step:
    """Return the step to a value of a tuple."""
    return Step(f"[{place}]", ordinal=(place + 1, count))


def part_step(part: Text) -> Step:
    """Return the step to a part of a table."""
    return Step("", part=part)


def place_of(path: Path) -> Text | None:
    """Return where something stands in a value; None for the value itself."""
    if not path:
        return None
    first, *rest = path
    inner = "".join(step.text for step in rest if step.part is None)
    parts = [step.part for step in rest if step.part is not None]
    if first.part is not None:
        whole = first.part
    elif first.ordinal is not None:
        whole = say("value {place} of {count}", place=first.ordinal[0], count=first.ordinal[1])
    else:
        whole, inner = say("{place}", place=first.text + inner), ""
    text = say("{whole} {inner}", whole=whole, inner=inner) if inner else whole
    for part in parts:
        text = say("{whole}, {part}", whole=text, part=part)
    return text


def quoted(value: Value) -> str:
    """Return a label as it stands in a sentence: a text in quotes."""
    return _quoted(value)


def _quoted(value: Value) -> str:
    return f'"{value}"' if isinstance(value, str) and value.isprintable() and '"' not in value else shown(value)
