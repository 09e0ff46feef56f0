"""What stands all over a rubric: a text in one language or several, and points as they are written."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import (
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainValidator,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from grader.course.strict import Strict
from grader.model import Text

if TYPE_CHECKING:
    from grader.model import Language


def _or_a_string(schema: dict[str, Any]) -> None:
    """Let the JSON Schema of a text allow a plain string beside a text for each language."""
    mapping = {key: schema.pop(key) for key in ("type", "properties", "additionalProperties") if key in schema}
    schema["anyOf"] = [{"type": "string", "minLength": 1}, {**mapping, "minProperties": 1}]


class TextEntry(Strict):
    """A text: a string, or one for each language, zh-TW and en."""

    model_config = ConfigDict(json_schema_extra=_or_a_string)

    zh_tw: Annotated[str, Field(alias="zh-TW", min_length=1)] = ""
    en: Annotated[str, Field(min_length=1)] = ""
    _is_plain: bool = PrivateAttr(default=False)

    @model_validator(mode="wrap")
    @classmethod
    def _of_either_form(cls, data: Any, handler: ModelWrapValidatorHandler[TextEntry]) -> TextEntry:  # noqa: ANN401 (whatever the file says)
        if not isinstance(data, str | dict | TextEntry) or data in ("", {}):
            raise PydanticCustomError("words", "a text, or one for each language")
        entry = handler({"zh-TW": data, "en": data} if isinstance(data, str) else data)
        entry._is_plain = isinstance(data, str)  # noqa: SLF001 (its own)
        return entry

    @property
    def text(self) -> Text:
        """The same text as a `grader.model.Text`: what is said in one language alone stands for both."""
        return Text(self.zh_tw or self.en, self.en or self.zh_tw)

    @property
    def languages(self) -> tuple[Language, ...]:
        """Return the languages that it names; none where it is a plain string."""
        said: dict[Language, str] = {"zh-TW": self.zh_tw, "en": self.en}
        return () if self._is_plain else tuple(language for language, text in said.items() if text)


def _to_fraction(number: object) -> Fraction:
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number < float("inf"):
        raise PydanticCustomError("points", "a number above 0")
    return Fraction(repr(number))  # 0.1 is one tenth, as it is written


Points: TypeAlias = Annotated[
    Fraction, PlainValidator(_to_fraction), WithJsonSchema({"type": "number", "exclusiveMinimum": 0})
]
