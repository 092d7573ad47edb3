"""What an answer may look like: a JSON schema, a regular expression, or one of some texts. Imports no torch."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from overtone.core.errors import MissingExtra


class Constraint(Protocol):
    """A form that every answer has."""

    def grammar(self) -> str:
        """The form as a grammar of llguidance."""


@dataclass(frozen=True)
class JsonSchema:
    """A JSON value of a schema; `text` is the schema as JSON."""

    text: str

    @classmethod
    def of(cls, schema: Mapping[str, Any]) -> "JsonSchema":
        """From a schema as an object."""
        return cls(json.dumps(schema))

    def grammar(self) -> str:
        """See `Constraint`."""
        compact = {"whitespace_flexible": False}  # else a model that is unsure writes blanks for ever
        grammar: str = matcher_class().grammar_from_json_schema(self.text, defaults=compact)
        return grammar


@dataclass(frozen=True)
class Pattern:
    """A text that a regular expression matches from end to end."""

    expression: str

    def grammar(self) -> str:
        """See `Constraint`."""
        grammar: str = matcher_class().grammar_from_regex(self.expression)
        return grammar


@dataclass(frozen=True)
class Choice:
    """One of some texts, exactly."""

    texts: tuple[str, ...]

    def grammar(self) -> str:
        """See `Constraint`."""
        options = " | ".join(json.dumps(text, ensure_ascii=False) for text in self.texts)
        grammar: str = matcher_class().grammar_from_lark(f"start: {options}")
        return grammar


def matcher_class() -> Any:
    """llguidance's matcher; MissingExtra where it is not installed."""
    try:
        from llguidance import LLMatcher
    except ImportError:
        raise MissingExtra("answers of a given form", "constrain") from None
    return LLMatcher
