"""The form that a client wants an answer to have: a JSON schema, a regular expression, or one of some texts."""

from typing import Annotated, Any, Literal

from pydantic import Field

from overtone.generate.constraint import Choice, Constraint, JsonSchema, Pattern
from overtone.serve.http.body import Body, Text
from overtone.serve.http.errors import ApiError


class Schema(Body):
    """A named JSON schema, as OpenAI clients send it; it is always kept to."""

    name: Text
    schema_: Annotated[dict[str, Any], Field(alias="schema")]
    description: Text | None = None
    strict: bool | None = None


class ResponseFormat(Body):
    """Free text, any JSON object, or a value of a schema."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: Schema | None = None

    def constraint(self) -> Constraint | None:
        """What the decoder keeps to; ApiError where the schema is missing or has no place."""
        if (self.type == "json_schema") != (self.json_schema is not None):
            message = "response_format: json_schema is given with the type 'json_schema', and only with it"
            raise ApiError(400, message, "response_format", "invalid_value")
        if self.json_schema is not None:
            return JsonSchema.of(self.json_schema.schema_)
        return JsonSchema.of({"type": "object"}) if self.type == "json_object" else None


class Form(Body):
    """The fields that say a form; at most one of them is given."""

    response_format: ResponseFormat | None = None
    guided_choice: Annotated[list[Text], Field(min_length=1)] | None = None
    guided_regex: Text | None = None

    def constraint(self) -> Constraint | None:
        """What the decoder keeps to; ApiError where the fields contradict each other."""
        asked = [
            self.response_format.constraint() if self.response_format else None,
            Choice(tuple(self.guided_choice)) if self.guided_choice else None,
            None if self.guided_regex is None else Pattern(self.guided_regex),
        ]
        found = [one for one in asked if one is not None]
        if len(found) > 1:
            message = "response_format, guided_choice, guided_regex: give one of them"
            raise ApiError(400, message, "response_format", "invalid_value")
        return found[0] if found else None
