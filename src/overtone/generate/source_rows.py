"""Rows of a batch over an encoder-decoder of the library: sources are read once, then targets grow token by token."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from overtone.engine.encoder_decoder import parted, read, shifted, target_cache
from overtone.engine.hidden import plain
from overtone.generate.library_rows import Group, LibraryRows, Prompts


class SourceRows(LibraryRows):
    """Groups of rows that joined together and have as much written already; see `rows.Rows`."""

    def __init__(self, body: Any) -> None:
        super().__init__(plain(body))
        self._body = body

    def _groups_of(self, rows: Prompts) -> list[Group]:
        """Targets of equal length stand in the same columns, so none is padded."""
        groups: dict[int, list[tuple[int, Sequence[int]]]] = defaultdict(list)
        for row, prompt in rows:
            groups[len(parted(self._model, prompt)[1])].append((row, prompt))
        return [_Group(self._body, group) for group in groups.values()]


class _Group(Group):
    def __init__(self, body: Any, rows: Prompts) -> None:
        from transformers import DynamicCache, EncoderDecoderCache

        model = plain(body)
        self.rows = [row for row, _ in rows]
        parts = [parted(model, prompt) for _, prompt in rows]
        self._read, self._mask = read(body, [source for source, _ in parts])
        fed = [shifted(model, [*written, 0]) for _, written in parts]
        self._tokens = torch.tensor(fed, device=self._mask.device)
        self._model, self._body = model, body
        self._cache = EncoderDecoderCache(DynamicCache(), DynamicCache())

    def _logits(self) -> Tensor:
        if not self._cache.get_seq_length():
            self._cache = target_cache(self._body, len(self.rows))
        output = self._model(
            encoder_outputs=(self._read,),
            attention_mask=self._mask,
            decoder_input_ids=self._tokens,
            past_key_values=self._cache,
            use_cache=True,
        )
        logits: Tensor = output.logits[:, -1]
        return logits

    def _keep(self, index: Tensor) -> None:
        super()._keep(index)
        self._read = self._read[index]
