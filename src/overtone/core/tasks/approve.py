"""Tell good answers from bad ones where each is marked on its own, and write good ones."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from overtone.core.example import Example, Message, Question
from overtone.core.task import Named, Task

BAD, GOOD = "bad", "good"


class ApproveTask(Task):
    """Tell good answers from bad ones where each is marked on its own, and write good ones."""

    name: ClassVar[str] = "approve"
    also_called: ClassVar[tuple[str, ...]] = ("feedback", "kto")
    asks: ClassVar[str] = "classify"
    rows: ClassVar[str] = "approve"
    converses: ClassVar[bool] = True
    reports: ClassVar[tuple[str, ...]] = ("accuracy", "macro_f1")
    objectives: ClassVar[tuple[str, ...]] = ("kto", "classify")

    metric: Named = "roc_auc"
    system_prompt: str | None = Field(None, description="put before every conversation that has none")
    max_tokens: int = Field(256, ge=1, description="longest answer that the tuned model writes, in tokens")

    def in_words(self, classes: int) -> str:
        """What is told apart."""
        return "Tell good answers to a prompt from bad ones"

    def accepts(self, example: Example) -> str | None:
        """A usable row has a question, one answer to it, and a mark."""
        if not example.question.messages:
            return "no prompt"
        return None if example.labels else "no mark"


def marking(id: str, turns: Sequence[Message], answer: str) -> Question:
    """Whether an answer to a conversation is good; its text, for those who sort texts, is all that was said."""
    return Question(id, said((*turns, Message("assistant", answer))), tuple(turns), choices=(answer,))


def said(turns: Sequence[Message]) -> str:
    """What all turns say, one below the other."""
    return "\n\n".join(turn.content for turn in turns)
