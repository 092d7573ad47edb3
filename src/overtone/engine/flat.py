"""The flat layout: the models of transformers over a stream, without padding."""

from functools import partial
from typing import Any

from torch import Tensor

from overtone.engine.attention.attend import attend
from overtone.engine.parent import Attention, Keys
from overtone.engine.stream import Stream
from overtone.models.families import FAMILIES


def flat_states(
    model: Any,
    stream: Stream,
    asked: Tensor | None = None,
    hidden: Tensor | None = None,
    keys: Keys | None = None,
) -> Tensor:
    """Last hidden states of a transformers model at the asked places of a stream, or at all: (places, hidden).

    They start from the tokens or from `hidden` embeddings (time, hidden); every token sees the learned `keys`.
    """
    from overtone.models.attention import make_replaceable, replaced

    make_replaceable(model)
    met: dict[Any, int] = {}  # each layer's number; the backward pass may ask for a layer once more

    def attention(layer: Any, query: Tensor, key: Tensor, value: Tensor, settings: dict[str, Any]) -> Tensor:
        number = met.setdefault(layer, len(met))
        sees = partial(attend, stream=stream) if keys is None else keys.attention(number, stream)
        return _attend(layer, query, key, value, sees, settings)

    start = {"input_ids": stream.tokens[None]} if hidden is None else {"inputs_embeds": hidden[None]}
    positions = stream.positions + first_position(model)
    extra = {"use_cache": False} if getattr(model.config, "use_cache", None) is not None else {}
    with replaced(attention):
        output = model.base_model(**start, position_ids=positions[None], **extra)
    if len(met) != model.config.num_hidden_layers:
        # A layer that did not ask has let rows see each other.
        raise RuntimeError(
            f"{type(model).__name__} computes attention in code of its own: it cannot run flat"
        )
    states: Tensor = output.last_hidden_state[0]
    return states if asked is None else states[asked]


def first_position(model: Any) -> int:
    """The number of a row's first token among the model's positions."""
    behind_padding = FAMILIES[model.config.model_type].reserved_positions > 0
    return int(model.config.pad_token_id) + 1 if behind_padding else 0


def _attend(
    layer: Any, query: Tensor, key: Tensor, value: Tensor, sees: Attention, settings: dict[str, Any]
) -> Tensor:
    """One layer's attention, with what transformers asks of it: (1, heads, time, head) to (1, time, heads, head)."""
    causal, scale = settings.get("is_causal"), settings.get("scaling")
    return sees(
        query[0].transpose(0, 1),
        key[0].transpose(0, 1),
        value[0].transpose(0, 1),
        causal=bool(layer.is_causal if causal is None else causal),
        scale=query.shape[-1] ** -0.5 if scale is None else float(scale),
        window=settings.get("sliding_window"),
        softcap=settings.get("softcap"),
        dropout=settings.get("dropout", 0.0),
    )[None]
