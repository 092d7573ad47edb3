"""A question, its choices in one column or several, and the right one as a place, a letter or a text."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from string import ascii_uppercase
from typing import Any, ClassVar, Literal

from pydantic import Field

from overtone.core.errors import UserError
from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.data.cell import UnusableError, is_blank, text_of, value_of
from overtone.data.conversation import conversation
from overtone.data.format import Columns, Format
from overtone.data.identity import content_id
from overtone.data.sources.table import Row, Table

QUESTION = ("question", "query", "prompt", "stem", "goal", "context", "ctx", "premise", "text")
ANSWER = (
    "answer",
    "answerkey",
    "label",
    "correct",
    "correct_answer",
    "answer_index",
    "gold",
    "target",
    "solution",
)


class Choices(Format):
    """A question, its choices in one column or several, and the right one as a place, a letter or a text.

    One column holds a list of texts, `{text: [...], label: [...]}`, or texts with a separator between them.
    """

    name: ClassVar[str] = "choices"
    title: ClassVar[str] = "questions with choices"
    asks: ClassVar[frozenset[str]] = frozenset({"choose"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "question": QUESTION,
        "choices": ("choices", "options", "endings", "candidates", "alternatives"),
        "answer": ANSWER,
    }
    asked: ClassVar[frozenset[str]] = frozenset({"question", "choices"})
    answered: ClassVar[frozenset[str]] = frozenset({"answer"})
    several: ClassVar[frozenset[str]] = frozenset({"question", "choices"})

    separator: str = Field("|", min_length=1, description="between choices in one cell")
    first: Literal[0, 1] = Field(0, description="the number of the first choice, where answers are numbers")

    def check(self, table: Table, columns: Columns, stated: bool) -> None:
        """Answers that count from 1 are refused where 0 was meant: all of them would be one choice off."""
        if self.first or "answer" not in columns:
            return
        for row in table.rows:
            try:
                texts, letters = self.texts(row, columns)
            except UnusableError:
                continue
            answer = str(value_of(row, columns, "answer")).strip()
            if answer == str(len(texts)) and answer not in (*texts, *letters):
                raise UserError(
                    f"{table.file}: the answer {answer} of {row.place} is past the last of its {len(texts)} choices, "
                    "which are counted from 0; where they are counted from 1, set "
                    f"data.format: {{name: {self.name}, first: 1}}"
                )

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """The question, its choices in their order, and the text of the right one."""
        question = Message("user", text_of(row, columns, "question"))
        texts, letters = self.texts(row, columns)
        answer = value_of(row, columns, "answer")
        given = answer is not None and not is_blank(str(answer))
        turns = (
            (question, Message("assistant", self._right(answer, texts, letters))) if given else (question,)
        )
        example = conversation(turns, row.place)
        return replace(example, id=content_id(example.id, "choices", *texts), choices=tuple(texts))

    def texts(self, row: Row, columns: Columns) -> tuple[list[str], list[str]]:
        """The choices of a row, and the letter of each."""
        names = columns["choices"]
        value: Any = [row.values.get(name) for name in names]
        if len(names) == 1:
            value = value_of(row, columns, "choices")
        labels: Any = None
        if isinstance(value, dict):
            value, labels = value.get("text"), value.get("label")
        listed = value.split(self.separator) if isinstance(value, str) else value
        if not isinstance(listed, list) or any(isinstance(one, list | dict) for one in listed):
            raise UnusableError("choices that are no list of texts")
        texts = ["" if one is None or one != one else str(one).strip() for one in listed]
        while texts and is_blank(texts[-1]):  # a row may have fewer choices than others have
            texts.pop()
        if any(map(is_blank, texts)):
            raise UnusableError("an empty choice before others")
        letters = [str(one) for one in labels] if isinstance(labels, list) else list(ascii_uppercase)
        return texts, letters[: len(texts)]

    def _right(self, answer: Any, texts: Sequence[str], letters: Sequence[str]) -> str:
        """The text of the right choice; an answer that may be read in two ways is refused."""
        written = (
            str(int(answer)) if isinstance(answer, float) and answer.is_integer() else str(answer).strip()
        )
        number = int(written) - self.first if written.isdecimal() else -1
        found = {texts[letters.index(one)] for one in (written, written.upper()) if one in letters}
        if not (found and written.isdecimal()):  # letters that are numbers say what the numbers mean
            found |= {texts[number]} if 0 <= number < len(texts) else set()
        if isinstance(answer, str):
            found |= {written} & set(texts)
        if len(found) > 1:
            raise UnusableError("answer that names two choices, one by its text")
        if not found:
            raise UnusableError("answer that names no choice")
        return found.pop()
