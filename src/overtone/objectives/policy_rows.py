"""Rows of learning from rewards: a prompt before its answers are drawn, and the group of its drawn answers."""

from dataclasses import dataclass, field

from overtone.core.example import Example
from overtone.engine.row import Row

Numbers = tuple[float, ...]  # one for each token of an answer


@dataclass(frozen=True, slots=True)
class PromptRow(Row):
    """A prompt with the example that it comes from; `room` is what the wanted answer would take behind it."""

    example: Example = field(default_factory=lambda: Example(""))
    room: int = 1

    @property
    def longest(self) -> int:
        """The prompt and its wanted answer, an encoder-decoder's each by itself: what the context must hold."""
        return max(self.source, len(self.tokens) - self.source + self.room)

    @property
    def units(self) -> int:
        """A prompt counts as one until its answers are drawn."""
        return 1


@dataclass(frozen=True, slots=True)
class Drawn(Row):
    """A prompt with an answer that was drawn for it, and what is known of the answer when it is learned from.

    `before` are the tokens' natural-log probabilities when they were drawn, `references` those before training;
    `values` are what a value head expected and `returns` what it should have. `weight` is that of each token.
    """

    reward: float = 0.0
    weight: float = 0.0
    before: Numbers = ()
    references: Numbers = ()
    advantages: Numbers = ()
    values: Numbers = ()
    returns: Numbers = ()

    @property
    def prompt(self) -> tuple[int, ...]:
        """What the answer was drawn for."""
        return self.tokens[: self.learned.index(True)]

    @property
    def answer(self) -> tuple[int, ...]:
        """The drawn tokens."""
        return self.tokens[self.learned.index(True) :]


@dataclass(frozen=True, slots=True)
class Group(Row):
    """All answers that were drawn for one prompt, which is computed once for them."""

    drawn: tuple[Drawn, ...] = ()

    @property
    def answers(self) -> tuple[Row, ...]:
        """The sequences that a model reads."""
        return self.drawn

    @property
    def units(self) -> int:
        """Each answer counts as one."""
        return len(self.drawn)
