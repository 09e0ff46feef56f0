"""The words for networks: frozen data without behaviour, beneath the words of the house, which have them inside.

A question asks for a network by an `Inspection`; it crosses the wall as a `Description`; what was seen of it is
`Built`; what it is for is a `Goal`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.generic]

Library: TypeAlias = Literal["keras", "torch"]
"""What a network is written with."""


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
    libraries: tuple[Library, ...] = ("keras", "torch")
    """With what the network may be written: what the lab's packages are. It is not sent, for it is known here."""


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """What a network is for: the loss to train it with, the images that it is shown, and the labels of all images."""

    loss: Literal["mse", "cross_entropy"]
    images: Array
    labels: Array
    unseen_labels: Array


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
    yet. Of PyTorch these are the layers and the steps of the forward pass, the loss and the optimizer that came with
    it, and its tensors.
    """

    network: Mapping[str, Any]
    compiled: Mapping[str, Any] | None
    weights: tuple[Array, ...]
    library: Library = "keras"


@dataclass(frozen=True, slots=True)
class Alleged:
    """Why a network was not built anew, so that what is known of it is what the student's own process says.

    A `part` of it, named so in the notebook, is not the library's own; or its weights are too large to be sent; or the
    library could not build it from its description.
    """

    reason: Literal["part", "size", "library"]
    part: str = ""
    library: Library = "keras"


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
    library: Library = "keras"
