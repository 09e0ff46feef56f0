"""The answers of lab01, the MSE loss: an independent oracle in NumPy float64.

The first half holds one function per task, the second half the makers of hidden questions.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def sum_of_squared_errors(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> float:
    """Sum of the squared differences.

    Both arguments: one shape, any. Unit: the square of the inputs' unit.
    Source: lecture section 5-1, the formula that the slide labels MSE (it has no 1/n).
    Raises ValueError where the shapes differ.
    """
    return float(np.sum(_differences(y_true, y_pred) ** 2))


def euclidean_distance(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> float:
    """Length of the straight line between two points.

    Both arguments: one shape, any. Unit: that of the inputs.
    Source: lecture section 5-2, the geometric picture of the MSE slides (it has a square root).
    Raises ValueError where the shapes differ.
    """
    return float(np.sqrt(np.sum(_differences(y_true, y_pred) ** 2)))


def mse(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> float:
    """Mean of the squared differences over all elements.

    Both arguments: one shape, a vector (n,) or a matrix (rows, n). Unit: the square of the inputs'.
    Source: the name "mean square error" of lecture section 5-2; Goodfellow, Bengio and Courville,
    "Deep Learning", section 5.1.4.
    Raises ValueError where the shapes differ or there is no element.
    """
    differences = _differences(y_true, y_pred)
    if differences.size == 0:
        message = "the mean of no element is undefined"
        raise ValueError(message)
    return float(np.sum(differences**2) / differences.size)


def _differences(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Floats:
    expected = np.asarray(y_true, dtype=np.float64)
    predicted = np.asarray(y_pred, dtype=np.float64)
    if expected.shape != predicted.shape:
        message = f"shapes differ: y_true {expected.shape}, y_pred {predicted.shape}"
        raise ValueError(message)
    return predicted - expected


def vectors(rng: np.random.Generator) -> dict[str, object]:
    """Two vectors of 8 to 14 numbers of either sign.

    Two thirds of the errors are +0.5 to +0.8, the rest -0.1 to -0.3. So the errors neither cancel
    nor have the mean 0 (their variance is not their mean square), their sum of squares is above 1.4
    and their mean square below 0.65: a root too many or too few shows in both.
    """
    size = int(rng.integers(8, 15))
    return _pair(rng, (size,))


def prediction(rng: np.random.Generator) -> dict[str, object]:
    """Make a one-hot label and predicted probabilities for 5 to 10 classes, as a network gives.

    The probabilities are at least 0.03 and sum to 1.
    """
    size = int(rng.integers(5, 11))
    shares = 0.035 + (1 - 0.035 * size) * rng.dirichlet(np.ones(size))
    label = int(rng.integers(size))
    return {"y_true": np.eye(size)[label], "y_pred": shares / np.sum(shares)}


def matrices(rng: np.random.Generator) -> dict[str, object]:
    """Two matrices of 2 to 4 rows and 6 to 9 columns, errors as in `vectors`.

    There are always more columns than rows, so that a mean over the wrong axis shows.
    """
    shape = (int(rng.integers(2, 5)), int(rng.integers(6, 10)))
    return _pair(rng, shape)


def _pair(rng: np.random.Generator, shape: tuple[int, ...]) -> dict[str, object]:
    size = int(np.prod(shape))
    errors = rng.uniform(0.5, 0.8, size)
    few = size // 3
    errors[:few] = -rng.uniform(0.1, 0.3, few)
    y_true = rng.uniform(-2.0, 2.0, shape)
    return {"y_true": y_true, "y_pred": y_true + rng.permutation(errors).reshape(shape)}
