"""Log-probabilities of the tokens of a prompt, with the most probable alternatives at each place."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from overtone.engine.hidden import plain
from overtone.generate.choose import tokens_of
from overtone.generate.forward import forward
from overtone.generate.network import is_lean, network_of
from overtone.generate.reading import Reading
from overtone.generate.request import Token

CHUNK = 256  # positions whose logits the library's model gives at once


@torch.inference_mode()
def read_prompt(model: Any, prompt: Sequence[int], alternatives: int = 0) -> list[Token]:
    """Every token of the prompt but the first, which nothing precedes: `len(prompt) - 1` tokens.

    The prompt is read in chunks behind a cache, so that full logits never stand in memory.
    """
    body = plain(model)
    tokens: list[Token] = []
    for logits in (_lean_logits if is_lean(body) else _library_logits)(body, prompt[:-1]):
        following = prompt[len(tokens) + 1 : len(tokens) + 1 + len(logits)]
        tokens += tokens_of(logits, following, [alternatives] * len(following))
    return tokens


def _lean_logits(body: Any, tokens: Sequence[int]) -> Iterator[Tensor]:
    """Logits behind each token, chunk by chunk: (tokens, vocabulary)."""
    network = network_of(body)
    reading = Reading(network, 0, tokens, None)
    while not reading.finished:
        yield forward(network, [reading.chunk(all_asked=True)])


def _library_logits(body: Any, tokens: Sequence[int]) -> Iterator[Tensor]:
    """The same from the library's own model."""
    from transformers import DynamicCache

    cache = DynamicCache(config=body.config)
    ids = torch.tensor([list(tokens)], device=next(body.parameters()).device)
    for start in range(0, len(tokens), CHUNK):
        end = min(start + CHUNK, len(tokens))
        output = body(
            input_ids=ids[:, start:end],
            attention_mask=torch.ones_like(ids[:, :end]),
            position_ids=torch.arange(start, end, device=ids.device)[None],
            past_key_values=cache,
            use_cache=True,
        )
        yield output.logits[0]
