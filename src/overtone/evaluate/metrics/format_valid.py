"""Share of answers that have the form asked for: JSON, JSON of a schema, or a regular expression."""

import json
import re
from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import Field, field_validator, model_validator

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.json_schema import has_form, unknown_keyword
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.written import written


class FormatValid(Metric):
    """Share of answers that are JSON as a whole; of a schema, or that match a pattern, where one is set.

    The answer is taken as it was written, before anything is extracted from it.
    """

    name: ClassVar[str] = "format_valid"
    interval: ClassVar[Interval] = "wilson"
    asks: ClassVar[frozenset[str]] = frozenset({"generate"})
    title: ClassVar[str] = "Valid form"

    json_schema: dict[str, Any] | None = Field(None, description="JSON schema that the answer must satisfy")
    pattern: str | None = Field(None, description="regular expression that must match the whole answer")

    @field_validator("json_schema")
    @classmethod
    def _known(cls, schema: dict[str, Any] | None) -> dict[str, Any] | None:
        wrong = None if schema is None else unknown_keyword(schema)
        if wrong:
            raise ValueError(wrong)
        return schema

    @field_validator("pattern")
    @classmethod
    def _readable(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"'{pattern}' is no regular expression: {error}.") from None
        return pattern

    @model_validator(mode="after")
    def _one_form(self) -> "FormatValid":
        if self.pattern is not None and self.json_schema is not None:
            raise ValueError("an answer has one form: set pattern or json_schema, not both.")
        return self

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the answer has the form, else 0."""
        pairs = zip(examples, answers, strict=True)
        return [float(answer.error is None and self._holds(written(answer))) for _, answer in pairs]

    def _holds(self, text: str) -> bool:
        if self.pattern is not None:
            return re.fullmatch(self.pattern, text.strip(), re.DOTALL) is not None
        try:
            value = json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            return False
        return self.json_schema is None or has_form(value, self.json_schema)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
