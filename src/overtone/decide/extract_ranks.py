"""Which sentences of a text say most: the first ones, those nearest to the middle, those most like the others."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from overtone.retrieve.words import words

Frequencies = Callable[[str], float]  # the inverse document frequency of a word
Rank = Callable[[Sequence[str], Frequencies], list[int]]  # sentences to their positions, best first
DAMPING = 0.85  # as in PageRank: the share of a step that follows likeness
PRECISION, MOST_STEPS = 1e-6, 200


def inverse_frequencies(texts: Sequence[str]) -> Frequencies:
    """How rare each word is among texts: 1 + ln((1 + texts) / (1 + texts with the word))."""
    counts = Counter(word for text in texts for word in set(words(text)))
    return lambda word: 1 + math.log((1 + len(texts)) / (1 + counts[word]))


def lead(sentences: Sequence[str], rarity: Frequencies) -> list[int]:
    """The order of the text itself."""
    return list(range(len(sentences)))


def centroid(sentences: Sequence[str], rarity: Frequencies) -> list[int]:
    """Nearest to the mean of all sentences by cosine (Radev et al. 2004, "Centroid-based summarization")."""
    vectors = tfidf(sentences, rarity)
    return _best_first(vectors @ vectors.mean(0))


def graph(sentences: Sequence[str], rarity: Frequencies) -> list[int]:
    """Most like those that are themselves most like others.

    PageRank by power iteration over cosines of TF-IDF: continuous LexRank (Erkan and Radev 2004, "LexRank"), close
    kin of TextRank (Mihalcea and Tarau 2004), which counts shared words.
    """
    import numpy as np

    vectors = tfidf(sentences, rarity)
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, 0.0)
    return _best_first(stationary(likeness))


def stationary(likeness: Any) -> Any:
    """How often a walk stands at each sentence: it follows likeness (n, n), else jumps anywhere; sums to one."""
    import numpy as np

    count = len(likeness)
    sums = likeness.sum(1, keepdims=True)
    steps = np.where(sums > 0, likeness / np.maximum(sums, 1e-12), 1 / count)
    share = np.full(count, 1 / count)
    for _ in range(MOST_STEPS):
        before, share = share, (1 - DAMPING) / count + DAMPING * (share @ steps)
        if np.abs(share - before).sum() < PRECISION:
            break
    return share


def tfidf(sentences: Sequence[str], rarity: Frequencies) -> Any:
    """Vectors of unit length (sentences, words that occur); zeros where a sentence has no word."""
    import numpy as np

    counts = [Counter(words(sentence)) for sentence in sentences]
    column = {word: place for place, word in enumerate(dict.fromkeys(word for one in counts for word in one))}
    vectors = np.zeros((len(sentences), len(column)))
    for row, one in enumerate(counts):
        for word, count in one.items():
            vectors[row, column[word]] = count * rarity(word)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def _best_first(scores: Any) -> list[int]:
    import numpy as np

    order: list[int] = np.argsort(-np.round(scores, 9), kind="stable").tolist()
    return order
