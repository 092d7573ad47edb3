"""Log-probabilities of the tokens of a prompt, with the most probable alternatives at each place."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from overtone.engine.begun import begun_cache
from overtone.engine.encoder_decoder import decoded, parted, projection_of
from overtone.engine.hidden import plain
from overtone.generate.beginning import beginning_of
from overtone.generate.choose import tokens_of
from overtone.generate.forward import forward
from overtone.generate.network import is_lean, network_of
from overtone.generate.reading import Reading
from overtone.generate.request import Token

CHUNK = 256  # positions whose logits the library's model gives at once


@torch.inference_mode()
def read_prompt(model: Any, prompt: Sequence[int], alternatives: int = 0) -> list[Token]:
    """Every token of the prompt but the first, which nothing precedes: `len(prompt) - 1` tokens.

    Of an encoder-decoder those that it has written: behind the source. The prompt is read in chunks behind a cache,
    so that full logits never stand in memory.
    """
    body = plain(model)
    tokens: list[Token] = []
    predicted = parted(body, prompt)[1] if body.config.is_encoder_decoder else prompt[1:]
    for logits in _logits(model, prompt[:-1]) if predicted else ():
        following = predicted[len(tokens) : len(tokens) + len(logits)]
        tokens += tokens_of(logits, following, [alternatives] * len(following))
    return tokens


def _logits(model: Any, tokens: Sequence[int]) -> Iterator[Tensor]:
    body = plain(model)
    if body.config.is_encoder_decoder:
        return _target_logits(model, tokens)
    return (_lean_logits if is_lean(body) else _library_logits)(body, tokens, beginning_of(model))


def _target_logits(model: Any, tokens: Sequence[int]) -> Iterator[Tensor]:
    """Logits of what an encoder-decoder writes behind the source and each further token: (tokens, vocabulary)."""
    body = plain(model)
    source, written = parted(body, tokens)
    hidden = decoded(model, [source], [[*written, 0]])[0]
    for states in hidden.split(CHUNK):  # type: ignore[no-untyped-call]
        yield projection_of(body)(states)


def _lean_logits(body: Any, tokens: Sequence[int], beginning: Tensor | None) -> Iterator[Tensor]:
    """Logits behind each token, chunk by chunk: (tokens, vocabulary)."""
    network = network_of(body)
    reading = Reading(network, 0, tokens, None, beginning)
    while not reading.finished:
        yield forward(network, [reading.chunk(all_asked=True)])


def _library_logits(body: Any, tokens: Sequence[int], beginning: Tensor | None) -> Iterator[Tensor]:
    """The same from the library's own model."""
    from transformers import DynamicCache

    cache = DynamicCache(config=body.config) if beginning is None else begun_cache(body, beginning, 1)
    first = cache.get_seq_length()
    ids = torch.tensor([list(tokens)], device=next(body.parameters()).device)
    for start in range(0, len(tokens), CHUNK):
        end = min(start + CHUNK, len(tokens))
        output = body(
            input_ids=ids[:, start:end],
            attention_mask=ids.new_ones(1, first + end),
            position_ids=torch.arange(first + start, first + end, device=ids.device)[None],
            past_key_values=cache,
            use_cache=True,
        )
        yield output.logits[0]
