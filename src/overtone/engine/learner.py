"""What is trained: the body of a base and, for classifiers, a new output layer (head) over its features."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from overtone.engine.hidden import hidden_states, plain


class Learner(nn.Module):
    """A body with an optional head; `pooling` says how hidden states become one vector: mean or last."""

    def __init__(self, body: nn.Module, head: nn.Module | None = None, pooling: str = "mean") -> None:
        super().__init__()
        self.body, self.head, self.pooling = body, head, pooling

    def features(self, sequences: Sequence[Sequence[int]]) -> Tensor:
        """One vector a row: (rows, hidden). A frozen body leaves no graph behind."""
        learns = torch.is_grad_enabled() and any(weight.requires_grad for weight in self.body.parameters())
        with torch.set_grad_enabled(learns):
            hidden, mask = hidden_states(self.body, sequences)
            return POOLINGS[self.pooling](hidden, mask)

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


def _mean(hidden: Tensor, mask: Tensor) -> Tensor:
    weights = mask[..., None].to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1)


def _last(hidden: Tensor, mask: Tensor) -> Tensor:
    return hidden[torch.arange(len(hidden), device=hidden.device), mask.sum(1) - 1]


POOLINGS = {"mean": _mean, "last": _last}
