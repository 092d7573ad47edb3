"""A column beside a frozen model: a slimmer network that reads the model's hidden states and adds to the last of them.

Rusu et al. 2016, "Progressive Neural Networks", arXiv 1606.04671, section 2: the model stays as it is, and lateral
adapters bring what it knows into the new column. The column works on each place by itself; what a place knows of the
others comes with the states that it reads. No gradient passes through the model.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, layer_norm


class Column(nn.Module):
    """States c, slimmer than the model's h: c := c + O gelu(I c + V h) a layer, then U c is added, U zero at the start.

    c and h are brought to mean 0 and variance 1 in front of I and V: states of different layers differ in scale.
    """

    def __init__(self, hidden: int, width: int, reads: Sequence[int]) -> None:
        super().__init__()
        self.reads = tuple(reads)  # the hidden states that it reads, from 0 for the embeddings
        self.first = nn.Linear(hidden, width)
        self.lateral = nn.ModuleList(nn.Linear(hidden, width) for _ in self.reads)  # V
        self.inner = nn.ModuleList(nn.Linear(width, width, bias=False) for _ in self.reads)  # I
        self.outer = nn.ModuleList(nn.Linear(width, width) for _ in self.reads)  # O
        self.last = nn.Linear(width, hidden)  # U
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, states: Sequence[Tensor]) -> Tensor:
        """What is added to the last hidden state; `states` are the embeddings' and each layer's (..., hidden)."""
        own: Tensor = self.first(_normed(states[0]))
        for place, lateral, inner, outer in zip(
            self.reads, self.lateral, self.inner, self.outer, strict=True
        ):
            own = own + outer(gelu(inner(_normed(own)) + lateral(_normed(states[place]))))
        added: Tensor = self.last(_normed(own))
        return added


class WithColumn(nn.Module):
    """A model of transformers without its output layer, with a column beside it; in all else it is that model."""

    def __init__(self, model: Any, column: Column) -> None:
        super().__init__()
        self.model, self.column = model.requires_grad_(False).eval(), column

    @property
    def base_model(self) -> "WithColumn":
        """Itself, as a model of transformers without an output layer says."""
        return self

    def train(self, mode: bool = True) -> "WithColumn":
        """The column alone changes its mode: what is frozen runs without dropout."""
        self.training = mode
        self.column.train(mode)
        return self

    def forward(self, *inputs: Any, **settings: Any) -> Any:
        """What the model gives, with what the column adds to the last hidden states."""
        settings["output_hidden_states"] = True
        with torch.no_grad():
            output = self.model(*inputs, **settings)
        output.last_hidden_state = output.last_hidden_state + self.column(output.hidden_states)
        output.hidden_states = None  # they are the model's own, not those that lead to the last
        return output

    def __getattr__(self, name: str) -> Any:
        """What a model of transformers has: its configuration, device, embeddings and layers."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("model"), name)


def with_column(model: Any, column: Column) -> Any:
    """A body with a column: an encoder itself, a decoder around the column and its inner model."""
    inner = model.base_model
    model.requires_grad_(False)
    beside = WithColumn(inner, column.to(next(model.parameters()).device))
    if inner is model:
        return beside
    setattr(model, model.base_model_prefix, beside)
    return model


def column_of(model: Any) -> Column | None:
    """The column of a model; None where it has none."""
    inner = getattr(model, "base_model", None)
    return inner.column if isinstance(inner, WithColumn) else None


def _normed(states: Tensor) -> Tensor:
    return layer_norm(states, states.shape[-1:])
