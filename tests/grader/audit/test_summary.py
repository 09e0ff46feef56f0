"""What every page of an audit says first: the verdict with what was tried, and the findings in their order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.audit.auditing import Audit
from grader.audit.finding import NEEDS, Finding, Need, Part, Tried, Weight
from grader.audit.mutation import Mutation
from grader.audit.summary import findings_of, verdict_text
from grader.messages.sentences import quote

NONE = Tried(slips=0, found=0, mistakes=0, uses=False, variants=0, solution=False)


def an_audit(*findings: Finding, tried: Tried = NONE) -> Audit:
    return Audit(
        lab="lab",
        title=quote("Lab"),
        seed=0,
        seconds=1.0,
        parts=(Part("contents", quote("told"), findings),),
        tried=tried,
        mutation=Mutation({}, (), ()),
        clearances=(),
        catches=(),
        counterparts=(),
        laws=(),
    )


def finding(weight: Weight, asks_for: Need = "mending", place: str = "f", told: str = "told") -> Finding:
    return Finding(weight, place, quote(told), "file", asks_for=asks_for)


@pytest.mark.parametrize(
    ("tried", "sentence"),
    [
        (
            {"slips": 9, "found": 8},
            "(8 of 9 slips in the reference), and right ones keep every mark (only the reference",
        ),
        ({"mistakes": 3, "solution": True}, "(3 known mistakes), and right ones keep every mark (the solved notebook)"),
        ({"slips": 2, "found": 2, "mistakes": 1}, "(2 of 2 slips in the reference, 1 known mistakes)"),
        ({"uses": True, "variants": 4}, "(uses of what may not be used), and right ones keep every mark (4 correct"),
    ],
)
def test_a_fair_lab_is_told_with_what_was_tried(tried: dict[str, int], sentence: str) -> None:
    audit = an_audit(finding("advice"), tried=replace(NONE, **tried))  # type: ignore[arg-type]  # numbers and truths
    assert audit.is_fair
    assert verdict_text(audit).en.startswith("lab is fair. Wrong answers lose marks (")
    assert sentence in verdict_text(audit).en


def test_where_no_wrong_answer_could_be_tried_nothing_is_said_to_be_fair() -> None:
    audit = an_audit()
    assert not audit.is_fair
    assert verdict_text(audit).en == "Nothing shows yet that wrong answers in lab lose marks: none could be tried"


def test_what_is_missing_leaves_fairness_open_and_what_is_unfair_decides_it() -> None:
    tried = replace(NONE, slips=1, found=1)
    assert (
        verdict_text(an_audit(finding("missing"), tried=tried)).en
        == "Whether lab is fair cannot be said yet: 1 missing"
    )
    audit = an_audit(finding("missing"), finding("unfair"), tried=tried)
    assert verdict_text(audit).en == "lab is not fair yet: 1 to be mended, 1 missing"


def test_the_gravest_stands_first_and_of_these_what_would_bring_most() -> None:
    given = [finding(weight, need) for need in reversed(NEEDS) for weight in ("advice", "missing", "unfair")]
    found = [(one.weight, one.asks_for) for one in findings_of(an_audit(*given))]
    assert found == [(weight, need) for weight in ("unfair", "missing", "advice") for need in NEEDS]


def test_the_same_of_many_places_is_told_once() -> None:
    given = [finding("advice", place=place, told=told) for told in ("one", "two") for place in ("f.a", "f.b")]
    assert [one.place for one in findings_of(an_audit(*given))] == ["f.a, f.b", "f.a, f.b"]
