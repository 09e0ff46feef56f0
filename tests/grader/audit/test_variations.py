"""Inputs like those of a question, among which one may tell a slip from the reference."""

from __future__ import annotations

import numpy as np
import pytest

from grader.audit.variations import Constants, constants_in, variations, varied
from grader.messages.format_values import shown
from grader.model import DataTable, Labels, Series, TableColumn
from grader.wire.plain import encode_value

NONE = Constants()
TABLE = DataTable(
    (TableColumn(("a", "b"), "object"), TableColumn(np.array([1.0, 2.5]), "float64")),
    Labels(("shop", "n"), (None,)),
    Labels((0, 1), (None,)),
)


@pytest.mark.parametrize(
    "value",
    [True, 3, 2.5, "level", [1, 2], (1, "a"), np.array([1.0, 2.0]), np.array([1, 2]), {"a": 1, "b": 2}, TABLE,
     Series(TABLE.columns[1], TABLE.index, "n")],
)  # fmt: skip
def test_of_every_kind_that_is_known_there_are_others_that_can_be_asked(value: object) -> None:
    found = list(varied(value, NONE))  # type: ignore[arg-type]  # plain values
    forms = {str(encode_value(one)) for one in found} - {str(encode_value(value))}  # type: ignore[arg-type]  # same
    assert forms
    assert {type(one) for one in found} == {type(value)}


def test_of_a_kind_that_is_not_known_there_are_none() -> None:
    assert list(varied(None, NONE)) == []
    assert list(variations((), NONE)) == []
    assert list(variations((None,), NONE)) == []


def test_numbers_and_texts_of_the_code_are_tried_for_that_is_where_answers_change() -> None:
    constants = constants_in("if score >= 90:\nif score > 90.5:\nword.strip('.,') or x1 == 1e-8")
    assert constants == Constants((90.0, 90.5), (".,",))
    assert 90 in list(varied(20, constants))
    assert "level.," in list(varied("level", constants))
    assert "level.," in [one[0] for one in varied(["level"], constants) if isinstance(one, list) and one]


def test_rows_are_left_out_turned_round_and_repeated_and_values_are_missing() -> None:
    told = [shown(one) for one in varied(TABLE, NONE)]
    assert "{'shop': ['a', 'b', 'a'], 'n': [1, 2.5, 1]}" in told
    assert "{'shop': ['b', 'a'], 'n': [2.5, 1]}" in told
    assert "{'shop': ['a', 'b'], 'n': [nan, 2.5]}" in told


def test_the_same_question_has_the_same_variations_and_leaves_its_arguments_as_they_are() -> None:
    given = (np.array([1.0, 2.0]), 3)
    first = [shown(list(one)) for one in variations(given, NONE)]
    assert first == [shown(list(one)) for one in variations(given, NONE)]
    assert (given[0].tolist(), len(set(first)) > 50) == ([1.0, 2.0], True)
