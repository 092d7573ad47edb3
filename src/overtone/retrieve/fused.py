"""Several searches as one: a text's score is the sum of 1 / (60 + rank) over the searches that found it.

Reciprocal rank fusion, Cormack, Clarke and Büttcher 2009, "Reciprocal Rank Fusion outperforms Condorcet and
individual Rank Learning Methods". It needs no scores that compare.
"""

from collections import defaultdict
from collections.abc import Sequence

from overtone.retrieve.hit import Hit, Searcher

CONSTANT = 60.0
DEPTH = 1000  # hits of each search that are looked at


class FusedIndex:
    """Texts that can be searched in several ways at once."""

    def __init__(self, searchers: Sequence[Searcher], constant: float = CONSTANT) -> None:
        self.searchers, self.constant = searchers, constant
        self.facts = {name: fact for one in searchers for name, fact in one.facts.items()}

    def search(self, queries: Sequence[str], count: int) -> list[list[Hit]]:
        """At most `count` hits a query; among equal sums the earlier text."""
        found = [searcher.search(queries, max(count, DEPTH)) for searcher in self.searchers]
        return [
            fuse([[hit.place for hit in hits] for hits in rankings], self.constant)[:count]
            for rankings in zip(*found, strict=True)
        ]


def fuse(rankings: Sequence[Sequence[int]], constant: float = CONSTANT) -> list[Hit]:
    """The places of several rankings in one, best first; among equal sums the earlier place."""
    sums: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, place in enumerate(ranking, start=1):
            sums[place] += 1 / (constant + rank)
    return [Hit(*pair) for pair in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))]
