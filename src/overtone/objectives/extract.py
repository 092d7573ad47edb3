"""Span extraction: the negative log-likelihood of the first and of the last token of the right span.

Devlin et al. 2019, "BERT", arXiv 1810.04805, section 4.2: a head gives each token of the passage a score for being
the first of the span, and one for being the last; the softmax of each goes over the tokens of the passage. In a decoder
a token is scored from the question and the passage up to it: the last one has seen the span, the first one has not.
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
    from overtone.models.offsets import Offsets
    from overtone.models.windows import Window


class Extract(Objective):
    """Cross-entropy of the first and of the last token of the span, over the tokens of the passage.

    Of a long passage the window is read that holds the span nearest to its middle.
    """

    name: ClassVar[str] = "extract"
    also_called: ClassVar[tuple[str, ...]] = ("question_answering",)
    kinds: ClassVar[frozenset[str]] = frozenset({"encoder", "decoder", "encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"extract"})
    head: ClassVar[bool] = True

    dropout: float = Field(0.1, ge=0, lt=1, description="dropout before the head")

    def outputs(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """A score for the first token and one for the last."""
        return ("start", "end")

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """Question and passage; the targets are where the passage stands and which tokens of it bound the span.

        Nothing is learned of a row whose answer does not stand in its passage.
        """
        from overtone.engine.row import Row
        from overtone.models.windows import windows

        passage, question = (turn.content for turn in example.question.messages)
        read = windows(base, question, passage)
        found = [
            (_from_middle(window, *tokens), place, tokens)
            for place, window in enumerate(read)
            if (tokens := _tokens_of(span_in(example, passage), window.offsets))
        ]
        if not found:
            return Row(tokens=read[0].tokens, learned=(False,) * len(read[0].tokens))
        _, place, (start, end) = min(found)
        window = read[place]
        bounds = (window.first, window.first + len(window.offsets), start, end)
        return Row(tokens=window.tokens, targets=tuple(map(float, bounds)))

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over rows; `exact` counts those of which both tokens are right."""
        import torch
        from torch.nn.functional import cross_entropy

        from overtone.engine.loss import Loss
        from overtone.engine.token_logits import by_row, token_logits

        bounds = [tuple(map(int, row.targets)) for row in rows]
        places = [range(first, behind) for first, behind, _, _ in bounds]
        parts = by_row(token_logits(learner, [row.tokens for row in rows], places), places)
        losses, right = [], 0.0
        for part, (_, _, start, end) in zip(parts, bounds, strict=True):  # each part: (tokens, 2)
            targets = torch.tensor([start, end], device=part.device)
            losses.append(cross_entropy(part.t(), targets, reduction="sum"))
            right += float((part.argmax(0) == targets).all())
        return Loss(total=torch.stack(losses).sum(), units=len(rows), sums={"exact": right})


def span_in(example: Example, passage: str) -> tuple[int, int] | None:
    """The characters of the first wanted answer that stands in the passage where the row says, or anywhere."""
    starts = [*example.labels, *[""] * len(example.wanted)]
    for text, start in zip(example.wanted, starts, strict=False):
        at = int(start) if start.isdigit() else passage.find(text)
        at = at if passage[at : at + len(text)] == text else passage.find(text)
        if text and at >= 0:
            return at, at + len(text)
    return None


def _tokens_of(span: tuple[int, int] | None, offsets: "Offsets") -> tuple[int, int] | None:
    """The first and the last token of a span of characters; None where a window does not hold all of it."""
    if span is None or not offsets or offsets[0][0] > span[0] or offsets[-1][1] < span[1]:
        return None
    inside = [place for place, (start, end) in enumerate(offsets) if start < span[1] and span[0] < end]
    return (inside[0], inside[-1]) if inside else None


def _from_middle(window: "Window", start: int, end: int) -> float:
    return abs((start + end) / 2 - len(window.offsets) / 2)
