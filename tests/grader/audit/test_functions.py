"""The functions that stand beside a lab's tests, found without running them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.audit.functions import functions_in_tests
from grader.errors import LabError

if TYPE_CHECKING:
    from grader.course.folder import Course

VARIANTS = """
import numpy as np
import tensorflow as tf
import keras.ops
from keras import losses as keras_losses

LAYERS = tf.constant(1)


def plain(x):
    return np.sum(x)


def tensor(x):
    return tf.reduce_sum(x)


def submodule(x):
    return keras.ops.sum(x)


def by_class(x):
    return _Sum()(x)


def by_constant(x):
    return LAYERS * x


def by_alias(x):
    return keras_losses.mean(x)


def _private(x):
    return x


class _Sum:
    def __call__(self, x):
        return _summed(x)


def _summed(x):
    return tf.reduce_sum(x)
"""


def test_the_public_functions_are_found_in_their_order_with_those_that_use_a_framework(fair: Course) -> None:
    path = fair.folder / "tests/correct/warmup/total.py"
    path.write_text(VARIANTS, "utf-8")
    found = functions_in_tests(fair, "correct", "warmup", tasks=["total"])
    assert {one.name: one.framework for one in found} == {
        "plain": False, "tensor": True, "submodule": True, "by_class": True, "by_constant": True, "by_alias": True
    }  # fmt: skip
    assert [(one.module, one.bound) for one in found][:1] == [("correct_total", "correct_total__plain")]


def test_a_task_without_a_file_has_none(fair: Course) -> None:
    assert functions_in_tests(fair, "wrong", "warmup", tasks=["double", "total"]) == ()


def test_a_file_that_does_not_parse_is_refused_with_its_line(fair: Course) -> None:
    path = fair.folder / "tests/correct/warmup/total.py"
    path.write_text("x = 1\ndef total(x)\n    return x\n", "utf-8")
    with pytest.raises(LabError, match=r"total\.py, line 2: SyntaxError"):
        functions_in_tests(fair, "correct", "warmup", tasks=["total"])
