"""Exceptions that beginners meet get a name and something to look at: real ones, as Python and NumPy word them."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.grading.exceptions import gone_from_keras, known_exception

if TYPE_CHECKING:
    from collections.abc import Callable

ARRAY = np.array([1.0, 2.0, 3.0])
WHOLE: Any = 3
TWO_LISTS: Any = ([1.0], [2.0])
NOTHING: Any = None
FRACTION: Any = 0.5
NUMBERS: Any = {}
KEYWORDS: Any = {"axes": 0}
HALF: Any = 0.5


def recursing() -> int:
    return recursing()


def one_number(x: int) -> int:
    return x


def without_a_value() -> int:
    if ARRAY.size == 0:
        total = 1
    return total


def raising(kind: type[Exception], message: str) -> None:
    """Raise what Keras does."""
    raise kind(message)


MET: list[tuple[str, Callable[[], object]]] = [
    ("caret", lambda: (ARRAY - 1) ^ 2),
    ("caret", lambda: 1.5 ^ 2),  # type: ignore[operator]
    ("list_arithmetic", lambda: TWO_LISTS[0] - TWO_LISTS[1]),
    ("list_arithmetic", lambda: math.log(TWO_LISTS[0])),
    ("shapes_do_not_fit", lambda: ARRAY - np.ones(4)),
    ("shapes_do_not_fit", lambda: ARRAY @ np.ones((4, 2))),
    ("size_does_not_fit", lambda: ARRAY.reshape(2, 2)),
    ("shapes_do_not_fit", lambda: np.concatenate([ARRAY, np.ones((2, 2))])),
    ("scalar_function_on_array", lambda: math.log(ARRAY)),
    ("array_in_a_condition", lambda: 1 if ARRAY > 0 else 0),
    ("logarithm_of_zero", lambda: math.log(0)),
    ("logarithm_of_zero", lambda: math.sqrt(-1)),
    ("overflow", lambda: math.exp(1000)),
    ("division_by_zero", lambda: 1 / (WHOLE - 3)),
    ("unknown_name", without_a_value),
    ("unknown_name", lambda: unheard_of),  # type: ignore[name-defined]  # noqa: F821 (that is the mistake)
    ("not_imported", lambda: tf.constant(1)),  # type: ignore[name-defined]  # noqa: F821 (same)
    ("index_out_of_range", lambda: ARRAY[3]),
    ("index_out_of_range", lambda: list(range(2))[2]),
    ("too_many_indices", lambda: ARRAY[0, 1]),
    ("too_many_indices", lambda: ARRAY[0][1]),
    ("index_no_integer", lambda: ARRAY[HALF]),
    ("endless_recursion", recursing),
    ("parameters_changed", lambda: one_number(1, 2)),  # type: ignore[call-arg]
    ("parameters_changed", lambda: one_number()),  # type: ignore[call-arg]  # noqa: PLW0108 (that is the mistake)
    ("none_used", lambda: NOTHING - 1),
    ("none_used", lambda: NOTHING.shape),
    ("package_missing", lambda: __import__("nunpy")),
    ("unknown_in_module", lambda: np.summ(ARRAY)),  # type: ignore[attr-defined]
    ("unknown_attribute", lambda: [1].shape),  # type: ignore[attr-defined]
    ("not_callable", lambda: WHOLE(2)),
    ("axis_out_of_bounds", lambda: np.sum(ARRAY, axis=1)),
    ("axis_out_of_bounds", lambda: np.mean(np.sum(ARRAY), axis=0)),
    ("unknown_argument", lambda: np.sum(ARRAY, **KEYWORDS)),
    ("unknown_argument", lambda: raising(ValueError, "Argument(s) not recognized: {'lr': 0.5}")),
    ("unknown_part_of_keras", lambda: raising(ValueError, "Could not interpret optimizer identifier: sdg")),
    ("layers_do_not_fit", lambda: raising(ValueError, "This model has not yet been built.")),
    ("no_elements", lambda: list(FRACTION)),
    ("no_elements", lambda: len(FRACTION)),
    ("types_do_not_fit", lambda: "1" - FRACTION),
    ("types_do_not_fit", lambda: np.add("0.5", ARRAY)),
    ("types_do_not_fit", lambda: np.exp(np.array(["a"]))),
    ("text_for_a_number", lambda: float("0.5 nats")),
    ("file_missing", lambda: Path("no_such_file.csv").read_text()),
    ("unknown_key", lambda: NUMBERS["mse"]),
    ("rows_differ", lambda: np.array([[1, 2], [3]])),
    ("unhashable", lambda: {TWO_LISTS[0]: 1}),
    ("floating_point", lambda: raising(FloatingPointError, "underflow encountered in exp")),
    ("floating_point", lambda: raising(RuntimeWarning, "divide by zero encountered in log")),
    ("program_ended", sys.exit),
]


@pytest.mark.parametrize(("name", "act"), MET)
def test_an_exception_that_beginners_meet_gets_its_name_and_a_question(name: str, act: Callable[[], object]) -> None:
    with pytest.raises((Exception, SystemExit)) as raised:
        act()
    found = known_exception(type(raised.value).__name__, str(raised.value))
    assert found is not None, raised.value
    assert found[0] == name
    assert found[1].en.endswith((".", "?"))
    assert any("\u4e00" <= character <= "\u9fff" for character in found[1].zh_tw)


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("list_and_array", "ValueError", "Expected an instance of list, got <tf.Tensor: shape=(3,)>"),
        (
            "dtypes_differ",
            "InvalidArgumentError",
            "cannot compute Mul as input #1(zero-based) was expected to be a double tensor but is a float tensor",
        ),
        ("shapes_do_not_fit", "InvalidArgumentError", "Incompatible shapes: [3] vs. [4] [Op:Sub]"),
        ("shapes_do_not_fit", "InvalidArgumentError", "Matrix size-incompatible: In[0]: [2,3], In[1]: [2,3]"),
        ("shapes_do_not_fit", "InvalidArgumentError", "In[0] and In[1] has different ndims: [2] vs. [2,3]"),
        ("shapes_do_not_fit", "InvalidArgumentError", "Shapes of all inputs must match: values[0].shape = [3] != [2]"),
        ("shapes_do_not_fit", "ValueError", "Dimensions must be equal, but are 3 and 2 for '{{node sub}} = Sub(x, y)'"),
        ("shapes_do_not_fit", "ValueError", "Input 0 with name 'None' of layer 'dense' is incompatible with the layer"),
        ("shapes_do_not_fit", "InvalidArgumentError", "ConcatOp : Dimension 1 in both shapes must be equal: [2,3]"),
        ("shapes_do_not_fit", "InvalidArgumentError", "In[0] and In[1] ndims must be == 2: 1"),
        ("rows_differ", "ValueError", "Can't convert non-rectangular Python sequence to Tensor."),
        ("size_does_not_fit", "InvalidArgumentError", "Input to reshape is a tensor with 3 values, but it has 4"),
        ("index_out_of_range", "InvalidArgumentError", "slice index 7 of dimension 0 out of bounds."),
        ("index_out_of_range", "InvalidArgumentError", "indices[0] = 7 is not in [0, 3)"),
        ("dtypes_differ", "TypeError", "Input 'y' of 'AddV2' Op has type float32 that does not match type int32"),
        (
            "dtypes_differ",
            "InvalidArgumentError",
            "Value for attr 'T' of int32 is not in the list of allowed values: x",
        ),
        ("none_used", "ValueError", "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>)"),
    ],
)
def test_tensorflows_words_are_known_too(name: str, kind: str, message: str) -> None:
    found = known_exception(kind, message)
    assert found is not None
    assert found[0] == name


def test_an_exception_of_the_students_own_is_not_translated() -> None:
    assert known_exception("MyError", "whatever") is None
    assert known_exception("ValueError", "y_pred must be positive") is None


def test_a_name_that_keras_dropped_is_told_and_another_one_is_not() -> None:
    told = gone_from_keras("AttributeError", "module 'keras.losses' has no attribute 'MSELoss'")
    assert told is not None
    assert "MSELoss" in told.en
    for kind, message in (
        ("ImportError", "cannot import name 'np_utils' from 'keras.utils' (/opt/python/keras/utils/__init__.py)"),
        ("ModuleNotFoundError", "No module named 'keras.layers.core'"),
        ("ModuleNotFoundError", "No module named 'tensorflow.examples'"),
    ):
        gone = gone_from_keras(kind, message)
        assert gone is not None
        assert "has no " in gone.en
        assert "/opt" not in gone.en
    assert gone_from_keras("ModuleNotFoundError", "No module named 'keras_cv'") is None
    assert gone_from_keras("ImportError", "cannot import name 'x' from 'numpy' (/opt/numpy.py)") is None
    assert gone_from_keras("AttributeError", "'list' object has no attribute 'shape'") is None
