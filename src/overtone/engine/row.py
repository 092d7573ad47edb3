"""A row: the tokens of one example and what is learned from it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids, which of them are learned, and for classifiers the target of each label (0 or 1).

    Of an encoder-decoder's row the encoder reads the first `source` tokens, and the decoder writes the others. A
    preference pair is the row of the chosen answer with that of the rejected one in it; `reference` is the
    log-probability of the learned tokens under the base before training, where an objective asks for it. A query has
    `passages`: first one that answers it, then one that does not, if there is one.
    """

    tokens: tuple[int, ...]
    learned: tuple[bool, ...] = ()
    targets: tuple[float, ...] = ()
    rejected: "Row | None" = None
    reference: float = 0.0
    source: int = 0
    passages: "tuple[Row, ...]" = ()

    @property
    def answers(self) -> "tuple[Row, ...]":
        """The sequences that a model reads for this row: itself, the rejected one or its passages behind it."""
        return (self, self.rejected, *self.passages) if self.rejected else (self, *self.passages)

    @property
    def size(self) -> int:
        """How many tokens the row has, over all of its sequences."""
        return sum(len(answer.tokens) for answer in self.answers)

    @property
    def longest(self) -> int:
        """How many tokens the longest of its sequences has: what the context must hold."""
        return max(max(answer.source, len(answer.tokens) - answer.source) for answer in self.answers)

    @property
    def units(self) -> int:
        """How many units of loss the row has: its learned tokens, one target, or one pair.

        A learned token without a target of its own is predicted, which the first one cannot be.
        """
        if self.rejected or not self.learned:
            return 1
        return sum(self.learned if self.targets else self.learned[1:])
