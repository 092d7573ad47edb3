"""A tuned classifier that answers questions with a probability for each label."""

import time
from collections.abc import Sequence

import torch

from overtone.core.answer import Answer
from overtone.core.example import Question
from overtone.engine.learner import Learner
from overtone.engine.read import batches_to_read
from overtone.models.base import Base
from overtone.models.text import encode_text


class Classifier:
    """A system that sorts texts: a body with a head over `labels`."""

    can = frozenset({"classify"})

    def __init__(
        self,
        base: Base,
        learner: Learner,
        labels: Sequence[str],
        multi_label: bool = False,
        threshold: float = 0.5,
    ) -> None:
        self.base, self.learner = base, learner.eval()
        self.labels, self.multi_label, self.threshold = tuple(labels), multi_label, threshold
        self.facts: dict[str, float] = {}  # what is worth telling of how it was made

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """A probability for each label: they sum to one, or stand alone where multi-label."""
        rows = [encode_text(self.base, question.text) for question in questions]
        short = [index for index, row in enumerate(rows) if len(row) <= self.base.description.context]
        answers = [self._too_long(len(row)) for row in rows]
        for batch in batches_to_read(self.learner.body, [rows[index] for index in short]):
            indexes = [short[position] for position in batch]
            start = time.perf_counter()
            probabilities = self.probabilities([rows[index] for index in indexes])
            seconds = (time.perf_counter() - start) / len(indexes)
            for index, values in zip(indexes, probabilities, strict=True):
                answers[index] = Answer(
                    probabilities=dict(zip(self.labels, values, strict=True)),
                    prompt_tokens=len(rows[index]),
                    seconds=seconds,
                )
        return answers

    @torch.inference_mode()
    def probabilities(self, sequences: Sequence[Sequence[int]]) -> list[list[float]]:
        """Probabilities of one batch of token rows: (rows, labels)."""
        logits = self.learner.logits(sequences).float()
        values = logits.sigmoid() if self.multi_label else logits.softmax(-1)
        rows: list[list[float]] = values.tolist()
        return rows

    def _too_long(self, tokens: int) -> Answer:
        context = self.base.description.context
        return Answer(error=f"the text has {tokens} tokens, the base reads {context}", prompt_tokens=tokens)
