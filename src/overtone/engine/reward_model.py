"""A tuned reward model: how good an answer to a prompt is, and so which of several is preferred."""

import time
from collections.abc import Sequence
from dataclasses import replace

import torch

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.core.example import Message, Question
from overtone.engine.learner import Learner
from overtone.engine.read import batches_to_read
from overtone.models.base import Base
from overtone.models.rewarded import encode_rewarded

Turns = Sequence[Message]


class RewardModel:
    """A system that prefers: a body with one output, the reward of a conversation's last answer.

    Only differences of rewards have a meaning: exp(r - r') are the odds that the first answer is preferred to the
    other (Bradley and Terry 1952). `system_prompt` stands in front of every conversation that brings none.
    """

    can = frozenset({"prefer", "reward"})

    def __init__(self, base: Base, learner: Learner, system_prompt: str | None = None) -> None:
        self.base, self.learner, self.system_prompt = base, learner.eval(), system_prompt
        self.facts: dict[str, float] = {}  # what is worth telling of how it was made

    @property
    def context(self) -> int:
        """The longest conversation in tokens, with its answer."""
        return self.base.description.context

    def encode(self, messages: Turns) -> list[int]:
        """Tokens of a conversation that ends with the answer."""
        turns = tuple(messages)
        if self.system_prompt is not None and not any(turn.role == "system" for turn in turns):
            turns = (Message("system", self.system_prompt), *turns)
        return encode_rewarded(self.base, turns)

    def rewards(self, conversations: Sequence[Turns]) -> list[float]:
        """The reward of the last answer of each conversation; UserError where one is over the context."""
        rows = [self.encode(messages) for messages in conversations]
        longest = max(map(len, rows), default=0)
        if longest > self.context:
            raise UserError(
                f"a prompt and its answer have {longest} tokens, the reward model reads {self.context}: ask for "
                "shorter answers (max_tokens), or train it on a base with a longer context"
            )
        return self._read(rows)

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """A probability for each choice of each question; the time is shared out evenly."""
        start = time.perf_counter()
        rows = [[self.encode(turns) for turns in question.conversations] for question in questions]
        fitting = [0 < self._longest(choices) <= self.context for choices in rows]
        found = iter(
            self._read([row for choices, fits in zip(rows, fitting, strict=True) if fits for row in choices])
        )
        answers = []
        for question, choices, fits in zip(questions, rows, fitting, strict=True):
            if not fits:
                answers.append(self._refused(question, self._longest(choices)))
                continue
            shares = torch.tensor([next(found) for _ in choices], dtype=torch.float64).softmax(0).tolist()
            probabilities = dict(zip(question.choices, shares, strict=True))
            answers.append(Answer(probabilities=probabilities, prompt_tokens=sum(map(len, choices))))
        seconds = (time.perf_counter() - start) / max(1, len(questions))
        return [replace(answer, seconds=seconds) for answer in answers]

    @torch.no_grad()
    def _read(self, rows: Sequence[Sequence[int]]) -> list[float]:
        rewards = [0.0] * len(rows)
        for batch in batches_to_read(self.learner.body, rows):
            found = self.learner.logits([rows[index] for index in batch])[:, 0].tolist()
            for index, reward in zip(batch, found, strict=True):
                rewards[index] = reward
        return rewards

    def _longest(self, rows: Sequence[Sequence[int]]) -> int:
        return max(map(len, rows), default=0)

    def _refused(self, question: Question, tokens: int) -> Answer:
        if not question.choices:
            return Answer(error="a reward model writes nothing: give answers to choose from")
        error = f"a prompt and its answer have {tokens} tokens, the context holds {self.context}"
        return Answer(error=error, prompt_tokens=tokens)
