"""The rival of the tiny decoder: an interpolated Kneser-Ney n-gram model over token ids.

Kneser and Ney, "Improved backing-off for m-gram language modeling" (1995), in the interpolated form of Chen
and Goodman (1999), one discount an order. The highest order counts occurrences, lower ones distinct
predecessors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
_BITS = 12  # of a token id; five of them fit one signed 64-bit key
_PAD = 0


def _windows(documents: Iterable[Sequence[int]], order: int) -> Integers:
    """Every token after a document's first, with the `order - 1` ids before it; shape [tokens, order]."""
    start = np.full(order - 1, _PAD)
    padded = [np.concatenate([start, document]) for document in documents if len(document) > 1]
    views = [np.lib.stride_tricks.sliding_window_view(ids, order)[1:] for ids in padded]
    return np.concatenate(views).astype(np.int64) if views else np.empty((0, order), dtype=np.int64)


def _pack(windows: Integers, length: int) -> Integers:
    """The last `length` ids of each window as one key; the newest id takes the lowest bits."""
    keys = np.zeros(len(windows), dtype=np.int64)
    for column in range(windows.shape[1] - length, windows.shape[1]):
        keys = (keys << _BITS) | windows[:, column]
    return keys


def _find(sorted_keys: Integers, values: Integers, wanted: Integers) -> Floats:
    """The value of each wanted key, 0 where it is unknown."""
    places = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
    return np.where(sorted_keys[places] == wanted, values[places], 0).astype(np.float64)


@dataclass(frozen=True)
class Order:
    """Counts of one length: n-grams with their counts; contexts with the sum and the number of successors."""

    grams: Integers
    counts: Integers
    contexts: Integers
    totals: Integers
    successors: Integers
    discount: float

    @classmethod
    def of(cls, grams: Integers, counts: Integers) -> Order:
        """The order with these sorted n-grams and counts; its discount is n1 / (n1 + 2 n2)."""
        contexts, starts, successors = np.unique(grams >> _BITS, return_index=True, return_counts=True)
        once, twice = int((counts == 1).sum()), int((counts == 2).sum())
        discount = once / (once + 2 * twice) if once else 0.5
        return cls(grams, counts, contexts, np.add.reduceat(counts, starts), successors, discount)

    def interpolate(self, keys: Integers, lower: Floats) -> Floats:
        """Probabilities of the keys' last tokens, given those of the next shorter order."""
        count = _find(self.grams, self.counts, keys)
        total = _find(self.contexts, self.totals, keys >> _BITS)
        successors = _find(self.contexts, self.successors, keys >> _BITS)
        known = np.maximum(total, 1)
        here = np.maximum(count - self.discount, 0) / known + self.discount * successors / known * lower
        return np.where(total > 0, here, lower)


@dataclass(frozen=True)
class NgramModel:
    """An interpolated Kneser-Ney model; `orders[0]` is the unigram."""

    orders: tuple[Order, ...]
    vocabulary: int

    @classmethod
    def fit(cls, documents: Iterable[Sequence[int]], vocabulary: int = 4096, order: int = 5) -> NgramModel:
        """Count the documents' tokens; ids are below `vocabulary`, at most 4,096; `order` is at most 5."""
        windows = _windows(documents, order)
        grams, counts = np.unique(_pack(windows, order), return_counts=True)
        orders = [Order.of(grams, counts)]
        for length in range(order - 1, 0, -1):
            shorter = grams & ((1 << (_BITS * length)) - 1)
            grams, counts = np.unique(shorter, return_counts=True)
            orders.append(Order.of(grams, counts))
        return cls(tuple(reversed(orders)), vocabulary)

    def probabilities(self, windows: Integers) -> Floats:
        """The probability of each window's last id given the ids before it; windows is [n, order]."""
        result = np.full(len(windows), 1 / self.vocabulary)
        for length, order in enumerate(self.orders, 1):
            result = order.interpolate(_pack(windows, length), result)
        return result

    def perplexity(self, documents: Iterable[Sequence[int]]) -> float:
        """The exponential of the mean negative log-probability of all tokens but each document's first."""
        windows = _windows(documents, len(self.orders))
        return float(np.exp(-np.log(self.probabilities(windows)).mean()))
