"""Decode a batch step by step with a key-value cache; rows that are done leave the batch."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from overtone.engine.hidden import plain
from overtone.generate.choose import choose
from overtone.generate.request import Finish, Request, Step, Token


class Decoding:
    """A batch of requests under way over a causal language model, plain or with adapters.

    Prompts of different length are padded on the left, so that the last position of every row is its newest
    token; positions count real tokens only. Only that last position goes through the vocabulary projection.
    """

    def __init__(self, model: Any, requests: Sequence[Request], context: int) -> None:
        """`context` is the longest sequence, prompt and answer, in tokens; each prompt leaves room in it."""
        from transformers import DynamicCache

        self._model = plain(model)
        self._cache = DynamicCache(config=self._model.config)
        self._requests = tuple(requests)
        self._rows = list(range(len(requests)))  # the requests still under way, in the order of the cache
        self._rooms = [_room(request, context) for request in requests]  # tokens still allowed
        self._generators = [torch.Generator().manual_seed(request.seed) for request in requests]
        device = next(self._model.parameters()).device
        self._tokens, self._mask = pad_left([request.prompt for request in requests], device)
        self._leaving: set[int] = set()

    def __iter__(self) -> Iterator[list[Step]]:
        """Steps until every row is done."""
        while steps := self.step():
            yield steps

    def leave(self, rows: Iterable[int]) -> None:
        """Take requests out of the batch before the next step, whatever they have reached."""
        self._leaving.update(rows)

    @torch.inference_mode()
    def step(self) -> list[Step]:
        """One more token for each row under way; nothing when all are done."""
        self._shrink()
        if not self._rows:
            return []
        requests = [self._requests[row] for row in self._rows]
        tokens = choose(self._forward(), requests, [self._generators[row] for row in self._rows])
        steps = [self._note(row, token) for row, token in zip(self._rows, tokens, strict=True)]
        self._tokens = torch.tensor([[token.id] for token in tokens], device=self._mask.device)
        self._mask = torch.cat([self._mask, torch.ones_like(self._mask[:, :1])], dim=1)
        self.leave(step.row for step in steps if step.finish)
        return steps

    def _forward(self) -> Tensor:
        """Logits of the next token of each row: (rows, vocabulary)."""
        positions = (self._mask.cumsum(-1) - 1).clamp(min=0)
        output = self._model(
            input_ids=self._tokens,
            attention_mask=self._mask,
            position_ids=positions[:, -self._tokens.shape[1] :],
            past_key_values=self._cache,
            use_cache=True,
            logits_to_keep=1,
        )
        logits: Tensor = output.logits[:, -1]
        return logits

    def _note(self, row: int, token: Token) -> Step:
        self._rooms[row] -= 1
        finish: Finish | None = "length" if self._rooms[row] == 0 else None
        return Step(row, token, "stop" if token.id in self._requests[row].end else finish)

    def _shrink(self) -> None:
        """Drop the rows that leave from the cache, so that the others cost less."""
        if not self._leaving:
            return
        kept = [index for index, row in enumerate(self._rows) if row not in self._leaving]
        self._rows = [self._rows[index] for index in kept]
        self._leaving.clear()
        if kept:
            index = torch.tensor(kept, device=self._mask.device)
            self._tokens, self._mask = self._tokens[index], self._mask[index]
            self._cache.batch_select_indices(index)


def pad_left(prompts: Sequence[Sequence[int]], device: torch.device) -> tuple[Tensor, Tensor]:
    """Token ids and mask of prompts that end in the same column: both (rows, longest)."""
    longest = max(len(prompt) for prompt in prompts)
    tokens = torch.zeros(len(prompts), longest, dtype=torch.long)
    mask = torch.zeros_like(tokens)
    for row, prompt in enumerate(prompts):
        tokens[row, longest - len(prompt) :] = torch.tensor(prompt, dtype=torch.long)
        mask[row, longest - len(prompt) :] = 1
    return tokens.to(device), mask.to(device)


def _room(request: Request, context: int) -> int:
    room = min(request.max_tokens, context - len(request.prompt))
    if not request.prompt or room < 1:
        raise ValueError(f"{len(request.prompt)} prompt tokens leave no room in a context of {context}")
    return room
