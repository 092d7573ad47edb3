"""Text to text with an encoder-decoder: cross-entropy on the answer's tokens, given the text that the encoder reads.

Raffel et al. 2020, "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer", arXiv
1910.10683, section 2.4 (maximum likelihood with the right tokens fed). The end token is learned too.
"""

from typing import TYPE_CHECKING, ClassVar

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.objectives.answering import answering
from overtone.objectives.likelihood import Likelihood

if TYPE_CHECKING:
    from overtone.engine.row import Row
    from overtone.models.base import Base


class TextToText(Likelihood):
    """Cross-entropy on the last answer with its end token; the encoder reads all turns before it, as plain text."""

    name: ClassVar[str] = "text_to_text"
    also_called: ClassVar[tuple[str, ...]] = ("seq2seq",)
    kinds: ClassVar[frozenset[str]] = frozenset({"encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"generate"})

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The source for the encoder, then the target for the decoder."""
        return answering(base, example.messages)
