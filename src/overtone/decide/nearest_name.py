"""Sorting with an encoder that was never trained for it: which label's name is nearest to the text?"""

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from overtone.core.answer import Answer
from overtone.core.example import Question
from overtone.decide.relative import relative

if TYPE_CHECKING:
    from overtone.models.base import Base

TEMPERATURE = 0.05  # cosines of sentence encoders lie close together; any value gives the same order


class NearestName:
    """A system that compares each text with the names of the labels; `texts` says how each name reads."""

    can = frozenset({"classify"})

    def __init__(self, base: "Base", texts: Mapping[str, str], multi_label: bool) -> None:
        from overtone.engine.features import embed

        self.base, self.labels, self.multi_label = base, tuple(texts), multi_label
        self.names = embed(base, list(texts.values()))  # (labels, hidden)

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Cosines as probabilities by softmax; the time of a batch is shared evenly."""
        from overtone.engine.features import embed
        from overtone.models.text import encode_text

        start = time.perf_counter()
        cosines = embed(self.base, [question.text for question in questions]) @ self.names.T
        seconds = (time.perf_counter() - start) / max(1, len(questions))
        return [
            Answer(
                probabilities=relative(dict(zip(self.labels, row)), self.multi_label, TEMPERATURE),
                prompt_tokens=len(encode_text(self.base, question.text)),
                seconds=seconds,
            )
            for question, row in zip(questions, cosines.tolist(), strict=True)
        ]
