"""What every right network_loss obeys. `ask` calls the student's function; a layer is a list [W, b]."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

Floats: TypeAlias = npt.NDArray[np.float64]
Layers: TypeAlias = list[list[Floats]]

CLOSE = 1e-3

SWITCHED_OFF = -1000.0
"""A bias that no sum of the inputs made here outweighs."""


def inputs() -> SearchStrategy[tuple[Floats, Floats, Layers, str]]:
    """Return one input, a one-hot target of two or three classes, two layers and a loss: (x, y_true, layers, loss).

    Logits lie within 4 of each other, where no clip in use changes a probability.
    """
    from hypothesis import strategies as st  # noqa: PLC0415 (only where laws are tried)
    from hypothesis.extra import numpy as hnp  # noqa: PLC0415 (same)

    def array(*shape: int) -> SearchStrategy[Floats]:
        return hnp.arrays(np.float64, shape, elements=st.sampled_from([0.5, 0.0, -0.5, 0.25, -0.25]))

    def network(sizes: tuple[int, int, int]) -> SearchStrategy[tuple[Floats, Floats, Layers, str]]:
        units, hidden, classes = sizes
        layers = st.tuples(array(units, hidden), array(hidden), array(hidden, classes), array(classes))
        return st.tuples(
            array(units).map(lambda x: 2 * x),
            st.integers(0, classes - 1).map(lambda place: np.eye(classes)[place]),
            layers.map(lambda parts: [[parts[0], parts[1]], [parts[2], parts[3]]]),
            st.sampled_from(["cross_entropy", "mse"]),
        )

    return st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(2, 3)).flatmap(network)


def one_number(ask: Callable[..., Floats], x: Floats, y_true: Floats, layers: Layers, loss: str) -> bool:
    """Expect one finite number."""
    answer = ask(x, y_true, layers, loss)
    return answer.size == 1 and bool(np.isfinite(answer).all())


def not_negative(ask: Callable[..., Floats], x: Floats, y_true: Floats, layers: Layers, loss: str) -> bool:
    """Expect no loss below 0."""
    return bool(np.all(ask(x, y_true, layers, loss) >= -CLOSE))


def a_shift_of_all_logits_changes_nothing(
    ask: Callable[..., Floats], x: Floats, y_true: Floats, layers: Layers, loss: str
) -> bool:
    """Expect the same loss with the last b plus 1: softmax sees differences alone."""
    hidden, (weights, bias) = layers
    return _near(ask(x, y_true, [hidden, [weights, bias + 1]], loss), ask(x, y_true, layers, loss))


def a_better_prediction_has_no_larger_loss(
    ask: Callable[..., Floats], x: Floats, y_true: Floats, layers: Layers, loss: str
) -> bool:
    """Expect a larger logit of the expected class to lower the cross-entropy, and the MSE of two classes."""
    hidden, (weights, bias) = layers
    if loss == "mse" and len(y_true) > 2:  # noqa: PLR2004 (with more, the others' shares count as well)
        return True
    better = ask(x, y_true, [hidden, [weights, bias + y_true]], loss)
    return bool(np.all(better <= ask(x, y_true, layers, loss) + CLOSE))


def cross_entropies_are_logarithms_of_a_distribution(
    ask: Callable[..., Floats], x: Floats, y_true: Floats, layers: Layers, loss: str
) -> bool:
    """Expect e**-loss of each class in turn to be its probability: these add up to 1."""
    del loss
    losses = [ask(x, target, layers, "cross_entropy") for target in np.eye(len(y_true))]
    return bool(abs(sum(float(np.exp(-one).sum()) for one in losses) - 1) <= CLOSE)


def equal_logits_are_equal_probabilities(
    ask: Callable[..., Floats], x: Floats, y_true: Floats, layers: Layers, loss: str
) -> bool:
    """Expect ln n and (n - 1) / n**2 where the last W and b are 0: each of n classes has 1/n."""
    hidden, (weights, bias) = layers
    n = len(y_true)
    expected = np.log(n) if loss == "cross_entropy" else (n - 1) / n**2
    return _near(ask(x, y_true, [hidden, [0 * weights, 0 * bias]], loss), np.asarray(expected))


def one_more_is_e_times_the_odds(
    ask: Callable[..., Floats], x: Floats, y_true: Floats, layers: Layers, loss: str
) -> bool:
    """Expect 1 more in a class's logit to make the odds of the class, 1 / (e**loss - 1), e times as large."""
    del loss
    hidden, (weights, bias) = layers
    before = np.expm1(ask(x, y_true, layers, "cross_entropy"))
    after = np.expm1(ask(x, y_true, [hidden, [weights, bias + y_true]], "cross_entropy"))
    return before.size == after.size == 1 and bool(np.allclose(before.ravel(), np.e * after.ravel(), rtol=10 * CLOSE))


def hidden_units_below_0_add_nothing(
    ask: Callable[..., Floats], x: Floats, y_true: Floats, layers: Layers, loss: str
) -> bool:
    """Expect the loss of a network whose last W is 0 where every hidden sum is far below 0."""
    (first, first_bias), (weights, bias) = layers
    off = [first, 0 * first_bias + SWITCHED_OFF]
    without = ask(x, y_true, [[first, first_bias], [0 * weights, bias]], loss)
    return _near(ask(x, y_true, [off, [weights, bias]], loss), without)


def mse_of_distributions_is_at_most_2_of_n(
    ask: Callable[..., Floats], x: Floats, y_true: Floats, layers: Layers, loss: str
) -> bool:
    """Expect squared differences of at most 2 in all between two distributions over n classes."""
    del loss
    return bool(np.all(ask(x, y_true, layers, "mse") <= 2 / len(y_true) + CLOSE))


def _near(one: Floats, other: Floats) -> bool:
    return one.size == other.size == 1 and bool(np.allclose(one.ravel(), other.ravel(), rtol=CLOSE, atol=CLOSE))
