"""MNIST for the kernel: the user's own files, else Keras' cache, else digits drawn by this project.

Whatever the source, the kernel reads one .npz with the four arrays that `keras.datasets.mnist.load_data` gives: images
uint8 (60000, 28, 28) and (10000, 28, 28), labels uint8 (60000,) and (10000,); fewer where the files have fewer.
"""

from __future__ import annotations

import gzip
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from grader.data.digits import draw
from grader.errors import LabError, SandboxError
from grader.messages.sentences import say

if TYPE_CHECKING:
    from grader.model import Array, Text

Source: TypeAlias = Literal["given", "keras", "drawn"]
Arrays: TypeAlias = "dict[str, Array]"

KEYS = ("x_train", "y_train", "x_test", "y_test")
TRAIN, TEST = 60_000, 10_000
DRAWN = 4_000
"""How many digits are drawn. The others are the same ones, moved and dimmed, which takes far less time."""
DRAWN_SEED = 5
IMAGES_MAGIC, LABELS_MAGIC = 2051, 2049
"""The first four bytes of an IDX file of images and of labels (LeCun, "The MNIST database")."""
SIDE, CLASSES = 28, 10
IDX_NAMES = ("train-images", "train-labels", "t10k-images", "t10k-labels")


@dataclass(frozen=True, slots=True)
class Mnist:
    """Where the kernel's MNIST comes from, and the .npz that it reads."""

    source: Source
    path: Path


def prepare_mnist(given: Path | None, scratch: Path) -> Mnist:
    """Return the MNIST to use, written to `scratch` unless it is a .npz already.

    Raises LabError where the user named a file or folder that holds no MNIST.
    """
    if given is not None:
        return Mnist("given", _prepare_given(given, scratch))
    cached = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets" / "mnist.npz"
    if cached.is_file():
        try:
            return Mnist("keras", _checked_npz(cached))
        except LabError:
            pass  # a broken download in the cache: digits are drawn instead, and the report says so
    return Mnist("drawn", _save(drawn_mnist(), scratch))


def source_text(source: Source) -> Text:
    """Return a source as a sentence for the report."""
    match source:
        case "given":
            return say("MNIST: the files named with --data")
        case "keras":
            return say("MNIST: the copy in Keras' cache")
        case "drawn":
            return say("MNIST: not found on this computer; digits drawn by the grader were used")


def drawn_mnist() -> Arrays:
    """Return arrays like MNIST's: digits drawn by `grader.data.digits`, each used again moved and dimmed."""
    images, labels = draw(DRAWN, DRAWN_SEED)
    rng = np.random.default_rng(DRAWN_SEED)
    parts = [images]
    for _ in range((TRAIN + TEST) // DRAWN):
        down, right = (int(step) for step in rng.integers(-1, 2, 2))
        ink = np.uint16(rng.integers(170, 257))
        moved = np.roll(images, (down, right), (1, 2)).astype(np.uint16)
        parts.append((moved * ink >> 8).astype(np.uint8))
    order = rng.permutation(TRAIN + TEST)  # else the two sets would be moved in different ways
    every, names = np.concatenate(parts)[order], np.tile(labels, len(parts))[order]
    return dict(zip(KEYS, (every[:TRAIN], names[:TRAIN], every[TRAIN:], names[TRAIN:]), strict=True))


def _prepare_given(given: Path, scratch: Path) -> Path:
    if given.is_file() and given.suffix == ".npz":
        return _checked_npz(given)
    folder = given if given.is_dir() else given.parent
    if (folder / "mnist.npz").is_file() and given.is_dir():
        return _checked_npz(folder / "mnist.npz")
    if not given.exists():
        raise LabError(say("There is no file or folder {file}.", file=given))
    if given.is_file() and not given.name.startswith(IDX_NAMES):
        raise _no_mnist(given)
    return _save(_read_idx(folder), scratch)


def _checked_npz(path: Path) -> Path:
    try:
        with path.open("rb") as file:  # NumPy leaves a file that it cannot read open
            data = np.load(file, allow_pickle=False)
            arrays = {key: np.asarray(data[key]) for key in KEYS}
    except Exception as error:  # zipfile, zlib and NumPy each have many ways to say that a file is broken
        raise _no_mnist(path) from error
    _check(arrays, path)
    return path.resolve()


def _check(arrays: Arrays, path: Path) -> None:
    """Raise LabError unless both sets are uint8 images, at least one, with a label from 0 to 9 for each."""
    for images, labels in ((arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])):
        right = images.dtype == labels.dtype == np.uint8 and images.shape[1:] == (SIDE, SIDE)
        fits = labels.shape == images.shape[:1] and labels.size > 0 and np.isin(labels, np.arange(CLASSES)).all()
        if not (right and fits):
            raise _no_mnist(path)


def _read_idx(folder: Path) -> Arrays:
    """Read the IDX files of a folder. Of two files instead of four, the last seventh of the images is the test set."""
    found = {name: _find(folder, name) for name in IDX_NAMES}
    pairs = [
        (_read_images(images), _read_labels(labels))
        for images, labels in (
            (found["train-images"], found["train-labels"]),
            (found["t10k-images"], found["t10k-labels"]),
        )
        if images is not None and labels is not None
    ]
    if not pairs:
        raise _no_mnist(folder)
    if len(pairs) == 1:
        images, labels = pairs[0]
        cut = len(images) * TRAIN // (TRAIN + TEST)
        pairs = [(images[:cut], labels[:cut]), (images[cut:], labels[cut:])]
    arrays = dict(zip(KEYS, (*pairs[0], *pairs[1]), strict=True))
    _check(arrays, folder)
    return arrays


def _find(folder: Path, name: str) -> Path | None:
    return next((path for path in sorted(folder.iterdir()) if path.name.startswith(name) and path.is_file()), None)


def _read_images(path: Path) -> Array:
    content = _read_bytes(path)
    magic, count, height, width = (int(number) for number in np.frombuffer(content[:16].ljust(16, b"\0"), ">i4"))
    if magic != IMAGES_MAGIC or (height, width) != (SIDE, SIDE) or len(content) != 16 + count * SIDE * SIDE:
        raise _no_mnist(path)
    return np.frombuffer(content, np.uint8, offset=16).reshape(count, SIDE, SIDE)


def _read_labels(path: Path) -> Array:
    content = _read_bytes(path)
    magic, count = (int(number) for number in np.frombuffer(content[:8].ljust(8, b"\0"), ">i4"))
    if magic != LABELS_MAGIC or len(content) != 8 + count:
        raise _no_mnist(path)
    return np.frombuffer(content, np.uint8, offset=8)


def _read_bytes(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    except (OSError, EOFError, zlib.error) as error:
        raise _no_mnist(path) from error


def _save(arrays: Arrays, scratch: Path) -> Path:
    path = scratch / "mnist.npz"
    try:
        np.savez(path, **arrays)  # type: ignore[arg-type]  # NumPy's own signature takes arrays by name
    except OSError as error:
        reason = error.strerror or str(error)
        sentence = say(
            "There is no place for temporary files ({reason}). Nothing was graded. Set TMPDIR.", reason=reason
        )
        raise SandboxError(sentence) from error
    return path


def _no_mnist(path: Path) -> LabError:
    return LabError(
        say(
            "{file} holds no MNIST: name mnist.npz, or a folder with its IDX files "
            "(train-images…, train-labels…, t10k-images…, t10k-labels…; gzip or not).",
            file=path,
        )
    )
