"""Nearest vectors by cosine, exactly, over an array in memory."""

from typing import Any

BLOCK = 256  # queries compared at once: their similarities to all texts stand in memory


class VectorIndex:
    """Vectors of unit length (texts, size) that can be searched by cosine similarity."""

    def __init__(self, vectors: Any) -> None:
        self.vectors = vectors

    def search(self, queries: Any, count: int) -> tuple[Any, Any]:
        """Positions and similarities of the `count` nearest, best first: both (queries, count).

        Among equal similarities the earlier position.
        """
        import numpy as np

        blocks = [self._nearest(queries[at : at + BLOCK], count) for at in range(0, len(queries), BLOCK)]
        orders, similarities = zip(*(blocks or [self._nearest(queries, count)]), strict=True)
        return np.concatenate(orders), np.concatenate(similarities)

    def _nearest(self, queries: Any, count: int) -> tuple[Any, Any]:
        import numpy as np

        similarities = queries @ self.vectors.T  # (queries, texts)
        order = np.argsort(-similarities, axis=1, kind="stable")[:, :count]
        return order, np.take_along_axis(similarities, order, axis=1)
