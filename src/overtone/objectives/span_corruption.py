"""Span corruption: an encoder-decoder learns to write what stood in the gaps of a text.

Raffel et al. 2020, "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer", arXiv
1910.10683, section 3.1.4: 15 % of the tokens in gaps of 3 on the mean, drawn anew in each step.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row
    from overtone.models.base import Base


class SpanCorruption(Objective):
    """Cross-entropy on the hidden spans with their sentinels, given the text with gaps."""

    name: ClassVar[str] = "span_corruption"
    also_called: ClassVar[tuple[str, ...]] = ("denoising",)
    kinds: ClassVar[frozenset[str]] = frozenset({"encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"score"})

    share: float = Field(0.15, gt=0, le=0.5, description="of a text's tokens that is hidden at a time")
    span: float = Field(3.0, ge=1, description="mean length of a gap in tokens")

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The text's tokens with the end token; one of fewer than four tokens is too short to be learned from."""
        from overtone.engine.row import Row
        from overtone.engine.spans import SpanRow, sentinels_of
        from overtone.models.source import encode_target

        sentinels, tokens = sentinels_of(base), tuple(encode_target(base, example.text))
        size = len(tokens) - 1
        if size < 3:
            return Row(tokens, (False,) * len(tokens))
        hidden = max(1, round(self.share * size))
        gaps = min(max(1, round(hidden / self.span)), size - hidden, len(sentinels) - 1)
        return SpanRow(tokens, (True,) * len(tokens), hidden=hidden, gaps=gaps, sentinels=sentinels)

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over all that the decoder writes."""
        from overtone.engine.loss import Loss
        from overtone.engine.score import total_log_probability
        from overtone.engine.spans import SpanRow, drawn_spans, parted_by

        sequences, learned = [], []
        for row in rows:
            assert isinstance(row, SpanRow)
            source, target = parted_by(row.tokens, drawn_spans(row, learner.training), row.sentinels)
            sequences.append([*source, *target])
            learned.append([False] * len(source) + [True] * len(target))
        total = total_log_probability(learner.body, sequences, learned)
        return Loss(total=-total, units=sum(row.units for row in rows))
