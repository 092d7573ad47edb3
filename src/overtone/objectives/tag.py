"""Token labelling: cross-entropy of the tag of each word, read at one of its tokens.

Devlin et al. 2019, "BERT", arXiv 1810.04805, section 5.3: the first token of a word stands for it, the others are
not asked. In a decoder it is the last one: at the others it has not read the whole word. The words behind it a decoder
never sees.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row
    from overtone.models.base import Base


class Tag(Objective):
    """Cross-entropy over the tags at one token of each word: its first, in a decoder its last."""

    name: ClassVar[str] = "tag"
    also_called: ClassVar[tuple[str, ...]] = ("ner", "token_classification")
    kinds: ClassVar[frozenset[str]] = frozenset({"encoder", "decoder", "encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"tag"})
    head: ClassVar[bool] = True

    dropout: float = Field(0.1, ge=0, lt=1, description="dropout before the head")
    tags: tuple[str, ...] = Field((), description="the tags; those of the training rows where absent")

    def fitted(self, train: Sequence[Example]) -> Self:
        """With the tags of the training rows, where none are set."""
        found = tuple(sorted({tag for row in train for tag in row.labels}))
        return self.model_copy(update={"tags": self.tags or found})

    def outputs(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """The tags."""
        return self.tags

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The text's tokens; learned is one of each word with a known tag, whose number is its target."""
        from overtone.engine.row import Row
        from overtone.models.offsets import asked_tokens, encode_with_offsets

        tokens, offsets = encode_with_offsets(base, example.text)
        number = {tag: float(place) for place, tag in enumerate(self.tags)}
        wanted = {
            place: number[tag]
            for place, tag in zip(asked_tokens(base, example.text, offsets), example.labels, strict=True)
            if place is not None and tag in number
        }
        learned = tuple(place in wanted for place in range(len(tokens)))
        return Row(tokens=tuple(tokens), learned=learned, targets=tuple(wanted.values()))

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over words; `accuracy` counts the words whose tag is right."""
        import torch
        from torch.nn.functional import cross_entropy

        from overtone.engine.loss import Loss
        from overtone.engine.token_logits import token_logits

        places = [[place for place, asked in enumerate(row.learned) if asked] for row in rows]
        logits = token_logits(learner, [row.tokens for row in rows], places)  # (words, tags)
        wanted = [target for row in rows for target in row.targets]
        targets = torch.tensor(wanted, dtype=torch.long, device=logits.device)
        right = float((logits.argmax(-1) == targets).sum())
        total = cross_entropy(logits, targets, reduction="sum")
        return Loss(total=total, units=len(wanted), sums={"accuracy": right})

    def quality(self, means: dict[str, float]) -> tuple[float, ...]:
        """The more words are right the better; among equals the one with the lower loss."""
        return (means["accuracy"], -means["loss"])
