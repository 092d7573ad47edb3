"""The classical rival of preferences: which words the better answer has, and how long it is."""

from collections.abc import Sequence
from typing import ClassVar

from overtone.classical.linear import Matrix
from overtone.classical.tfidf import Tfidf, fit_tfidf
from overtone.core.answer import System
from overtone.decide.pair_rows import pair_system
from overtone.decide.rival import Materials, Rival

STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # C of logistic regression


class TfidfPairs(Rival):
    """Words, word pairs, short runs of characters and the length of both answers into a Bradley-Terry model.

    Its strength C is chosen on validation pairs; then it is refitted on training and validation pairs.
    """

    name: ClassVar[str] = "tfidf_pairs"
    title: ClassVar[str] = "TF-IDF + Bradley-Terry"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"prefer"}),)
    order: ClassVar[int] = 10
    curve: ClassVar[bool] = True

    def prepare(self, materials: Materials) -> System:
        """Fit features on training answers alone, so that validation pairs judge unseen words too."""
        words = fit_tfidf([text for row in materials.train for text in (row.completion, row.rejected)])
        return pair_system(materials, lambda texts: _with_length(words, texts), STRENGTHS)


def _with_length(words: Tfidf, texts: Sequence[str]) -> Matrix:
    """Features of texts and the logarithm of their characters: what people prefer often goes with length."""
    import numpy as np
    from scipy import sparse

    length = np.log1p([[len(text)] for text in texts]).astype(np.float32).reshape(-1, 1)
    return sparse.hstack([words(texts), length]).tocsr()
