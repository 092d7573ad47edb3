"""Copying: the share of word 12-grams of some samples that stand in the training text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b

_WORD = re.compile(r"[\w'-]+")


def word_ngrams(text: str, length: int = 12) -> Iterator[bytes]:
    """A stable 8-byte hash of every run of `length` words; case and punctuation do not count."""
    words = _WORD.findall(text.lower())
    for start in range(len(words) - length + 1):
        yield blake2b(" ".join(words[start : start + length]).encode(), digest_size=8).digest()


def seen_ngrams(texts: Iterable[str], length: int = 12) -> set[bytes]:
    """The hashes of all runs of `length` words in the training texts."""
    return {ngram for text in texts for ngram in word_ngrams(text, length)}


def copied_share(samples: Iterable[str], seen: set[bytes], length: int = 12) -> float:
    """The share of the samples' runs of words that are in `seen`; 0 where no sample is long enough."""
    found = [ngram in seen for sample in samples for ngram in word_ngrams(sample, length)]
    return sum(found) / len(found) if found else 0.0
