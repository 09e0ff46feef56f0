"""Whatever a submission answers, it is graded: no answer raises in judging, explaining, recording or any report."""

from __future__ import annotations

import contextlib
import json
import math
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grader import reports
from grader.course.folder import Course
from grader.course.lab import Lab, load_lab
from grader.grading.grade import GradingContext, grade
from grader.grading.make_key import make_key
from grader.model import (
    Cell,
    CellStopped,
    Died,
    Isolation,
    Missing,
    NotAsked,
    NotAttempted,
    OverLimit,
    Place,
    Raised,
    Returned,
    Run,
    Submission,
    TimedOut,
    Unreadable,
)
from grader.networks.model import Built, Inspection, Layer, Trouble
from grader.records.record import Record, dump_record
from grader.registry import module_in, names_in
from grader.sandbox.protocol import read, write
from grader.sandbox.runner import Session
from grader.sandbox.worker.untrusted import read_untrusted
from grader.wire.observations import encode_observation
from grader.wire.values import DTYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.grading.key import Asked, Key
    from grader.model import Array, Observation, Question

ROOT = Path(__file__).resolve().parents[3]
LABS = Course(ROOT).lab_names()
SUBMISSION = Submission("s001", Path("s001.ipynb"), (Cell(1, "def softmax(z): return z"),), "0")
FORMATS = tuple(module_in(reports, name) for name in names_in(reports))

HOSTILE = "\x1b[31m\x00\x07\r\n\u202e\u2066\u200b\ufeff\ud800<script>=1+1,\"'`|::error::##[x]{}%s" + "損" * 30
TEXTS = st.sampled_from(["", "x", "MemoryError", "NotImplementedError", HOSTILE, HOSTILE * 40]) | st.text(max_size=8)
NUMBERS = st.floats() | st.sampled_from([0.0, 1.0, -1.0, 1e-300, 1e300, float("nan"), float("inf"), -float("inf")])
WHOLE = st.integers(0, 12) | st.sampled_from([-1, 2**63, 10**400, -(10**400)])
SIDES = st.integers(0, 4) | st.sampled_from([10, 28, 784, 2**16, 2**20])
DTYPE = st.sampled_from(sorted(DTYPES))
FLOATS = st.sampled_from(["float32", "float64", "float16"])
ENDS: tuple[Observation, ...] = (
    NotAsked(),
    NotAttempted(),
    Died(9),
    Died(None),
    Died(12345),
    Missing(),
    TimedOut("call", 3.0),
    TimedOut("submission", 1e300),
    OverLimit("memory", 3072),
    OverLimit("messages", 20, 21),
)
"""What only the worker can have seen: it stands as it is."""


@cache
def lab_and_key(name: str) -> tuple[Lab, Key]:
    lab = load_lab(Course(ROOT), name)
    return lab, make_key(lab, 7)


def filled(shape: tuple[int, ...], values: list[float], dtype: str) -> Array:
    """Return an array of any shape, filled with these values again and again."""
    with np.errstate(all="ignore"):
        array: Array = np.resize(np.array(values, np.float64), shape).astype(dtype)
    return array


def is_small(shape: tuple[int, ...]) -> bool:
    return math.prod(shape) <= 2**16 and math.prod(max(1, side) for side in shape) <= 2**50


def arrays(shape: tuple[int, ...], dtypes: st.SearchStrategy[str] = DTYPE) -> st.SearchStrategy[Array]:
    return st.builds(filled, st.just(shape), st.lists(NUMBERS, min_size=1, max_size=5), dtypes)


SHAPES = st.lists(SIDES, max_size=4).map(tuple).filter(is_small)
ANY_ARRAY = SHAPES.flatmap(arrays)


@st.composite
def near(draw: st.DrawFn, expected: Array) -> Array:
    """Return an answer of the right shape, a simple slip away from the expected one, or filled with anything."""
    slip = draw(st.sampled_from([1.0, -1.0, 0.5, 1 / np.log(2), 0.0, np.nan, np.inf, 1e308]) | NUMBERS)
    with np.errstate(all="ignore"):
        slipped: Array = np.asarray(expected.astype(np.float64) * slip + draw(st.sampled_from([0.0, 1.0, np.nan])))
        return draw(st.just(slipped.astype(draw(DTYPE))) | arrays(expected.shape))


def rows(count: int) -> st.SearchStrategy[Array | None]:
    """Return outputs for so many images: as they should be, one row less, or of any shape."""
    tables = st.sampled_from(
        [(count, 10), (count, 9), (count, 12), (count, 1), (max(0, count - 1), 10), (count, 0), (count,)]
    )
    right = st.just(np.full((count, 10), 0.1, np.float32))
    return st.none() | right | tables.flatmap(lambda shape: arrays(shape, FLOATS)) | ANY_ARRAY


@st.composite
def chains(draw: st.DrawFn) -> tuple[tuple[Array, Array], ...]:
    """Return weights: of widths that join, or of any shapes."""
    if draw(st.booleans()):
        return tuple(draw(st.lists(st.tuples(ANY_ARRAY, ANY_ARRAY), max_size=3)))
    widths = [784, *draw(st.lists(st.sampled_from([0, 1, 3, 10, 2**16]), max_size=3)), 10]
    pairs = []
    for before, after in pairwise(widths):
        if not is_small((before, after)):
            break
        pairs.append((draw(arrays((before, after), FLOATS)), draw(arrays((after,), FLOATS))))
    return tuple(pairs)


LAYERS = st.builds(
    Layer,
    kind=st.sampled_from(["Dense", "Flatten", "Softmax", "ReLU", "Rescaling", "Activation"]) | TEXTS,
    units=st.none() | WHOLE,
    activation=st.none() | st.sampled_from(["softmax", "relu", "sigmoid", "linear", "tanh"]) | TEXTS,
)
ERRORS = ("Could not interpret loss identifier: cross_entropy", "You must call `compile()`", "No loss to compute")


def networks(how: Inspection) -> st.SearchStrategy[Built]:
    return st.builds(
        Built,
        layers=st.lists(LAYERS, max_size=4).map(tuple) | st.just((Layer("Dense", 10, "softmax"),) * 40),
        parameters=WHOLE,
        loss=st.none() | st.sampled_from(["mse", "mae", "hinge"]) | TEXTS,
        optimizer=st.none() | TEXTS,
        from_logits=st.booleans(),
        scale=st.just(1 / 255) | NUMBERS,
        predictions=rows(len(how.images)),
        reported=st.none() | NUMBERS,
        reported_likeliest=st.none() | NUMBERS,
        penalties=NUMBERS,
        losses=st.lists(NUMBERS, max_size=4).map(tuple) | st.just((2.3, 1.0)),
        unseen_before=rows(len(how.unseen)),
        unseen=rows(len(how.unseen)),
        weights=chains(),
        trouble=st.none()
        | st.builds(
            Trouble,
            step=st.sampled_from(["predict", "evaluate", "fit"]),
            kind=TEXTS,
            message=st.sampled_from(ERRORS) | TEXTS,
        ),
    )


ANY_NETWORK = networks(Inspection(np.zeros((3, 28, 28), np.uint8), np.zeros(3, int), np.zeros((0, 28, 28)), 0, 1.0, 7))
PLACES = st.none() | st.builds(Place, st.sampled_from([1, 0, -1, 10**400]), st.none() | WHOLE)
OTHERS = st.one_of(
    st.builds(Raised, TEXTS, TEXTS, PLACES, st.none() | TEXTS),
    st.builds(Missing, st.none() | TEXTS),
    st.builds(
        Unreadable,
        st.sampled_from(["nothing", "text", "ragged", "complex", "type", "network", "large", "malformed"]),
        TEXTS,
    ),
    st.sampled_from(ENDS),
)


def returned(array: Array) -> Returned:
    return Returned(array, array.dtype.name)


@st.composite
def forged(draw: st.DrawFn, asked: Asked) -> Observation:
    """Return an answer to a question: often of the kind that it asks for, else any."""
    kind = draw(st.sampled_from(["fitting", "fitting", "fitting", "array", "network", "other"]))
    if kind == "fitting" and asked.question.inspection is not None:
        return draw(networks(asked.question.inspection))
    if kind == "fitting" and isinstance(asked.expected, np.ndarray):
        return returned(draw(near(asked.expected)))
    if kind == "network":
        return draw(ANY_NETWORK)
    return draw(OTHERS) if kind == "other" else returned(draw(ANY_ARRAY))


def arrived(observation: Observation) -> Observation:
    """Return an observation as it comes to the grader: from the kernel to the worker, and from there."""
    if observation in ENDS:
        return observation
    [form] = json.loads(json.dumps([encode_observation(observation)]))

    def place_of(place: object) -> Place | None:
        return Place(1, None) if place == [1, None] else None

    limits = lab_and_key(LABS[0])[0].rubric.limits.limits
    line = write(read_untrusted(form, place_of, limits))
    seen: Any = read(line)
    return seen  # type: ignore[no-any-return]


class Forger:
    """A runner whose submission answers as it is told, and a law's questions as well."""

    def __init__(self, run: Run, ask: Callable[[Sequence[Question]], Sequence[Observation]]) -> None:
        self._session = Session(run, ask)

    def isolation(self, limits: object = None) -> Isolation:
        """Return a strong wall."""
        del limits
        return Isolation("strong")

    @contextlib.contextmanager
    def session(self, *_: object) -> Iterator[Session]:
        """Give the answers."""
        yield self._session


def graded(name: str, data: st.DataObject) -> Record:
    """Grade forged answers: each check gets one forgery for all of its questions, or one for each."""
    lab, key = lab_and_key(name)
    alike = data.draw(st.booleans())
    seen: list[Observation] = []
    recent: dict[tuple[str, str], Observation] = {}
    for asked in key.asked:
        place = (asked.question.task, asked.question.check)
        if place not in recent or not alike:
            recent[place] = arrived(data.draw(forged(asked)))
        seen.append(recent[place])
    told = arrived(data.draw(st.builds(returned, ANY_ARRAY) | ANY_NETWORK | OTHERS))
    stops = (CellStopped(Place(1, 2), "raised", "ValueError", "x"), CellStopped(Place(2, None), "died", "9"))
    run: Any = Forger(Run(tuple(seen), stops, "strong"), lambda questions: [told] * len(questions))
    return grade(GradingContext(lab, key), SUBMISSION, run)


def assert_reports(record: Record) -> None:
    """Hold that a record is read back as it was written, and that every format takes it."""
    assert Record.model_validate_json(dump_record(record)) == record
    for module in FORMATS:
        if hasattr(module, "render"):
            assert module.render(record, "zh-TW").encode()
        if hasattr(module, "render_class"):
            assert module.render_class([record], "en").encode()


@pytest.mark.slow
@pytest.mark.parametrize("name", LABS)
def test_whatever_a_kernel_answers_there_is_a_record_and_every_report_of_it(name: str) -> None:
    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        phases=[Phase.generate],
    )
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        record = graded(name, data)
        assert record.ungraded is None
        assert record.earned is not None
        assert_reports(record)

    holds()
