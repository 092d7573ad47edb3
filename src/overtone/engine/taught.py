"""A teacher, and a row with what it says of the row: what a student learns from beside the row itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from overtone.core.example import Example
from overtone.engine.row import Row

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.models.base import Base


@dataclass(frozen=True)
class Teacher:
    """A model that a student learns from, before its weights are needed. `labels` are those of its head, if any.

    `load` gives the base with the teacher's body, what it learned folded in where that can be, and its learner.
    """

    name: str
    kind: str
    tokenizer: Any  # of transformers
    labels: tuple[str, ...]
    load: "Callable[[], tuple[Base, Learner]]"

    def reads_as(self, base: "Base") -> bool:
        """Whether a base has the same tokens under the same ids."""
        known: dict[str, int] = self.tokenizer.get_vocab()
        return bool(known == base.tokenizer.get_vocab())


@dataclass(frozen=True, slots=True)
class TaughtRow(Row):
    """A row, the example it was made of, and what a teacher says of it.

    `said` are numbers of the teacher at each learned place, or over the labels; `chosen` the tokens they belong to.
    """

    example: Example | None = None
    said: "Tensor | None" = field(default=None, compare=False)
    chosen: "Tensor | None" = field(default=None, compare=False)

    @classmethod
    def of(cls, row: Row, example: Example) -> Self:
        """A row before its teacher was asked."""
        return cls(row.tokens, row.learned, row.targets, source=row.source, example=example)


def stacked(rows: Sequence[Row], name: str) -> "Tensor":
    """What the teacher says of each row (`said` or `chosen`), one below the other."""
    import torch

    return torch.cat([getattr(row, name) for row in rows])
