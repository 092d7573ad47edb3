"""Answers behind a learned prompt or prefix: every row begins with the same keys and values, computed once a batch."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad

from overtone.engine.begun import begun_cache
from overtone.engine.hidden import plain
from overtone.engine.parent import parent_of
from overtone.generate.library_rows import Group, LibraryRows, Prompts


@torch.no_grad()
def beginning_of(body: Any) -> Tensor | None:
    """What all rows of a model begin with: keys and values (layers, 2, key heads, length, head), or nothing."""
    parent = parent_of(body)
    return None if parent is None else parent.kept(plain(body))


class BegunRows(LibraryRows):
    """Rows over the library's model that begin with the same keys and values; see `rows.Rows`."""

    def __init__(self, model: Any, beginning: Tensor) -> None:
        super().__init__(model)
        self._beginning = beginning

    def _groups_of(self, rows: Prompts) -> list[Group]:
        """Prompts of equal length stand together: padding would move the others away from their beginning."""
        groups: dict[int, list[tuple[int, Sequence[int]]]] = defaultdict(list)
        for row, prompt in rows:
            groups[len(prompt)].append((row, prompt))
        return [_Group(self._model, group, self._beginning) for group in groups.values()]


class _Group(Group):
    def __init__(self, model: Any, rows: Prompts, beginning: Tensor) -> None:
        super().__init__(model, rows)
        self._beginning = beginning

    def _logits(self) -> Tensor:
        if not self._cache.get_seq_length():
            self._cache = begun_cache(self._model, self._beginning, len(self.rows))
            self._mask = pad(self._mask, (self._beginning.shape[3], 0), value=1)
        return super()._logits()
