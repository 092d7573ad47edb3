"""Frozen features of preferences: the base's own vectors of both answers."""

from typing import ClassVar

from overtone.core.answer import System
from overtone.decide.linear_rows import DENSE_STRENGTHS
from overtone.decide.pair_rows import pair_system
from overtone.decide.rival import Materials, Rival


class EmbeddingPairs(Rival):
    """Mean-pooled vectors of both answers by the base as it is, into a Bradley-Terry model.

    Its strength C is chosen on validation pairs; then it is refitted on training and validation pairs.
    """

    name: ClassVar[str] = "embedding_pairs"
    title: ClassVar[str] = "embedding + Bradley-Terry"  # short enough to stand whole beside a plot
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"prefer"}),)
    order: ClassVar[int] = 40
    curve: ClassVar[bool] = True

    def prepare(self, materials: Materials) -> System:
        """Embed the answers once, fit what each number is worth."""
        from overtone.engine.features import embed

        base = materials.base()
        return pair_system(materials, lambda texts: embed(base, texts), DENSE_STRENGTHS)
