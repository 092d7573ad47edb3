"""A row: the tokens of one example and what is learned from it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids, which of them are learned, and for classifiers the target of each label (0 or 1)."""

    tokens: tuple[int, ...]
    learned: tuple[bool, ...] = ()
    targets: tuple[float, ...] = ()

    @property
    def units(self) -> int:
        """How many units of loss the row has: learned tokens that have a predecessor, or one target."""
        return sum(self.learned[1:]) if self.learned else 1
