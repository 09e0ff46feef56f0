"""The answers of lab02, the cross-entropy loss: an independent oracle in NumPy float64.

The first half holds one function per task, the second half the makers of hidden questions.
All logarithms are natural: every information content, entropy and loss is in nats.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SMALLEST_PREDICTION = 1e-7
"""A smaller prediction is raised to this before its logarithm is taken (the epsilon of Keras)."""

GRAIN = 2.0**-20
"""Made probabilities are whole multiples of it: they add up to exactly 1, in whatever order and in float32 too."""

FLOOR = 0.035
"""Made probabilities stay above this (0.03 is promised), where every epsilon in use is harmless."""


def information_content(p: npt.ArrayLike) -> float | Floats:
    """Information content ln(1/p) in nats of events of probability p.

    p: a number, or an array of any shape; the answer has its shape.
    Source: lecture section 5-2, "Cross-Entropy"; Shannon, "A Mathematical Theory of Communication".
    Raises ValueError where a probability is not above 0 and at most 1.
    """
    probabilities = np.asarray(p, dtype=np.float64)
    if not np.all((probabilities > 0) & (probabilities <= 1)):
        message = "a probability here is above 0 and at most 1"
        raise ValueError(message)
    information = np.log(1 / probabilities)
    return information if probabilities.ndim else float(information)


def entropy(p: npt.ArrayLike) -> float:
    """Entropy -sum p ln p in nats of one distribution; 0 ln 0 counts 0.

    p: shape (n,), not negative, sum 1.
    Source: lecture section 5-2, "Entropy"; Cover and Thomas, "Elements of Information Theory", 2.1.
    Raises ValueError where p is not a distribution.
    """
    probabilities = _distributions(p)
    _demand(probabilities.ndim == 1, f"one distribution, not shape {probabilities.shape}")
    possible = probabilities[probabilities > 0]
    return float(np.sum(possible * np.log(1 / possible)))


def softmax(z: npt.ArrayLike) -> Floats:
    """Softmax e^z_j / sum_k e^z_k over the last axis.

    z: shape (n,) or (rows, n), any finite size; the answer has its shape, no unit, rows of sum 1.
    Source: lecture section 5-2, "Softmax" (whose sum runs over k though its exponent says i);
    Goodfellow, Bengio and Courville, "Deep Learning", sections 4.1 and 6.2.2.3.
    Raises ValueError for a single number or where an entry is not finite.
    """
    logits = np.asarray(z, dtype=np.float64)
    _demand(logits.ndim > 0, "softmax needs a vector or a matrix")
    _demand(bool(np.all(np.isfinite(logits))), "softmax needs finite numbers")
    # The largest exponent becomes 0, so nothing overflows and no sum is 0; the quotient is the same.
    powers = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    shares: Floats = powers / np.sum(powers, axis=-1, keepdims=True)
    return shares


def cross_entropy(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> float:
    """Cross-entropy -sum y_true ln y_pred in nats, summed over classes, the mean over rows.

    Both arguments: one shape, (n,) or (rows, n), distributions along the last axis. Where y_true
    is 0 nothing is counted; y_pred is raised to at least 1e-7 first.
    Source: lecture section 5-2, "Cross-Entropy"; the mean and the 1e-7 are those of Keras'
    CategoricalCrossentropy.
    Raises ValueError where the shapes differ or a row is not a distribution.
    """
    expected, predicted = _distributions(y_true), _distributions(y_pred)
    _demand(expected.shape == predicted.shape, f"shapes: {expected.shape}, {predicted.shape}")
    information = -np.log(np.clip(predicted, SMALLEST_PREDICTION, 1))
    return float(np.mean(np.sum(expected * information, axis=-1)))


def softmax_cross_entropy(y_true: npt.ArrayLike, logits: npt.ArrayLike) -> float:
    """Cross-entropy in nats of y_true and softmax(logits), by the logarithm of the sum of powers.

    Both arguments: one shape, (n,) or (rows, n); y_true holds distributions, logits any finite
    numbers. The mean over rows.
    Source: lecture section 5-3, the numeric example.
    Raises ValueError where the shapes differ or a row of y_true is not a distribution.
    """
    expected, raw = _distributions(y_true), np.asarray(logits, dtype=np.float64)
    _demand(expected.shape == raw.shape, f"shapes: {expected.shape}, {raw.shape}")
    shifted = raw - np.max(raw, axis=-1, keepdims=True)
    log_shares = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return float(np.mean(-np.sum(expected * log_shares, axis=-1)))


def _distributions(values: npt.ArrayLike) -> Floats:
    rows = np.asarray(values, dtype=np.float64)
    _demand(rows.ndim > 0, "a distribution is a vector")
    _demand(bool(np.all(rows >= 0)), "a probability is not negative")
    _demand(bool(np.allclose(np.sum(rows, axis=-1), 1, rtol=0, atol=1e-6)), "the sum must be 1")
    return rows


def _demand(holds: bool, message: str) -> None:  # noqa: FBT001
    if not holds:
        raise ValueError(message)


def probability(rng: np.random.Generator) -> dict[str, object]:
    """Make one probability from 0.03 to 0.9, where ln(1/p) is far from p, 1 - p and 0."""
    return {"p": float(rng.uniform(0.03, 0.9))}


def probabilities(rng: np.random.Generator) -> dict[str, object]:
    """Make 4 to 9 probabilities of unrelated events: they need not sum to 1."""
    return {"p": rng.uniform(0.03, 0.9, _classes(rng))}


def distribution(rng: np.random.Generator) -> dict[str, object]:
    """Make one distribution over 4 to 9 outcomes, each at least 0.03."""
    return {"p": _distribution(rng, _classes(rng))}


def distribution_with_zeros(rng: np.random.Generator) -> dict[str, object]:
    """Make a distribution over 5 to 12 outcomes, 1 to 3 of them impossible, but neither the first nor the last."""
    (spread,) = _with_shared_zeros(rng, 1)
    return {"p": spread}


def logits(rng: np.random.Generator) -> dict[str, object]:
    """Make 4 to 9 numbers from -2 to 2.5, one below -0.5 so that a lost sign shows."""
    return {"z": _logits(rng, _classes(rng))}


def logit_rows(rng: np.random.Generator) -> dict[str, object]:
    """Make 2 to 4 rows of 5 to 8 logits: more columns than rows, so that a wrong axis shows."""
    count, size = _table(rng)
    return {"z": np.stack([_logits(rng, size) for _ in range(count)])}


def large_logits(rng: np.random.Generator) -> dict[str, object]:
    """Make 4 to 9 logits near +1000, where e^z overflows; eighths are exact in float32 too."""
    return {"z": _far_logits(rng, _classes(rng))}


def large_negative_logits(rng: np.random.Generator) -> dict[str, object]:
    """Make 4 to 9 logits near -1000, where every e^z underflows and the plain quotient is 0/0."""
    return {"z": -_far_logits(rng, _classes(rng))}


def two_distributions(rng: np.random.Generator) -> dict[str, object]:
    """Make two unrelated distributions over the same 4 to 9 outcomes, all at least 0.03."""
    size = _classes(rng)
    return {"y_true": _distribution(rng, size), "y_pred": _distribution(rng, size)}


def confident_prediction(rng: np.random.Generator) -> dict[str, object]:
    """Make a clear expectation and a prediction that favours the same one of 4 to 9 outcomes.

    All are at least 0.03. The loss is small here, so that smoothed labels and early rounding show.
    """
    size = _classes(rng)
    likely = int(rng.integers(size))
    y_true = _distribution(rng, size, likely=likely, weight=0.9)
    return {"y_true": y_true, "y_pred": _distribution(rng, size, likely=likely, weight=0.7)}


def distribution_rows(rng: np.random.Generator) -> dict[str, object]:
    """Make 2 to 4 rows of pairs of distributions over 5 to 8 outcomes, all at least 0.03."""
    count, size = _table(rng)
    y_true = np.stack([_distribution(rng, size) for _ in range(count)])
    return {"y_true": y_true, "y_pred": np.stack([_distribution(rng, size) for _ in range(count)])}


def label_and_prediction(rng: np.random.Generator) -> dict[str, object]:
    """Make a one-hot label of 10 classes and a prediction whose entries are at least 0.03."""
    return {"y_true": _one_hot(rng, 10), "y_pred": _distribution(rng, 10)}


def shared_zeros(rng: np.random.Generator) -> dict[str, object]:
    """Make two distributions with 0 at the same 1 to 3 of 5 to 12 places, never at an end: 0 ln 0 counts 0."""
    y_true, y_pred = _with_shared_zeros(rng, 2)
    return {"y_true": y_true, "y_pred": y_pred}


def hopeless_prediction(rng: np.random.Generator) -> dict[str, object]:
    """Make a one-hot label of 4 to 9 classes and a prediction that gives it the probability 0."""
    size = _classes(rng)
    y_true = _one_hot(rng, size)
    others = _distribution(rng, size) * (1 - y_true)
    return {"y_true": y_true, "y_pred": _exact(others / np.sum(others))}


def label_and_logits(rng: np.random.Generator) -> dict[str, object]:
    """Make a one-hot label of 4 to 9 classes and logits from -2 to 2.5."""
    size = _classes(rng)
    return {"y_true": _one_hot(rng, size), "logits": _logits(rng, size)}


def distribution_and_logits(rng: np.random.Generator) -> dict[str, object]:
    """Make an expected distribution over 4 to 9 classes and logits from -2 to 2.5."""
    size = _classes(rng)
    return {"y_true": _distribution(rng, size), "logits": _logits(rng, size)}


def label_and_large_logits(rng: np.random.Generator) -> dict[str, object]:
    """Make a one-hot label and logits near +1000 whose softmax is nowhere below 0.001.

    So a clipped logarithm and the logarithm of the sum of powers agree.
    """
    size = _classes(rng)
    return {"y_true": _one_hot(rng, size), "logits": _far_logits(rng, size)}


def label_and_large_negative_logits(rng: np.random.Generator) -> dict[str, object]:
    """Make a one-hot label and logits near -1000 whose softmax is nowhere below 0.001."""
    size = _classes(rng)
    return {"y_true": _one_hot(rng, size), "logits": -_far_logits(rng, size)}


def _classes(rng: np.random.Generator) -> int:
    return int(rng.integers(4, 10))


def _table(rng: np.random.Generator) -> tuple[int, int]:
    return int(rng.integers(2, 5)), int(rng.integers(5, 9))


def _distribution(rng: np.random.Generator, size: int, *, likely: int = 0, weight: float = 0.0) -> Floats:
    shares = (1 - weight) * rng.dirichlet(np.ones(size))
    shares[likely] += weight
    floored = FLOOR + (1 - FLOOR * size) * shares
    return _exact(floored / np.sum(floored))


def _exact(shares: Floats) -> Floats:
    """Round to grains, and give the largest share what is left: a student may well ask whether the sum is 1."""
    exact: Floats = np.rint(shares / GRAIN) * GRAIN
    exact[np.argmax(exact)] += 1 - np.sum(exact)
    return exact


def _with_shared_zeros(rng: np.random.Generator, count: int) -> list[Floats]:
    """Never at either end: so a zero that ends a loop shows, and so does an end that is left out."""
    zeros, positive = int(rng.integers(1, 4)), _classes(rng)
    places = np.arange(zeros + positive)
    possible = np.delete(places, rng.choice(places[1:-1], size=zeros, replace=False))
    spreads = np.zeros((count, places.size))
    spreads[:, possible] = [_distribution(rng, positive) for _ in range(count)]
    return list(spreads)


def _one_hot(rng: np.random.Generator, size: int) -> Floats:
    label: Floats = np.eye(size)[int(rng.integers(size))]
    return label


def _logits(rng: np.random.Generator, size: int) -> Floats:
    values = rng.uniform(-2.0, 2.5, size)
    values[int(rng.integers(size))] = -rng.uniform(0.5, 2.0)
    return values


def _far_logits(rng: np.random.Generator, size: int) -> Floats:
    eighths = rng.choice(24, size=size, replace=False)
    return float(rng.integers(900, 1100)) + eighths / 8
