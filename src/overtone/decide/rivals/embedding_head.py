"""Frozen features: the base's own vectors and logistic regression over them."""

from typing import ClassVar

from overtone.classical.fit import logistic_regression
from overtone.core.answer import System
from overtone.decide.frozen_rows import frozen_classifier
from overtone.decide.linear_rows import DENSE_STRENGTHS, fit_rows
from overtone.decide.rival import Materials, Rival


class EmbeddingHead(Rival):
    """Mean-pooled vectors of the base as it is, into multinomial logistic regression.

    Its strength C is chosen on validation rows; then it is refitted on training and validation rows.
    """

    name: ClassVar[str] = "embedding_head"
    also_called: ClassVar[tuple[str, ...]] = ("linear_probe", "logistic_regression")
    title: ClassVar[str] = "frozen embedding + linear head"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"classify"}),)
    order: ClassVar[int] = 40
    curve: ClassVar[bool] = True

    def prepare(self, materials: Materials) -> System:
        """Embed the rows once, fit the head."""
        train, validation, spared = materials.row_vectors.take()
        model, strength = fit_rows(
            materials, self.key, logistic_regression, DENSE_STRENGTHS, train, validation
        )
        return frozen_classifier(materials, model, {"strength": strength, "spared_seconds": spared})
