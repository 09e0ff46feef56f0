"""What every right `mnist_mse` obeys. `ask` calls the student's function.

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
    """Return a picture with one or two pixels that are not black and one with one; or two equal ones: (images,)."""
    from hypothesis import strategies as st  # noqa: PLC0415 (only where laws are tried)

    place = st.tuples(st.integers(0, 27), st.integers(0, 27))
    grey = st.sampled_from([10, 20, 50, 100, 120])
    one, some = (st.dictionaries(place, grey, min_size=1, max_size=most) for most in (1, 2))

    def drawn(both: tuple[dict[tuple[int, int], int], ...]) -> tuple[Images]:
        images = np.zeros((2, 28, 28), np.uint8)
        for image, lit in zip(images, both, strict=True):
            for where, grey in lit.items():
                image[where] = grey
        return (images,)

    return (st.tuples(some, one) | one.map(lambda lit: (lit, lit))).map(drawn)


def one_number(ask: Callable[..., Floats], images: Images) -> bool:
    """Expect one number for two pictures."""
    return ask(images).size == 1


def equal_pictures_give_0(ask: Callable[..., Floats], images: Images) -> bool:
    """Expect 0 for a picture and itself."""
    return not np.array_equal(images[0], images[1]) or _near(ask(images), 0)


def never_below_0(ask: Callable[..., Floats], images: Images) -> bool:
    """Expect nothing below 0."""
    return bool(np.all(ask(images) >= 0))


def either_picture_may_be_first(ask: Callable[..., Floats], images: Images) -> bool:
    """Expect the same for exchanged pictures."""
    return _near(ask(images), ask(images[::-1].copy()))


def doubled_pixels_count_four_times(ask: Callable[..., Floats], images: Images) -> bool:
    """Expect four times as much for pictures of twice the brightness."""
    return _near(ask(2 * images), 4 * ask(images))


def the_place_does_not_matter(ask: Callable[..., Floats], images: Images) -> bool:
    """Expect the same for both pictures turned round."""
    return _near(ask(images), ask(images[:, ::-1, ::-1].copy()))


def a_third_picture_does_not_matter(ask: Callable[..., Floats], images: Images) -> bool:
    """Expect the same when another picture follows."""
    return _near(ask(images), ask(np.concatenate([images, images[1:]])))


def _near(observed: Floats, expected: Floats | float) -> bool:
    # Pixels divided by 255 give tiny numbers, so only the ratio counts.
    return bool(np.allclose(observed, expected, rtol=SLACK, atol=1e-9))
