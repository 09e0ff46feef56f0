"""The answers of the Corelab, two images compared: an independent oracle in NumPy float64.

The lecture says "the MSE" and "the cross-entropy" of two images and leaves open on which scale and
of which distributions. So each task has a pinned reading, its function here, and further readings
that are right as well, in READINGS. Then come the makers of hidden questions. A model of the
task build_dnn is judged by its behaviour: here stands only with which loss it is to be compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Images = npt.NDArray[np.uint8]
Reading = Callable[[Images], float]

PIXEL = 255
"""The brightest value of a uint8 pixel."""

SMALLEST_PREDICTION = 1e-7
"""A smaller prediction is raised to this before its logarithm is taken, as the task's text says."""

EPSILONS = (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
"""What is used instead by those who know other libraries."""


def mnist_mse(images: Images) -> float:
    """Mean squared difference of the pixels of images[0] and images[1], on their scale of 0 to 255.

    images: uint8 of shape (N, 28, 28), N at least 2. Unit: squared grey levels.
    Source: lecture, Corelab 1; the mean is over all 784 pixels.
    Raises ValueError for another shape or dtype.
    """
    first, second = _first_two(images)
    return float(np.mean((first - second) ** 2))


def mnist_cross_entropy(images: Images) -> float:
    """Cross-entropy -sum y ln q in nats of two images taken as distributions over the 784 pixels.

    images: uint8 of shape (N, 28, 28), N at least 2. y is images[0] and q is images[1], each divided
    by the sum of its pixels; q is raised to at least 1e-7 before the logarithm.
    Source: lecture, Corelab 2, as pinned by the text of the task.
    Raises ValueError for another shape or dtype, or where one of the two is black.
    """
    return _of_distributions(images, epsilon=SMALLEST_PREDICTION)


def build_dnn() -> Literal["cross_entropy"]:
    """Return with which loss the network is to be compiled.

    Source: lecture, Corelab 3.
    """
    return "cross_entropy"


def _mse_scaled(images: Images) -> float:
    """Pixels divided by 255 first, so between 0 and 1."""
    return mnist_mse(images) / PIXEL**2


def _of_distributions(images: Images, *, epsilon: float) -> float:
    y, q = (_divided_by_sum(image) for image in _first_two(images))
    return float(-np.sum(y * np.log(np.clip(q, epsilon, 1))))


def _scaled_sum(images: Images, *, epsilon: float) -> float:
    """Pixels divided by 255 and put into the formula as they are."""
    y, q = (image / PIXEL for image in _first_two(images))
    return float(-np.sum(y * np.log(np.clip(q, epsilon, 1))))


def _keras_flat(images: Images) -> float:
    """Keras' CategoricalCrossentropy of the flat images / 255, which normalises the prediction only."""
    y, q = (image / PIXEL for image in _first_two(images))
    return float(-np.sum(y * np.log(np.clip(_divided_by_sum(q), 1e-7, 1 - 1e-7))))


def _softmax_both(images: Images) -> float:
    """Both images / 255 made distributions by softmax."""
    y, log_q = (_log_softmax(image / PIXEL) for image in _first_two(images))
    return float(-np.sum(np.exp(y) * log_q))


def _logits(images: Images) -> float:
    """Keras' CategoricalCrossentropy(from_logits=True) of the flat images / 255."""
    y, logits = (image / PIXEL for image in _first_two(images))
    return float(-np.sum(y * _log_softmax(logits)))


def _first_two(images: Images) -> tuple[Floats, Floats]:
    """images[0] and images[1] as flat vectors, each of shape (784,)."""
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (28, 28) or len(images) < 2:  # noqa: PLR2004
        raise ValueError(f"images are uint8 of shape (N, 28, 28), observed {images.dtype} {images.shape}")
    return images[0].astype(np.float64).ravel(), images[1].astype(np.float64).ravel()


def _divided_by_sum(pixels: Floats) -> Floats:
    total = np.sum(pixels)
    if total == 0:
        raise ValueError("a black image is no distribution")
    shares: Floats = pixels / total
    return shares


def _log_softmax(z: Floats) -> Floats:
    shifted = z - np.max(z)
    logarithms: Floats = shifted - np.log(np.sum(np.exp(shifted)))
    return logarithms


def _with_epsilons(name: str, reading: Callable[..., float]) -> dict[str, Reading]:
    return {f"{name}_{e:.0e}".replace("e-0", "e-"): partial(reading, epsilon=e) for e in EPSILONS}


READINGS: Mapping[str, Mapping[str, Reading]] = MappingProxyType(
    {
        "mnist_mse": MappingProxyType({"raw": mnist_mse, "scaled": _mse_scaled}),
        "mnist_cross_entropy": MappingProxyType(
            {
                **_with_epsilons("distributions", _of_distributions),
                **_with_epsilons("scaled_sum", _scaled_sum),
                "keras_flat": _keras_flat,
                "softmax_both": _softmax_both,
                "logits": _logits,
            }
        ),
    }
)
"""Task, name of the reading, function. The first of each task is the one that its text pins."""


def images(rng: np.random.Generator) -> dict[str, object]:
    """Make 3 to 5 images of a white scribble on black, the brightest pixel of each 255."""
    ink = _scribbles(rng, int(rng.integers(3, 6)))
    return {"images": np.rint(PIXEL * ink).astype(np.uint8)}


def dim_images(rng: np.random.Generator) -> dict[str, object]:
    """Make scribbles whose brightest pixel is not 255 and differs from image to image.

    Divided by their own maximum instead of 255 they are other images.
    """
    ink = _scribbles(rng, int(rng.integers(3, 6)))
    brightest = rng.permutation(np.linspace(120, 230, len(ink)))[:, np.newaxis, np.newaxis]
    return {"images": np.rint(brightest * ink).astype(np.uint8)}


def low_contrast_images(rng: np.random.Generator) -> dict[str, object]:
    """Make grey scribbles on grey: no pixel is 0 and differences are small, 30 to 60 levels.

    The two backgrounds differ, too. No epsilon matters here, and every image is a distribution without zeros.
    """
    ink = _scribbles(rng, int(rng.integers(3, 6)))
    paper = rng.permutation(np.linspace(70, 160, len(ink)))[:, np.newaxis, np.newaxis]
    contrast = rng.uniform(30, 60, paper.shape)
    return {"images": np.rint(paper + contrast * ink).astype(np.uint8)}


def grainy_images(rng: np.random.Generator) -> dict[str, object]:
    """Make images whose every pixel is random, from 1 to 255.

    No two rows, columns or corners are alike, as the blank ones of a scribble are: it shows which pixels were compared.
    """
    count = int(rng.integers(3, 6))
    return {"images": rng.integers(1, PIXEL + 1, (count, 28, 28), dtype=np.uint8)}


def nearly_alike_images(rng: np.random.Generator) -> dict[str, object]:
    """Make grainy images of which the second is the first with every pixel 2 to 4 levels brighter or darker.

    How many pixels change by how much is fixed, so that the MSE is 10.079, or 0.000155 of pixels from 0 to 1: rounded
    to 5 decimals it is another number.
    """
    first, third = rng.integers(20, 230, (2, 28, 28))
    steps = rng.permutation(np.repeat([2, 3, 4], [199, 322, 263])) * rng.choice([-1, 1], 784)
    return {"images": np.stack([first, first + steps.reshape(28, 28), third]).astype(np.uint8)}


def images_of_two_dots(rng: np.random.Generator) -> dict[str, object]:
    """Make black images with a bright dot and a hardly visible one, at the same places in the first two.

    Their brightness is fixed, so that the cross-entropy of the distributions is 0.02725: it shows where it is rounded.
    """
    made = np.zeros((3, 784), np.uint8)
    made[:2, rng.choice(784, 2, replace=False)] = [[249, 1], [252, 2]]
    made[2, rng.choice(784, 2, replace=False)] = [240, 9]
    return {"images": made.reshape(3, 28, 28)}


def _scribbles(rng: np.random.Generator, count: int) -> Floats:
    """Make closed curves of a soft pen, (count, 28, 28), from exactly 0 (paper) to exactly 1."""
    time = np.linspace(0, 2 * np.pi, 90)
    turns = np.stack([np.cos(time), np.sin(time), np.cos(2 * time), np.sin(2 * time), np.sin(3 * time)])
    curve = rng.normal(0, 3.5, (count, 2, len(turns))) @ turns + rng.uniform(11, 16, (count, 2, 1))
    places = np.clip(curve, 3, 24)[..., np.newaxis]
    pen = np.exp(-((places - np.arange(28)) ** 2) / 2)
    ink = np.swapaxes(pen[:, 0], 1, 2) @ pen[:, 1]
    ink = np.minimum(np.where(ink < 0.5, 0, ink), 2)  # noqa: PLR2004
    scribbles: Floats = ink / np.max(ink, axis=(1, 2), keepdims=True)
    return scribbles
