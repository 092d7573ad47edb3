"""A prompt that is being read, chunk by chunk.

Chunks begin at fixed places, so that the keys and values of a chunk have the same bits in every prompt that begins
alike: a row may copy them from another one instead of computing them again.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from overtone.generate.block import PAGE, Entry
from overtone.generate.forward import Span
from overtone.generate.low_rank import Fitted
from overtone.generate.network import Network

CHUNK = PAGE  # tokens


class Reading:
    """A prompt on its way into keys and values, behind those of a learned beginning where the model has one."""

    def __init__(
        self,
        network: Network,
        row: int,
        prompt: Sequence[int],
        adapter: Fitted | None,
        beginning: Tensor | None = None,
    ) -> None:
        """`beginning` is (layers, 2, key heads, length, head)."""
        self.row, self.prompt, self.adapter, self.done = row, prompt, adapter, 0
        self._network = network
        self._first = 0 if beginning is None else beginning.shape[3]  # the place of the prompt's first token
        shape = (len(network.layers), 2, network.key_heads, self._first + len(prompt), network.head_size)
        self._kept = network.embedding.new_empty(shape)
        if beginning is not None:
            self.copy(beginning, self._first)
        self._masks: dict[int | None, Tensor] = {}

    @property
    def finished(self) -> bool:
        """Whether all of the prompt has been read."""
        return self.done == self._first + len(self.prompt)

    @property
    def entry(self) -> Entry:
        """The row with what has been kept so far."""
        return Entry(self.row, self._kept, self.done, self.adapter)

    def copy(self, kept: Tensor, count: int) -> None:
        """Take the keys and values of the first `count` places from another row."""
        self._kept[:, :, :, :count] = kept[:, :, :, :count]
        self.done = count

    def chunk(self, all_asked: bool = False) -> Span:
        """Go on to the next chunk. Where it is the last one, its last token is asked."""
        start, self.done = self.done, min(self.done + CHUNK, self._first + len(self.prompt))
        self._start, size = start, self.done - start
        tokens = self.prompt[start - self._first : self.done - self._first]
        self._masks = {window: self._mask(size, window) for window in self._network.windows}
        asked = size if all_asked else int(self.finished)
        return Span(tokens, range(start, self.done), self, self.adapter, asked)

    def attend(self, layer: int, heads: Tensor, window: int | None) -> Tensor:
        """See `forward.Keeper`."""
        network, kept = self._network, self._kept[layer]
        queries, keys, values = torch.split(
            heads, [network.heads, network.key_heads, network.key_heads], dim=1
        )
        kept[0, :, self._start : self.done] = keys.transpose(0, 1)
        kept[1, :, self._start : self.done] = values.transpose(0, 1)
        grouped = queries.reshape(len(heads), network.key_heads, -1, network.head_size).permute(1, 2, 0, 3)
        read = kept[:, :, None, : self.done].expand(-1, -1, grouped.shape[1], -1, -1)
        seen = scaled_dot_product_attention(
            grouped, read[0], read[1], attn_mask=self._masks[window], scale=network.scale
        )
        return seen.permute(2, 0, 1, 3).reshape(len(heads), -1)

    def _mask(self, size: int, window: int | None) -> Tensor:
        """What is added to the scores of a chunk: (tokens, keys)."""
        seen = torch.ones(size, self.done, dtype=torch.bool, device=self._kept.device).tril(self._start)
        if window is not None:
            seen = seen.triu(self._start - window + 1)
        return torch.zeros(seen.shape, device=seen.device, dtype=self._kept.dtype).masked_fill_(
            ~seen, -torch.inf
        )


def shared(prompt: Sequence[int], other: Sequence[int]) -> int:
    """How many first tokens two prompts share, in whole chunks; the last token is always read."""
    count = 0
    while (
        count + CHUNK < len(prompt)
        and count + CHUNK <= len(other)
        and prompt[count : count + CHUNK] == other[count : count + CHUNK]
    ):
        count += CHUNK
    return count
