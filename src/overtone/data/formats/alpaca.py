"""Alpaca: an instruction, an input that may be empty, and the output."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.data.cell import names_of, optional_text, text_of
from overtone.data.conversation import conversation
from overtone.data.format import Columns, Format
from overtone.data.sources.table import Row
from overtone.data.usual import LABEL, SYSTEM


class Alpaca(Format):
    """Alpaca: an instruction, an input that may be empty, and the output."""

    name: ClassVar[str] = "alpaca"
    title: ClassVar[str] = "instructions (Alpaca)"
    asks: ClassVar[frozenset[str]] = frozenset({"generate", "score"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "instruction": ("instruction",),
        "input": ("input", "context"),
        "output": ("output", "response", "completion", "answer"),
        "system": SYSTEM,
        "label": LABEL,
    }
    asked: ClassVar[frozenset[str]] = frozenset({"instruction"})
    answered: ClassVar[frozenset[str]] = frozenset({"output"})
    several: ClassVar[frozenset[str]] = frozenset({"instruction", "label"})

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """One user turn of the instruction and, after an empty line, the input; then the output."""
        given = optional_text(row, columns, "input")
        asked = text_of(row, columns, "instruction") + (f"\n\n{given}" if given else "")
        turns = [Message("user", asked)]
        if "output" in columns:
            turns.append(Message("assistant", text_of(row, columns, "output")))
        return conversation(
            turns,
            row.place,
            system=optional_text(row, columns, "system"),
            labels=names_of(row, columns, "label"),
        )
