"""Sorting with a decoder that was never trained for it: how likely is each label as the answer?

A label's score is the mean natural-log probability of its tokens after the prompt, so that long names are not
at a disadvantage (length normalisation, Brown et al. 2020, section 2.4). Scores become probabilities by
softmax; where several labels may hold, each is compared with the best one alone.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from overtone.core.answer import Answer
from overtone.core.example import Message, Question
from overtone.decide.relative import relative

if TYPE_CHECKING:
    from overtone.models.base import Base

Turns = Callable[[Question], Sequence[Message]]


class LabelLikelihood:
    """A system that scores every label as the answer to a prompt; `texts` says how each label reads."""

    can = frozenset({"classify"})

    def __init__(self, base: "Base", texts: Mapping[str, str], turns: Turns, multi_label: bool) -> None:
        from overtone.models.text import encode_plain

        self.base, self.turns, self.multi_label = base, turns, multi_label
        self.tokens = {label: encode_plain(base, text) for label, text in texts.items()}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """A probability for each label; an error where prompt and label do not fit the context."""
        return [self._answer(question) for question in questions]

    def encode(self, turns: Sequence[Message]) -> list[int]:
        """Tokens of a conversation up to the answer, as the base's chat template writes it."""
        from overtone.models.template import encode_prompt

        return encode_prompt(self.base, turns)

    def room(self) -> int:
        """The longest prompt in tokens that leaves space for every label."""
        return self.base.description.context - max(len(tokens) for tokens in self.tokens.values())

    def _answer(self, question: Question) -> Answer:
        from overtone.engine.score import log_probabilities

        start = time.perf_counter()
        prompt = self.encode(self.turns(question))
        if len(prompt) > self.room():
            error = f"the prompt has {len(prompt)} tokens, the context holds {self.room()} beside a label"
            return Answer(error=error, prompt_tokens=len(prompt))
        rows = log_probabilities(self.base.model, [(prompt, tokens) for tokens in self.tokens.values()])
        scores = {label: sum(row) / len(row) for label, row in zip(self.tokens, rows, strict=True)}
        return Answer(
            probabilities=relative(scores, self.multi_label),
            prompt_tokens=len(prompt) * len(rows),  # the prompt is read once for each label
            seconds=time.perf_counter() - start,
        )
