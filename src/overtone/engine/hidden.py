"""Hidden states of rows in the padded layout."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn


def plain(body: Any) -> Any:
    """The transformers model itself, without the adapter library's wrapper."""
    return body.get_base_model() if hasattr(body, "get_base_model") else body


def pad(sequences: Sequence[Sequence[int]], device: torch.device) -> tuple[Tensor, Tensor]:
    """Token ids and mask of rows of different length, padded on the right: both (rows, longest)."""
    longest = max(len(tokens) for tokens in sequences)
    tokens = torch.zeros(len(sequences), longest, dtype=torch.long)
    mask = torch.zeros_like(tokens)
    for index, sequence in enumerate(sequences):
        tokens[index, : len(sequence)] = torch.tensor(sequence, dtype=torch.long)
        mask[index, : len(sequence)] = 1
    return tokens.to(device), mask.to(device)


def hidden_states(body: nn.Module, sequences: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Last hidden states (rows, longest, hidden) and the mask (rows, longest) of rows of tokens."""
    model = plain(body)
    tokens, mask = pad(sequences, next(model.parameters()).device)
    extra = {"use_cache": False} if getattr(model.config, "use_cache", None) is not None else {}
    return model.base_model(input_ids=tokens, attention_mask=mask, **extra).last_hidden_state, mask
