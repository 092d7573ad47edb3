"""Embed texts so that a query lies near the passages that answer it."""

from typing import ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Named, Task


class EmbedTask(Task):
    """Embed texts so that a query lies near the passages that answer it, and find these among all passages.

    Of a row's turns the user's is the query and the assistant's a passage that answers it; `documents` are the ids of
    the passages that do, and the rejected answer, where there is one, is a passage that does not.
    """

    name: ClassVar[str] = "embed"
    also_called: ClassVar[tuple[str, ...]] = ("embedding", "ranking", "recommendation", "retrieval")
    asks: ClassVar[str] = "embed"
    reports: ClassVar[tuple[str, ...]] = ("recall_at", "reciprocal_rank", "ndcg")
    objectives: ClassVar[tuple[str, ...]] = ("contrastive",)

    metric: Named = "recall_at"
    chunk_words: int | None = Field(
        None,
        ge=8,
        description="longest passage, in words: documents are cut into such; absent: they stay whole",
    )
    found: int = Field(100, ge=10, description="how many passages are ranked for a query")

    def in_words(self, classes: int) -> str:
        """What is found."""
        return "Find the passage that answers each query"

    def accepts(self, example: Example) -> str | None:
        """A usable row has a query, and a passage or the id of a document."""
        if not example.question.messages:
            return "no query"
        return None if example.completion.strip() or example.documents else "no passage"
