"""A prompt and its completion, as texts or turns; a category and document ids may go with it."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.core.example import Example, Message, Role
from overtone.core.task import Task
from overtone.data.cell import names_of, optional_text, text_of, value_of
from overtone.data.conversation import conversation, read_turns
from overtone.data.format import Columns, Format
from overtone.data.sources.table import Row
from overtone.data.usual import DOCUMENTS, LABEL, SYSTEM


class PromptCompletion(Format):
    """A prompt and its completion, as texts or turns; a category and document ids may go with it."""

    name: ClassVar[str] = "prompt_completion"
    title: ClassVar[str] = "prompts with completions"
    asks: ClassVar[frozenset[str]] = frozenset({"generate", "score"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "prompt": (
            "prompt",
            "question",
            "input",
            "query",
            "source",
            "dialogue",
            "email",
            "mail",
            "message",
            "text",
        ),
        "completion": ("completion", "answer", "output", "response", "reply", "target", "summary"),
        "system": SYSTEM,
        "label": LABEL,
        "documents": DOCUMENTS,
    }
    asked: ClassVar[frozenset[str]] = frozenset({"prompt"})
    answered: ClassVar[frozenset[str]] = frozenset({"completion"})

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """A user turn and, where there is a completion, the assistant's."""
        turns = _turns(row, columns, "prompt", "user")
        if "completion" in columns:
            turns += _turns(row, columns, "completion", "assistant")
        return conversation(
            turns,
            row.place,
            system=optional_text(row, columns, "system"),
            labels=names_of(row, columns, "label"),
            documents=names_of(row, columns, "documents"),
        )


def _turns(row: Row, columns: Columns, role: str, speaker: Role) -> tuple[Message, ...]:
    value = value_of(row, columns, role)
    if isinstance(value, list):
        return read_turns(value)
    return (Message(speaker, text_of(row, columns, role)),)
