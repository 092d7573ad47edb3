"""Frozen features: the base's own vectors and a ridge regression over them."""

from typing import ClassVar

from overtone.core.answer import System
from overtone.decide.ridge_rows import ridge_system
from overtone.decide.rival import Materials, Rival


class EmbeddingRidge(Rival):
    """Mean-pooled vectors of the base as it is, into ridge regression.

    Its penalty is chosen on validation rows; then it is refitted on training and validation rows.
    """

    name: ClassVar[str] = "embedding_ridge"
    title: ClassVar[str] = "frozen embedding + ridge"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"regress"}),)
    order: ClassVar[int] = 40
    curve: ClassVar[bool] = True

    def prepare(self, materials: Materials) -> System:
        """Embed the rows once, fit the weights."""
        from overtone.engine.features import embed

        train, validation, spared = materials.row_vectors.take()
        base = materials.base()
        system = ridge_system(materials, lambda texts: embed(base, texts), train, validation)
        system.facts["spared_seconds"] = spared
        return system
