"""Columns beside a frozen model: slim networks that read the model's hidden states and add to the last of them.

Rusu et al. 2016, "Progressive Neural Networks", arXiv 1606.04671, section 2: the model and all earlier columns stay as
they are, and lateral adapters bring what they know into the new column. A column works on each place by itself; what a
place knows of the others comes with the states that it reads. No gradient passes through what is frozen.
"""

from collections.abc import Sequence
from copy import copy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, layer_norm


class Column(nn.Module):
    """States c, slimmer than the model's h: c := c + O gelu(I c + V h + L c') a layer, c' of all earlier columns.

    At the end U c is added to what the model and the earlier columns give; U is zero at the start. In front of I, V, L
    and U all states are brought to mean 0 and variance 1: those of different layers differ in scale.
    """

    def __init__(self, hidden: int, width: int, reads: Sequence[int], earlier: int = 0) -> None:
        super().__init__()
        self.reads = tuple(reads)  # the hidden states that it reads, from 0 for the embeddings
        self.first = nn.Linear(hidden, width)
        self.lateral = nn.ModuleList(nn.Linear(hidden, width) for _ in self.reads)  # V
        self.inner = nn.ModuleList(nn.Linear(width, width, bias=False) for _ in self.reads)  # I
        self.outer = nn.ModuleList(nn.Linear(width, width) for _ in self.reads)  # O
        self.last = nn.Linear(width, hidden)  # U
        self.beside = nn.ModuleList(  # L
            nn.Linear(earlier * width, width, bias=False) for _ in self.reads if earlier
        )
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, states: Sequence[Tensor], earlier: Sequence[Sequence[Tensor]] = ()) -> list[Tensor]:
        """Its states behind each layer, (..., width), from the embeddings' and each layer's (..., hidden).

        `earlier` are the same states of each earlier column.
        """
        own: Tensor = self.first(self._normed(states[0]))
        found = []
        for layer, place in enumerate(self.reads):
            heard = self.inner[layer](self._normed(own)) + self.lateral[layer](self._normed(states[place]))
            if earlier:
                others = [self._normed(column[layer]) for column in earlier]
                heard = heard + self.beside[layer](torch.cat(others, -1))
            own = own + self.outer[layer](gelu(heard))
            found.append(own)
        return found

    def added(self, own: Tensor) -> Tensor:
        """What it adds to the last hidden states, from its own last ones."""
        found: Tensor = self.last(self._normed(own))
        return found

    def _normed(self, states: Tensor) -> Tensor:
        """In the type of its own weights: an earlier column keeps its own beside a model of another."""
        return layer_norm(states, states.shape[-1:]).to(self.first.weight.dtype)


class WithColumns(nn.Module):
    """A model of transformers without its output layer, with columns beside it; in all else it is that model.

    The last column learns.
    """

    def __init__(self, model: Any, columns: Sequence[Column]) -> None:
        super().__init__()
        self.model, self.columns = model, nn.ModuleList(columns)

    @property
    def base_model(self) -> "WithColumns":
        """Itself, as a model of transformers without an output layer says."""
        return self

    def train(self, mode: bool = True) -> "WithColumns":
        """The columns alone change their mode: what is frozen runs without dropout."""
        self.training = mode
        self.columns.train(mode)
        return self

    def forward(self, *inputs: Any, **settings: Any) -> Any:
        """What the model gives, with what the columns add to the last hidden states."""
        settings["output_hidden_states"] = True
        with torch.no_grad():
            output = self.model(*inputs, **settings)
        last = output.last_hidden_state
        known: list[list[Tensor]] = []
        for column in columns_of(self):
            known.append(column(output.hidden_states, known))
            last = last + column.added(known[-1][-1]).to(last.dtype)
        output.last_hidden_state = last
        output.hidden_states = None  # they are the model's own, not those that lead to the last
        return output

    def __getattr__(self, name: str) -> Any:
        """What a model of transformers has: its configuration, device, embeddings and layers."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("model"), name)


def with_column(model: Any, column: Column) -> Any:
    """A body with one more column, all else frozen: an encoder itself, a decoder around its inner model."""
    columns = [*columns_of(model), column.to(next(model.parameters()).device)]
    model.requires_grad_(False)
    beside = WithColumns(_without_columns(model).eval(), columns)
    if model.base_model is model:
        return beside
    setattr(model, model.base_model_prefix, beside)
    return model


def columns_of(model: Any) -> tuple[Column, ...]:
    """The columns of a model, the oldest first."""
    inner = getattr(model, "base_model", None)
    if not isinstance(inner, WithColumns):
        return ()
    return tuple(one for one in inner.columns if isinstance(one, Column))


def as_before(model: Any, other: Any) -> Any:
    """The same weights with only so many columns as another model has: as it answered before the later ones came."""
    columns, count = columns_of(model), len(columns_of(other))
    if len(columns) <= count:
        return model
    inner = _without_columns(model)
    fewer = WithColumns(inner, columns[:count]) if count else inner
    if model.base_model is model:
        return fewer
    outer = copy(model)
    outer._modules = dict(model._modules)
    setattr(outer, model.base_model_prefix, fewer)
    return outer


def _without_columns(model: Any) -> Any:
    inner = model.base_model
    return inner.model if isinstance(inner, WithColumns) else inner
