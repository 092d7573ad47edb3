"""Rows of a batch over a lean network: some read their prompts, the others go on by one token, in one pass."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from overtone.core.errors import UserError
from overtone.generate.adapters import Adapter
from overtone.generate.block import Block, Entry
from overtone.generate.forward import Span, forward
from overtone.generate.low_rank import Fitted, fit
from overtone.generate.network import network_of
from overtone.generate.reading import CHUNK, Reading, shared
from overtone.generate.request import Request

READ_TOKENS = 1024  # prompt tokens of one pass: rows under way wait no longer for those that come


class LeanRows:
    """Keys, values and prompts of rows; see `rows.Rows`.

    All of them begin with the keys and values `beginning` (layers, 2, key heads, length, head).
    """

    def __init__(self, model: Any, beginning: Tensor | None = None) -> None:
        self._network, self._beginning = network_of(model), beginning
        self._first = 0 if beginning is None else beginning.shape[3]  # the place of each prompt's first token
        self._readings: list[Reading] = []
        self._blocks: list[Block] = []
        self._prompts: dict[int, tuple[Sequence[int], Fitted | None]] = {}
        self._donors: dict[int, tuple[int, int]] = {}  # row: the row that it copies from, and how many places
        self._fitted: dict[Adapter, Fitted] = {}

    def add(self, row: int, request: Request) -> None:
        """A new row; what its prompt shares with another row's is copied, not computed."""
        adapter = self._fit(request.adapter)
        same = {other: prompt for other, (prompt, its) in self._prompts.items() if its is adapter}
        counts = {other: shared(request.prompt, prompt) for other, prompt in same.items()}
        donor = max(counts, key=lambda other: counts[other], default=row)
        if counts.get(donor):
            self._donors[row] = (donor, self._first + counts[donor])
        self._prompts[row] = (request.prompt, adapter)
        self._readings.append(Reading(self._network, row, request.prompt, adapter, self._beginning))

    def drop(self, rows: Iterable[int]) -> None:
        """Forget rows."""
        gone = set(rows)
        self._readings = [reading for reading in self._readings if reading.row not in gone]
        for block in self._blocks:
            block.remove(gone.intersection(block.rows))
        self._blocks = [block for block in self._blocks if block.rows]
        for row in gone:
            self._prompts.pop(row, None)
            self._donors.pop(row, None)

    def forward(self, newest: Mapping[int, int]) -> tuple[list[int], Tensor]:
        """One pass: the rows whose next token it tells, and its logits (rows, vocabulary)."""
        spans = [self._go_on(block, newest) for block in self._blocks]
        ready = [row for block in self._blocks for row in block.rows]
        reading = self._next_readings()
        spans += [one.chunk() for one in reading]
        logits = forward(self._network, spans)
        finished = [one for one in reading if one.finished]
        self._readings = [one for one in self._readings if not one.finished]
        self._settle([one.entry for one in finished])
        return ready + [one.row for one in finished], logits

    def _go_on(self, block: Block, newest: Mapping[int, int]) -> Span:
        positions = list(block.lengths)
        block.begin()
        tokens = [newest[row] for row in block.rows]
        return Span(tokens, positions, block, block.adapters, len(tokens))

    def _next_readings(self) -> list[Reading]:
        """The prompts that go on in this pass; those that copy from another wait until it has come so far."""
        free = [reading for reading in self._readings if not self._waits(reading)]
        return free[: max(READ_TOKENS // CHUNK, 1)]

    def _waits(self, reading: Reading) -> bool:
        if reading.row not in self._donors:
            return False
        donor, count = self._donors[reading.row]
        kept, length = self._kept(donor)
        if kept is not None and length < count:
            return True
        if kept is not None:
            reading.copy(kept, count)
        del self._donors[reading.row]  # it is copied, or there is nothing to copy from any more
        return False

    def _kept(self, row: int) -> tuple[Tensor | None, int]:
        """Keys and values of a row (layers, 2, key heads, length, head), and how many tokens they are of."""
        for reading in self._readings:
            if reading.row == row:
                return reading.entry.kept, reading.done
        for block in self._blocks:
            if row in block.rows:
                slot = block.rows.index(row)
                return block.kept(slot), block.lengths[slot]
        return None, 0

    def _settle(self, entries: Sequence[Entry]) -> None:
        """Put rows that have read their prompts into blocks of their like, the longest first."""
        waiting = sorted(entries, key=lambda entry: -entry.length)
        while waiting:
            block = next((block for block in self._blocks if block.suits(waiting[:1])), None)
            if block is None:
                block = Block(self._network)
                self._blocks.append(block)
            fitting: list[Entry] = []
            for entry in waiting:
                fitting += [entry] if block.suits([*fitting, entry]) else []
            block.add(fitting)
            waiting = [entry for entry in waiting if entry not in fitting]

    def _fit(self, adapter: Adapter | None) -> Fitted | None:
        if adapter is None:
            return None
        if self._beginning is not None:
            raise UserError(
                "a model with a learned prompt or prefix cannot answer with a further adapter for each request: take "
                "the adapter to the base itself"
            )
        if adapter not in self._fitted:
            with torch.inference_mode():
                self._fitted[adapter] = fit(adapter, self._network)
        return self._fitted[adapter]
