"""Attention that can be replaced for a while: every attention layer of a transformers model asks here.

By transformers' own interface, under a name of its own. Nothing replaced, layers compute what they always do, so that
the same model also generates and takes padded rows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import dropout as drop
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


class StillReplaced:
    """The replacement that is current when this is made; within, it is current again, later and in any thread.

    Layers that the backward pass computes again ask for their attention long after `replaced` has ended.
    """

    def __init__(self) -> None:
        self.replacement, self.tokens = _replacement.get(), list[Token[Replacement | None]]()

    def __enter__(self) -> None:
        self.tokens.append(_replacement.set(self.replacement))

    def __exit__(self, *error: object) -> None:
        _replacement.reset(self.tokens.pop())


def _attention(
    layer: Any, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, **settings: Any
) -> tuple[Tensor, None]:
    replacement = _replacement.get()
    if replacement is not None:
        return replacement(layer, query, key, value, settings), None
    if settings.get("softcap") is not None:
        return _capped(layer, query, key, value, mask, **settings), None
    usual: tuple[Tensor, None] = sdpa_attention_forward(layer, query, key, value, mask, **settings)
    return usual


def _capped(
    layer: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | None,
    scaling: float,
    softcap: float,
    dropout: float = 0.0,
    **_: Any,
) -> Tensor:
    """Attention whose products c are bounded to softcap * tanh(c / softcap), which torch's own cannot do.

    Gemma Team 2024, "Gemma 2", arXiv 2408.00118, section 2. Without a mask a token sees those up to itself.
    """
    groups, new = query.shape[1] // key.shape[1], query.shape[2]
    key, value = key.repeat_interleave(groups, dim=1), value.repeat_interleave(groups, dim=1)
    products = torch.tanh(query @ key.transpose(2, 3) * scaling / softcap) * softcap
    if mask is None:
        old = key.shape[2] - new
        mask = torch.ones(new, key.shape[2], dtype=torch.bool, device=query.device).tril(old)
    # The smallest number, not minus infinity: what is padding sees nothing, and must not become no number.
    products = products.masked_fill(~mask, torch.finfo(products.dtype).min)
    shares = products.softmax(-1, dtype=torch.promote_types(query.dtype, torch.float32)).to(query.dtype)
    return (drop(shares, dropout, layer.training) @ value).transpose(1, 2).contiguous()


def _mask(*arguments: Any, **settings: Any) -> Tensor | None:
    return sdpa_mask(*arguments, **settings) if _replacement.get() is None else None


AttentionInterface.register(NAME, _attention)
AttentionMaskInterface.register(NAME, _mask)
