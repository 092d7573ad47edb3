"""Preference pairs: a prompt, the answer that was chosen and the one that was rejected."""

from collections.abc import Mapping
from typing import Any, ClassVar

from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.data.cell import UnusableError, optional_text, text_of, value_of
from overtone.data.conversation import conversation, read_turns
from overtone.data.dialogue import is_dialogue, read_dialogue
from overtone.data.format import Columns, Format
from overtone.data.sources.table import Row
from overtone.data.usual import SYSTEM

Turns = tuple[Message, ...]


class Preference(Format):
    """Preference pairs: a prompt, the answer that was chosen and the one that was rejected.

    Prompt and answers are texts or turns. Where chosen and rejected are whole dialogues (turns, or one text with
    `Human:` and `Assistant:`), their common beginning is the prompt.
    """

    name: ClassVar[str] = "preference"
    title: ClassVar[str] = "preference pairs"
    asks: ClassVar[frozenset[str]] = frozenset({"prefer"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "prompt": ("prompt", "messages", "question", "instruction", "query", "conversations", "history"),
        "input": ("input", "context"),
        "chosen": ("chosen",),
        "rejected": ("rejected",),
        "system": SYSTEM,
    }
    asked: ClassVar[frozenset[str]] = frozenset({"chosen", "rejected"})

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """The conversation with the chosen answer, and the rejected one; two answers that are one teach nothing."""
        prompt = _prompt(row, columns)
        chosen, rejected = (_dialogue(row, columns, role, prompt) for role in ("chosen", "rejected"))
        if chosen[:-1] != rejected[:-1]:
            raise UnusableError("chosen and rejected differ before their last turn")
        if chosen[-1].role != "assistant" or rejected[-1].role != "assistant":
            raise UnusableError("a dialogue that does not end with the assistant")
        if _plain(chosen[-1]) == _plain(rejected[-1]):
            raise UnusableError("chosen and rejected are the same")
        system = optional_text(row, columns, "system")
        return conversation(chosen, row.place, system=system, rejected=rejected[-1].content)


def _prompt(row: Row, columns: Columns) -> Turns:
    """The turns before the answers; none where no column holds them."""
    value = value_of(row, columns, "prompt")
    if value is None:
        return ()
    if isinstance(value, list):
        return read_turns(value)
    text = text_of(row, columns, "prompt")
    if is_dialogue(text):
        return read_dialogue(text)
    given = optional_text(row, columns, "input")
    return (Message("user", text + (f"\n\n{given}" if given else "")),)


def _dialogue(row: Row, columns: Columns, role: str, prompt: Turns) -> Turns:
    """The whole dialogue with one of the answers: given as such, or the prompt and a turn of the assistant."""
    value: Any = value_of(row, columns, role)
    if isinstance(value, list | dict):
        turns = read_turns(value if isinstance(value, list) else [value])
        return turns if turns[0].role != "assistant" else (*prompt, *turns)
    text = text_of(row, columns, role)
    whole = read_dialogue(text) if is_dialogue(text) else ()
    if len(whole) > len(prompt) and whole[: len(prompt)] == prompt:
        return whole
    if not prompt:
        raise UnusableError(f"{role} without a prompt")
    return (*prompt, Message("assistant", text))  # also where the answer itself speaks as `Human:`


def _plain(turn: Message) -> str:
    return " ".join(turn.content.split())
