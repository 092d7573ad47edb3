"""A learned parent: what every row of a stream begins with, learned instead of read.

It is either embeddings in the place of tokens (a soft prompt), or keys and values alone (a prefix). Both take the
first positions, so a row's own tokens begin behind them; nothing is asked of them and nothing is predicted from them.
It is computed once a stream in a decoder; in an encoder it sees the row too, so there each row has a copy of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.nn.functional import pad

from overtone.core.errors import UserError
from overtone.engine.attention.attend import attend
from overtone.engine.begun import cached
from overtone.engine.hidden import plain
from overtone.engine.layout import shares_beginnings
from overtone.engine.stream import Segment, Stream, one_by_one
from overtone.models.families import FAMILIES

Attention = Callable[..., Tensor]  # as `attend`, without the stream
KINDS = ("PROMPT_TUNING", "PREFIX_TUNING")  # of PEFT, whose learned beginnings are the same for every row


class Keys(Protocol):
    """Keys and values of each layer beside those of the rows."""

    def attention(self, layer: int, stream: Stream) -> Attention:
        """Attention in a layer over a stream."""
        ...


@dataclass(frozen=True, eq=False)
class LearnedRows:
    """Embeddings (length, hidden) of rows that stand before the first token of every row."""

    rows: Tensor
    shared: bool = True  # else each row has a copy: dropout, or what follows in an encoder, changes it

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
            hidden = hidden[sources]
        places = places.to(hidden.device)
        return compute(model, front, places if asked is None else places[asked], hidden=hidden)

    def kept(self, model: Any) -> Tensor:
        """The keys and values that the model computes for these rows: (layers, 2, key heads, length, head)."""
        from overtone.engine.flat import flat_states

        if not FAMILIES[model.config.model_type].flat:
            return cached(model, self.rows)
        stream = one_by_one([[0] * self.length]).to(self.rows.device)
        heard = _Heard()
        flat_states(model, stream, hidden=self.rows.to(model.get_input_embeddings().weight.dtype), keys=heard)
        return torch.stack([torch.stack(layer).transpose(1, 2) for layer in heard.layers])


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
        """What a layout computes for the asked places of a stream, or for all, where every token sees these keys.

        An encoder-decoder's stand before what it writes, and its encoder reads the stream without them.
        """
        if model.config.is_encoder_decoder:
            return compute(model, stream, asked)
        moved = replace(stream, positions=stream.positions + self.length)
        return compute(model, moved, asked, keys=self)

    def kept(self, model: Any) -> Tensor:
        """All of them, with zeros where a layer keeps fewer: (layers, 2, key heads, length, head)."""
        parts = [torch.stack(layer).transpose(1, 2) for layer in self.layers]
        return torch.stack([pad(part, (0, 0, self.length - part.shape[2], 0)) for part in parts])

    def attention(self, layer: int, stream: Stream) -> Attention:
        """Attention in a layer over a stream whose rows all begin with that layer's keys and values."""
        keys, values = self.layers[layer]
        return partial(_attend_behind, keys, values, stream)


class _Heard:
    """In the place of learned keys: adds none, and keeps those of each layer as they come."""

    def __init__(self) -> None:
        self.layers: list[tuple[Tensor, Tensor]] = []

    def attention(self, layer: int, stream: Stream) -> Attention:
        """Attention in a layer over a stream."""

        def heard(query: Tensor, key: Tensor, value: Tensor, **settings: Any) -> Tensor:
            self.layers.append((key, value))
            return attend(query, key, value, stream, **settings)

        return heard


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
    if config.peft_type == KINDS[0]:
        return LearnedRows(body.get_prompt(1)[0], shares_beginnings(body))
    check_takes_keys(plain(body))
    prompt = body.get_prompt(1)
    own = getattr(prompt, "self_attention_cache", prompt)  # an encoder-decoder has another for its source
    layers = tuple((_places_first(layer.keys), _places_first(layer.values)) for layer in own.layers)
    return LearnedKeys(layers, config.num_virtual_tokens)


def check_takes_keys(model: Any) -> None:
    """UserError where rows cannot begin with keys and values: they take a replaced attention, or a decoder's cache."""
    able = [name for name, family in FAMILIES.items() if family.flat or family.kind != "encoder"]
    if model.config.model_type not in able:
        raise UserError(
            f"a learned prefix cannot stand before the rows of the family '{model.config.model_type}', whose attention "
            f"takes the keys of the row's own tokens alone: choose the method prompt or lora, or a base of one of the "
            f"families {', '.join(able)}"
        )


def _repeated(stream: Stream, length: int) -> tuple[Stream, Tensor, Tensor]:
    """A stream of rows that share nothing, each behind `length` places of its own.

    With it where each of its places is found, among those of the parent and then of the stream, and where the
    stream's own places then stand.
    """
    device = stream.tokens.device
    front, places = _in_rows(stream.segments, stream.ends, length)
    return front.to(device), front.tokens.to(device), places.to(device)


@lru_cache(maxsize=16)  # every layer asks for those of the same stream
@torch.inference_mode(False)  # what an answer has asked for first, a training step may ask for next
def _in_rows(segments: tuple[Segment, ...], ends: tuple[int, ...], length: int) -> tuple[Stream, Tensor]:
    """The rows behind copies of a parent, with their sources as tokens, and where the stream's own places stand."""
    nothing = torch.empty(0)
    rows = Stream(nothing, nothing, segments, ends).places
    front = one_by_one([[*range(length), *(length + place for place in row)] for row in rows])
    places = torch.empty(segments[-1].end if segments else 0, dtype=torch.long)
    own = front.tokens >= length
    places[front.tokens[own] - length] = own.nonzero()[:, 0]
    return front, places


def _attend_behind(
    keys: Tensor,
    values: Tensor,
    stream: Stream,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    *,
    causal: bool,
    **settings: Any,
) -> Tensor:
    """As `attend` over a stream whose rows begin with places that have keys and values but ask nothing."""
    all_keys, all_values = torch.cat((keys.to(key.dtype), key)), torch.cat((values.to(value.dtype), value))
    if causal:
        asks = torch.cat((query.new_zeros(len(keys), *query.shape[1:]), query))
        front = stream.behind(len(keys))
        return attend(asks, all_keys, all_values, front, causal=True, **settings)[len(keys) :]
    front, sources, places = _repeated(stream, len(keys))
    asks = query.new_zeros(len(sources), *query.shape[1:]).index_copy(0, places, query)
    return attend(asks, all_keys[sources], all_values[sources], front, causal=False, **settings)[places]


def _places_first(part: Tensor) -> Tensor:
    """(1, key heads, length, head) to (length, key heads, head)."""
    return part[0].transpose(0, 1)
