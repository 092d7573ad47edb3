"""Attention that can be replaced for a while: every attention layer of a transformers model asks here.

By transformers' own interface, under a name of its own. Nothing replaced, layers compute what they always do, so that
the same model also generates and takes padded rows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from torch import Tensor
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

NAME = "overtone"
# (layer, query, key, value, settings of transformers) to the output; the first three (1, heads, time, head),
# the output (1, time, heads, head)
Replacement = Callable[[Any, Tensor, Tensor, Tensor, dict[str, Any]], Tensor]

_replacement: ContextVar[Replacement | None] = ContextVar("replacement", default=None)


def make_replaceable(model: Any) -> None:
    """Let the attention of a transformers model be replaced; what it computes stays the same to the bit."""
    if model.config._attn_implementation != NAME:
        model.set_attn_implementation(NAME)


@contextmanager
def replaced(replacement: Replacement) -> Iterator[None]:
    """Within, attention is the replacement's and no mask is made; other threads go on as before."""
    token = _replacement.set(replacement)
    try:
        yield
    finally:
        _replacement.reset(token)


def _attention(
    layer: Any, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, **settings: Any
) -> tuple[Tensor, None]:
    replacement = _replacement.get()
    if replacement is not None:
        return replacement(layer, query, key, value, settings), None
    usual: tuple[Tensor, None] = sdpa_attention_forward(layer, query, key, value, mask, **settings)
    return usual


def _mask(*arguments: Any, **settings: Any) -> Tensor | None:
    return sdpa_mask(*arguments, **settings) if _replacement.get() is None else None


AttentionInterface.register(NAME, _attention)
AttentionMaskInterface.register(NAME, _mask)
