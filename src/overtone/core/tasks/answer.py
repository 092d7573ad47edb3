"""Write an answer to a prompt or a conversation."""

from typing import ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Named, Task


class AnswerTask(Task):
    """Write an answer to a prompt or a conversation."""

    name: ClassVar[str] = "answer"
    also_called: ClassVar[tuple[str, ...]] = (
        "chat",
        "generate",
        "generation",
        "instruction",
        "sft",
        "summarization",
        "text_generation",
        "translation",
    )
    asks: ClassVar[str] = "generate"
    converses: ClassVar[bool] = True
    reports: ClassVar[tuple[str, ...]] = ("exact_match", "rouge_l", "steps", "steps_order")
    objectives: ClassVar[tuple[str, ...]] = ("sft", "text_to_text")

    metric: Named = "rouge_l"
    system_prompt: str | None = Field(None, description="put before every conversation that has none")
    max_tokens: int = Field(256, ge=1, description="longest answer, in tokens")
    extract: Named | None = Field(
        None,
        description="the extractor that finds what is judged in an answer; the whole answer where absent",
    )

    def in_words(self, classes: int) -> str:
        """What is written."""
        return "Write an answer to each prompt"

    def accepts(self, example: Example) -> str | None:
        """A usable row has a question and a non-empty final assistant turn."""
        if not example.question.messages:
            return "no prompt"
        if example.messages[-1].role != "assistant":
            return "no answer after the last user turn"
        return None if example.completion.strip() else "empty completion"
