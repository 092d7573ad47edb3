"""Keys and values of rows of like length, which read them in one call.

Every row of a block stands in a slot; a row that leaves gives its slot to the last one. Keys are read in whole
pages with the rest masked, so that a row's sums run in the same order whatever stands beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from overtone.generate.low_rank import Fitted, Stack
from overtone.generate.network import Network

PAGE = 64  # tokens
ALIKE = 1.5  # rows of a block differ in length by this factor at most, or by two pages


@dataclass(frozen=True, eq=False)
class Entry:
    """A row whose prompt has been read: its keys and values (layers, 2, key heads, at least length, head)."""

    row: int
    kept: Tensor
    length: int
    adapter: Fitted | None


class Block:
    """A group of rows that decode together; all of them have adapters, or none has."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.rows: list[int] = []
        self.lengths: list[int] = []
        self.adapters: Stack | None = None
        self._fitted: list[Fitted] = []
        shape = (len(network.layers), 2, 0, network.key_heads, 0, network.head_size)
        self._kept = network.embedding.new_zeros(shape)
        self._read: tuple[int, int] = (0, 0)  # rows and keys that the views below were made for
        self._views: list[tuple[Tensor, Tensor, Tensor]] = []

    def suits(self, entries: Sequence[Entry]) -> bool:
        """Whether rows are like each other and like those of the block."""
        lengths = self.lengths + [entry.length for entry in entries]
        kinds = {entry.adapter is None for entry in entries} | ({not self._fitted} if self.rows else set())
        return len(kinds) == 1 and max(lengths) <= max(ALIKE * min(lengths), min(lengths) + 2 * PAGE)

    def add(self, entries: Sequence[Entry]) -> None:
        """Give each row a slot and copy its keys and values into it."""
        first = len(self.rows)
        self._reserve(first + len(entries), max(entry.length for entry in entries) + 1)
        for slot, entry in enumerate(entries, start=first):
            self._kept[:, :, slot, :, : entry.length] = entry.kept[:, :, :, : entry.length]
            self.rows.append(entry.row)
            self.lengths.append(entry.length)
            self._fitted += [entry.adapter] if entry.adapter else []
        self.adapters = Stack(self._network, self._fitted) if self._fitted else None

    def remove(self, rows: Iterable[int]) -> None:
        """Let rows go; the last ones move into their slots."""
        for row in rows:
            slot, last = self.rows.index(row), len(self.rows) - 1
            if slot != last:
                self._kept[:, :, slot, :, : self.lengths[last]] = self.kept(last)
                if self.adapters is not None:
                    self.adapters.move(last, slot)
            for column in (self.rows, self.lengths, *([self._fitted] if self._fitted else [])):
                column[slot] = column[last]  # type: ignore[index]
                column.pop()  # type: ignore[attr-defined]
            self._read = (0, 0)

    def kept(self, slot: int) -> Tensor:
        """Keys and values of a row: (layers, 2, key heads, length, head)."""
        return self._kept[:, :, slot, :, : self.lengths[slot]]

    def begin(self) -> None:
        """Make room for one more token of every row, and masks that let it see itself and all before it."""
        self._reserve(len(self.rows), max(self.lengths) + 1)
        self.lengths = [length + 1 for length in self.lengths]
        pages = -(-max(self.lengths) // PAGE)
        if self._read != (len(self.rows), pages):
            self._view(pages)
        ends = torch.tensor(self.lengths, device=self._kept.device)
        self._places = (self._starts + (ends - 1)[:, None]).flatten()
        columns = torch.arange(pages * PAGE, device=ends.device)
        self._masks = {window: self._mask(columns, ends, window) for window in self._network.windows}

    def attend(self, layer: int, heads: Tensor, window: int | None) -> Tensor:
        """See `forward.Keeper`."""
        network = self._network
        flat, keys, values = self._views[layer]
        flat.index_copy_(0, self._places, heads[:, network.heads :].reshape(-1, network.head_size))
        queries = heads[:, : network.heads].reshape(len(keys), keys.shape[1], -1, network.head_size)
        seen = scaled_dot_product_attention(
            queries, keys, values, attn_mask=self._masks[window], scale=network.scale
        )
        return seen.reshape(len(heads), -1)

    def _mask(self, columns: Tensor, ends: Tensor, window: int | None) -> Tensor:
        """What is added to the scores: (rows x key heads, 1, 1, keys)."""
        seen = columns < ends[:, None]
        if window is not None:
            seen &= columns >= ends[:, None] - window
        mask = torch.zeros(seen.shape, device=seen.device, dtype=self._kept.dtype).masked_fill_(
            ~seen, -torch.inf
        )
        return mask.repeat_interleave(self._network.key_heads, 0)[:, None, None]

    def _view(self, pages: int) -> None:
        """Each layer's storage as written (places, head) and as read (rows x key heads, groups, keys, head).

        At most three query heads share a call's keys: the kernel for more sums in an order that their number sets.
        """
        network, count = self._network, len(self.rows)
        group = network.heads // network.key_heads
        groups = group // max(size for size in (1, 2, 3) if group % size == 0)
        self._views = []
        for kept in self._kept:
            read = kept[:, :count, :, : pages * PAGE].flatten(1, 2)[:, :, None].expand(-1, -1, groups, -1, -1)
            self._views.append((kept.view(-1, network.head_size), read[0], read[1]))
        slots, capacity = self._kept.shape[2], self._kept.shape[4]
        runs = torch.arange(2 * slots * network.key_heads, device=self._kept.device) * capacity
        self._starts = runs.view(2, slots, -1)[:, :count].transpose(0, 1).reshape(count, -1)
        self._read = (count, pages)

    def _reserve(self, slots: int, length: int) -> None:
        """Grow the storage by doubling where it is too small."""
        layers, two, held, heads, capacity, size = self._kept.shape
        if slots <= held and length <= capacity:
            return
        slots = slots if slots <= held or not held else max(slots, 2 * held)
        grown = max(length, 2 * capacity) if length > capacity else capacity
        kept = self._kept.new_zeros(layers, two, max(slots, held), heads, -(-grown // PAGE) * PAGE, size)
        kept[:, :, :held, :, :capacity] = self._kept
        self._kept, self._read = kept, (0, 0)
