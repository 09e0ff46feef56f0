"""The words of the house: frozen data without behaviour, which every wing uses.

A rubric asks. The reference answers first, and its answers are the key. A submission is run; each answer is an
observation; held against the key it becomes a verdict; verdicts make a score; scores make a record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from grader.networks.model import Built

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, time, timedelta
    from decimal import Decimal
    from fractions import Fraction
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from grader.networks.model import Inspection

Language: TypeAlias = Literal["zh-TW", "en"]
Array: TypeAlias = "NDArray[np.generic]"
Value: TypeAlias = (
    "bool | int | float | complex | str | bytes | Fraction | Decimal | date | time | timedelta | Array "
    "| Masked | Sparse | Series | DataTable | Tensor | Given | list[Any] | tuple[Any, ...] | frozenset[Any] "
    "| dict[Any, Any] | None"
)
"""What may stand in a question and in an answer: plain data, nested in lists, tuples, sets and dicts.

The keys of a dict and the members of a set are numbers, text, bytes, dates, None, and tuples of these.
"""


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages; words that are there in one language alone stand in the place of both."""

    zh_tw: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.zh_tw if language == "zh-TW" else self.en


# Values that Python itself does not have --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Masked:
    """A masked array: its numbers, and a mask of the same shape that is True where there is none."""

    values: Array
    mask: Array


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """A sparse matrix: its shape, and the rows, columns and values of what is stored, by row and column, each once."""

    shape: tuple[int, int]
    rows: Array
    columns: Array
    values: Array


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """The labels of an axis of a table, a tuple each where there are several levels, and the names of the levels."""

    items: tuple[Any, ...]
    names: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TableColumn:
    """The values of a column, None where one is missing; of numbers an array. `dtype` is what pandas calls it."""

    values: Array | tuple[Any, ...]
    dtype: str


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A pandas Series: a column with a name and an index."""

    column: TableColumn
    index: Labels
    name: Any


@dataclass(frozen=True, slots=True, eq=False)
class DataTable:
    """A pandas DataFrame: its columns, their labels, and the index of its rows."""

    columns: tuple[TableColumn, ...]
    labels: Labels
    index: Labels


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """An array that a function is given as a tensor of a library."""

    values: Array
    library: Literal["torch", "tensorflow"]


@dataclass(frozen=True, slots=True)
class Given:
    """A function of the lab's probes, by its name, as an argument: it is called where it is needed."""

    function: str


# What a course asks -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limits:
    """What a submission may take: seconds of wall-clock time, MiB of memory, of files and of a cell's output."""

    cell_seconds: float
    call_seconds: float
    submission_seconds: float
    memory_mib: int = 3072
    output_mib: int = 32
    disk_mib: int = 256
    processes: int = 0
    """How many programs the notebook may have running beside its own process; with 0 it may not start any."""


@dataclass(frozen=True, slots=True)
class Training:
    """How long `fit` may take in a notebook's own cells while it is graded: all calls together for `seconds`."""

    epochs: int
    steps: int
    images: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Probe:
    """Staff code that makes a value of whatever a notebook has: a function `(lab, *arguments)` of a source.

    Without a source it is one of `grader.probes`, which is asked about the function of its task.
    """

    name: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a question is put, and what counts as its answer.

    A `variable` is read; with a `probe` that is asked; else the function of the task is called. `counts` says what of
    it is the answer: one array of numbers, any value as it is, or the arguments as the call has left them. `seed` fixes
    the random numbers of NumPy, Python, TensorFlow and PyTorch for the call. `source` has the functions that arguments
    name (see Given).
    """

    variable: str | None = None
    probe: Probe | None = None
    counts: Literal["numbers", "value", "arguments"] = "numbers"
    seed: int | None = None
    source: str = ""


CALL = Manner()
"""The function of the task is called, and answers with numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One call of one of the student's functions. Nothing in it gives the answer away."""

    task: str
    check: str
    arguments: tuple[Value, ...]
    inspection: Inspection | None = None
    """How the answer is inspected, where it is to be a network."""
    public: bool = False
    """Whether its answer is told word for word: it is then put before any hidden question is known to the kernel."""
    manner: Manner = CALL


@dataclass(frozen=True, slots=True)
class CellsWanted:
    """How the cells that a person reads are found: the first of these that finds one says which they are.

    `name` is that of a function or a variable; where it stands, no other way does.
    """

    id: str = ""
    tag: str = ""
    heading: str = ""
    name: str = ""


# What a student handed in -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell. `number` counts the code cells that are not empty, from 1, as In [n] does after "Run All".

    A cell of another `kind` is text: it is never run, and has the number of the code cell before it.
    """

    number: int
    source: str
    kind: Literal["code", "markdown", "raw"] = "code"


@dataclass(frozen=True, slots=True)
class Submission:
    """A notebook as it was handed in, read and not run."""

    student: str
    path: Path
    cells: tuple[Cell, ...]
    sha256: str
    helpers: Path | None = None
    """The folder whose other files belong to this submission alone, if there is one."""
    helpers_sha256: str | None = None
    texts: tuple[Cell, ...] = ()
    """The text cells in which a function is written."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A data file of a lab: its name where a notebook runs, with slashes (`data/points.csv`), and where it lies."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry of a class folder of which no record is made: its name, and why."""

    name: str
    because: Text


# What was seen when it was run --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the student's notebook: the code cell (In [n] after "Run All") and the line in it, from 1."""

    cell: int
    line: int | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the surroundings of a grading refuse to everybody, and the `name` of it, where it has one."""

    what: Literal[
        "package",
        "program",
        "network",
        "keyboard",
        "debugger",
        "file",
        "magic",
        "device",
        "screen",
        "variable",
        "language",
    ]
    name: str = ""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A statement of the notebook that was refused: the rest of its cell was run."""

    place: Place
    refusal: Refusal


@dataclass(frozen=True, slots=True, eq=False)
class Returned:
    """An answer: an array of any shape, () for a number. `dtype` is its name in the kernel (NumPy has no bfloat16)."""

    value: Array
    dtype: str
    values: int | None = None
    """How many values came, where they came as a tuple: `return loss, gradient` gives two."""


@dataclass(frozen=True, slots=True, eq=False)
class Structured:
    """An answer as it is: any plain value, nested in lists, tuples, sets and dicts."""

    value: Value


@dataclass(frozen=True, slots=True)
class Raised:
    """The function raised. `function` is the student's function in which that happened, if it was in one.

    It was `refused` where the surroundings, and not the function, are why.
    """

    kind: str
    message: str
    place: Place | None = None
    function: str | None = None
    refused: Refusal | None = None
    bases: tuple[str, ...] = ()
    """The names of the classes that the exception's own derives from, the nearest first."""


@dataclass(frozen=True, slots=True)
class TimedOut:
    """No answer within a limit: of one call, or of the whole submission."""

    limit: Literal["call", "submission"]
    seconds: float


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no such function. `found` is the type of what has its name instead, if something does.

    `name` is that of another thing than the task's, for which a probe asked.
    """

    found: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class NotAttempted:
    """The function raises NotImplementedError itself, as the stub does that was given out, at this place."""

    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Died:
    """The Python process ended while it was answering (os._exit, a crash, out of memory)."""

    signal: int | None = None
    """The signal that ended it, if one did; else it exited by itself."""


@dataclass(frozen=True, slots=True)
class OverLimit:
    """The submission was ended because it used more than it may: MiB, files, processes and so on.

    `reached` is what was measured, None where the system itself refused to give more.
    """

    limit: Literal["memory", "output", "disk", "files", "depth", "processes", "threads", "messages"]
    allowed: int
    reached: int | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An answer that is neither a number nor an array of numbers.

    `found` is the name of its type; of `several` values that are no array it is their number.
    """

    reason: Literal[
        "nothing",
        "text",
        "ragged",
        "complex",
        "type",
        "network",
        "module",
        "large",
        "malformed",
        "several",
        "deep",
        "many",
    ]
    found: str


@dataclass(frozen=True, slots=True)
class Unfit:
    """What a function of the notebook returned, a probe could not use: it `needs` something else.

    `returned` is a type's name, or a number of values. `needs` is what the probe has on the left of its assignment.
    """

    function: str
    returned: str
    needs: str
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Not asked: an earlier question of the same check ended the process or used up the time, which decided it."""


Observation: TypeAlias = (
    Returned
    | Structured
    | Built
    | Raised
    | TimedOut
    | Missing
    | NotAttempted
    | Died
    | OverLimit
    | Unreadable
    | Unfit
    | NotAsked
)


@dataclass(frozen=True, slots=True)
class CellStopped:
    """A cell of the student's notebook that did not run to its end. `over` is the limit that ended the process.

    `place` is where the error was raised: in another cell, if that has a function which was `called_from` this one.
    """

    place: Place
    how: Literal["raised", "timed_out", "died", "not_run"]
    kind: str = ""
    message: str = ""
    over: OverLimit | None = None
    line: str = ""
    """What the notebook has in that line; empty where that is not known."""
    called_from: int | None = None

    @property
    def cell(self) -> int:
        """Return the number of the cell that stopped."""
        return self.place.cell if self.called_from is None else self.called_from


Level: TypeAlias = Literal["strong", "good", "limited", "none"]
LEVELS: tuple[Level, ...] = ("none", "limited", "good", "strong")
"""From the weakest."""


@dataclass(frozen=True, slots=True)
class Isolation:
    """How strong the wall is, as measured from inside; what a better one would close; which walls do not stand."""

    level: Level
    open: tuple[str, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    """Walls, each with the system's reason."""


@dataclass(frozen=True, slots=True)
class Run:
    """Everything seen of one submission: one observation per question, in their order."""

    observations: tuple[Observation, ...]
    cells: tuple[CellStopped, ...]
    isolation: str
    shortened: bool = False
    """Whether training in the notebook's own cells was cut to the lab's budget."""
    passed_over: tuple[PassedOver, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


# What it means ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agrees:
    """The answer is right; a `note` is worth saying all the same."""

    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Differs:
    """The answer is wrong, and how: another value, another shape, a NaN or an infinity, or no number at all.

    `hidden` is what is said of a hidden question: no value and no word of the student's. Without it, the kind is said.
    """

    because: Text
    kind: Literal["values", "structure", "shape", "not_finite", "no_number"] = "values"
    hidden: Text | None = None
    hint: Text | None = None
    """A question of its own that helps; else the check's."""


Judgement: TypeAlias = Agrees | Differs


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """The values of a public question, for a chart. `observed` is None where no numbers came."""

    arguments: tuple[Value, ...]
    observed: Array | None
    expected: Array


@dataclass(frozen=True, slots=True)
class Evidence:
    """A public question as text: what was put in, what came out, what should have."""

    arguments: tuple[tuple[str, str], ...]
    observed: str
    expected: str
    exchange: Exchange | None = field(default=None, compare=False, repr=False)
    """The same as values, where they are numbers."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Every question of the check was answered rightly, by one and the same reading where the task has several."""

    notes: tuple[Text, ...] = ()
    reading: str | None = None
    evidence: Evidence | None = None
    """An example: the first public question of the check."""


@dataclass(frozen=True, slots=True)
class Failed:
    """At least one question was answered wrongly; `because` is about the first one, public ones before hidden ones.

    `mistake` is the name of what explains all answers of the check, `hint` the question that points the way from there.
    A hidden question shows only `about`, the kind of its input.
    """

    because: Text
    evidence: Evidence | None = None
    mistake: str | None = None
    hint: Text | None = None
    about: Text | None = None


@dataclass(frozen=True, slots=True)
class Untouched:
    """Nothing was attempted: no points, and no fault."""

    because: Text


@dataclass(frozen=True, slots=True)
class Ungraded:
    """Our machinery failed, or the file is no notebook: there is no score, which is not a score of zero."""

    because: Text


Verdict: TypeAlias = Passed | Failed | Untouched | Ungraded


@dataclass(frozen=True, slots=True)
class CheckScore:
    """A check's verdict and what it earned, exactly. `earned` is None where there is no score."""

    name: str
    verdict: Verdict
    earned: Fraction | None
    points: Fraction
    questions: int
    agreed: int
    missed: tuple[int, ...] = ()
    """The places, from 1, of the questions that were asked and not answered rightly; of hidden ones all, or none."""
    network: Built | None = field(default=None, compare=False, repr=False)
    """The network that was inspected, where the check is about one."""
    alleged: bool = False
    """Whether a network could not be built anew, so that the verdict rests on what the student's own process says."""


@dataclass(frozen=True, slots=True)
class TaskScore:
    """A task: the sum of its checks. Its points are also those that a person gives."""

    name: str
    checks: tuple[CheckScore, ...]
    earned: Fraction | None
    points: Fraction


@dataclass(frozen=True, slots=True)
class Score:
    """A submission: the sum of its tasks."""

    tasks: tuple[TaskScore, ...]
    earned: Fraction | None
    points: Fraction
