"""A network of PyTorch as an inspection needs it, trained as one trains in PyTorch: forward, loss, backward, step.

Runs in the kernel, as `inspect_network` does; PyTorch is whichever was imported there.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.networks.blank import BLANK
from grader.sandbox.kernel.epochs import BATCH, RATE
from grader.sandbox.kernel.inspector import Showing
from grader.sandbox.kernel.torch_layers import layers_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from grader.model import Array
    from grader.networks.model import Built
    from grader.sandbox.kernel.torch_answer import TorchAnswer

SHAPES = ((784,), (1, 28, 28), (28, 28))
"""In which shapes an image is shown to a module, until one of them fits."""
LOGITS = frozenset({"CrossEntropyLoss", "cross_entropy", "MultiMarginLoss"})
"""Losses that take numbers of any size and sign."""


class TorchSubject:
    """A module with its loss and its optimizer, of which each may be None."""

    def __init__(self, answer: TorchAnswer) -> None:
        self._torch: Any = sys.modules["torch"]
        self._answer = answer
        self._parameters = list(answer.network.parameters())

    def shape(self) -> tuple[int, ...] | None:
        """Return None: a module names no shape."""

    def showings(self) -> tuple[Showing, ...]:
        """Return images in a row, with a channel, or as they are, with whole numbers for labels."""
        return tuple(Showing(one_hot=False, shape=shape) for shape in SHAPES)

    def rescales(self) -> bool:
        """Return False: a module takes the numbers that it is given."""
        return False

    def may_be_trained(self) -> bool:
        """Say whether a loss and an optimizer were returned with the module."""
        return self._answer.loss is not None and self._answer.optimizer is not None

    def outputs(self, images: Array) -> Array:
        """Return the outputs, of any shape, float32 or float64."""
        self._answer.network.eval()
        with self._torch.no_grad():
            array = np.asarray(self._answer.network(self._numbers(images)).detach())
        return array if array.dtype.name in {"float32", "float64"} else array.astype(np.float32)

    def first_loss(self, images: Array, labels: Array, outputs: Array) -> tuple[float | None, float]:  # noqa: ARG002 (Keras' alone)
        """Return the loss, None where there is none; there is no regularisation in it."""
        return (None if self._answer.loss is None else self.loss(images, labels)), 0.0

    def loss(self, images: Array, labels: Array) -> float:
        """Return the loss of the outputs, without dropout, as one number."""
        self._answer.network.eval()
        with self._torch.no_grad():
            return float(self._loss(self._numbers(images), self._labels(labels)))

    def _loss(self, images: Any, labels: Any) -> Any:  # noqa: ANN401 (tensors)
        if isinstance(self._answer.loss, type):
            raise TypeError(f"the loss is a class; {self._answer.loss.__name__}() makes a loss of it")
        with warnings.catch_warnings():  # of labels of another shape, which then raise or are tried in another form
            warnings.simplefilter("ignore")
            return self._answer.loss(self._answer.network(images), labels)

    def epochs(self, images: Array, labels: Array, *, seed: int) -> TorchEpochs:
        """Return its training on images and labels, an epoch at a time."""
        return TorchEpochs(self._answer, self._loss, (self._numbers(images), self._labels(labels)), seed=seed)

    def numbers(self) -> NDArray[np.float32]:
        """Return all numbers that training may change."""
        found = [part.detach().numpy().astype(np.float32).ravel() for part in self._parameters if part.requires_grad]
        return np.concatenate(found) if found else np.zeros(0, np.float32)

    def weights(self) -> list[Array]:
        """Return copies of all of its tensors."""
        return [tensor.detach().numpy().copy() for tensor in self._answer.network.state_dict().values()]

    def take_back(self, weights: list[Array]) -> None:
        """Take tensors that `weights` returned in the place of its own."""
        with self._torch.no_grad():
            for tensor, own in zip(self._answer.network.state_dict().values(), weights, strict=True):
                tensor.copy_(self._torch.from_numpy(own))

    def rate(self) -> float:
        """Return the largest learning rate of its own optimizer; infinity where it names none."""
        groups = getattr(self._answer.optimizer, "param_groups", ())
        return max((float(group["lr"]) for group in groups if "lr" in group), default=float("inf"))

    def said(self, *, weights: bool) -> Built:  # noqa: ARG002 (what is built anew has no need to be computed again)
        """Return what it says of itself, and nothing of what it does."""
        loss, optimizer = self._answer.loss, self._answer.optimizer
        name = None if loss is None else str(getattr(loss, "__name__", type(loss).__name__))
        return replace(
            BLANK,
            layers=layers_of(self._answer.network),
            parameters=sum(int(part.numel()) for part in self._parameters),
            loss=name,
            optimizer=None if optimizer is None else type(optimizer).__name__,
            from_logits=name in LOGITS,
            library="torch",
        )

    def _numbers(self, images: Array) -> Any:  # noqa: ANN401 (a tensor)
        kinds = [part.dtype for part in self._parameters if part.is_floating_point()]
        return self._torch.from_numpy(images).to(kinds[0] if kinds else self._torch.float32)

    def _labels(self, labels: Array) -> Any:  # noqa: ANN401 (a tensor)
        return self._numbers(labels) if labels.dtype.kind == "f" else self._torch.from_numpy(labels)


class TorchEpochs:
    """A network, images and labels: each call of `train` is one epoch. What a step raises is raised here too."""

    def __init__(self, answer: TorchAnswer, loss: Any, material: tuple[Any, Any], *, seed: int) -> None:  # noqa: ANN401
        self._torch: Any = sys.modules["torch"]
        self._answer = answer
        self._loss = loss
        self._images, self._labels = material
        self._optimizer = answer.optimizer
        self._order = self._torch.Generator().manual_seed(seed)

    def train(self) -> None:
        """Train for one epoch. A last image alone is left out, for batch normalisation takes two or more."""
        self._answer.network.train()
        order = self._torch.randperm(len(self._images), generator=self._order)
        for batch in order.split(BATCH):
            if len(batch) > 1:
                self._optimizer.step(lambda batch=batch: self._gradient(batch))

    def _gradient(self, batch: Any) -> Any:  # noqa: ANN401 (tensors)
        self._optimizer.zero_grad()
        self._answer.network.zero_grad()  # its optimizer may be another network's
        loss = self._loss(self._images[batch], self._labels[batch])
        loss.backward()
        return loss

    def take_another_optimizer(self) -> None:
        """Leave everything as it is but the optimizer."""
        trained = [part for part in self._answer.network.parameters() if part.requires_grad]
        self._optimizer = self._torch.optim.Adam(trained, RATE)
