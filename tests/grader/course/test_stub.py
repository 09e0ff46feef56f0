"""Which functions of the notebook that is given out are unfinished: whoever hands those in has not written them."""

from __future__ import annotations

import pytest

from grader.course.stub import functions_in_cells


@pytest.mark.parametrize(
    ("body", "is_unfinished"),
    [
        ("raise NotImplementedError", True),
        ("size = len(x)\n    raise NotImplementedError('not yet')", True),
        ("y = ...\n    return y", True),
        ("pass", True),
        ("return step(x) + 1", False),
    ],
)
def test_a_function_that_is_given_whole_is_not_one_that_is_still_to_be_written(
    body: str,
    is_unfinished: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    cells = [{"cell_type": "code", "source": f"def train(x):\n    {body}\n"}]
    assert bool(functions_in_cells(cells, ["train", "step"])) == is_unfinished
