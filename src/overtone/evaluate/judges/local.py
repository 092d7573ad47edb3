"""A judge on this machine: a base that writes its ratings."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from overtone.core.example import Message, Question

if TYPE_CHECKING:
    from overtone.generate.writer import Writer


class LocalJudge:
    """Asks a base, which is loaded when first asked."""

    def __init__(self, base: str, max_tokens: int) -> None:
        self.base, self.max_tokens = base, max_tokens

    @cached_property
    def writer(self) -> "Writer":
        """The base, writing greedily."""
        from overtone.generate.writer import Writer
        from overtone.models.base import load_base

        return Writer(load_base(self.base), self.max_tokens)

    def __call__(self, prompts: Sequence[str]) -> list[str | None]:
        """A reply for each prompt; None where it does not fit the context."""
        questions = [
            Question(str(place), messages=(Message("user", one),)) for place, one in enumerate(prompts)
        ]
        return [None if one.error is not None else one.text for one in self.writer.answer(questions)]
