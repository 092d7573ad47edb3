"""What is trained: the body of a base and, for classifiers, a new output layer (head) over its features."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from overtone.engine.frozen_context import resting_features
from overtone.engine.hidden import plain
from overtone.engine.layout import shares_beginnings
from overtone.engine.pack import pack
from overtone.engine.pooling import pooled


class Learner(nn.Module):
    """A body with an optional head; `pooling` says how hidden states become one vector: mean or last.

    `name` is what people call the base.
    """

    def __init__(
        self, body: nn.Module, head: nn.Module | None = None, pooling: str = "mean", name: str = ""
    ) -> None:
        super().__init__()
        self.body, self.head, self.pooling, self.name = body, head, pooling, name

    def features(self, sequences: Sequence[Sequence[int]]) -> Tensor:
        """One vector a row: (rows, hidden). A frozen body leaves no graph behind."""
        known = resting_features(self.body)
        if known is not None:
            return known.of(sequences).to(next(self.body.parameters()).device)
        learns = torch.is_grad_enabled() and any(weight.requires_grad for weight in self.body.parameters())
        stream = pack(sequences, shares_beginnings(self.body))
        with torch.set_grad_enabled(learns):
            return pooled(self.body, stream, self.pooling)

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
