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
        """A probability for each label; an error where prompt and label do not fit the context.

        What prompts begin alike with is read once, and each prompt once for all labels; the time is shared out.
        """
        from overtone.engine.layout import shares_beginnings

        start = time.perf_counter()
        prompts = [self.encode(self.turns(question)) for question in questions]
        answers = [self._too_long(len(prompt)) for prompt in prompts]
        fitting = [index for index, prompt in enumerate(prompts) if len(prompt) <= self.room()]
        scores = self._scores([prompts[index] for index in fitting])
        seconds = (time.perf_counter() - start) / max(1, len(questions))
        readings = 1 if shares_beginnings(self.base.model) else len(self.tokens)
        for index, found in zip(fitting, scores, strict=True):
            shares = relative(found, self.multi_label)
            read = readings * len(prompts[index])
            answers[index] = Answer(probabilities=shares, prompt_tokens=read, seconds=seconds)
        return answers

    def encode(self, turns: Sequence[Message]) -> list[int]:
        """Tokens of a conversation up to the answer, as the base's chat template writes it."""
        from overtone.models.template import encode_prompt

        return encode_prompt(self.base, turns)

    def room(self) -> int:
        """The longest prompt in tokens that leaves space for every label."""
        return self.base.description.context - max(len(tokens) for tokens in self.tokens.values())

    def _scores(self, prompts: Sequence[Sequence[int]]) -> list[dict[str, float]]:
        """The mean log-probability of each label's tokens after each prompt."""
        from overtone.engine.score import log_probabilities

        pairs = [(prompt, tokens) for prompt in prompts for tokens in self.tokens.values()]
        rows = iter(log_probabilities(self.base.model, pairs))
        return [
            {label: sum(next(rows)) / len(tokens) for label, tokens in self.tokens.items()} for _ in prompts
        ]

    def _too_long(self, tokens: int) -> Answer:
        error = f"the prompt has {tokens} tokens, the context holds {self.room()} beside a label"
        return Answer(error=error, prompt_tokens=tokens)
