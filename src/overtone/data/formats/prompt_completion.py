"""A prompt and its completion, as texts or turns; a category and document ids may go with it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.data.cell import UnusableError, is_blank, is_texts, names_of, optional_text, text_of, value_of
from overtone.data.conversation import conversation, read_turns
from overtone.data.format import Columns, Format
from overtone.data.sources.table import Row
from overtone.data.usual import DOCUMENTS, LABEL, SYSTEM

Turns = tuple[Message, ...]
SEVERAL = ("answers", "ref", "refs", "references")  # columns that often hold more than one answer


class PromptCompletion(Format):
    """A prompt and its completion, as texts or turns; a category and document ids may go with it.

    Of several completions (a list of texts, or answers with their places in a passage as in SQuAD) the first is the
    wanted one; the others are references that answers are judged by too.
    """

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
        "completion": ("completion", "answer", "output", "response", "reply", "target", "summary", *SEVERAL),
        "system": SYSTEM,
        "label": LABEL,
        "documents": DOCUMENTS,
    }
    asked: ClassVar[frozenset[str]] = frozenset({"prompt"})
    answered: ClassVar[frozenset[str]] = frozenset({"completion"})
    several: ClassVar[frozenset[str]] = frozenset({"prompt", "label", "documents"})

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """A user turn and, where there is a completion, the assistant's."""
        answer, references = _answered(row, columns) if "completion" in columns else ((), ())
        return conversation(
            (*_asked(row, columns), *answer),
            row.place,
            system=optional_text(row, columns, "system"),
            labels=names_of(row, columns, "label"),
            documents=names_of(row, columns, "documents"),
            references=references,
        )


def _asked(row: Row, columns: Columns) -> Turns:
    value = value_of(row, columns, "prompt")
    if isinstance(value, list) and not is_texts(value):
        return read_turns(value)
    return (Message("user", text_of(row, columns, "prompt")),)


def _answered(row: Row, columns: Columns) -> tuple[Turns, tuple[str, ...]]:
    """The turns of the wanted answer, and the references."""
    value = _texts(value_of(row, columns, "completion"))
    if not isinstance(value, list):
        return (Message("assistant", text_of(row, columns, "completion")),), ()
    if not is_texts(value):
        return read_turns(value), ()
    answers = [text for text in value if not is_blank(text)]
    if not answers:
        raise UnusableError("empty completion")
    return (Message("assistant", answers[0]),), tuple(answers[1:])


def _texts(value: Any) -> Any:
    """The texts of answers with places, as SQuAD writes them; any other value as it is."""
    if isinstance(value, dict):
        return value.get("text", value)
    placed = isinstance(value, list) and all(isinstance(one, dict) and "text" in one for one in value)
    return [one["text"] for one in value] if placed else value
