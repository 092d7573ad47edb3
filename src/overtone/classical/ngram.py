"""An n-gram language model over token ids: interpolated Kneser-Ney.

Kneser and Ney 1995, "Improved backing-off for m-gram language modeling", in the interpolated form of Chen and Goodman
1999, one discount an order. The highest order counts occurrences, lower ones distinct predecessors.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
UNSEEN = -1  # the number of a context that does not occur


@dataclass(frozen=True)
class Order:
    """Counts of one length. A context is numbered by its place among `contexts`; a gram is its context and a token."""

    contexts: Integers  # sorted keys: of an older token and the number of the next shorter context
    grams: Integers  # sorted keys: of the context's number and the token
    counts: Integers  # of each gram
    totals: Integers  # of each context: the sum of its grams' counts
    successors: Integers  # of each context: how many different tokens follow it
    discount: float

    def numbers(self, older: Integers, shorter: Integers, shorter_contexts: int) -> Integers:
        """The number of each context, given its oldest token and the number of the rest."""
        keys = np.where(shorter == UNSEEN, UNSEEN, older * shorter_contexts + shorter)
        return _place(self.contexts, keys)

    def interpolate(self, numbers: Integers, tokens: Integers, vocabulary: int, lower: Floats) -> Floats:
        """Probabilities of tokens behind contexts, given those of the next shorter order."""
        known = numbers != UNSEEN
        at = np.where(known, numbers, 0)
        gram = _place(self.grams, np.where(known, at * vocabulary + tokens, UNSEEN))
        count = np.where(gram == UNSEEN, 0, self.counts[np.maximum(gram, 0)])
        kept = np.maximum(count - self.discount, 0) + self.discount * self.successors[at] * lower
        return np.where(known, kept / self.totals[at], lower)


@dataclass(frozen=True)
class NgramModel:
    """An interpolated Kneser-Ney model; `orders[0]` is the unigram."""

    orders: tuple[Order, ...]
    vocabulary: int

    @classmethod
    def fit(cls, documents: Iterable[Sequence[int]], vocabulary: int, order: int = 5) -> "NgramModel":
        """Count the documents' tokens, whose ids are below `vocabulary`."""
        windows = _windows(documents, order, vocabulary)
        contexts, chains = _chained(windows)
        tokens, rows = windows[:, -1], np.arange(len(windows))
        orders: list[Order] = []
        for length in range(order, 0, -1):
            keys = chains[length - 1][rows] * vocabulary + tokens[rows]
            grams, first, counts = np.unique(keys, return_index=True, return_counts=True)
            orders.append(_order(contexts[length - 1], grams, counts, vocabulary))
            rows = rows[first]  # a gram of the next shorter length counts its distinct predecessors
        return cls(tuple(reversed(orders)), vocabulary)

    @property
    def size(self) -> int:
        """How many counts it keeps."""
        return sum(len(order.grams) for order in self.orders)

    def probabilities(self, windows: Integers) -> Floats:
        """The probability of each window's last id given the ids before it; windows is [n, order]."""
        numbers = np.zeros(len(windows), dtype=np.int64)
        result = np.full(len(windows), 1 / self.vocabulary)
        for length, order in enumerate(self.orders):
            if length:
                shorter = len(self.orders[length - 1].contexts)
                numbers = order.numbers(windows[:, -1 - length], numbers, shorter)
            result = order.interpolate(numbers, windows[:, -1], self.vocabulary, result)
        return result

    def log_probabilities(self, document: Sequence[int]) -> Floats:
        """The natural-log probability of each token of a document but the first: (tokens - 1,)."""
        return np.log(self.probabilities(_windows([document], len(self.orders), self.vocabulary)))

    def perplexity(self, documents: Iterable[Sequence[int]]) -> float:
        """The exponential of the mean negative log-probability of all tokens but each document's first."""
        windows = _windows(documents, len(self.orders), self.vocabulary)
        return float(np.exp(-np.log(self.probabilities(windows)).mean()))


def _windows(documents: Iterable[Sequence[int]], order: int, pad: int) -> Integers:
    """Every token after a document's first, with the `order - 1` ids before it; shape [tokens, order]."""
    start = np.full(order - 1, pad)
    padded = [np.concatenate([start, document]) for document in documents if len(document) > 1]
    views = [np.lib.stride_tricks.sliding_window_view(ids, order)[1:] for ids in padded]
    return np.concatenate(views).astype(np.int64) if views else np.empty((0, order), dtype=np.int64)


def _chained(windows: Integers) -> tuple[list[Integers], list[Integers]]:
    """For each length of context, from none up: its distinct keys, sorted, and its number in each window."""
    contexts, numbers = [np.zeros(1, dtype=np.int64)], [np.zeros(len(windows), dtype=np.int64)]
    for length in range(1, windows.shape[1]):
        keys = windows[:, -1 - length] * len(contexts[-1]) + numbers[-1]
        distinct, inverse = np.unique(keys, return_inverse=True)
        contexts.append(distinct)
        numbers.append(inverse.reshape(-1))
    return contexts, numbers


def _order(contexts: Integers, grams: Integers, counts: Integers, vocabulary: int) -> Order:
    """The order with these sorted grams and counts; its discount is n1 / (n1 + 2 n2)."""
    _, starts, successors = np.unique(grams // vocabulary, return_index=True, return_counts=True)
    once, twice = int((counts == 1).sum()), int((counts == 2).sum())
    discount = once / (once + 2 * twice) if once else 0.5
    return Order(contexts, grams, counts, np.add.reduceat(counts, starts), successors, discount)


def _place(keys: Integers, wanted: Integers) -> Integers:
    """The place of each wanted key among sorted ones, UNSEEN where it is not there."""
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, places, UNSEEN)
