"""Log-probabilities of drawn tokens and the values that a head gives the states before them, from one reading."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from overtone.engine.batches import in_batches
from overtone.engine.encoder_decoder import projection_of
from overtone.engine.head import log_likelihood
from overtone.engine.hidden import plain
from overtone.engine.layout import shares_beginnings
from overtone.engine.learner import Learner
from overtone.engine.row import Row
from overtone.engine.score import asked_states, softcap_of


def valued_log_probabilities(learner: Learner, rows: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor]:
    """Of each learned token the natural-log probability, its row, and the value of the state before it: (units,)."""
    hidden, index, targets = asked_states(
        learner.body, [row.tokens for row in rows], [row.learned for row in rows]
    )
    found = log_likelihood(hidden, projection_of(plain(learner.body)), targets, softcap_of(learner.body))
    return found, index, _values(learner, hidden)


@torch.no_grad()
def values_of(learner: Learner, rows: Sequence[Row], batch_tokens: int) -> Iterator[tuple[float, ...]]:
    """The values alone, of each row."""
    found: list[tuple[float, ...]] = [()] * len(rows)
    sequences = [row.tokens for row in rows]
    for batch in in_batches(sequences, batch_tokens, shares_beginnings(learner.body)):
        chosen = [rows[index] for index in batch]
        hidden, _, _ = asked_states(
            learner.body, [row.tokens for row in chosen], [row.learned for row in chosen]
        )
        parts = _values(learner, hidden).split([sum(row.learned[1:]) for row in chosen])  # type: ignore[no-untyped-call]
        for index, part in zip(batch, parts, strict=True):
            found[index] = tuple(part.tolist())
    return iter(found)


def _values(learner: Learner, hidden: Tensor) -> Tensor:
    if learner.head is None:
        raise TypeError("a learner without a head has no values")
    values: Tensor = learner.head(hidden)[:, 0].float()
    return values
