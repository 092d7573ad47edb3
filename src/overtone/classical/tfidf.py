"""TF-IDF features of texts: words and word pairs beside short runs of characters, which survive typos.

Sublinear term frequency (1 + log tf), smoothed inverse document frequency, each block of unit length
(Salton and Buckley 1988, "Term-weighting approaches in automatic text retrieval").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Arrays = dict[str, Any]  # name to numpy array
BLOCKS: dict[str, dict[str, Any]] = {
    "word": {"analyzer": "word", "ngram_range": (1, 2)},
    "character": {"analyzer": "char_wb", "ngram_range": (2, 5)},
}


@dataclass(frozen=True)
class Tfidf:
    """Fitted TF-IDF features; called with texts it gives a sparse float32 matrix (texts, terms)."""

    vectorizers: dict[str, Any]

    def __call__(self, texts: Sequence[str]) -> Any:
        """Features of texts: a sparse float32 matrix (texts, terms); unknown terms count for nothing."""
        from scipy import sparse

        return sparse.hstack([part.transform(texts) for part in self.vectorizers.values()]).tocsr()

    def state(self) -> tuple[Arrays, dict[str, list[str]]]:
        """What `restore` needs: the inverse document frequencies, and the terms in their order."""
        arrays = {name: part.idf_ for name, part in self.vectorizers.items()}
        terms = {name: part.get_feature_names_out().tolist() for name, part in self.vectorizers.items()}
        return arrays, terms


def fit_tfidf(texts: Sequence[str]) -> Tfidf:
    """Learn terms and their frequencies; with enough texts a term must occur in two of them to count."""
    rarest = 2 if len(texts) >= 2000 else 1  # below that, a term seen once is still worth having
    vectorizers = {name: _vectorizer(name, min_df=rarest) for name in BLOCKS}
    for name, part in list(vectorizers.items()):
        try:
            part.fit(texts)
        except ValueError:  # scikit-learn's word for "no term at all", as in texts of single letters
            del vectorizers[name]
    if not vectorizers:
        raise ValueError("no text holds a word or a run of two characters")
    return Tfidf(vectorizers)


def restore(arrays: Arrays, terms: dict[str, list[str]]) -> Tfidf:
    """Features from what `state` gave, equal to the last bit."""
    vectorizers = {}
    for name, listed in terms.items():
        vectorizers[name] = _vectorizer(name, vocabulary={term: index for index, term in enumerate(listed)})
        vectorizers[name].idf_ = arrays[name]
    return Tfidf(vectorizers)


def _vectorizer(name: str, **settings: Any) -> Any:
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **BLOCKS[name], **settings)
