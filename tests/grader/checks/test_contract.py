"""Every kind of check, as grader/checks/__init__.py promises it: what holds for each file of the folder."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader import checks
from grader.data.digits import draw
from grader.model import Agrees, Differs, Returned
from grader.networks.model import Goal
from grader.registry import module_in, names_in

if TYPE_CHECKING:
    from types import ModuleType

EVERY = names_in(checks)
NETWORKS = tuple(name for name in EVERY if hasattr(module_in(checks, name), "INSPECTS"))
"""The kinds that judge what was built; the others judge numbers."""

OTHERS = tuple(name for name in EVERY if hasattr(module_in(checks, name), "COUNTS"))
"""The kinds that judge any value, or an exception: tests/grader/checks/test_values.py."""

KINDS = tuple(name for name in EVERY if name not in (*NETWORKS, *OTHERS))
REQUIRED: dict[str, dict[str, Any]] = {
    "large": {"above": 9.0},
    "architecture": {"dense": 5},
    "law": {"law": "sums_to_1"},
    "choice": {"choices": {"A": None, "B": None}},
}
"""Options as a rubric would set them: those without a default, and those that impostors are made for."""

RIGHT = np.asarray(16.118095650958)
MAGNITUDES = st.sampled_from([0.0, 1e-3, 1.0, 1e3, 1e6, 1e12]).flatmap(
    lambda size: st.just(0.0) if size == 0 else st.floats(-size, size, allow_subnormal=False)
)
EXPECTED = st.sampled_from([(), (3,), (2, 3)]).flatmap(lambda shape: hnp.arrays(np.float64, shape, elements=MAGNITUDES))


def options(kind: ModuleType) -> dict[str, inspect.Parameter]:
    parameters = list(inspect.signature(kind.judge).parameters.values())
    return {parameter.name: parameter for parameter in parameters[2:]}


def judge(kind: str, observed: np.ndarray[Any, Any], expected: np.ndarray[Any, Any]) -> object:
    answer = Returned(observed, observed.dtype.name)
    return module_in(checks, kind).judge(answer, expected, **REQUIRED.get(kind, {}))


def test_there_are_kinds() -> None:
    assert {"close", "large"} <= set(KINDS)


@pytest.mark.parametrize("kind", EVERY)
def test_a_kind_says_in_its_docstring_what_a_rubric_writes(kind: str) -> None:
    assert (module_in(checks, kind).__doc__ or "").startswith(f"`kind: {kind}`")


@pytest.mark.parametrize("kind", EVERY)
def test_judge_takes_observed_and_expected_and_keyword_only_options(kind: str) -> None:
    first, second, *rest = inspect.signature(module_in(checks, kind).judge).parameters.values()
    assert (first.name, second.name) == ("observed", "expected")
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in rest)


@pytest.mark.parametrize("kind", EVERY)
def test_every_option_has_a_type_that_a_rubric_can_write_and_a_default_of_it(kind: str) -> None:
    module = module_in(checks, kind)
    given_options = options(module)
    hints = {name: vars(module).get(parameter.annotation) for name, parameter in given_options.items()}
    plain: dict[object, Any] = {"bool": bool, "int": int, "int | None": int | None, "float": float, "str": str}
    plain["Mapping[str, Text | None]"] = dict
    for name, parameter in given_options.items():
        is_word = str(parameter.annotation).startswith("Literal[")
        written = str if is_word else hints[name] or plain.get(parameter.annotation)
        assert written is not None, f"{kind}: {name} is of type {parameter.annotation}"
        if parameter.default is not parameter.empty:
            assert isinstance(parameter.default, written)


@pytest.mark.parametrize("kind", EVERY)
def test_options_without_a_default_are_known_to_these_tests(kind: str) -> None:
    needed = {name for name, one in options(module_in(checks, kind)).items() if one.default is one.empty}
    assert needed <= set(REQUIRED.get(kind, {}))


@pytest.mark.parametrize("kind", EVERY)
def test_impostors_takes_the_expected_answer_and_options_of_the_kind(kind: str) -> None:
    first, *others = inspect.signature(module_in(checks, kind).impostors).parameters.values()
    assert first.name == "expected"
    options = inspect.signature(module_in(checks, kind).judge).parameters
    assert all(other.kind is other.KEYWORD_ONLY and other.name in options for other in others)


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_answer_agrees(kind: str) -> None:
    assert isinstance(judge(kind, RIGHT, RIGHT), Agrees)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_impostors_have_names_of_their_own_and_are_arrays(kind: str, shape: tuple[int, ...]) -> None:
    named = list(module_in(checks, kind).impostors(np.full(shape, 16.0)))
    assert len(named) >= 3
    assert len({name for name, _ in named}) == len(named)
    assert all(isinstance(array, np.ndarray) for _, array in named)


@pytest.mark.parametrize("kind", KINDS)
def test_making_impostors_leaves_the_expected_answer_as_it_is(kind: str) -> None:
    expected = np.arange(3.0)
    list(module_in(checks, kind).impostors(expected))
    assert expected.tolist() == [0, 1, 2]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
@pytest.mark.parametrize("value", [0.0, 1.0, -1.0, -0.01, 0.5, 16.1, 1e4, 1e5, -1e5, 1e12, -1e12])
def test_every_impostor_is_refused(kind: str, shape: tuple[int, ...], value: float) -> None:
    expected = np.full(shape, value)
    for name, impostor in module_in(checks, kind).impostors(expected):
        assert isinstance(judge(kind, impostor, expected), Differs), f"{name}: {impostor!r}"


@pytest.mark.parametrize("kind", KINDS)
@given(expected=EXPECTED)
def test_every_impostor_of_any_expected_answer_is_refused(kind: str, expected: np.ndarray[Any, Any]) -> None:
    for name, impostor in module_in(checks, kind).impostors(expected):
        assert isinstance(judge(kind, impostor, expected), Differs), f"{name}: {impostor!r}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [True, np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3)])
def test_no_kind_takes_truth_values_nan_or_infinity_for_an_answer(
    kind: str, value: object, shape: tuple[int, ...]
) -> None:
    expected = np.full(shape, 16.0)
    assert isinstance(judge(kind, np.full(shape, value), expected), Differs)


@pytest.mark.parametrize("kind", KINDS)
def test_a_reason_is_a_sentence_in_both_languages(kind: str) -> None:
    for _, impostor in module_in(checks, kind).impostors(RIGHT):
        judgement = judge(kind, impostor, RIGHT)
        assert isinstance(judgement, Differs)
        assert judgement.because.en.isascii()
        assert any("\u4e00" <= character <= "\u9fff" for character in judgement.because.zh_tw)


# Kinds that judge a network -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def images() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return digits and their labels."""
    return draw(64, 7)


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
def test_every_network_that_is_an_impostor_is_refused_in_both_languages(
    images: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]], kind: str, loss: Literal["mse", "cross_entropy"]
) -> None:
    module = module_in(checks, kind)
    goal = Goal(loss, images[0], images[1], images[1])
    named = list(module.impostors(goal))
    assert len(named) >= 3
    assert len({name for name, _ in named}) == len(named)
    for name, impostor in named:
        judgement = module.judge(impostor, goal, **REQUIRED.get(kind, {}))
        assert isinstance(judgement, Differs), name
        assert judgement.because.en.isascii()
        assert any("\u4e00" <= character <= "\u9fff" for character in judgement.because.zh_tw), judgement.because
