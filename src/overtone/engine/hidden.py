"""The padded layout: rows of different length side by side, for models that cannot take a flat stream."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from overtone.engine.begun import begun_cache
from overtone.engine.stream import Stream

if TYPE_CHECKING:
    from overtone.engine.parent import LearnedKeys


def plain(body: Any) -> Any:
    """The transformers model itself, without the adapter library's wrapper."""
    return body.get_base_model() if hasattr(body, "get_base_model") else body


def reader(model: Any) -> Any:
    """The part of a transformers model that gives hidden states of what it reads: an encoder-decoder's encoder."""
    return model.get_encoder() if model.config.is_encoder_decoder else model.base_model


def pad(sequences: Sequence[Sequence[int]], device: torch.device) -> tuple[Tensor, Tensor]:
    """Token ids and mask of rows of different length, padded on the right: both (rows, longest)."""
    longest = max(len(tokens) for tokens in sequences)
    tokens = torch.zeros(len(sequences), longest, dtype=torch.long)
    mask = torch.zeros_like(tokens)
    for index, sequence in enumerate(sequences):
        tokens[index, : len(sequence)] = torch.tensor(sequence, dtype=torch.long)
        mask[index, : len(sequence)] = 1
    return tokens.to(device), mask.to(device)


def padded_states(
    model: Any,
    stream: Stream,
    asked: Tensor | None = None,
    hidden: Tensor | None = None,
    keys: "LearnedKeys | None" = None,
) -> Tensor:
    """Last hidden states of a transformers model at the asked places of a stream, or at all: (places, hidden).

    They start from the tokens or from `hidden` embeddings (time, hidden). Every row is computed whole. A place that
    several rows share is read from the first of them: in all they are equal, because only causal streams share.
    Rows of a decoder may begin with `keys` and values.
    """
    index, mask = pad(stream.places, stream.tokens.device)
    start = {"input_ids": stream.tokens[index] * mask} if hidden is None else {"inputs_embeds": hidden[index]}
    extra: dict[str, Any] = (
        {"use_cache": False} if getattr(model.config, "use_cache", None) is not None else {}
    )
    if keys is not None:
        extra["past_key_values"] = begun_cache(model, keys.kept(model), len(index))
        mask = torch.cat((mask.new_ones(len(mask), keys.length), mask), 1)
    output = reader(model)(**start, attention_mask=mask, **extra).last_hidden_state
    found = torch.empty(len(stream.tokens), dtype=torch.long)
    for row, places in reversed(list(enumerate(stream.places))):
        found[places] = row * index.shape[1] + torch.arange(len(places))
    found = found.to(output.device)
    states: Tensor = output.flatten(0, 1)[found if asked is None else found[asked]]
    return states
