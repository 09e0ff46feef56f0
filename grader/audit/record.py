"""An audit as JSON: everything that its page says, in the languages of the lab, and the measurements behind it."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING, Any

from grader import __version__
from grader.audit.summary import findings_of
from grader.messages.languages import narrowed
from grader.model import Text

if TYPE_CHECKING:
    from grader.audit.auditing import Audit


def render_json(audit: Audit) -> str:
    """Return the audit as JSON, the same for the same course and seed but for `seconds`."""
    form = {
        "lab": audit.lab,
        "fair": audit.is_fair,
        "labgrader": __version__,
        "mutation_score": audit.mutation.score,
        "findings": _form(findings_of(audit)),
        **_form(audit),
    }
    form["mutation"]["tried"] = audit.mutation.tried
    if audit.is_asked:  # nearly every lab
        del form["is_asked"]
    return json.dumps(narrowed(form, audit.languages), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _form(value: Any) -> Any:  # noqa: ANN401 (any part of an audit)
    """Return dataclasses as objects, texts by language, and an infinite distance as null."""
    match value:
        case Text():
            return {"zh-TW": value.zh_tw, "en": value.en}
        case tuple():
            return [_form(item) for item in value]
        case dict():
            return {name: _form(item) for name, item in value.items()}
        case float() if not math.isfinite(value):
            return None
    if dataclasses.is_dataclass(value):
        return {field.name: _form(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value
