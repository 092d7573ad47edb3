"""An n-gram model of the training texts: what counting short sequences already achieves."""

import math
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import Field

from overtone.core.answer import Answer, System
from overtone.core.example import Question
from overtone.decide.rival import Materials, Rival

if TYPE_CHECKING:
    from overtone.classical.ngram import NgramModel
    from overtone.models.base import Base


class Ngram(Rival):
    """Interpolated Kneser-Ney counts over the base's tokens; with order 1 the frequencies of single tokens."""

    name: ClassVar[str] = "ngram"
    title: ClassVar[str] = "n-gram"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"score"}),)
    order: ClassVar[int] = 5

    length: int = Field(5, ge=1, le=8, description="longest sequence of tokens that is counted")

    @classmethod
    def defaults(cls, offered: frozenset[str]) -> tuple[Self, ...]:
        """Single tokens, the trivial baseline, and sequences of up to five."""
        return (cls(length=1, label="unigram"), cls())

    @property
    def heading(self) -> str:
        """How long its sequences are."""
        return f"{self.length}-gram" if self.length > 1 else "token frequencies"

    def prepare(self, materials: Materials) -> System:
        """Count the tokens of the training and validation texts."""
        from overtone.classical.ngram import NgramModel
        from overtone.models.text import encode_document

        base = materials.base()
        rows = [encode_document(base, row.text) for row in (*materials.train, *materials.validation)]
        size = base.model.get_input_embeddings().num_embeddings
        return NgramScorer(base, NgramModel.fit(rows, size, self.length))


class NgramScorer:
    """A system that says how likely an n-gram model finds plain texts."""

    can = frozenset({"score"})

    def __init__(self, base: "Base", model: "NgramModel") -> None:
        self.base, self.model = base, model
        self.facts: dict[str, float] = {"parameters": float(model.size)}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """The natural-log probability of each text, over the very tokens that the base reads."""
        from overtone.generate.text_scorer import first_log_probability
        from overtone.models.text import encode_document

        answers = []
        for question in questions:
            start = time.perf_counter()
            row = encode_document(self.base, question.text)
            total = math.fsum(self.model.log_probabilities(row)) + first_log_probability(self.base, row)
            seconds = time.perf_counter() - start
            answers.append(Answer(text=repr(total), prompt_tokens=len(row), seconds=seconds))
        return answers
