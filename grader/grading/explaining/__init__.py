"""Why a check failed: the explanation that fits every answer of it, from the answers alone.

Three explanations are tried in this order: a known mistake of the course (`known`), a combination of the usual slips
with sign, logarithm, reduction, factor and argument order (`combined`), a law that every right answer obeys, with the
smallest input that breaks it (`broken`). Where none of them fits, the verdict stays as it was judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.model import Evidence, Text


@dataclass(frozen=True, slots=True)
class Explanation:
    """What explains all answers of a check: its name, what is observed, a question, and an example if it has one."""

    name: str
    because: Text
    hint: Text
    evidence: Evidence | None = None
