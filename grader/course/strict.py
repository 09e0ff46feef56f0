"""What all YAML of the staff has in common: only declared keys, and mistakes told in sentences of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from grader.course.yaml_lines import Problem
from grader.messages.sentences import nearest_text, quote, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

    from grader.course.yaml_lines import Keys


class Strict(BaseModel):
    """A frozen model with no key but the declared ones."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _no_unknown_key(cls, data: Any) -> Any:  # noqa: ANN401 (whatever the file says)
        """Refuse unknown keys here, where the known ones can be named."""
        if isinstance(data, dict):
            known = [field.alias or name for name, field in cls.model_fields.items()]
            for key in data:
                if key not in known:
                    context = {"key": str(key), "allowed": nearest_text(str(key), known)}
                    raise PydanticCustomError("unknown_key", "unknown key {key}; allowed: {allowed}", context)
        return data


def problem_of(details: ErrorDetails) -> Problem:
    """Return what pydantic found as a sentence of ours, or in its own words where we have none."""
    keys: Keys = details["loc"]
    context: Mapping[str, Any] = details.get("ctx", {})
    match details["type"]:
        case "unknown_key":
            return Problem((*keys, context["key"]), say("unknown key; allowed: {allowed}", allowed=context["allowed"]))
        case "words":
            return Problem(keys, say("must be a text, or a text for each language: zh-TW, en"))
        case "missing":
            return Problem(keys, say("the key is missing"))
        case "literal_error":
            return Problem(keys, say("must be one of {allowed}", allowed=context["expected"]))
        case "string_type" | "string_too_short":
            return Problem(keys, say("must be a text"))
        case "bool_type" | "bool_parsing":
            return Problem(keys, say("must be true or false"))
        case "dict_type" | "model_type" | "model_attributes_type":
            return Problem(keys, say("must be keys with values"))
    return Problem(keys, quote(details["msg"]))
