"""The sampling side of learning from rewards: answers drawn from the learner as it is, and judged.

What is drawn is a function of the weights, the seed, the number of the step and the prompts, so a resumed training
draws the very answers that the uninterrupted one draws.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import blake2b

import torch

from overtone.core.example import Example
from overtone.engine.batches import by_length
from overtone.engine.learner import Learner
from overtone.engine.row import Row
from overtone.engine.score import log_probabilities
from overtone.generate.decode import Decoding
from overtone.generate.request import Request, Token
from overtone.models.base import Base
from overtone.models.text import decode, end_tokens
from overtone.objectives.policy import Policy
from overtone.objectives.policy_rows import Drawn, Group, PromptRow

# From examples and the texts of an answer to each, to rewards: the higher the better.
Judge = Callable[[Sequence[Example], Sequence[str]], list[float]]

BATCH_TOKENS = 8192  # prompt and answer tokens that one batch may come to hold in its cache


class Sampler:
    """Draws and judges for one training; the learner as it is handed over is the reference of the divergence.

    Of the reference the learned weights alone are kept, and put back while it is asked: no second model is in memory.
    """

    def __init__(
        self, base: Base, learner: Learner, objective: Policy, judge: Judge, max_tokens: int, seed: int
    ) -> None:
        self.base, self.learner, self.objective, self.judge = base, learner, objective, judge
        self.max_tokens, self.seed = objective.max_tokens or max_tokens, seed
        kept = learner.body.named_parameters() if objective.beta else ()
        self.start = {name: weight.detach().clone() for name, weight in kept if weight.requires_grad}

    def draw(self, rows: Sequence[Row], step: int) -> list[Row]:
        """`group` answers to each prompt, drawn at temperature 1: the distribution whose gradient is taken."""
        asked = [
            [self._request(row, _seed(self.seed, step, place, turn)) for turn in range(self.objective.group)]
            for place, row in enumerate(_prompts(rows))
        ]
        return self._judged(rows, asked)

    def write(self, rows: Sequence[Row]) -> list[Row]:
        """One greedy answer to each prompt, as the model is used."""
        return self._judged(rows, [[self._request(row)] for row in _prompts(rows)])

    def _judged(self, rows: Sequence[Row], asked: Sequence[Sequence[Request]]) -> list[Row]:
        self.learner.eval()
        requests = [request for group in asked for request in group]
        written = self._written(requests)
        ends = end_tokens(self.base)
        texts = [decode(self.base, [one.id for one in tokens if one.id not in ends]) for tokens in written]
        examples = [row.example for row, group in zip(_prompts(rows), asked, strict=True) for _ in group]
        rewards = self.judge(examples, texts)
        sources = [row.source for row, group in zip(_prompts(rows), asked, strict=True) for _ in group]
        drawn = iter(self._referenced(list(map(_drawn, requests, written, rewards, sources))))
        groups = [
            Group(row.tokens, row.learned, drawn=tuple(next(drawn) for _ in group))
            for row, group in zip(rows, asked, strict=True)
        ]
        return list(self.objective.valued(self.learner, groups))

    def _request(self, row: PromptRow, seed: int | None = None) -> Request:
        """Greedy without a seed."""
        end = end_tokens(self.base)
        return Request(
            row.tokens, self.max_tokens, temperature=0.0 if seed is None else 1.0, seed=seed or 0, end=end
        )

    def _written(self, requests: Sequence[Request]) -> list[list[Token]]:
        """The tokens of each answer, its end token included."""
        found: list[list[Token]] = [[] for _ in requests]
        sizes = [len(request.prompt) + request.max_tokens for request in requests]
        for batch in by_length(sizes, BATCH_TOKENS):
            chosen = [requests[index] for index in batch]
            for steps in Decoding(self.learner.body, chosen, self.base.description.context):
                for step in steps:
                    found[batch[step.row]].append(step.token)
        return found

    def _referenced(self, answers: list[Drawn]) -> list[Drawn]:
        """The answers with what the learner as it was thought of their tokens, where the objective asks for it."""
        if not self.objective.beta:
            return answers
        with _as_it_was(self.learner, self.start):
            found = log_probabilities(self.learner.body, [(one.prompt, one.answer) for one in answers])
        return [replace(one, references=tuple(numbers)) for one, numbers in zip(answers, found, strict=True)]


@contextmanager
def _as_it_was(learner: Learner, start: dict[str, torch.Tensor]) -> Iterator[None]:
    """The learner with its weights at the start; afterwards it has its own again, to the bit."""
    weights = {name: weight for name, weight in learner.body.named_parameters() if name in start}
    now = {name: weight.detach().clone() for name, weight in weights.items()}
    _put(weights, start)
    try:
        yield
    finally:
        _put(weights, now)


@torch.no_grad()
def _put(weights: dict[str, torch.nn.Parameter], values: dict[str, torch.Tensor]) -> None:
    for name, weight in weights.items():
        weight.copy_(values[name])


def _prompts(rows: Sequence[Row]) -> list[PromptRow]:
    return [row for row in rows if isinstance(row, PromptRow)]


def _seed(seed: int, step: int, place: int, turn: int) -> int:
    """Of one answer: 64 bits that are decided by the training's seed, the step, the prompt's place and the answer's."""
    text = f"{seed}/{step}/{place}/{turn}"
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


def _drawn(request: Request, tokens: Sequence[Token], reward: float, source: int) -> Drawn:
    learned = (False,) * len(request.prompt) + (True,) * len(tokens)
    before = tuple(one.log_probability for one in tokens)
    written = (*request.prompt, *(one.id for one in tokens))
    return Drawn(written, learned, source=source, reward=reward, before=before)
