"""Few examples that stand for many: typical of the rows and unlike each other, in equal number for each class.

Maximal marginal relevance (Carbonell and Goldstein 1998, "The use of MMR, diversity-based reranking"), with the mean
of a class in the place of the query: each next row has the greatest similarity to the mean of its class less the
greatest similarity to a row that is chosen already.
"""

import random
from collections.abc import Hashable, Sequence
from typing import Any

from overtone.core.example import Example

POOL = 1000  # rows that are looked at, a seeded sample


def diverse_order(vectors: Any, classes: Sequence[Hashable], count: int) -> list[int]:
    """Places of `count` rows in the order of their choice, so that each beginning of it is balanced too.

    `vectors` has unit length: (rows, size). Among equals the larger class, then the earlier row.
    """
    import numpy as np

    typical = _typicality(vectors, classes)  # (rows,)
    nearest = np.full(len(vectors), -1.0)  # cosine to the nearest row that is chosen
    chosen: list[int] = []
    for _ in range(min(count, len(vectors))):
        places = _next_class(classes, chosen)
        gain = typical[places] - (nearest[places] if chosen else 0.0)
        chosen.append(places[int(gain.argmax())])
        nearest = np.maximum(nearest, vectors @ vectors[chosen[-1]])
    return chosen


def pool(examples: Sequence[Example], seed: int) -> list[Example]:
    """All rows in an order that the seed draws, or as many as are looked at; the order of the rows plays no part."""
    ordered = sorted(examples, key=lambda row: row.id)
    return random.Random(seed).sample(ordered, min(POOL, len(ordered)))


def _typicality(vectors: Any, classes: Sequence[Hashable]) -> Any:
    """Cosine of each row to the mean of its class: (rows,)."""
    import numpy as np

    result = np.zeros(len(vectors))
    for one in dict.fromkeys(classes):
        places = [place for place, other in enumerate(classes) if other == one]
        mean = vectors[places].mean(axis=0)
        result[places] = vectors[places] @ (mean / max(float(np.linalg.norm(mean)), 1e-12))
    return result


def _next_class(classes: Sequence[Hashable], chosen: Sequence[int]) -> list[int]:
    """The rows left of the class that has been chosen from the least."""
    left: dict[Hashable, list[int]] = {}
    for place, one in enumerate(classes):
        if place not in chosen:
            left.setdefault(one, []).append(place)
    taken = [classes[place] for place in chosen]
    return min(left.items(), key=lambda item: (taken.count(item[0]), -len(item[1]) - taken.count(item[0])))[1]
