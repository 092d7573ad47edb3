"""A question, a column for each of its choices, and the right one."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.data.format import Columns
from overtone.data.formats.choices import ANSWER, QUESTION, Choices
from overtone.data.sources.table import Row

LETTERS = ("a", "b", "c", "d", "e")


class Lettered(Choices):
    """A question, a column for each of its choices (`A`, `option_a`, `choice_a`), and the right one."""

    name: ClassVar[str] = "lettered"
    title: ClassVar[str] = "questions with a column for each choice"
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "question": QUESTION,
        **{letter: (letter, f"option_{letter}", f"choice_{letter}", f"op{letter}") for letter in LETTERS},
        "answer": ANSWER,
    }
    asked: ClassVar[frozenset[str]] = frozenset({"question", "a", "b"})
    several: ClassVar[frozenset[str]] = frozenset({"question"})

    def texts(self, row: Row, columns: Columns) -> tuple[list[str], list[str]]:
        """The choices of a row, and the letter of each; a row may have fewer than there are columns."""
        named = tuple(columns[letter][0] for letter in LETTERS if letter in columns)
        return super().texts(row, {**columns, "choices": named})
