"""Labels asked of an endpoint: a schema that allows nothing else, and strict reading where it is not kept to."""

import json
import re
from collections.abc import Mapping
from typing import Any

from overtone.core.answer import Answer
from overtone.decide.prompt import INSTRUCTION, label_text

SEVERAL = (
    "Which of these labels fit the text? Answer with the fitting labels alone, separated by commas, or with the word "
    "none. Labels: {labels}."
)
MARKS = " \t\r\n\"'`*."  # that models put around a label


class Labels:
    """How labels read, the schema of an answer, and the labels in an answer."""

    def __init__(self, labels: tuple[str, ...], names: Mapping[str, str], multi_label: bool) -> None:
        texts = {label: label_text(label, names) for label in labels}
        alike = len({text.casefold() for text in texts.values()}) < len(texts)
        self.texts = {label: label for label in labels} if alike else texts
        self.labels, self.multi_label = labels, multi_label
        self._known = {text.casefold(): label for label, text in self.texts.items()}

    @property
    def instruction(self) -> str:
        """What is asked where the plan gives no instruction."""
        return SEVERAL if self.multi_label else INSTRUCTION

    @property
    def schema(self) -> dict[str, Any]:
        """The `response_format` of a request: an object with the label, or with a list of them."""
        one = {"type": "string", "enum": list(self.texts.values())}
        name, value = ("labels", {"type": "array", "items": one}) if self.multi_label else ("label", one)
        schema = {"type": "object", "properties": {name: value}, "required": [name]}
        closed = {**schema, "additionalProperties": False}
        return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": closed}}

    def read(self, text: str) -> Answer:
        """The labels that a text is, and nothing beside them; an error where it is something else."""
        given = _listed(text, self.multi_label)
        found = [self._known.get(item.strip(MARKS).casefold()) for item in given]
        if None in found or (not self.multi_label and len(found) != 1):
            return Answer(error=f"not one of the labels: {text.strip()[:80]!r}")
        if self.multi_label:
            return Answer(probabilities={label: float(label in found) for label in self.labels})
        return Answer(text=found[0])


def _listed(text: str, several: bool) -> list[str]:
    """The items of an answer: of its JSON, or of its lines and commas where several are asked for."""
    plain = text.strip().removeprefix("```json").removesuffix("```").strip()
    try:
        value = json.loads(plain)
    except ValueError:
        value = None
    if isinstance(value, dict):
        value = next(iter(value.values()), "")
        return [str(item) for item in value] if isinstance(value, list) else [str(value)]
    if not several:
        return [text]
    if text.strip(MARKS).casefold() in ("none", ""):
        return []
    return [str(item) for item in value] if isinstance(value, list) else re.split(r"[,\n]+", text.strip())
