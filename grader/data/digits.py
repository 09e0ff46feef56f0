"""Handwritten-looking digits drawn with NumPy, for where the MNIST files are not at hand.

A digit is a few pen strokes through control points. Each image moves the points a little,
bends, slants, turns and squeezes the shape, picks a pen, and lays the ink down as a sum of
Gaussians. Conventions are those of MNIST: 28x28 uint8, white on black, a shape fitted to a
20x20 box and centred by its mass. No image or font was used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Images = NDArray[np.uint8]
Labels = NDArray[np.uint8]

SIDE = 28
BOX = 20.0
CHUNK = 500
SAMPLES = 72


def draw(count: int, seed: int) -> tuple[Images, Labels]:
    """Images of shape (count, 28, 28) and their labels of shape (count,), both uint8.

    The same seed gives the same digits, and a shorter draw is the beginning of a longer one.
    Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError(f"count must be 0 or more, observed {count}")
    images = np.empty((count, SIDE, SIDE), np.uint8)
    labels = np.empty(count, np.uint8)
    for start in range(0, count, CHUNK):
        part = slice(start, min(start + CHUNK, count))
        drawn, names = _draw_chunk(np.random.default_rng([seed, start // CHUNK]))
        images[part], labels[part] = drawn[: part.stop - start], names[: part.stop - start]
    return images, labels


def _draw_chunk(rng: np.random.Generator) -> tuple[Images, Labels]:
    digits = rng.integers(0, 10, CHUNK)
    shapes = _FIRST[digits] + rng.integers(0, 1 << 30, CHUNK) % _VARIANTS[digits]
    return _ink(_fit(_deform(_pen_path(shapes, rng), rng), shapes, rng), shapes, rng), digits.astype(np.uint8)


def _pen_path(shapes: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    """Points along the strokes, (CHUNK, SAMPLES, 2), after every control point was moved a little."""
    points = _POINTS[shapes] + _normal(rng, 0.038, (CHUNK, _POINTS.shape[1], 2))
    path: Floats = _CURVES[shapes] @ points - np.float32(0.5)
    return path


def _deform(path: Floats, rng: np.random.Generator) -> Floats:
    """Bend by a slow wave, then slant, squeeze and turn: what differs from hand to hand."""
    waves = _uniform(rng, (0.8, 2.2), (CHUNK, 1, 2))
    phases = _uniform(rng, (0.0, 2 * np.pi), (CHUNK, 1, 2))
    bent = path + _normal(rng, 0.06, (CHUNK, 1, 2)) * np.sin(np.pi * waves * path[..., ::-1] + phases)
    slant, turn = _normal(rng, 0.27, (CHUNK,)) - np.float32(0.12), _normal(rng, 0.17, (CHUNK,))
    narrow = np.exp(_normal(rng, 0.18, (CHUNK,)))
    cos, sin = np.cos(turn), np.sin(turn)
    columns = [[cos * narrow, sin * narrow], [cos * slant - sin, sin * slant + cos]]
    moved: Floats = bent @ np.stack([np.stack(column, -1) for column in columns], 1)
    return moved


def _fit(path: Floats, shapes: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    """Scale to the 20x20 box, then put the centre of mass near the middle of the image."""
    low, high = path.min(1, keepdims=True), path.max(1, keepdims=True)
    size = (BOX - 2.5) * _uniform(rng, (0.86, 1.06), (CHUNK, 1, 1))
    scaled = path * (size / (high - low).max(2, keepdims=True))
    weights = _lengths(scaled, shapes)[..., None]
    centre = (scaled[:, :-1] * weights).sum(1, keepdims=True) / weights.sum(1, keepdims=True)
    placed: Floats = scaled - centre + np.float32((SIDE - 1) / 2) + _normal(rng, 0.8, (CHUNK, 1, 2))
    return placed


def _ink(path: Floats, shapes: NDArray[np.int64], rng: np.random.Generator) -> Images:
    """Gaussians along the path, cut to a stroke with soft edges, then paper and pressure."""
    width = _uniform(rng, (0.72, 1.45), (CHUNK, 1, 1))
    middle = (path[:, 1:] + path[:, :-1]) / 2
    grid = np.arange(SIDE, dtype=np.float32)
    # The floor keeps denormal numbers, which cost three times the time, out of the product below.
    spread = np.exp(np.maximum(-((middle[..., None] - grid) ** 2) / (2 * width[..., None] ** 2), -30))
    pressure = 1 + _uniform(rng, (0, 0.3), (CHUNK, 1)) * np.sin(_uniform(rng, (1, 9), (CHUNK, 1)) * _TIME)
    weights = (_lengths(path, shapes) * pressure)[..., None] / ((2 * np.pi) ** 0.5 * width)
    density = np.swapaxes(spread[:, :, 1] * weights, 1, 2) @ spread[:, :, 0]
    stroke = np.clip(_uniform(rng, (1.3, 2.6), (CHUNK, 1, 1)) * (density - 0.5) + 0.55, 0, 1)
    grain = 1 - np.abs(_normal(rng, 0.06, (CHUNK, SIDE, SIDE)))
    grey = stroke * grain * _uniform(rng, (0.85, 1.15), (CHUNK, 1, 1))
    image: Images = np.rint(255 * np.minimum(grey, 1)).astype(np.uint8)
    return image


def _lengths(path: Floats, shapes: NDArray[np.int64]) -> Floats:
    """How far the pen moves between samples, 0 where it is lifted: (CHUNK, SAMPLES - 1)."""
    steps: Floats = np.sqrt((np.diff(path, axis=1) ** 2).sum(2)) * _DOWN[shapes]
    return steps


def _normal(rng: np.random.Generator, scale: float, shape: tuple[int, ...]) -> Floats:
    values: Floats = rng.standard_normal(shape, np.float32) * np.float32(scale)
    return values


def _uniform(rng: np.random.Generator, bounds: tuple[float, float], shape: tuple[int, ...]) -> Floats:
    low, high = bounds
    values: Floats = rng.random(shape, np.float32) * np.float32(high - low) + np.float32(low)
    return values


# One tuple per digit, one text per way to write it: "x,y" in hundredths, x to the right and y down.
# A slash lifts the pen; a repeated point is a corner.
_ALPHABET = (
    (
        "55,0 24,10 8,45 18,85 50,100 82,84 92,48 78,10 50,0",
        "72,10 40,3 12,35 12,75 45,100 82,78 88,35 62,4 38,10",
    ),
    (
        "50,0 50,33 50,66 50,100",
        "36,20 52,0 52,0 50,50 50,100",
        "30,22 52,0 52,0 52,50 52,100 / 27,100 50,100 77,99",
    ),
    (
        "12,25 30,4 65,3 82,25 68,52 10,100 10,100 50,97 92,97",
        "15,20 45,0 78,15 72,45 40,80 16,95 20,77 50,90 92,93",
    ),
    (
        "15,12 50,0 80,18 68,40 40,48 40,48 75,56 85,80 50,100 10,88",
        "18,3 80,3 80,3 42,40 42,40 80,52 82,85 48,100 12,88",
    ),
    (
        "28,0 20,30 12,55 12,55 50,57 90,52 / 72,5 68,50 64,100",
        "66,0 35,35 5,66 5,66 50,67 95,64 / 66,0 65,50 65,100",
    ),
    (
        "85,2 25,3 25,3 18,44 18,44 60,40 85,65 60,97 10,92",
        "24,4 22,30 18,46 18,46 65,42 82,72 50,100 10,88 / 24,4 55,4 90,0",
    ),
    (
        "72,0 36,22 14,60 25,93 60,99 80,76 62,54 35,60 20,80",
        "50,0 25,35 20,75 45,100 75,85 70,62 45,58 22,74",
    ),
    (
        "10,6 50,5 88,3 88,3 62,45 42,100",
        "12,20 14,5 14,5 86,3 86,3 60,50 45,100",
        "10,5 50,4 90,3 90,3 62,45 40,100 / 34,52 58,50 82,50",
    ),
    (
        "74,14 50,0 22,18 42,42 74,66 74,93 45,100 18,85 34,58 68,35 76,16",
        "50,47 22,34 28,6 60,0 77,20 50,47 / 50,47 18,66 25,95 60,100 82,75 50,47",
    ),
    (
        "78,20 50,2 20,20 32,48 64,44 78,20 78,20 74,60 68,100",
        "74,14 40,3 20,28 45,50 74,30 78,12 80,50 66,85 30,98",
    ),
)


def _catmull_rom(count: int, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights (times, count) of the smooth curve through `count` points (Catmull and Rom, 1974)."""
    segment = np.minimum(times.astype(int), count - 2)
    t = times - segment
    terms = [-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2]
    weights = np.zeros((len(times), count))
    for offset, term in enumerate(terms):
        place = np.clip(segment + offset - 1, 0, count - 1)
        np.add.at(weights, (np.arange(len(times)), place), term / 2)
    return weights


def _tables() -> tuple[Floats, Floats, Floats]:
    """For every shape: control points, the matrix that makes them a path, and where the pen is down."""
    shapes = [_strokes(text) for variants in _ALPHABET for text in variants]
    most = max(sum(map(len, shape)) for shape in shapes)
    points = np.full((len(shapes), most, 2), 0.5, np.float32)
    curves = np.zeros((len(shapes), SAMPLES, most), np.float32)
    down = np.ones((len(shapes), SAMPLES - 1), np.float32)
    for index, shape in enumerate(shapes):
        row, column = 0, 0
        for number, stroke in enumerate(shape):
            left = SAMPLES - row
            rows = left if number == len(shape) - 1 else SAMPLES * len(stroke) // sum(map(len, shape))
            times = np.linspace(0, len(stroke) - 1, rows)
            curves[index, row : row + rows, column : column + len(stroke)] = _catmull_rom(len(stroke), times)
            points[index, column : column + len(stroke)] = stroke
            row, column = row + rows, column + len(stroke)
            down[index, row - 1 : row] = 0
    return points, curves, down


def _strokes(text: str) -> list[list[list[float]]]:
    pairs = [[point.split(",") for point in stroke.split()] for stroke in text.split(" / ")]
    return [[[int(x) / 100, int(y) / 100] for x, y in stroke] for stroke in pairs]


_POINTS, _CURVES, _DOWN = _tables()
_TIME = np.linspace(0, 1, SAMPLES - 1, dtype=np.float32)
_VARIANTS = np.array([len(variants) for variants in _ALPHABET])
_FIRST = np.cumsum(_VARIANTS) - _VARIANTS
