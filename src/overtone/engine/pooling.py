"""From hidden states to one vector a row: their mean, or the last one."""

from typing import Any

import torch
from torch import Tensor

from overtone.core.errors import UserError
from overtone.engine.states import states
from overtone.engine.stream import Stream


def pooled(body: Any, stream: Stream, pooling: str) -> Tensor:
    """One vector for each row of a stream, `mean` or `last`: (rows, hidden)."""
    return POOLINGS[pooling](body, stream)


def _mean(body: Any, stream: Stream) -> Tensor:
    hidden = states(body, stream)  # (time, hidden)
    places = [place for row in stream.places for place in row]
    rows = [index for index, row in enumerate(stream.places) for _ in row]
    wide = torch.promote_types(hidden.dtype, torch.float32)  # a sum over a long row needs it
    counts = hidden.new_tensor([max(1, len(row)) for row in stream.places], dtype=wide)
    sums = hidden.new_zeros(len(counts), hidden.shape[1], dtype=wide)
    sums.index_add_(0, _index(rows, hidden), hidden[_index(places, hidden)].to(wide))
    return (sums / counts[:, None]).to(hidden.dtype)


def _last(body: Any, stream: Stream) -> Tensor:
    if not all(stream.places):
        raise UserError("A row has no tokens, so it has no last one: leave empty texts out.")
    return states(body, stream, torch.tensor([row[-1] for row in stream.places]))


def _index(numbers: list[int], like: Tensor) -> Tensor:
    return torch.tensor(numbers, dtype=torch.long, device=like.device)


POOLINGS = {"mean": _mean, "last": _last}
