"""A learned parent: what every row of a stream begins with, learned instead of read, and computed once a stream.

It is either embeddings in the place of tokens (a soft prompt), or keys and values alone (a prefix). Both take the
first positions, so a row's own tokens begin behind them; nothing is asked of them and nothing is predicted from them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad

from overtone.core.errors import UserError
from overtone.engine.attention.attend import attend
from overtone.engine.hidden import plain
from overtone.engine.layout import shares_beginnings
from overtone.engine.stream import Stream, one_by_one
from overtone.models.families import FAMILIES

Attention = Callable[..., Tensor]  # as `attend`, without the stream
KINDS = ("PROMPT_TUNING", "PREFIX_TUNING")  # of PEFT, whose learned beginnings are the same for every row


@dataclass(frozen=True, eq=False)
class LearnedRows:
    """Embeddings (length, hidden) of rows that stand before the first token of every row."""

    rows: Tensor
    shared: bool = True  # else each row has a copy of its own, so that dropout disturbs each in its own way

    @property
    def length(self) -> int:
        """How many positions it takes."""
        return len(self.rows)

    def states(
        self, compute: Callable[..., Tensor], model: Any, stream: Stream, asked: Tensor | None
    ) -> Tensor:
        """What a layout computes for the asked places of a stream, or for all of its own, behind these rows."""
        embeddings = model.get_input_embeddings()(stream.tokens)
        hidden = torch.cat((self.rows.to(embeddings.dtype), embeddings))
        if self.shared:
            front, places = stream.behind(self.length), self.length + torch.arange(len(stream.tokens))
        else:
            front, sources, places = _repeated(stream, self.length)
            hidden = hidden[sources.to(hidden.device)]
        places = places.to(hidden.device)
        return compute(model, front, places if asked is None else places[asked], hidden=hidden)

    def kept(self, model: Any) -> Tensor:
        """The keys and values that the model computes for these rows: (layers, 2, key heads, length, head)."""
        from transformers import DynamicCache

        cache = DynamicCache()
        rows = self.rows.to(model.get_input_embeddings().weight.dtype)
        model.base_model(inputs_embeds=rows[None], past_key_values=cache, use_cache=True)
        return torch.stack([torch.cat((layer.keys, layer.values)) for layer in cache.layers])


@dataclass(frozen=True, eq=False)
class LearnedKeys:
    """For each layer keys and values, both (length, key heads, head), that every token sees before its own row's.

    A layer with a window may keep fewer: those that its first token sees.
    """

    layers: tuple[tuple[Tensor, Tensor], ...]
    length: int  # how many positions they take

    def states(
        self, compute: Callable[..., Tensor], model: Any, stream: Stream, asked: Tensor | None
    ) -> Tensor:
        """What a layout computes for the asked places of a stream, or for all, where every token sees these keys."""
        moved = replace(stream, positions=stream.positions + self.length)
        return compute(model, moved, asked, keys=self)

    def kept(self, model: Any) -> Tensor:
        """All of them, with zeros where a layer keeps fewer: (layers, 2, key heads, length, head)."""
        parts = [torch.stack(layer).transpose(1, 2) for layer in self.layers]
        return torch.stack([pad(part, (0, 0, self.length - part.shape[2], 0)) for part in parts])

    def attention(self, layer: int, stream: Stream) -> Attention:
        """Attention in a layer over a stream whose rows all begin with that layer's keys and values."""
        keys, values = self.layers[layer]
        return partial(_attend_behind, keys, values, stream.behind(len(keys)))


Parent = LearnedRows | LearnedKeys


def parent_of(body: Any) -> Parent | None:
    """The learned parent of a body that PEFT has wrapped; None where it has none. Gradients reach what it learns."""
    config = getattr(body, "active_peft_config", None)
    if config is None or not config.is_prompt_learning:
        return None
    if config.peft_type not in KINDS:
        raise UserError(
            f"an adapter of the type {config.peft_type.value} cannot stand before the rows of a stream; those that "
            f"can: {', '.join(KINDS)}"
        )
    check_can_begin(plain(body))
    prompt = body.get_prompt(1)
    if isinstance(prompt, Tensor):
        return LearnedRows(prompt[0], shares_beginnings(body))
    layers = tuple((_places_first(layer.keys), _places_first(layer.values)) for layer in prompt.layers)
    return LearnedKeys(layers, config.num_virtual_tokens)


def check_can_begin(model: Any) -> None:
    """UserError where rows of a model cannot begin with a learned parent: only those of flat decoders can."""
    able = [name for name, family in FAMILIES.items() if family.kind == "decoder" and family.flat]
    if model.config.model_type not in able:
        raise UserError(
            f"a learned prompt or prefix cannot stand before the rows of the family '{model.config.model_type}': "
            f"choose the method lora, or a base of one of the families {', '.join(able)}"
        )


def _repeated(stream: Stream, length: int) -> tuple[Stream, Tensor, Tensor]:
    """A stream of rows that share nothing, each behind `length` places of its own.

    With it where each of its places is found, among those of the parent and then of the stream, and where the
    stream's own places then stand.
    """
    front = one_by_one([[*range(length), *(length + place for place in row)] for row in stream.places])
    sources, places = front.tokens, torch.empty(len(stream.tokens), dtype=torch.long)
    own = sources >= length
    places[sources[own] - length] = own.nonzero()[:, 0]
    return front.to(stream.tokens.device), sources, places


def _attend_behind(
    keys: Tensor, values: Tensor, front: Stream, query: Tensor, key: Tensor, value: Tensor, **settings: Any
) -> Tensor:
    """As `attend` over the stream behind `front`'s first places, which have keys and values but ask nothing."""
    asks = torch.cat((query.new_zeros(len(keys), *query.shape[1:]), query))
    all_keys, all_values = torch.cat((keys.to(key.dtype), key)), torch.cat((values.to(value.dtype), value))
    return attend(asks, all_keys, all_values, front, **settings)[len(keys) :]


def _places_first(part: Tensor) -> Tensor:
    """(1, key heads, length, head) to (length, key heads, head)."""
    return part[0].transpose(0, 1)
