"""What is trained: the body of a base and, for classifiers, a new output layer (head) over its features."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from overtone.core.errors import UserError
from overtone.engine.hidden import plain
from overtone.engine.layout import shares_beginnings
from overtone.engine.pack import pack
from overtone.engine.states import states
from overtone.engine.stream import Stream


class Learner(nn.Module):
    """A body with an optional head; `pooling` says how hidden states become one vector: mean or last."""

    def __init__(self, body: nn.Module, head: nn.Module | None = None, pooling: str = "mean") -> None:
        super().__init__()
        self.body, self.head, self.pooling = body, head, pooling

    def features(self, sequences: Sequence[Sequence[int]]) -> Tensor:
        """One vector a row: (rows, hidden). A frozen body leaves no graph behind."""
        learns = torch.is_grad_enabled() and any(weight.requires_grad for weight in self.body.parameters())
        stream = pack(sequences, shares_beginnings(self.body))
        with torch.set_grad_enabled(learns):
            return POOLINGS[self.pooling](self.body, stream)

    def logits(self, sequences: Sequence[Sequence[int]]) -> Tensor:
        """The head's output for each row: (rows, labels)."""
        if self.head is None:
            raise TypeError("a learner without a head gives no class logits")
        logits: Tensor = self.head(self.features(sequences))
        return logits


def make_head(hidden: int, labels: int, dropout: float, seed: int) -> nn.Module:
    """A fresh linear layer over features, drawn from the seed."""
    generator = torch.Generator().manual_seed(seed)
    layer = nn.Linear(hidden, labels)
    nn.init.normal_(layer.weight, std=0.02, generator=generator)
    nn.init.zeros_(layer.bias)
    return nn.Sequential(nn.Dropout(dropout), layer)


def hidden_size(body: nn.Module) -> int:
    """Width of the body's hidden states."""
    size: int = plain(body).config.hidden_size
    return size


def _mean(body: nn.Module, stream: Stream) -> Tensor:
    hidden = states(body, stream)  # (time, hidden)
    places = [place for row in stream.places for place in row]
    rows = [index for index, row in enumerate(stream.places) for _ in row]
    counts = hidden.new_tensor([max(1, len(row)) for row in stream.places])
    sums = hidden.new_zeros(len(counts), hidden.shape[1])
    return sums.index_add(0, _index(rows, hidden), hidden[_index(places, hidden)]) / counts[:, None]


def _last(body: nn.Module, stream: Stream) -> Tensor:
    if not all(stream.places):
        raise UserError("A row has no tokens, so it has no last one: leave empty texts out.")
    return states(body, stream, torch.tensor([row[-1] for row in stream.places]))


def _index(numbers: list[int], like: Tensor) -> Tensor:
    return torch.tensor(numbers, dtype=torch.long, device=like.device)


POOLINGS = {"mean": _mean, "last": _last}
