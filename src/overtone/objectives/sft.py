"""Supervised fine-tuning on answers: next-token cross-entropy on the assistant's turns only.

Ouyang et al. 2022, arXiv 2203.02155, section 3.5 (supervised fine-tuning). The end token is learned too.
"""

from typing import TYPE_CHECKING, ClassVar

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.objectives.likelihood import Likelihood

if TYPE_CHECKING:
    from overtone.engine.row import Row
    from overtone.models.base import Base


class Sft(Likelihood):
    """Next-token cross-entropy on the assistant's turns with their end token; prompts are only read."""

    name: ClassVar[str] = "sft"
    also_called: ClassVar[tuple[str, ...]] = ("chat", "instruction", "supervised")
    tasks: ClassVar[frozenset[str]] = frozenset({"generate"})

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The conversation by the base's chat template; only answers are learned."""
        from overtone.engine.row import Row
        from overtone.models.template import encode_conversation

        tokens, learned = encode_conversation(base, example.messages)
        return Row(tokens=tuple(tokens), learned=tuple(learned))
