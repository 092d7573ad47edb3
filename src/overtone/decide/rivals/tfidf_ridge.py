"""The classical rival of regression: TF-IDF features and a ridge regression."""

from typing import ClassVar

from overtone.classical.tfidf import fit_tfidf
from overtone.core.answer import System
from overtone.decide.ridge_rows import ridge_system
from overtone.decide.rival import Materials, Rival


class TfidfRidge(Rival):
    """Words, word pairs and short runs of characters into ridge regression.

    Its penalty is chosen on validation rows; then it is refitted on training and validation rows.
    """

    name: ClassVar[str] = "tfidf_ridge"
    title: ClassVar[str] = "TF-IDF + ridge"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"regress"}),)
    order: ClassVar[int] = 10
    curve: ClassVar[bool] = True

    def prepare(self, materials: Materials) -> System:
        """Fit features on training texts alone, so that validation rows judge unseen words too."""
        train, validation = ([row.text for row in rows] for rows in (materials.train, materials.validation))
        features = fit_tfidf(train)
        return ridge_system(materials, features, features(train), features(validation))
