"""Masked language modelling: an encoder learns to tell hidden tokens from what stands around them.

Devlin et al. 2018, "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding", arXiv
1810.04805, section 3.1, task 1; hidden anew in each step as in Liu et al. 2019, "RoBERTa", arXiv
1907.11692, section 4.1.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from torch import nn

    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row
    from overtone.models.base import Base


class Masked(Objective):
    """Cross-entropy on hidden tokens: 80 % stand behind the mask, 10 % behind a drawn token, 10 % are seen."""

    name: ClassVar[str] = "masked"
    also_called: ClassVar[tuple[str, ...]] = ("mlm", "masked_lm")
    kinds: ClassVar[frozenset[str]] = frozenset({"encoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"score"})

    share: float = Field(0.15, gt=0, lt=1, description="of a text's tokens that is hidden at a time")

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The text's tokens with the tokenizer's own marks, which are never hidden."""
        from overtone.engine.masked import MaskedRow
        from overtone.models.text import encode_text, kept_tokens

        mask = base.tokenizer.mask_token_id
        if mask is None:
            raise UserError(
                f"base: the tokenizer of '{base.description.name}' has no mask token, so nothing can be hidden: choose "
                "an encoder that was trained on hidden words"
            )
        tokens = encode_text(base, example.text)
        learned = tuple(kept_tokens(base, tokens))
        hidden = max(1, round(self.share * sum(learned))) if any(learned) else 0
        return MaskedRow(tuple(tokens), learned, hidden=hidden, mask=mask)

    def new_head(self, base: "Base", seed: int) -> "nn.Module":
        """The base's own head for hidden words where its files hold one, else a new one."""
        from overtone.engine.masked import MaskedHead

        return MaskedHead(base, seed)

    def remarks(self, learner: "Learner") -> list[str]:
        """Whether the head is a new one."""
        if not getattr(learner.head, "fresh", False):
            return []
        return [
            "the base's files hold no head for hidden words: a new one, tied to its embeddings, is trained"
        ]

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over hidden tokens."""
        from overtone.engine.hidden import plain
        from overtone.engine.loss import Loss
        from overtone.engine.masked import MaskedRow, hide, total_hidden_log_probability

        size = plain(learner.body).get_input_embeddings().num_embeddings
        hidden = [hide(row, size, learner.training) for row in rows if isinstance(row, MaskedRow)]
        total = total_hidden_log_probability(learner, hidden)
        return Loss(total=-total, units=sum(row.units for row in rows))
