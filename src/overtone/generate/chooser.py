"""A writer that also says which of several answers to a prompt it prefers."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from overtone.core.answer import Answer
from overtone.core.example import Message, Question
from overtone.engine.score import log_probabilities
from overtone.generate.writer import Writer
from overtone.models.base import Base
from overtone.models.template import encode_answer

Scored = tuple[tuple[int, ...], tuple[int, ...]]  # a prompt and an answer to it, in tokens
# From answers, their log-probabilities, and those under the reference (0 without one), to rewards.
Rewards = Callable[[Sequence[Scored], Sequence[float], Sequence[float]], list[float]]


def gains(rows: Sequence[Scored], totals: Sequence[float], before: Sequence[float]) -> list[float]:
    """How much likelier each answer is than under the reference, in natural logarithms."""
    return [now - then for now, then in zip(totals, before, strict=True)]


class Chooser(Writer):
    """Answers a question with choices by a probability for each, any other question in writing.

    Probabilities are the softmax of the answers' `rewards`, which a tuned model's objective gives (for direct
    preference optimisation: Rafailov et al. 2023, arXiv 2305.18290, section 4 and equation 6). Without them and without
    a `reference` the likelier answer is preferred, by the log-probability of all its tokens, its end included.
    """

    can = frozenset({"generate", "score", "prefer"})

    def __init__(
        self,
        base: Base,
        max_tokens: int = 256,
        system_prompt: str | None = None,
        reference: Callable[[], Base] | None = None,
        rewards: Rewards = gains,
    ) -> None:
        super().__init__(base, max_tokens, system_prompt)
        self.reference = cache(reference) if reference else None  # loaded at the first comparison
        self.rewards = rewards

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer each question; one whose prompt and choices do not fit the context is an answer with an error."""
        preferred = iter(self._prefer([one for one in questions if one.choices]))
        written = iter(super().answer([one for one in questions if not one.choices]))
        return [next(preferred if one.choices else written) for one in questions]

    def shares(self, choices: Sequence[str], scores: Sequence[float]) -> dict[str, float]:
        """A probability for each choice of a question, by how good each is."""
        return dict(zip(choices, softmax(scores), strict=True))

    def _prefer(self, questions: Sequence[Question]) -> list[Answer]:
        """A probability for each choice of each question; the time is shared out evenly."""
        start = time.perf_counter()
        rows = [[self._encode(question, choice) for choice in question.choices] for question in questions]
        lengths = [[len(prompt) + len(answer) for prompt, answer in choices] for choices in rows]
        answers = [self._pair_too_long(max(found)) for found in lengths]
        fitting = [index for index, choices in enumerate(rows) if all(self.holds(*one) for one in choices)]
        scores = iter(self._scores([row for index in fitting for row in rows[index]]))
        for index in fitting:
            shares = self.shares(questions[index].choices, [next(scores) for _ in rows[index]])
            answers[index] = Answer(probabilities=shares, prompt_tokens=sum(lengths[index]))
        seconds = (time.perf_counter() - start) / max(1, len(questions))
        return [replace(answer, seconds=seconds) for answer in answers]

    def _scores(self, rows: Sequence[Scored]) -> list[float]:
        """How good each answer is to the model, in natural logarithms of odds."""
        own, before = [sum(values) for values in self.score(rows)], [0.0] * len(rows)
        if rows and self.reference is not None:
            before = [sum(values) for values in log_probabilities(self.reference().model, rows)]
        return self.rewards(rows, own, before)

    def _encode(self, question: Question, choice: str) -> Scored:
        turns = question.messages or (Message("user", question.text),)
        _, answer = encode_answer(self.base, (*turns, Message("assistant", choice)))
        return self.encode(turns), tuple(answer)

    def _pair_too_long(self, tokens: int) -> Answer:
        error = f"a prompt and its answer have {tokens} tokens, the context holds {self.context}"
        return Answer(error=error, prompt_tokens=tokens)


def softmax(scores: Sequence[float]) -> list[float]:
    """Probabilities in proportion to the exponentials of the scores."""
    best = max(scores)
    weights = [math.exp(score - best) for score in scores]
    return [weight / sum(weights) for weight in weights]
