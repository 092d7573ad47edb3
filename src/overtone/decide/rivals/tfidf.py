"""The classical rival: TF-IDF features and a linear model."""

from typing import ClassVar

from overtone.classical.classifier import FeatureClassifier
from overtone.classical.fit import linear_svm
from overtone.classical.tfidf import fit_tfidf
from overtone.core.answer import System
from overtone.decide.linear_rows import SPARSE_STRENGTHS, fit_rows
from overtone.decide.rival import Materials, Rival


class TfidfLinear(Rival):
    """Words, word pairs and short runs of characters into a calibrated linear support vector machine.

    Its strength C is chosen on validation rows; then it is refitted on training and validation rows.
    """

    name: ClassVar[str] = "tfidf"
    title: ClassVar[str] = "TF-IDF + linear model"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"classify"}),)
    order: ClassVar[int] = 10
    curve: ClassVar[bool] = True

    def prepare(self, materials: Materials) -> System:
        """Fit features on training texts alone, so that validation rows judge unseen words too."""
        train, validation = ([row.input for row in rows] for rows in (materials.train, materials.validation))
        features = fit_tfidf(train)
        model, strength = fit_rows(
            materials, self.key, linear_svm, SPARSE_STRENGTHS, features(train), features(validation)
        )
        system = FeatureClassifier(features, model)
        system.facts["strength"] = strength
        return system
