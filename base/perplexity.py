"""Held-out perplexity of a decoder beside the 5-gram rival, on the very same tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from base.documents import Row
from base.pretrain import example
from overtone.classical.ngram import NgramModel
from overtone.core.tasks.text import TextTask
from overtone.engine.score import log_probabilities
from overtone.evaluate.statistics.bootstrap import bias_corrected
from overtone.evaluate.statistics.resample import Numbers, resampled_sums
from overtone.models.base import Base
from overtone.objectives.causal import Causal


@dataclass(frozen=True)
class Encoded:
    """A document as the causal objective reads it; every token after the first is scored."""

    source: str
    tokens: tuple[int, ...]

    @property
    def scored(self) -> int:
        """How many tokens are scored."""
        return len(self.tokens) - 1


@dataclass(frozen=True)
class Rivalry:
    """Two perplexities on the same tokens; `lower` is the share by which the decoder's is below the 5-gram's.

    `low` and `high` bound `lower`: a 95 % bootstrap interval over documents of the difference of the mean
    log-probabilities, written as a share.
    """

    documents: int
    tokens: int
    perplexity: float
    ngram_perplexity: float
    lower: float
    low: float
    high: float


def encode(base: Base, rows: Iterable[Row]) -> list[Encoded]:
    """The rows as training reads them; those longer than the context are left out, as training does."""
    objective, task = Causal(), TextTask()
    encoded = [
        Encoded(str(row.get("id", "")).rpartition("-")[0], objective.row(example(row), base, task, ()).tokens)
        for row in rows
    ]
    return [one for one in encoded if 1 < len(one.tokens) <= base.description.context]


def losses(base: Base, documents: Sequence[Encoded]) -> Numbers:
    """The negative log-probability of each document's scored tokens, summed, under a decoder."""
    rows = [(one.tokens[:1], one.tokens[1:]) for one in documents]
    return np.array([-sum(values) for values in log_probabilities(base.model, rows)])


def ngram_losses(model: NgramModel, documents: Sequence[Encoded]) -> Numbers:
    """The same sums under an n-gram model."""
    return np.array([np.log(model.perplexity([one.tokens])) * one.scored for one in documents])


def perplexity(sums: Numbers, documents: Sequence[Encoded]) -> float:
    """The exponential of the mean loss per scored token."""
    return float(np.exp(sums.sum() / sum(one.scored for one in documents)))


def compare(documents: Sequence[Encoded], decoder: Numbers, ngram: Numbers, seed: int) -> Rivalry:
    """Compare the sums of two models over the same documents, drawn again from the seed."""
    tokens = np.array([one.scored for one in documents], dtype=np.float64)
    differences = (decoder - ngram).sum() / tokens.sum()
    sums = resampled_sums(np.stack([decoder - ngram, tokens], axis=1), seed)
    low, high = bias_corrected(sums[:, 0] / sums[:, 1], float(differences))
    return Rivalry(
        documents=len(documents),
        tokens=int(tokens.sum()),
        perplexity=perplexity(decoder, documents),
        ngram_perplexity=perplexity(ngram, documents),
        lower=float(1 - np.exp(differences)),
        low=float(1 - np.exp(high)),
        high=float(1 - np.exp(low)),
    )


def compare_sources(
    documents: Sequence[Encoded], decoder: Numbers, ngram: Numbers, seed: int
) -> dict[str, Rivalry]:
    """The comparison over all documents, under the key "all", and over each source's."""
    chosen = {"all": np.arange(len(documents))}
    for source in sorted({one.source for one in documents}):
        chosen[source] = np.array([place for place, one in enumerate(documents) if one.source == source])
    return {
        name: compare([documents[place] for place in places], decoder[places], ngram[places], seed)
        for name, places in chosen.items()
    }
