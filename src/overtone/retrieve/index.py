"""An index: how texts are made searchable, as a part that a plan names."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from overtone.core.part import Part
from overtone.retrieve.hit import Searcher

if TYPE_CHECKING:
    from overtone.models.base import Base

LoadBase = Callable[[], "Base"]


class Index(Part, package="overtone.retrieve.indexes"):
    """How texts are searched: by their words, by their meaning as an encoder sees it, or by both."""

    def build(self, texts: Sequence[str], base: LoadBase) -> Searcher:
        """Make texts searchable; `base` loads the plan's base, for an index that embeds."""
        raise NotImplementedError

    def needs(self) -> frozenset[str]:
        """What a plan must offer for this index, in the words of `decide.offers`."""
        return frozenset()
