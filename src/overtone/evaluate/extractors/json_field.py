"""A field of the JSON object that an answer holds."""

import json
from typing import Any, ClassVar

from pydantic import Field

from overtone.evaluate.extractor import Extractor


class JsonField(Extractor):
    """A field of the last JSON object in the answer, whatever text or code fence stands around it."""

    name: ClassVar[str] = "json_field"

    field: str = Field(
        "answer", min_length=1, description="the field's name; `result.total` is a field in a field"
    )

    def extract(self, text: str) -> str | None:
        """The field's value: a text as it is, anything else as JSON."""
        for value in reversed(objects(text)):
            found = inside(value, self.field.split("."))
            if found is not None:
                return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
        return None


def objects(text: str) -> list[dict[str, Any]]:
    """The JSON objects that stand in a text, outermost ones only."""
    decoder, found, start = json.JSONDecoder(), [], text.find("{")
    while start >= 0:
        try:
            value, end = decoder.raw_decode(text, start)
            found.append(value)
        except (ValueError, RecursionError):
            end = start + 1
        start = text.find("{", end)
    return found


def inside(value: Any, path: list[str]) -> Any:
    """What stands at a path of keys; None where there is no such thing."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
