"""Answer a question with a span of a passage that is given with it."""

from typing import Any, ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Named, Task


class ExtractTask(Task):
    """Answer a question with a span of a passage that is given with it.

    Of a row's turns the system's is the passage, the user's the question, the assistant's the wanted span; its labels
    are the characters at which the wanted span and the further right ones begin, where that is known.
    """

    name: ClassVar[str] = "extract"
    also_called: ClassVar[tuple[str, ...]] = ("extractive_qa", "question_answering")
    asks: ClassVar[str] = "extract"
    reports: ClassVar[tuple[str, ...]] = ("token_f1",)
    objectives: ClassVar[tuple[str, ...]] = ("extract",)

    metric: Named = "token_f1"
    metrics: list[Named] = Field(
        default_factory=lambda: list[Any]([{"name": "exact_match", "ignore": "squad"}]),
        description="further metrics to report, by name or with settings",
    )
    max_tokens: int = Field(30, ge=1, description="longest answer, in tokens")

    def in_words(self, classes: int) -> str:
        """What is found."""
        return "Answer each question with a span of its passage"

    def accepts(self, example: Example) -> str | None:
        """A usable row has a question and an answer, and a passage or the id of the document that is its passage."""
        if not example.question.messages:
            return "no question"
        if not example.completion.strip():
            return "no answer"
        if example.messages[0].role != "system" and not example.documents:
            return "no passage"
        return None
