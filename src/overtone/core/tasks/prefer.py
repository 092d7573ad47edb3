"""Prefer the better of two answers to a prompt, and write such answers."""

from typing import ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Named, Task


class PreferTask(Task):
    """Prefer the better of two answers to a prompt, and write such answers."""

    name: ClassVar[str] = "prefer"
    also_called: ClassVar[tuple[str, ...]] = ("dpo", "preference", "preferences")
    asks: ClassVar[str] = "prefer"
    converses: ClassVar[bool] = True
    reports: ClassVar[tuple[str, ...]] = ()
    objectives: ClassVar[tuple[str, ...]] = ("dpo", "reward")

    metric: Named = "preference_accuracy"
    system_prompt: str | None = Field(None, description="put before every conversation that has none")
    max_tokens: int = Field(256, ge=1, description="longest answer that the tuned model writes, in tokens")

    def in_words(self, classes: int) -> str:
        """What is told apart."""
        return "Prefer the better of two answers to each prompt"

    def accepts(self, example: Example) -> str | None:
        """A usable row has a question, the better answer, and a worse one."""
        if not example.question.messages:
            return "no prompt"
        if not example.completion.strip():
            return "no chosen answer"
        return None if example.rejected.strip() else "no rejected answer"
