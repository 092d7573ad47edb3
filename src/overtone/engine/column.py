"""Columns beside a frozen model: slim networks that read the model's hidden states and add to the last of them.

Rusu et al. 2016, "Progressive Neural Networks", arXiv 1606.04671, section 2: the model and all earlier columns stay as
they are, and lateral adapters bring what they know into the new column. A column works on each place by itself; what a
place knows of the others comes with the states that it reads. No gradient passes through what is frozen.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from functools import reduce
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, layer_norm

from overtone.engine.hidden import plain


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
    """A stack of layers of transformers, with columns beside it; in all else it is that stack.

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
        for column in beside(self):
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


def stacks_of(model: Any) -> dict[str, Any]:
    """What columns can stand beside, by name: an encoder-decoder has two stacks of layers, another model one, ''."""
    return {name: _part(model, path) for name, path in _paths(model).items()}


def layers_of(stack: Any) -> int:
    """How many layers a stack has: its first list of modules is theirs, before those of experts in a layer."""
    return len(next(module for module in stack.modules() if isinstance(module, nn.ModuleList)))


def with_columns(model: Any, new: Mapping[str, Column]) -> Any:
    """A model with one more column beside each of these stacks, all else frozen."""
    model.requires_grad_(False)
    device = next(model.parameters()).device
    columns = {name: beside(stack) for name, stack in stacks_of(model).items()}
    grown = {name: (*columns[name], column.to(device)) for name, column in new.items()}
    return _with(model, columns | grown)


def drop_new(model: Any, name: str) -> None:
    """Take the columns that were to learn from beside a stack."""
    stack = stacks_of(model)[name]
    kept = [one for one in beside(stack) if not one.last.weight.requires_grad]
    if len(kept) < len(beside(stack)):
        stack.columns = nn.ModuleList(kept)


def beside(stack: Any) -> tuple[Column, ...]:
    """The columns beside a stack, the oldest first."""
    columns = stack.columns if isinstance(stack, WithColumns) else ()
    return tuple(one for one in columns if isinstance(one, Column))


def columns_of(model: Any) -> tuple[Column, ...]:
    """The columns of a model, the oldest of a stack first."""
    return tuple(one for stack in stacks_of(model).values() for one in beside(stack))


def as_before(model: Any, other: Any) -> Any:
    """The same weights with only so many columns as another model has: as it answered before the later ones came."""
    counts = {name: len(beside(stack)) for name, stack in stacks_of(plain(other)).items()}
    columns = {name: beside(stack) for name, stack in stacks_of(plain(model)).items()}
    fewer = {name: columns[name][: counts[name]] for name in columns}
    return model if fewer == columns else _with(model, fewer)


def _with(model: Any, columns: Mapping[str, Sequence[Column]]) -> Any:
    """A model with these columns beside its stacks, by name. A stack without any stands still as its neighbour does."""
    for name, path in _paths(model).items():
        stack = _part(model, path)
        inner = stack.model if isinstance(stack, WithColumns) else stack
        wrapped = WithColumns(inner.eval(), columns[name]) if any(columns.values()) else inner
        model = _replaced(model, path, wrapped)
    return model


def _paths(model: Any) -> dict[str, tuple[str, ...]]:
    """Where in a model its stacks are: an encoder is one itself, a decoder has it without its output layer."""
    inner = () if model.base_model is model else (model.base_model_prefix,)
    sides = ("encoder", "decoder") if model.config.is_encoder_decoder else ()
    return {side: (*inner, side) for side in sides} or {"": inner}


def _part(model: Any, path: Sequence[str]) -> Any:
    return reduce(getattr, path, model)


def _replaced(module: Any, path: Sequence[str], new: Any) -> Any:
    """A copy of a module with another in the place of one of its parts; the copies share all else."""
    if not path:
        return new
    outer = copy(module)
    part = _replaced(getattr(module, path[0]), path[1:], new)
    outer._modules = {**module._modules, path[0]: part}
    return outer
