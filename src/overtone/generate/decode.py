"""Decode a batch step by step; rows that are done leave it, new ones may join between steps."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import torch

from overtone.engine.hidden import plain
from overtone.generate.choose import choose
from overtone.generate.guide import Guide
from overtone.generate.request import Finish, Request, Step, Token
from overtone.generate.room import room
from overtone.generate.rows import rows_of


class Decoding:
    """A batch of requests under way over a causal language model, plain or with adapters."""

    def __init__(self, model: Any, requests: Sequence[Request], context: int, tokenizer: Any = None) -> None:
        """`context` is the longest sequence in tokens (see `room`); each prompt leaves room in it.

        `tokenizer` is needed by requests with a constraint.
        """
        self._model, self._rows = plain(model), rows_of(model)
        self._context, self._tokenizer = context, tokenizer
        self._vocabulary: int = plain(model).get_output_embeddings().weight.shape[0]
        self._requests: list[Request] = []
        self._rooms: list[int] = []  # the most tokens of each answer
        self._written: list[int] = []  # tokens so far of each request
        self._guides: list[Guide | None] = []
        self._newest: dict[int, int] = {}  # the last token of each row under way that has one
        self._open: set[int] = set()
        self._leaving: set[int] = set()
        self.join(requests)

    def __iter__(self) -> Iterator[list[Step]]:
        """Steps until every row is done."""
        while steps := self.step():
            yield steps

    def join(self, requests: Sequence[Request]) -> range:
        """Take requests into the batch from the next step on; their row numbers."""
        rooms = [self._room(request) for request in requests]
        guides = [self._guide(request) for request in requests]
        rows = range(len(self._requests), len(self._requests) + len(requests))
        for row, request in zip(rows, requests, strict=True):
            self._rows.add(row, request)
        self._requests += requests
        self._guides += guides
        self._rooms += rooms
        self._written += [0] * len(requests)
        self._open.update(rows)
        return rows

    def leave(self, rows: Iterable[int]) -> None:
        """Take requests out of the batch before the next step, whatever they have reached."""
        self._leaving.update(rows)

    @torch.inference_mode()
    def step(self) -> list[Step]:
        """One more token for each row that has read its prompt; nothing when all are done."""
        self._shrink()
        ready: list[int] = []
        while self._open and not ready:
            ready, logits = self._rows.forward(self._newest)
        if not ready:
            return []
        requests, guides = [self._requests[row] for row in ready], [self._guides[row] for row in ready]
        tokens = choose(logits, requests, [self._written[row] for row in ready], guides)
        steps = sorted((self._note(row, token) for row, token in zip(ready, tokens, strict=True)), key=_row)
        self.leave(step.row for step in steps if step.finish)
        return steps

    def _note(self, row: int, token: Token) -> Step:
        request, guide = self._requests[row], self._guides[row]
        self._newest[row] = token.id
        self._written[row] += 1
        if guide is not None:
            guide.take(token.id)
        if token.id in request.end or (guide is not None and guide.done):
            return Step(row, token, "stop")
        finish: Finish | None = "length" if self._written[row] == self._rooms[row] else None
        return Step(row, token, finish)

    def _room(self, request: Request) -> int:
        """The most tokens that the answer may have."""
        most = min(request.max_tokens, room(self._model, request.prompt, self._context))
        if not request.prompt or most < 1:
            raise ValueError(
                f"{len(request.prompt)} prompt tokens leave no room in a context of {self._context}"
            )
        return most

    def _shrink(self) -> None:
        """Let the rows that leave go, so that the others cost less."""
        leaving = self._leaving & self._open
        if leaving:
            self._rows.drop(leaving)
        self._open -= leaving
        self._leaving.clear()

    def _guide(self, request: Request) -> Guide | None:
        if request.constraint is None:
            return None
        if self._tokenizer is None:
            raise ValueError("a request with a constraint needs the tokenizer")
        return Guide(request.constraint, self._tokenizer, self._vocabulary, request.end)


def _row(step: Step) -> int:
    return step.row
