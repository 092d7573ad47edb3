"""A tuned model that answers a question with a span of its passage."""

from collections.abc import Sequence

import torch
from torch import Tensor

from overtone.core.example import Question
from overtone.engine.learner import Learner
from overtone.engine.predictor import Predictor, Read, Record
from overtone.engine.token_logits import by_row, token_logits
from overtone.models.base import Base
from overtone.models.windows import Window, windows


class SpanFinder(Predictor):
    """A system that gives the span whose first and last token have the largest sum of scores, over all windows."""

    can = frozenset({"extract", "predict"})

    def __init__(self, base: Base, learner: Learner, max_tokens: int) -> None:
        super().__init__(base, learner)
        self.max_tokens = max_tokens

    def refusal(self, question: Question) -> str | None:
        """A question needs its passage."""
        return None if len(question.messages) == 2 else "a question without its passage"

    def read(self, question: Question) -> list[Read]:
        """The windows of the passage."""
        passage, asked = (turn.content for turn in question.messages)
        return [Read(one.tokens, (passage, one)) for one in windows(self.base, asked, passage)]

    def records(self, reads: Sequence[Read]) -> list[Record]:
        """The best span of each window: its text, its characters and its score."""
        places = [one.about[1].places for one in reads]
        logits = token_logits(self.learner, [one.tokens for one in reads], places)
        parts = by_row(logits, places)
        return [self._record(part, *one.about) for part, one in zip(parts, reads, strict=True)]

    def _record(self, logits: Tensor, passage: str, window: Window) -> Record:
        offsets = window.offsets
        if not offsets:
            return {"answer": "", "start": 0, "end": 0, "score": float("-inf")}
        first, last, score = best_span(logits, self.max_tokens)
        start, end = offsets[first][0], offsets[last][1]
        return {"answer": passage[start:end].strip(), "start": start, "end": end, "score": score}

    def chosen(self, records: Sequence[Record]) -> Record:
        """The window with the best span."""
        return max(records, key=lambda record: float(record["score"]))

    def text(self, record: Record) -> str:
        """The span."""
        answer: str = record["answer"]
        return answer

    def numbers(self, record: Record) -> list[float]:
        """Where the span stands, and its score."""
        return [float(record["start"]), float(record["end"]), record["score"]]


def best_span(logits: Tensor, max_tokens: int) -> tuple[int, int, float]:
    """First and last token with the largest sum of scores (tokens, 2), the last not before the first; and the sum."""
    count = len(logits)
    sums = logits[:, None, 0] + logits[None, :, 1]  # (first, last)
    allowed = torch.ones(count, count, dtype=torch.bool, device=logits.device).triu().tril(max_tokens - 1)
    best = int(sums.masked_fill(~allowed, float("-inf")).argmax())
    first, last = divmod(best, count)
    return first, last, float(sums[first, last])
