"""A library's message says what is wrong, and nothing about its own machinery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from grader.messages.format_values import error_text
from grader.messages.library_messages import without_machinery

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

WRAPPED = "{{function_node __wrapped__%s_device_/job:localhost/replica:0/task:0/device:CPU:0}} "


@pytest.mark.parametrize(
    ("message", "left"),
    [
        (
            WRAPPED % "AddV2" + "Incompatible shapes: [3] vs. [2] [Op:AddV2] name: ",
            "Incompatible shapes: [3] vs. [2]",
        ),
        (
            WRAPPED % "Reshape"
            + "Input to reshape is a tensor with 3 values, but the requested shape has 4 [Op:Reshape]",
            "Input to reshape is a tensor with 3 values, but the requested shape has 4",
        ),
        (
            (
                "Value for attr 'T' of int32 is not in the list of allowed values: half ; NodeDef: {{node Log}}; "
                "Op<name=Log; signature=x:T -> y:T; attr=T:type,allowed=[DT_HALF]> [Op:Log] name: "
            ),
            "Value for attr 'T' of int32 is not in the list of allowed values: half",
        ),
        (
            WRAPPED % "Fill" + "OOM when allocating tensor with shape[2,5] and type float on "
            "/job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu [Op:Fill] name: ",
            "OOM when allocating tensor with shape[2,5] and type float",
        ),
        (
            (
                "Exception encountered when calling Sequential.call(). Input 0 of layer 'dense' is incompatible with "
                "the layer: expected axis -1 to have value 4, but received input with shape (1, 5) Arguments received "
                "by Sequential.call(): • inputs=tf.Tensor(shape=(1, 5), dtype=float32) • training=None"
            ),
            (
                "Input 0 of layer 'dense' is incompatible with the layer: expected axis -1 to have value 4, but "
                "received input with shape (1, 5)"
            ),
        ),
        (
            (
                'in user code: File "<notebook>", line 24, in g * return x+b ValueError: Dimensions must be equal, but '
                "are 3 and 2 for '{{node add}} = AddV2[T=DT_FLOAT](x, add/y)' with input shapes: [3], [2]."
            ),
            "Dimensions must be equal, but are 3 and 2 with input shapes: [3], [2].",
        ),
        (
            "cannot import name 'x' from 'numpy' (/opt/lib/python3.11/numpy/__init__.py)",
            "cannot import name 'x' from 'numpy'",
        ),
        ("cannot import name 'x' from 'y' (unknown location)", "cannot import name 'x' from 'y'"),
        ("operands could not be broadcast together with shapes (3,) (4,)", None),
        ("unsupported operand type(s) for -: 'list' and 'list'", None),
        ("", None),
    ],
)
def test_what_is_about_machinery_is_left_out(message: str, left: str | None) -> None:
    assert without_machinery(message) == (message if left is None else left)


def test_an_exception_is_told_without_machinery() -> None:
    assert error_text("InvalidArgumentError", WRAPPED % "Mul" + "Incompatible shapes [Op:Mul]") == (
        "InvalidArgumentError: Incompatible shapes"
    )


@pytest.mark.tensorflow
def test_what_tensorflow_says_of_shapes_and_dtypes_has_no_machinery(tensorflow: ModuleType) -> None:
    tf: Any = tensorflow
    acts: tuple[Callable[[], object], ...] = (
        lambda: tf.constant([1.0, 2.0]) + tf.constant([1.0, 2.0, 3.0]),
        lambda: tf.matmul(tf.ones((2, 3)), tf.ones((2, 3))),
        lambda: tf.constant([1.0]) * tf.constant([1]),
        lambda: tf.math.log(tf.constant([1])),
    )
    for act in acts:
        with pytest.raises(Exception) as raised:  # noqa: PT011 (TensorFlow's own class)
            act()
        told = without_machinery(str(raised.value))
        assert told
        assert not any(word in told for word in ("{{", "[Op:", "NodeDef", "/job:"))
