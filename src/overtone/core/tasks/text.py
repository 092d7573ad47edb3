"""Continue plain text: unsupervised training, judged by perplexity."""

from typing import ClassVar

from overtone.core.example import Example
from overtone.core.task import Named, Task


class TextTask(Task):
    """Continue plain text: unsupervised training, judged by perplexity."""

    name: ClassVar[str] = "text"
    also_called: ClassVar[tuple[str, ...]] = ("continued_pretraining", "language_modeling", "pretraining")
    asks: ClassVar[str] = "score"
    reports: ClassVar[tuple[str, ...]] = ()
    objectives: ClassVar[tuple[str, ...]] = ("causal", "masked", "span_corruption")

    metric: Named = "perplexity"

    def in_words(self, classes: int) -> str:
        """What is continued."""
        return "Continue plain text"

    def accepts(self, example: Example) -> str | None:
        """A usable row has text or a conversation."""
        return None if example.text.strip() or example.messages else "empty text"
