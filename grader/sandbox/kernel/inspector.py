"""What is seen of one network: its outputs, the loss it reports, and what training makes of it.

Runs in the kernel, as `inspect_network` does, which builds the network and says how images are shown to it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from grader.networks.learning import fell, moved
from grader.networks.model import Trouble
from grader.wire.values import LONGEST_MESSAGE, LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from grader.model import Array
    from grader.networks.model import Built, Inspection

CLASSES = 10
PIXEL = 255.0
PATIENCE = 4
"""How many times longer training goes on where the loss has hardly changed: a slow network may be a right one."""
CLEAR = 16.0
"""By how many standard errors outputs have moved where a network has clearly learnt. A quarter as many other images
show half of that, give or take one: far above what `kind: training` asks for."""
FARTHEST = 10.0
"""How far training may take weights, as a multiple of their norm. Slow steps stay below 1; absurd ones pass 100."""


@dataclass(frozen=True, slots=True, eq=False)
class Steady:
    """A network after the last epoch up to which its training went gently downhill."""

    weights: list[Array]
    losses: tuple[float, ...]
    learnt: float


@dataclass(frozen=True, slots=True)
class Showing:
    """How images and labels are shown: labels one-hot or as whole numbers, images in a shape and on a scale.

    None leaves the shape or the scale to what the network says of itself.
    """

    one_hot: bool = True
    shape: tuple[int, ...] | None = None
    scale: float | None = None


class Rounds(Protocol):
    """The training of a network on images and labels. What training raises is raised by both."""

    def train(self) -> None:
        """Train for one epoch."""

    def take_another_optimizer(self) -> None:
        """Leave everything as it is but the optimizer."""


class Subject(Protocol):
    """A network of whichever library, as an inspection needs it. Whatever the network raises is raised here too."""

    def shape(self) -> tuple[int, ...] | None:
        """Return the shape of an image that the network names; None where it leaves it open."""

    def showings(self) -> tuple[Showing, ...]:
        """Return how images may be shown to it, the likeliest way first."""

    def rescales(self) -> bool:
        """Say whether it takes pixels from 0 to 255, and rescales them itself."""

    def outputs(self, images: Array) -> Array:
        """Return the outputs, of any shape, float32 or float64."""

    def first_loss(self, images: Array, labels: Array, outputs: Array) -> tuple[float | None, float]:
        """Return the loss that is reported, None where there is none, and the part of it that is regularisation.

        `outputs` are for the images.
        """

    def loss(self, images: Array, labels: Array) -> float:
        """Return the loss that is reported for images and labels."""

    def may_be_trained(self) -> bool:
        """Say whether it has what training takes."""

    def epochs(self, images: Array, labels: Array, *, seed: int) -> Rounds:
        """Return its training on images and labels, an epoch at a time."""

    def numbers(self) -> NDArray[np.float32]:
        """Return all numbers that training may change."""

    def weights(self) -> list[Array]:
        """Return copies of all of its weights, also of those that training does not change."""

    def take_back(self, weights: list[Array]) -> None:
        """Take weights that `weights` returned in the place of its own."""

    def rate(self) -> float:
        """Return the learning rate of its own optimizer."""

    def said(self, *, weights: bool) -> Built:
        """Return what it says of itself, with its weights where they are asked for, and nothing of what it does."""


class Inspector:
    """Inspects one network: predictions and evaluation at once, training when asked for."""

    def __init__(self, subject: Subject, inspection: Inspection, showing: Showing) -> None:
        self.subject = subject
        self.inspection = inspection
        self.showing = showing
        self.scale = showing.scale if showing.scale is not None else 1.0 if subject.rescales() else 1 / PIXEL
        self.labels = self._as_shown(inspection.labels)
        self.images = inspection.images
        self.predictions: Array | None = None
        self.reported: float | None = None
        self.reported_likeliest: float | None = None
        self.penalties = 0.0
        self.losses: list[float] = []
        self.learnt = 0.0  # how far training has moved the outputs towards the labels
        self.gentle = False
        self.helped = False
        self.steady: Steady | None = None
        self.thrown_off = False
        self.unseen_before: Array | None = None
        self.unseen: Array | None = None
        self.trouble: Trouble | None = None
        self._try("predict", self._predict) and self._try("evaluate", self._evaluate)

    def gives_a_table(self) -> bool:
        """Say whether there is one row of outputs for each image."""
        return self.predictions is not None and self.predictions.ndim == 2  # noqa: PLR2004 (images, classes)

    def _gives_ten(self) -> bool:
        return self.gives_a_table() and self.predictions is not None and self.predictions.shape[1] == CLASSES

    def train(self) -> None:
        """Train for the inspection's epochs, longer if that is slow, within its seconds; then show unseen images.

        Where the network may be right and has not clearly learnt, another optimizer trains on.
        """
        self.losses = [] if self.reported is None else [self.reported]
        self._try("predict", self._show_unseen_before)
        if self._try("fit", self._fit) and self._try("predict", self._show_unseen) and self._may_be_right():
            self._train_by_another_optimizer()

    def is_slow(self) -> bool:
        """Say whether training has hardly changed the loss, nor clearly moved the outputs towards the labels."""
        return self.learnt < CLEAR and not (self.losses and self.losses[-1] < 0.98 * self.losses[0])

    def _may_be_right(self) -> bool:
        """Say whether what keeps a network from clearly learning may be that its own optimizer is slow.

        A slow one goes downhill, in steps that leave the weights near where they were. One that stands still, climbs,
        or throws the weights far away is wrong, and another optimizer would hide that.
        """
        return self.gentle and self._gives_ten() and self.learnt < CLEAR

    def _train_by_another_optimizer(self) -> None:
        """Train on until the network has clearly learnt; where it never does, what was seen before counts."""
        before, learnt = self.unseen, self.learnt
        self.helped = (
            self._try("fit", self._fit_on) and self.learnt >= CLEAR and self._try("predict", self._show_unseen)
        )
        if not self.helped:
            self.unseen, self.learnt, self.trouble = before, learnt, None

    def _is_hopeless(self) -> bool:
        """Say whether longer training would show nothing new: the loss has not changed at all, or has only risen."""
        steps = list(itertools.pairwise(self.losses))
        return all(before == after for before, after in steps) or all(before < after for before, after in steps)

    def built(self) -> Built:
        """Return what was seen."""
        return replace(
            self.subject.said(weights=not self.inspection.epochs),
            scale=self.scale,
            predictions=self.predictions,
            reported=self.reported,
            reported_likeliest=self.reported_likeliest,
            penalties=self.penalties,
            losses=tuple(self.losses),
            unseen_before=self.unseen_before,
            unseen=self.unseen,
            trouble=self.trouble,
            gentle=self.gentle,
            helped=self.helped,
            thrown_off=self.thrown_off,
        )

    def _try(self, step: Any, act: Callable[[], None]) -> bool:  # noqa: ANN401 (a step's word)
        try:
            act()
        except Exception as error:  # noqa: BLE001 (whatever a student's network raises is what was seen of it)
            self.trouble = Trouble(step, type(error).__name__[:LONGEST_NAME], str(error)[:LONGEST_MESSAGE])
            return False
        return True

    def _predict(self) -> None:
        self.images = self._shaped(self.inspection.images)
        self.predictions = self.subject.outputs(self.images)

    def _evaluate(self) -> None:
        if self.predictions is None:
            return
        self.reported, self.penalties = self.subject.first_loss(self.images, self.labels, self.predictions)
        if self.reported is not None and self._gives_ten():
            # An untrained network finds all classes about as likely: the loss for smoothed labels, nearly that of the
            # average class, may then be the right one by luck. The likeliest class is never the average.
            self.reported_likeliest = self.subject.loss(self.images, self._as_shown(self.predictions.argmax(1)))

    def _as_shown(self, labels: Array) -> Array:
        one_hot = np.eye(CLASSES, dtype=np.float32)
        return one_hot[labels] if self.showing.one_hot else labels.astype(np.int64)

    def _show_unseen_before(self) -> None:
        self.unseen_before = self.subject.outputs(self._shaped(self.inspection.unseen))

    def _show_unseen(self) -> None:
        self.unseen = self.subject.outputs(self._shaped(self.inspection.unseen))

    def _fit(self) -> None:
        self._fit_by_its_own_optimizer()
        if self.steady is not None and not self.gentle:
            # When steps that are somewhat large throw a network off is luck: what it had learnt before counts.
            self.subject.take_back(self.steady.weights)
            self.losses, self.learnt = list(self.steady.losses), self.steady.learnt
            self.gentle = self.thrown_off = True

    def _fit_by_its_own_optimizer(self) -> None:
        began, weights = monotonic(), self.subject.numbers()
        epochs = self.subject.epochs(self.images, self.labels, seed=self.inspection.seed)
        for epoch in range(1, PATIENCE * self.inspection.epochs + 1):
            epochs.train()
            self.losses.append(self.subject.loss(self.images, self.labels))
            if not np.isfinite(self.losses[-1]):
                self.gentle = False
                return
            self._see_what_was_learnt(weights)
            has_learnt = not self.is_slow() and fell(self.losses)
            is_enough = has_learnt or self._is_hopeless() or self._may_be_right()
            if (epoch >= self.inspection.epochs and is_enough) or monotonic() - began > self.inspection.seconds:
                return

    def _fit_on(self) -> None:
        began = monotonic()
        epochs = self.subject.epochs(self.images, self.labels, seed=self.inspection.seed)
        epochs.take_another_optimizer()
        for _ in range(PATIENCE * self.inspection.epochs):
            epochs.train()
            self.learnt = moved(self.predictions, self.subject.outputs(self.images), self.inspection.labels)
            if self.learnt >= CLEAR or monotonic() - began > self.inspection.seconds:
                return

    def _see_what_was_learnt(self, weights: NDArray[np.float32]) -> None:
        self.learnt = moved(self.predictions, self.subject.outputs(self.images), self.inspection.labels)
        way = float(np.linalg.norm(self.subject.numbers() - weights))
        farthest = way / max(1.0, float(np.linalg.norm(weights)))
        self.gentle = fell(self.losses) and self.subject.rate() > 0 and 0 < farthest < FARTHEST
        if self.gentle:
            self.steady = Steady(self.subject.weights(), tuple(self.losses), self.learnt)

    def _shaped(self, images: Array) -> Array:
        """Return images (N, 28, 28), scaled, float32, in the shape that the network names or is shown."""
        scaled: Array = (images.astype(np.float64) * self.scale).astype(np.float32)
        shape = self.showing.shape or self.subject.shape()
        fits = shape is not None and np.prod(shape) == images[0].size
        return scaled.reshape(len(images), *shape) if shape is not None and fits else scaled
