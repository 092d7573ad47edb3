"""Nearest neighbours over vectors: the nearest rows vote, nearer ones with more weight.

A vote falls off in a line from the nearest row to the first one beyond (Dudani 1976, "The distance-weighted
k-nearest-neighbor rule").
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from overtone.classical.choose import Rows
from overtone.classical.linear import Matrix, to_probabilities
from overtone.retrieve.vectors import VectorIndex

CHUNK = 512  # queries compared with all rows at once
SHRINKAGE = 0.1  # share of the mean variance that whitening adds in every direction


@dataclass(frozen=True)
class Space:
    """Where nearness is measured: features less `mean`, times `turn`, brought to unit length."""

    mean: Any
    turn: Any

    def place(self, features: Matrix) -> Any:
        """Features (rows, size) as vectors of unit length."""
        import numpy as np

        moved = (features - self.mean) @ self.turn
        return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12)


def cosine(features: Matrix) -> Space:
    """Vectors as they are."""
    import numpy as np

    size = features.shape[1]
    return Space(np.zeros(size, np.float32), np.eye(size, dtype=np.float32))


def centred_cosine(features: Matrix) -> Space:
    """Vectors less their mean: what all texts have in common counts for nothing."""
    return replace(cosine(features), mean=features.mean(0))


def whitened_cosine(features: Matrix) -> Space:
    """Every direction with the same variance, as in Mahalanobis distance; small ones are held back."""
    import numpy as np

    mean = features.mean(0)
    exact = (features - mean).astype(np.float64)
    variances, directions = np.linalg.eigh(exact.T @ exact / len(exact))
    held = variances + SHRINKAGE * max(float(variances.mean()), 1e-12)
    return Space(mean, (directions / np.sqrt(held)).astype(np.float32))


METRICS = {"cosine": cosine, "centred": centred_cosine, "whitened": whitened_cosine}


@dataclass(frozen=True)
class NeighbourModel:
    """Labelled vectors in a space; `wanted` (rows, labels) of 0 and 1, of which the `count` nearest vote."""

    labels: tuple[str, ...]
    space: Space
    index: VectorIndex
    wanted: Any
    count: int
    multi_label: bool = False
    slope: float = 1.0
    shift: float = 0.0

    def scores(self, features: Matrix) -> Any:
        """Logarithms (or, with several labels, log-odds) of the smoothed shares of the vote: (rows, labels)."""
        import numpy as np

        starts = range(0, len(features), CHUNK)
        parts = [self._shares(features[start : start + CHUNK]) for start in starts]
        shares = np.vstack([np.zeros((0, self.wanted.shape[1])), *parts])
        scores = np.log(shares) - (np.log1p(-shares) if self.multi_label else 0.0)
        return self.slope * scores + self.shift

    def probabilities(self, features: Matrix) -> Any:
        """Probabilities (rows, labels)."""
        return to_probabilities(self.scores(features), self.multi_label)

    def scaled(self, slope: float, shift: float) -> Self:
        """The same model with scores `slope * score + shift`."""
        return replace(self, slope=self.slope * slope, shift=self.shift * slope + shift)

    def _shares(self, features: Matrix) -> Any:
        """The share of the vote, with one vote more that goes by how frequent labels are."""
        import numpy as np

        order, near = self.index.search(self.space.place(features), self.count + 1)
        beyond = near[:, -1:] if near.shape[1] > self.count else near[:, -1:] - 1
        near, order = near[:, : self.count], order[:, : self.count]
        weights = (near - beyond) / np.maximum(near[:, :1] - beyond, 1e-12)
        weights = np.where(near[:, :1] > beyond, weights, 1.0)  # all equally near: one vote each
        votes = np.einsum("qc,qcl->ql", weights, self.wanted[order])
        frequent = (self.wanted.sum(0) + 0.5) / (len(self.wanted) + 1)
        return (votes + frequent) / (weights.sum(1, keepdims=True) + 1)


def fit_neighbours(
    metric: str, count: int, labels: Sequence[str], multi_label: bool, rows: Rows
) -> NeighbourModel:
    """Place the rows in the metric's space; nothing else is learned."""
    space = METRICS[metric](rows.features)
    index = VectorIndex(space.place(rows.features))
    return NeighbourModel(tuple(labels), space, index, rows.wanted, count, multi_label)
