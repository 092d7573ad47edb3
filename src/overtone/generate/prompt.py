"""Log-probabilities of the tokens of a prompt, with the most probable alternatives at each place."""

from collections.abc import Sequence
from typing import Any

import torch

from overtone.engine.hidden import plain
from overtone.generate.choose import tokens_of
from overtone.generate.request import Token

CHUNK = 256  # positions whose logits are held at once


@torch.inference_mode()
def read_prompt(model: Any, prompt: Sequence[int], alternatives: int = 0) -> list[Token]:
    """Every token of the prompt but the first, which nothing precedes: `len(prompt) - 1` tokens.

    The prompt goes through the model in chunks behind a cache, so that full logits never stand in memory.
    """
    from transformers import DynamicCache

    body = plain(model)
    cache = DynamicCache(config=body.config)
    ids = torch.tensor([list(prompt)], device=next(body.parameters()).device)
    tokens: list[Token] = []
    for start in range(0, len(prompt) - 1, CHUNK):
        end = min(start + CHUNK, len(prompt) - 1)
        positions = torch.arange(start, end, device=ids.device)[None]
        mask = torch.ones_like(ids[:, :end])
        output = body(
            input_ids=ids[:, start:end],
            attention_mask=mask,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
        )
        following = list(prompt[start + 1 : end + 1])
        tokens += tokens_of(output.logits[0], following, [alternatives] * len(following))
    return tokens
