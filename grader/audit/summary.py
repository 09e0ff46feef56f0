"""What every page says of an audit: whether the lab is fair, the names of the topics, how grave a finding is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.audit.auditing import Audit
    from grader.audit.finding import Finding, Part, Topic, Weight
    from grader.model import Text

WEIGHTS: tuple[Weight, ...] = ("unfair", "missing", "advice")


def verdict_text(audit: Audit) -> Text:
    """Return whether the lab is fair, as a sentence."""
    if audit.is_fair:
        return say("{lab} is fair: no right answer loses a mark, and every known mistake does", lab=audit.lab)
    counts = {weight: sum(one.weight == weight for one in findings_of(audit)) for weight in WEIGHTS}
    return say(
        "{lab} is not fair yet: {unfair} to be mended, {missing} missing",
        lab=audit.lab,
        unfair=counts["unfair"],
        missing=counts["missing"],
    )


def findings_of(audit: Audit) -> tuple[Finding, ...]:
    """Return all findings, the gravest first."""
    every = [finding for part in audit.parts for finding in part.findings]
    return tuple(sorted(every, key=lambda one: WEIGHTS.index(one.weight)))


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
