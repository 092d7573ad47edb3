"""Sorting by the nearest labelled rows: each votes for its labels with the weight of its similarity.

Weights fall off as exp((cosine - 1) / 0.05); a label's probability is its share of all weight (Cover and Hart
1967, "Nearest neighbor pattern classification"; weighting by distance, Dudani 1976).
"""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from overtone.classical.linear import targets
from overtone.core.answer import Answer
from overtone.core.example import Question
from overtone.decide.rival import Materials
from overtone.retrieve.vectors import VectorIndex

if TYPE_CHECKING:
    from overtone.models.base import Base

COUNTS = (1, 3, 5, 10, 20, 40)
WIDTH = 0.05


class NeighbourVote:
    """A system that lets the `count` nearest labelled rows vote; `wanted` is (rows, labels) of 0 and 1."""

    can = frozenset({"classify"})

    def __init__(self, base: "Base", vectors: Any, wanted: Any, labels: Sequence[str], count: int) -> None:
        self.base, self.index, self.wanted = base, VectorIndex(vectors), wanted
        self.labels, self.count = tuple(labels), count
        self.facts: dict[str, float] = {"neighbours": float(count), "labelled_rows": float(len(vectors))}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Shares of the vote; the time of a batch is shared evenly."""
        from overtone.engine.features import embed
        from overtone.models.text import encode_text

        start = time.perf_counter()
        vectors = embed(self.base, [question.text for question in questions])
        shares = votes(self.index, self.wanted, vectors, self.count).tolist()
        seconds = (time.perf_counter() - start) / max(1, len(questions))
        return [
            Answer(
                probabilities=dict(zip(self.labels, row, strict=True)),
                prompt_tokens=len(encode_text(self.base, question.text)),
                seconds=seconds,
            )
            for question, row in zip(questions, shares, strict=True)
        ]


def votes(index: VectorIndex, wanted: Any, queries: Any, count: int) -> Any:
    """Each label's share of the weight of the nearest rows: (queries, labels)."""
    import numpy as np

    order, similarities = index.search(queries, count)  # both (queries, count)
    weights = np.exp((similarities - similarities[:, :1]) / WIDTH)  # against the nearest: same shares
    return np.einsum("qc,qcl->ql", weights, wanted[order]) / weights.sum(axis=1, keepdims=True)


def choose_neighbours(materials: Materials, count: int | None) -> NeighbourVote:
    """The vote with the count that is right most often on validation rows; validation rows then vote too.

    Right means that exactly the wanted labels are given: the likeliest, or all from the task's threshold on.
    """
    import numpy as np

    train, validation, spared = materials.row_vectors.take()
    wanted, held = (
        targets([row.labels for row in rows], materials.labels)
        for rows in (materials.train, materials.validation)
    )
    if count is None:
        index = VectorIndex(train)
        scores = {
            k: share_right(votes(index, wanted, validation, k), held, materials.threshold) for k in COUNTS
        }
        count = max(COUNTS, key=scores.__getitem__)
    system = NeighbourVote(
        materials.base(), np.vstack([train, validation]), np.vstack([wanted, held]), materials.labels, count
    )
    system.facts["spared_seconds"] = spared
    return system


def share_right(shares: Any, wanted: Any, threshold: float | None) -> float:
    """Share of rows whose labels are all right; 0 without rows."""
    if not len(wanted):
        return 0.0
    if threshold is None:
        return float((shares.argmax(1) == wanted.argmax(1)).mean())
    return float(((shares >= threshold) == wanted).all(1).mean())
