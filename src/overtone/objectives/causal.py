"""Unsupervised training of a decoder: next-token cross-entropy on every token of a text.

Radford et al. 2018, "Improving Language Understanding by Generative Pre-Training", equation 1.
"""

from typing import TYPE_CHECKING, ClassVar

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.objectives.likelihood import Likelihood

if TYPE_CHECKING:
    from overtone.engine.row import Row
    from overtone.models.base import Base


class Causal(Likelihood):
    """Next-token cross-entropy on every token of a text or a conversation."""

    name: ClassVar[str] = "causal"
    also_called: ClassVar[tuple[str, ...]] = ("clm", "causal_lm", "language_modeling", "next_token")
    tasks: ClassVar[frozenset[str]] = frozenset({"score", "generate"})

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """All tokens learn; a text stands between the base's start and end tokens."""
        from overtone.engine.row import Row
        from overtone.models.template import encode_conversation
        from overtone.models.text import encode_document

        if example.messages:
            tokens, _ = encode_conversation(base, example.messages)
        else:
            tokens = encode_document(base, example.text)
        return Row(tokens=tuple(tokens), learned=(True,) * len(tokens))
