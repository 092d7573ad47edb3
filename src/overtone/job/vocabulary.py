"""What new words are worth: the tokens of held-out texts under the base's own tokenizer and under the extended one."""

from collections.abc import Sequence
from typing import Any

from overtone.core.example import Example
from overtone.models.base import load_tokenizer
from overtone.models.locate import locate
from overtone.train.vocabulary import texts_of


def vocabulary_of(name: str, tokenizer: Any, rows: Sequence[Example]) -> dict[str, Any]:
    """Plain values for the report: the new words, each text's tokens before and after, all words and characters."""
    texts, known = texts_of(rows), load_tokenizer(locate(name))
    new = range(len(known), len(tokenizer))
    return {
        "words": [tokenizer.decode([token]).strip() for token in new],
        "before": _tokens(known, texts),
        "after": _tokens(tokenizer, texts),
        "text_words": sum(len(text.split()) for text in texts),
        "characters": sum(map(len, texts)),
    }


def _tokens(tokenizer: Any, texts: Sequence[str]) -> list[int]:
    found = tokenizer(list(texts), add_special_tokens=False, split_special_tokens=True) if texts else {}
    return [len(row) for row in found.get("input_ids", [])]
