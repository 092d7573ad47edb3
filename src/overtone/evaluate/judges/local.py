"""A judge on this machine: a base that writes its ratings."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from overtone.core.example import Message, Question
from overtone.evaluate.judges.ask import Hear, unheard

if TYPE_CHECKING:
    from overtone.generate.writer import Writer

CHUNK = 32  # prompts between two times that replies are told


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

    def __call__(self, prompts: Sequence[str], hear: Hear = unheard) -> list[str | None]:
        """A reply for each prompt; None where it does not fit the context. `hear` is told each."""
        replies: list[str | None] = []
        for start in range(0, len(prompts), CHUNK):
            part = prompts[start : start + CHUNK]
            found = self._replies(part)
            for prompt, reply in zip(part, found, strict=True):
                hear(prompt, reply)
            replies += found
        return replies

    def _replies(self, prompts: Sequence[str]) -> list[str | None]:
        questions = [
            Question(str(place), messages=(Message("user", one),)) for place, one in enumerate(prompts)
        ]
        return [None if one.error is not None else one.text for one in self.writer.answer(questions)]
