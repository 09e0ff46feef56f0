"""What every right `mnist_cross_entropy` obeys. `ask` calls the student's function.

The pictures are black but for a few pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

Floats: TypeAlias = npt.NDArray[np.float64]
Images: TypeAlias = npt.NDArray[np.uint8]

SLACK = 1e-3
"""What float32 and its roundings may take away or add."""


def inputs() -> SearchStrategy[tuple[Images]]:
    """Return two pictures with one or two pixels that are not black in each, sometimes equal: (images,)."""
    from hypothesis import strategies as st  # noqa: PLC0415 (only where laws are tried)

    place = st.tuples(st.integers(0, 27), st.integers(0, 27))
    pixels = st.dictionaries(place, st.sampled_from([10, 50, 100, 200, 255]), min_size=1, max_size=2)

    def drawn(both: tuple[dict[tuple[int, int], int], ...]) -> tuple[Images]:
        images = np.zeros((2, 28, 28), np.uint8)
        for image, lit in zip(images, both, strict=True):
            for where, grey in lit.items():
                image[where] = grey
        return (images,)

    return (st.tuples(pixels, pixels) | pixels.map(lambda lit: (lit, lit))).map(drawn)


def one_number(ask: Callable[..., Floats], images: Images) -> bool:
    """Expect one number for two pictures."""
    return ask(images).size == 1


def finite_for_black_pixels(ask: Callable[..., Floats], images: Images) -> bool:
    """Expect a finite number, however many pixels are black."""
    return bool(np.all(np.isfinite(ask(images))))


def never_below_0(ask: Callable[..., Floats], images: Images) -> bool:
    """Expect nothing below 0."""
    return bool(np.all(ask(images) >= -SLACK))


def the_place_does_not_matter(ask: Callable[..., Floats], images: Images) -> bool:
    """Expect the same for both pictures turned round."""
    return _near(ask(images), ask(images[:, ::-1, ::-1].copy()))


def a_third_picture_does_not_matter(ask: Callable[..., Floats], images: Images) -> bool:
    """Expect the same when another picture follows."""
    return _near(ask(images), ask(np.concatenate([images, images[1:]])))


def _near(observed: Floats, expected: Floats) -> bool:
    return bool(np.allclose(observed, expected, rtol=SLACK, atol=SLACK))
