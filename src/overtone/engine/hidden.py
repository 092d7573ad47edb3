"""The padded layout: rows of different length side by side, for models that cannot take a flat stream."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from overtone.engine.stream import Stream


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


def padded_states(model: Any, stream: Stream, asked: Tensor | None = None) -> Tensor:
    """Last hidden states of a transformers model at the asked places of a stream, or at all: (places, hidden).

    Every row is computed whole. A place that several rows share is read from the first of them: in all they are
    equal, because only causal streams share.
    """
    rows = [stream.tokens[places].tolist() for places in stream.places]
    tokens, mask = pad(rows, stream.tokens.device)
    extra = {"use_cache": False} if getattr(model.config, "use_cache", None) is not None else {}
    hidden = reader(model)(input_ids=tokens, attention_mask=mask, **extra).last_hidden_state
    index = torch.empty(len(stream.tokens), dtype=torch.long)
    for row, places in reversed(list(enumerate(stream.places))):
        index[places] = row * tokens.shape[1] + torch.arange(len(places))
    index = index.to(hidden.device)
    found: Tensor = hidden.flatten(0, 1)[index if asked is None else index[asked]]
    return found
