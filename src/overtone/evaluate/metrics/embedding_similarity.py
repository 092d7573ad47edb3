"""How alike answers and wanted ones are in meaning, by an encoder's states of their tokens."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.compared import compared
from overtone.evaluate.metric import Interval, Metric

if TYPE_CHECKING:
    from overtone.evaluate.token_similarity import TokenSimilarity


class EmbeddingSimilarity(Metric):
    """Each token matched with the most similar one of the other text, as F1 (Zhang et al. 2020, "BERTScore").

    The values of different bases do not compare, and unrelated texts have a value well above 0.
    """

    name: ClassVar[str] = "embedding_similarity"
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"generate"})
    title: ClassVar[str] = "Embedding similarity"

    base: str = Field("builtin:minilm", description="the encoder whose states are compared")

    def make_ready(self) -> None:
        """UserError where the base is not there or is no encoder or decoder."""
        from overtone.models.describe import describe

        if describe(self.base).kind == "encoder-decoder":
            raise UserError(f"embedding_similarity reads an encoder or a decoder; '{self.base}' is neither.")

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """Similarity of each answer with the wanted one; 0 where the answer failed."""
        pairs = compared(examples, answers, task)
        values = iter(
            similarity(self.base).of([(wanted, given) for wanted, given in pairs if given is not None])
        )
        return [0.0 if given is None else next(values) for _, given in pairs]


@lru_cache(maxsize=2)
def similarity(base: str) -> "TokenSimilarity":
    """The base, loaded once."""
    from overtone.evaluate.token_similarity import TokenSimilarity
    from overtone.models.base import load_base

    return TokenSimilarity(load_base(base))
