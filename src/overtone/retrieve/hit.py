"""A hit: a text that a search found, by its place among the texts, and how well it fits."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Hit(NamedTuple):
    """`place` counts the texts from 0; a higher `score` fits better, and only scores of one search compare."""

    place: int
    score: float


class Searcher(Protocol):
    """Texts that can be searched. `facts` are numbers worth telling of how they were indexed."""

    facts: dict[str, float]

    def search(self, queries: Sequence[str], count: int) -> list[list[Hit]]:
        """For each query at most `count` hits, best first; among equal scores the earlier text."""
        ...
