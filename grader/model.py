"""The words of the house: frozen data without behaviour, which every wing uses.

A rubric asks. The reference answers first, and its answers are the key. A submission is run; each answer is an
observation; held against the key it becomes a verdict; verdicts make a score; scores make a record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

Language: TypeAlias = Literal["zh-TW", "en"]
Array: TypeAlias = "NDArray[np.generic]"
Value: TypeAlias = "bool | int | float | str | Array | list[Any] | tuple[Any, ...]"
"""What may stand in a question: plain numbers, text, arrays, and lists or tuples of these."""


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages."""

    zh_tw: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.zh_tw if language == "zh-TW" else self.en


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


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """How a network that a function returns is inspected.

    It is shown `images` (N, 28, 28), uint8, as numbers from 0 to 1, with their `labels` (N,). Where `epochs` is not 0
    it is trained on them for so many epochs, or `seconds` at most, and then asked about `unseen` images, whose labels
    stay on this side. `seed` fixes its random numbers; nothing else can be told from it.
    """

    images: Array
    labels: Array
    unseen: Array
    epochs: int
    seconds: float
    seed: int


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


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a network: its class, its number of units, the name of its activation."""

    kind: str
    units: int | None
    activation: str | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a network raised when it was used: at which step, and the exception."""

    step: Literal["predict", "evaluate", "fit"]
    kind: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """A network as plain data, from which it can be built anew where its maker's code has never run.

    `network` is Keras' own configuration and holds JSON; so does `compiled`: its optimizer, loss and loss_weights, or
    None where the network is not compiled. `weights` are all of its weights in Keras' order, none where it has none
    yet.
    """

    network: Mapping[str, Any]
    compiled: Mapping[str, Any] | None
    weights: tuple[Array, ...]


@dataclass(frozen=True, slots=True)
class Alleged:
    """Why a network was not built anew, so that what is known of it is what the student's own process says.

    A `part` of it, named so in the notebook, is not Keras' own; or its weights are too large to be sent; or Keras could
    not build it from its own configuration.
    """

    reason: Literal["part", "size", "keras"]
    part: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A network as plain data: what it says of itself and what it did.

    `predictions` are its outputs for the images shown, `reported` the loss that `evaluate` gave for them, `penalties`
    the part of it that is regularisation. `reported_likeliest` is that loss where each image's label is the class that
    the network itself finds likeliest; None where it does not give 10 numbers for each image. `losses` is the loss on
    the training images before training and after each epoch; `unseen_before` and `unseen` are its outputs for the
    unseen images before and after. `weights` are the kernels and biases where the network is a plain chain of Dense
    layers, else empty.
    """

    layers: tuple[Layer, ...]
    parameters: int
    loss: str | None
    optimizer: str | None
    from_logits: bool
    scale: float
    """What the pixels 0 to 255 were multiplied with: 1/255, or 1 for a network that rescales them itself."""
    predictions: Array | None
    reported: float | None
    penalties: float
    losses: tuple[float, ...]
    unseen_before: Array | None
    unseen: Array | None
    weights: tuple[tuple[Array, Array], ...]
    trouble: Trouble | None
    alleged: Alleged | None = None
    """Why it was seen in the student's own process; None where it was built anew in a kernel without student code."""
    gentle: bool = False
    """Whether its optimizer went downhill, and left the weights near where they were."""
    reported_likeliest: float | None = None
    thrown_off: bool = False
    """Whether training went downhill and then threw it off: `losses` and `unseen` are those of the epoch before."""
    helped: bool = False
    """Whether `unseen` was given after more training with another optimizer, since its own one is slow."""


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


@dataclass(frozen=True, slots=True)
class TimedOut:
    """No answer within a limit: of one call, or of the whole submission."""

    limit: Literal["call", "submission"]
    seconds: float


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no such function. `found` is the type of what has its name instead, if something does."""

    found: str | None = None


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

    reason: Literal["nothing", "text", "ragged", "complex", "type", "network", "large", "malformed", "several"]
    found: str


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Not asked: an earlier question of the same check ended the process or used up the time, which decided it."""


Observation: TypeAlias = (
    Returned | Built | Raised | TimedOut | Missing | NotAttempted | Died | OverLimit | Unreadable | NotAsked
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


# What the key knows -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """What a network is for: the loss to train it with, the images that it is shown, and the labels of all images."""

    loss: Literal["mse", "cross_entropy"]
    images: Array
    labels: Array
    unseen_labels: Array


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
    kind: Literal["values", "shape", "not_finite", "no_number"] = "values"
    hidden: Text | None = None


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
    """A task: the sum of its checks."""

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
