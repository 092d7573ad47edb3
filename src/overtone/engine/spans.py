"""Hidden spans: an encoder reads a text with gaps, a decoder writes what stood in them.

Raffel et al. 2020, "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer", arXiv
1910.10683, section 3.1.4: each gap is one sentinel token, and the target is every sentinel with what it stands for.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import torch

from overtone.core.errors import UserError
from overtone.engine.row import Row
from overtone.models.base import Base

Span = tuple[int, int]  # the place of the first hidden token, and the place behind the last


@dataclass(frozen=True, slots=True)
class SpanRow(Row):
    """A text of which `hidden` tokens in `gaps` spans are hidden at a time, behind the sentinels in their order."""

    hidden: int = 1
    gaps: int = 1
    sentinels: tuple[int, ...] = ()

    @property
    def units(self) -> int:
        """What the decoder writes: each gap's sentinel and its tokens, the closing sentinel, the end token."""
        return self.hidden + self.gaps + 2


def sentinels_of(base: Base) -> tuple[int, ...]:
    """The ids of `<extra_id_0>` and so on; UserError where the tokenizer has none."""
    known: dict[str, int] = base.tokenizer.get_vocab()
    found = [known[f"<extra_id_{number}>"] for number in range(1000) if f"<extra_id_{number}>" in known]
    if len(found) < 2:
        raise UserError(
            f"base: the tokenizer of '{base.description.name}' has no sentinel tokens (<extra_id_0>), which stand for "
            "hidden spans: choose a T5"
        )
    return tuple(found)


def drawn_spans(row: SpanRow, training: bool) -> list[Span]:
    """Gaps drawn by torch's own draw in training, which the step has seeded; else a function of the row alone."""
    source = None if training else torch.Generator().manual_seed(zlib.crc32(repr(row.tokens).encode()))
    gaps = _parts(row.hidden, row.gaps, source)
    seen = _parts(len(row.tokens) - 1 - row.hidden, row.gaps, source)  # the end token is never hidden
    lengths = [length for both in zip(seen, gaps, strict=True) for length in both]
    places = list(accumulate(lengths, initial=0))
    return [span for number, span in enumerate(pairwise(places)) if number % 2]


def parted_by(
    tokens: Sequence[int], spans: Sequence[Span], sentinels: Sequence[int]
) -> tuple[list[int], list[int]]:
    """What the encoder reads and what the decoder writes, both with the end token that closes the text."""
    source: list[int] = []
    target: list[int] = []
    done = 0
    for (start, end), sentinel in zip(spans, sentinels):
        source += [*tokens[done:start], sentinel]
        target += [sentinel, *tokens[start:end]]
        done = end
    return [*source, *tokens[done:]], [*target, sentinels[len(spans)], tokens[-1]]


def _parts(total: int, parts: int, source: Any) -> list[int]:
    """A whole number as a sum of `parts` drawn numbers, none below 1."""
    cuts = torch.randperm(total - 1, generator=source)[: parts - 1].sort().values + 1
    return [end - start for start, end in pairwise([0, *cuts.tolist(), total])]
