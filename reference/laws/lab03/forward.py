"""What every right forward obeys. `ask` calls the student's function; a layer is a list [W, b]."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

Floats: TypeAlias = npt.NDArray[np.float64]
Layers: TypeAlias = list[list[Floats]]

SWITCHED_OFF = -1000.0
"""A bias that no sum of the inputs made here outweighs."""


def inputs() -> SearchStrategy[tuple[Floats, Layers]]:
    """Return one input and one to three layers of one to three units each: (x, layers)."""
    from hypothesis import strategies as st  # noqa: PLC0415 (only where laws are tried)
    from hypothesis.extra import numpy as hnp  # noqa: PLC0415 (same)

    numbers = st.sampled_from([1.0, 0.0, -1.0, 0.5, -0.5, 2.0, -2.0])

    def network(sizes: list[int]) -> SearchStrategy[tuple[Floats, Layers]]:
        layers = [
            st.tuples(hnp.arrays(np.float64, pair, elements=numbers), hnp.arrays(np.float64, pair[1], elements=numbers))
            for pair in pairwise(sizes)
        ]
        return st.tuples(
            hnp.arrays(np.float64, sizes[0], elements=numbers),
            st.tuples(*layers).map(lambda made: [list(layer) for layer in made]),
        )

    return st.lists(st.integers(1, 3), min_size=2, max_size=4).flatmap(network)


def as_many_as_the_last_layer_has_outputs(ask: Callable[..., Floats], x: Floats, layers: Layers) -> bool:
    """Expect one number for each output of the last layer, in a vector."""
    return ask(x, layers).shape == layers[-1][1].shape


def one_layer_of_ones_gives_the_input(ask: Callable[..., Floats], x: Floats, layers: Layers) -> bool:
    """Expect x itself from a single layer whose W is the identity and whose b is 0."""
    del layers
    return _near(ask(x, [[np.eye(len(x)), np.zeros(len(x))]]), x)


def no_weights_leave_the_bias(ask: Callable[..., Floats], x: Floats, layers: Layers) -> bool:
    """Expect the last b where the last W is 0."""
    *hidden, (weights, bias) = layers
    return _near(ask(x, [*hidden, [0 * weights, bias]]), bias)


def the_last_layer_has_both_signs(ask: Callable[..., Floats], x: Floats, layers: Layers) -> bool:
    """Expect the opposite answer from the opposite W and b in the last layer."""
    *hidden, (weights, bias) = layers
    return _near(ask(x, [*hidden, [-weights, -bias]]), -ask(x, layers))


def hidden_units_below_0_add_nothing(ask: Callable[..., Floats], x: Floats, layers: Layers) -> bool:
    """Expect the last b where every hidden sum is far below 0."""
    *hidden, last = layers
    if not hidden:
        return True
    off = [[weights, 0 * bias + SWITCHED_OFF] for weights, bias in hidden]
    return _near(ask(x, [*off, last]), last[1])


def twice_the_input_and_biases_give_twice_the_answer(ask: Callable[..., Floats], x: Floats, layers: Layers) -> bool:
    """Expect twice the answer of 2x and 2b everywhere: ReLU keeps proportions."""
    return _near(ask(2 * x, [[weights, 2 * bias] for weights, bias in layers]), 2 * ask(x, layers))


def the_order_of_hidden_units_does_not_matter(ask: Callable[..., Floats], x: Floats, layers: Layers) -> bool:
    """Expect the same answer when the first hidden layer's units are turned round, with the rows behind them."""
    if len(layers) == 1:
        return True
    (first, first_bias), (second, second_bias), *others = layers
    turned = [[first[:, ::-1], first_bias[::-1]], [second[::-1], second_bias], *others]
    return _near(ask(x, [[part.copy() for part in layer] for layer in turned]), ask(x, layers))


def _near(one: Floats, other: Floats) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-3, atol=1e-3))
