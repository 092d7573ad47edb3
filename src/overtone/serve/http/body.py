"""The base of request bodies: every field is known and applied, or the request is refused by its name."""

import json
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from overtone.core.errors import nearest


class Body(BaseModel):
    """A JSON object without unknown fields, without guesses at types, without infinities."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown(cls, value: Any) -> Any:
        known = {field.alias or name for name, field in cls.model_fields.items()}
        for name in value if isinstance(value, dict) else ():
            if name not in known:
                message = f"unknown field, not supported by this server.{nearest(name, known)}"
                named = {"reason": message, "param": name.encode(errors="replace").decode()}
                raise PydanticCustomError("unknown_field", "{reason}", named)
        return value


def only(neutral: Any) -> AfterValidator:
    """For a field that clients send by default: it is accepted at its neutral value (or null) alone."""

    def check(value: Any) -> Any:
        if value is not None and value != neutral:
            reason = f"not supported by this server; only {json.dumps(neutral)} is accepted"
            raise PydanticCustomError("unsupported", "{reason}", {"reason": reason})
        return value

    return AfterValidator(check)


Ignored = Annotated[Any, Field(description="says who asks; has no effect on the answer")]


def _whole(value: str) -> str:
    """JSON can hold half a surrogate pair; no tokenizer can."""
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise PydanticCustomError("surrogate", "holds half a surrogate pair, which is no character")
    return value


Text = Annotated[str, AfterValidator(_whole)]
"""A text of whole characters."""


def _shape(value: Any) -> str:
    return "text" if isinstance(value, str) else "object"


TEXT, OBJECT = Tag("text"), Tag("object")
BY_SHAPE = Discriminator(_shape)
"""For an input that is a text or an object: what is wrong with it is told of that one alone."""


def listed(value: Any) -> Any:
    """One input as a list of one."""
    return [value] if isinstance(value, str | dict) else value


Texts = Annotated[list[Text], BeforeValidator(listed)]
"""A text or a list of texts."""
