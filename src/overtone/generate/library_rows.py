"""Rows of a batch over the library's own model and cache, for families that are not lean.

Prompts of different length are padded on the left, so that the last position of every row is its newest token;
positions count real tokens only. Rows that join between passes make a group of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad

from overtone.core.errors import UserError
from overtone.generate.request import Request

Prompts = Sequence[tuple[int, Sequence[int]]]  # each with the number of its row


class LibraryRows:
    """Groups of rows that joined together; see `rows.Rows`."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._new: list[tuple[int, Sequence[int]]] = []
        self._groups: list[Group] = []

    def add(self, row: int, request: Request) -> None:
        """See `rows.Rows`; UserError where the request brings an adapter."""
        if request.adapter is not None:
            raise UserError(
                f"the family '{self._model.config.model_type}' cannot answer with an adapter for each request: merge "
                "the adapter into the model"
            )
        self._new.append((row, request.prompt))

    def drop(self, rows: Iterable[int]) -> None:
        """See `rows.Rows`."""
        gone = set(rows)
        self._new = [pair for pair in self._new if pair[0] not in gone]
        for group in self._groups:
            group.drop(gone)
        self._groups = [group for group in self._groups if group.rows]

    def forward(self, newest: Mapping[int, int]) -> tuple[list[int], Tensor]:
        """See `rows.Rows`."""
        if self._new:
            self._groups += self._groups_of(self._new)
            self._new = []
        logits = [group.forward(newest) for group in self._groups]
        return [row for group in self._groups for row in group.rows], torch.cat(logits)

    def _groups_of(self, rows: Prompts) -> "list[Group]":
        return [Group(self._model, rows)]


class Group:
    """Rows that joined together, and what the model keeps of them."""

    def __init__(self, model: Any, rows: Prompts) -> None:
        from transformers import DynamicCache

        self.rows = [row for row, _ in rows]
        self._model, self._cache = model, DynamicCache(config=model.config)
        device = next(model.parameters()).device
        self._tokens, self._mask = pad_left([prompt for _, prompt in rows], device)

    def forward(self, newest: Mapping[int, int]) -> Tensor:
        """Logits of the next token of each row: (rows, vocabulary)."""
        if self._cache.get_seq_length():
            self._tokens = torch.tensor([[newest[row]] for row in self.rows], device=self._mask.device)
        return self._logits()

    def drop(self, gone: set[int]) -> None:
        """Take rows out of the cache, so that the others cost less."""
        kept = [index for index, row in enumerate(self.rows) if row not in gone]
        if len(kept) == len(self.rows):
            return
        self.rows = [self.rows[index] for index in kept]
        if kept:
            self._keep(torch.tensor(kept, device=self._mask.device))

    def _logits(self) -> Tensor:
        new = self._cache.get_seq_length() + self._tokens.shape[1] - self._mask.shape[1]
        self._mask = pad(self._mask, (0, new), value=1)
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

    def _keep(self, index: Tensor) -> None:
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
