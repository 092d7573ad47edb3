"""Attention of every token of a stream to its own row: the fastest way that there is, the plain formula elsewhere."""

from collections.abc import Callable

from torch import Tensor

from overtone.engine.attention import blocks, flash, flex, varlen
from overtone.engine.attention.ask import Ask
from overtone.engine.attention.calls import calls_of
from overtone.engine.attention.plain import plain_attention
from overtone.engine.stream import Stream

Way = Callable[[Tensor, Tensor, Tensor, Ask], Tensor]
# Which asks each way can answer, the fastest first. What none of them can answer, the plain formula does.
WAYS: tuple[tuple[Callable[[Tensor, Ask], bool], Way], ...] = (
    (blocks.takes, blocks.by_blocks),
    (flash.takes, flash.by_flash),
    (varlen.takes, varlen.by_varlen),
    (flex.takes, flex.by_flex),
)


def attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    stream: Stream,
    *,
    causal: bool,
    scale: float,
    window: int | None = None,
    softcap: float | None = None,
    dropout: float = 0.0,
) -> Tensor:
    """softmax(scale * query key^T) value over each token's row: (time, heads, head).

    `query` is (time, heads, head); `key` and `value` are (time, key heads, head), each key head serving as many
    neighbouring heads. Causal tokens see those up to themselves. `window`: a token sees tokens nearer than that,
    itself included. `softcap` bounds the products c to softcap * tanh(c / softcap) (Gemma 2, arXiv 2408.00118,
    section 2). Only causal streams may share beginnings: elsewhere what follows would change them.
    """
    calls = calls_of(stream.segments)
    if calls.shared and not causal:
        raise ValueError("a shared beginning needs causal attention")
    if window is not None and window >= calls.longest:
        window = None
    ask = Ask(stream.segments, calls, causal, scale, window, softcap, dropout)
    return way_for(query, ask)(query, key, value, ask)


def way_for(query: Tensor, ask: Ask) -> Way:
    """The fastest way to answer an ask on the query's device, in its type."""
    return next((way for takes, way in WAYS if takes(query, ask)), plain_attention)
