"""How a base's tokenizer reads the user's own text: fertility, unknown tokens, rows over the context."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from overtone.models.base import Base
from overtone.models.text import encode_plain

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Reading:
    """Over the texts that were read. `per_word` is the fertility: tokens a word (Rust et al. 2021, section 3)."""

    texts: int
    per_word: float
    per_character: float
    unknown: float  # share of tokens that stand for what the vocabulary does not hold
    too_long: float  # share of texts that do not fit the context


def read_texts(base: Base, texts: Sequence[str]) -> Reading:
    """Count tokens of texts, without the marks at their ends."""
    rows = [encode_plain(base, text) for text in texts]
    tokens = sum(map(len, rows))
    unknown = base.tokenizer.unk_token_id
    missed = sum(row.count(unknown) for row in rows) if unknown is not None else 0
    return Reading(
        texts=len(texts),
        per_word=tokens / max(1, sum(len(_WORD.findall(text)) for text in texts)),
        per_character=tokens / max(1, sum(map(len, texts))),
        unknown=missed / max(1, tokens),
        too_long=sum(len(row) > base.description.context for row in rows) / max(1, len(texts)),
    )
