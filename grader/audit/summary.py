"""What every page says of an audit: whether the lab is fair, the names of the topics, how grave a finding is."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.audit.finding import NEEDS
from grader.messages.sentences import joined, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.audit.auditing import Audit
    from grader.audit.finding import Finding, Part, Topic, Tried, Weight
    from grader.model import Text

WEIGHTS: tuple[Weight, ...] = ("unfair", "missing", "advice")


def verdict_text(audit: Audit) -> Text:
    """Return whether the lab is fair, as a sentence, and what it was tried with."""
    if audit.is_fair and not audit.is_asked:
        return say("{lab} is fair: a person reads all of it, and finds what the rubric's cells name", lab=audit.lab)
    if audit.is_fair:
        return say(
            "{lab} is fair. Wrong answers lose marks ({wrong}), and right ones keep every mark ({right})",
            lab=audit.lab,
            wrong=joined(tuple(_wrong(audit.tried)), ", "),
            right=joined(tuple(_right(audit.tried)), ", "),
        )
    counts = {weight: sum(one.weight == weight for one in findings_of(audit)) for weight in WEIGHTS}
    if counts["unfair"]:
        return say(
            "{lab} is not fair yet: {unfair} to be mended, {missing} missing",
            lab=audit.lab,
            unfair=counts["unfair"],
            missing=counts["missing"],
        )
    if audit.is_asked and not audit.tried.has_wrong:
        return say("Nothing shows yet that wrong answers in {lab} lose marks: none could be tried", lab=audit.lab)
    return say("Whether {lab} is fair cannot be said yet: {missing} missing", lab=audit.lab, missing=counts["missing"])


def _wrong(tried: Tried) -> Iterator[Text]:
    """Yield what wrong answers were tried."""
    if tried.slips:
        yield say("{found} of {count} slips in the reference", found=tried.found, count=tried.slips)
    if tried.mistakes:
        yield say("{count} known mistakes", count=tried.mistakes)
    if tried.uses:
        yield say("uses of what may not be used")


def _right(tried: Tried) -> Iterator[Text]:
    """Yield what right answers were tried."""
    if not tried.solution and not tried.variants:
        yield say("only the reference was tried")
    if tried.solution:
        yield say("the solved notebook")
    if tried.variants:
        yield say("{count} correct variants", count=tried.variants)


def findings_of(audit: Audit) -> tuple[Finding, ...]:
    """Return all findings, the gravest first, and of these what would bring most; the same of many places is one."""
    places: dict[Finding, list[str]] = {}
    for finding in (finding for part in audit.parts for finding in part.findings):
        places.setdefault(replace(finding, place=""), []).append(finding.place)
    every = [replace(finding, place=", ".join(filter(None, found))) for finding, found in places.items()]
    return tuple(sorted(every, key=lambda one: (WEIGHTS.index(one.weight), NEEDS.index(one.asks_for))))


def mark_of(part: Part) -> str:
    """Return the mark of a topic: ✗ where something must be mended or is missing, ! for advice, else ✓."""
    weights = {finding.weight for finding in part.findings}
    return "✗" if weights - {"advice"} else "!" if weights else "✓"


def topic_text(topic: Topic) -> Text:
    """Return the name of a topic."""
    match topic:
        case "stub":
            return say("stub")
        case "solution":
            return say("solution")
        case "mistakes":
            return say("mistakes")
        case "variants":
            return say("right answers")
        case "impostors":
            return say("impostors")
        case "calls":
            return say("calls")
        case "reference":
            return say("reference")
        case "mutation":
            return say("mutants")
        case "tolerances":
            return say("tolerances")
        case "questions":
            return say("questions")
        case "laws":
            return say("laws")
        case "contents":
            return say("contents")


def weight_text(weight: Weight) -> Text:
    """Return the heading of findings of one weight."""
    match weight:
        case "unfair":
            return say("To be mended")
        case "missing":
            return say("Missing, and where to write it")
        case "advice":
            return say("Advice")


def foot_text(audit: Audit) -> Text:
    """Return the seed, with which the audit can be repeated, and how long it took."""
    return say("seed {seed} · {seconds} s", seed=audit.seed, seconds=f"{audit.seconds:.0f}")


def distance_text(distances: Sequence[float]) -> str:
    """Return the first of some distances, in units of the tolerance, as a person reads it; – where there is none."""
    return f"{distances[0]:.3g}" if distances and math.isfinite(distances[0]) else "–"
