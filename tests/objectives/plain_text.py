"""The plain formulas of what is learned from plain texts with gaps."""

import torch
from torch.nn.functional import cross_entropy, gelu, linear

from overtone.engine.masked import MaskedRow, hide
from overtone.engine.row import Row
from overtone.engine.spans import SpanRow, drawn_spans, parted_by
from overtone.models.base import Base


def plain_masked(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Cross-entropy at the hidden places of one row alone, from the library's own states."""
    assert isinstance(row, MaskedRow)
    head, weight = learner.head, base.model.get_input_embeddings().weight
    hidden = hide(row, len(weight), training=False)
    states = base.model(input_ids=torch.tensor([hidden.tokens])).last_hidden_state[0, list(hidden.places)]
    logits = linear(head.norm(gelu(head.dense(states))), weight, head.bias)  # type: ignore[union-attr, operator]
    return cross_entropy(logits, torch.tensor(hidden.targets), reduction="sum")


def plain_spans(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Cross-entropy by the library's own labels."""
    assert isinstance(row, SpanRow)
    parts = parted_by(row.tokens, drawn_spans(row, training=False), row.sentinels)
    source, target = (torch.tensor([part]) for part in parts)
    return cross_entropy(base.model(input_ids=source, labels=target).logits[0], target[0], reduction="sum")


PLAIN = {"masked": plain_masked, "span_corruption": plain_spans}


def with_gaps(base: Base) -> Base:
    """The base with a token that hides and with sentinels, under ids that its embeddings have."""
    known = base.tokenizer.get_vocab()
    base.tokenizer.mask_token = "<|system|>"
    base.tokenizer.get_vocab = lambda: {**known, **{f"<extra_id_{place}>": 250 + place for place in range(8)}}
    return base
