"""Nearest vectors by cosine, over an array in memory."""

from typing import Any


class VectorIndex:
    """Vectors of unit length (texts, size) that can be searched by cosine similarity."""

    def __init__(self, vectors: Any) -> None:
        self.vectors = vectors

    def search(self, queries: Any, count: int) -> tuple[Any, Any]:
        """Positions and similarities of the `count` nearest, best first: both (queries, count)."""
        import numpy as np

        similarities = queries @ self.vectors.T
        order = np.argsort(-similarities, axis=1, kind="stable")[:, :count]
        return order, np.take_along_axis(similarities, order, axis=1)
