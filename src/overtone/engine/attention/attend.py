"""Attention of every token of a stream to its own row: the fastest way that there is, the plain formula elsewhere."""

from torch import Tensor

from overtone.engine.attention.blocks import LONGEST, by_blocks
from overtone.engine.attention.calls import calls_of
from overtone.engine.attention.flash import flash
from overtone.engine.attention.plain import plain_attention
from overtone.engine.stream import Stream


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
    if window is None and softcap is None and not dropout and query.device.type == "cpu":
        if causal and not calls.shared and calls.longest <= LONGEST:
            return by_blocks(query, key, value, stream.segments, scale)
        return flash(query, key, value, calls, causal, scale)
    return plain_attention(query, key, value, calls, causal, scale, window, softcap, dropout)
