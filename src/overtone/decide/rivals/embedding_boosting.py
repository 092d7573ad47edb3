"""Frozen features: the base's own vectors and boosted trees over them."""

from typing import ClassVar, Self

from pydantic import Field

from overtone.classical.boosting import Growth, fit_boosting
from overtone.core.answer import System
from overtone.decide.frozen_rows import frozen_classifier, frozen_rows, progress_of
from overtone.decide.rival import Materials, Rival


class EmbeddingBoosting(Rival):
    """Mean-pooled vectors of the base as it is, into gradient-boosted trees.

    Growth stops where validation rows no longer gain; then it is refitted on training and validation rows with as
    many iterations. Measured only where a plan names it: with many labels it takes minutes.
    """

    name: ClassVar[str] = "embedding_boosting"
    also_called: ClassVar[tuple[str, ...]] = ("gradient_boosting", "xgboost")
    title: ClassVar[str] = "frozen embedding + boosted trees"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"classify"}),)
    order: ClassVar[int] = 46

    iterations: int = Field(200, ge=1, description="the most iterations; each grows a tree for each label")
    trees: int = Field(2000, ge=1, description="the most trees over all labels, which bounds the time")
    learning_rate: float = Field(0.1, gt=0, le=1, description="how much of each tree is added")

    @classmethod
    def defaults(cls, offered: frozenset[str]) -> tuple[Self, ...]:
        """Only where it is named."""
        return ()

    def prepare(self, materials: Materials) -> System:
        """Embed the rows once, grow trees."""
        rows = frozen_rows(materials)
        growth = Growth(self.iterations, self.trees, self.learning_rate, materials.seed)
        model, iterations, cut = fit_boosting(
            growth,
            rows.train,
            rows.validation,
            materials.labels,
            materials.multi_label,
            progress_of(materials, self.key),
        )
        facts = {"iterations": float(iterations), "spared_seconds": rows.spared_seconds}
        told = {"cut": f"still gaining when its bound of {iterations} iterations was reached"} if cut else {}
        return frozen_classifier(materials, model, {**facts, **told})
