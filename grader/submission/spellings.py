"""The names of what packages and Python itself offer: the ways in which each is written, and what stands for it.

A name of a rubric is written as students write it (`np.sum`, `tf.keras.losses`) or whole (`numpy.sum`).
"""

from __future__ import annotations

import builtins
import keyword
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGES = frozenset(
    {"jax", "keras", "matplotlib", "numpy", "pandas", "scipy", "skimage", "sklearn", "tensorflow", "tf_keras", "torch"}
)
"""Whose functions everybody knows; what comes from another module may be the student's own."""

LOOPS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "loop": frozenset({"for", "while", "comprehension"}),
        "for": frozenset({"for", "comprehension"}),
        "while": frozenset({"while"}),
    }
)
"""The words of a rubric for loops, and what each is about. A comprehension is written with `for`."""

SHORT: Mapping[str, str] = MappingProxyType(
    {
        "np": "numpy",
        "tf": "tensorflow",
        "pd": "pandas",
        "sp": "scipy",
        "plt": "matplotlib.pyplot",
        "jnp": "jax.numpy",
        "F": "torch.nn.functional",
        "nn": "torch.nn",
    }
)
"""What everybody calls a package."""

SAME: Mapping[str, str] = MappingProxyType(
    {
        "tensorflow.compat.v1.": "tensorflow.",
        "tensorflow.compat.v2.": "tensorflow.",
        "tensorflow.python.keras": "keras",
        "tensorflow.keras": "keras",
        "tf_keras": "keras",
        "keras.api.": "keras.",
        "keras.src.": "keras.",
        "tensorflow.losses": "keras.losses",
        "tensorflow.metrics": "keras.metrics",
        "tensorflow.math.": "tensorflow.",
        "tensorflow.linalg.": "tensorflow.",
        "torch.nn.functional.": "torch.",
        "torch.Tensor.": "torch.",
        "numpy.ndarray.": "numpy.",
        "numpy.linalg.matmul": "numpy.matmul",
        "operator.matmul": "numpy.matmul",
        "numpy.amax": "numpy.max",
        "numpy.amin": "numpy.min",
        "numpy.absolute": "numpy.abs",
        "numpy.around": "numpy.round",
        "numpy.pow": "numpy.power",
        "numpy.true_divide": "numpy.divide",
    }
)
"""Second names, each with the first one: what ends with a dot begins a name, all else is one or begins it."""

METHODS = frozenset(
    """
    all any argmax argmin argsort clip cumprod cumsum diagonal dot max mean min nonzero prod ptp repeat round
    searchsorted sort std sum trace var
    """.split()  # noqa: SIM905 (a table is read best so)
)
"""What an array does itself as well: `x.sum()` is `np.sum(x)`."""
WITH_METHODS = frozenset({"numpy", "torch"})
OPERATORS: Mapping[str, str] = MappingProxyType(
    {
        "numpy.matmul": "@",
        "numpy.dot": "@",
        "tensorflow.matmul": "@",
        "torch.matmul": "@",
        "torch.mm": "@",
    }
)
"""What an operator does as well."""

BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) | {"__import__"}


def is_name(word: str) -> bool:
    """Say whether a word can be one of a rubric: names with dots between them, or a word for loops."""
    parts = word.split(".")
    return word in LOOPS or all(part.isidentifier() and not keyword.iskeyword(part) for part in parts)


def whole(name: str) -> str:
    """Return a name of a rubric with the whole name of its package; of what Python itself offers, `builtins.NAME`."""
    first, dot, rest = name.partition(".")
    if not dot and name in BUILTINS:
        return f"builtins.{name}"
    return SHORT.get(first, first) + dot + rest


def first_name(name: str) -> str:
    """Return the first name of what has several."""
    for second, first in SAME.items():
        if name == second or name.startswith(second if second.endswith(".") else f"{second}."):
            name = first + name[len(second) :]
    return name


def short(name: str) -> str:
    """Return a whole name as a person writes it: `numpy.sum` is np.sum."""
    if name.startswith("builtins."):
        return name.removeprefix("builtins.")
    first, dot, rest = name.partition(".")
    return {"numpy": "np", "tensorflow": "tf"}.get(first, first) + dot + rest


def is_below(name: str, above: str) -> bool:
    """Say whether a whole name is another one, or lies below it, by any of the ways to write them."""
    names, tops = {name, first_name(name)}, {above, first_name(above)}
    return any(one == top or one.startswith(f"{top}.") for one in names for top in tops)


def method_of(name: str) -> str | None:
    """Return the method of an array that does what a function does; None where there is none."""
    package, _, method = first_name(name).partition(".")
    return method if package in WITH_METHODS and method in METHODS else None


def operator_of(name: str) -> str | None:
    """Return the operator that does what a function does; None where there is none."""
    return OPERATORS.get(first_name(name))
