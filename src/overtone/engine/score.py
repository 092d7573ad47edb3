"""Log-probabilities of given tokens; the vocabulary projection runs only over the positions asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from overtone.engine.batches import in_batches
from overtone.engine.encoder_decoder import projection_of, target_states
from overtone.engine.head import log_likelihood, weighted_log_likelihood
from overtone.engine.hidden import plain
from overtone.engine.layout import shares_beginnings
from overtone.engine.pack import pack
from overtone.engine.states import states
from overtone.engine.stream import Stream

Rows = Sequence[Sequence[int]]
Learned = Sequence[Sequence[bool]]


@dataclass(frozen=True)
class Asked:
    """The learned tokens of a stream: each one's row, the place of the state that predicts it, and its id."""

    rows: Tensor  # (units,)
    places: Tensor  # (units,)
    targets: Tensor  # (units,)


def learned_log_probabilities(body: nn.Module, sequences: Rows, learned: Learned) -> tuple[Tensor, Tensor]:
    """Natural-log probability of every learned token given those before it, and the row of each: both (units,)."""
    hidden, rows, targets = asked_states(body, sequences, learned)
    return log_likelihood(hidden, projection_of(plain(body)), targets, softcap_of(body)), rows


def total_log_probability(body: nn.Module, sequences: Rows, learned: Learned) -> Tensor:
    """The natural-log probabilities of all learned tokens, summed: a number.

    Its gradients are formed in the forward pass, so no logits are computed twice.
    """
    hidden, _, targets = asked_states(body, sequences, learned)
    weights = torch.ones(len(hidden), device=hidden.device)
    return weighted_log_likelihood(hidden, projection_of(plain(body)), targets, weights, softcap_of(body))[0]


@torch.inference_mode()
def log_probabilities(
    body: nn.Module, rows: Sequence[tuple[Sequence[int], Sequence[int]]], batch_tokens: int = 4096
) -> list[list[float]]:
    """For rows of (prompt, continuation) token ids: the log-probability of each continuation token."""
    sequences = [[*prompt, *continuation] for prompt, continuation in rows]
    learned = [[False] * len(prompt) + [True] * len(continuation) for prompt, continuation in rows]
    result: list[list[float]] = [[] for _ in rows]
    for batch in in_batches(sequences, batch_tokens, shares_beginnings(body)):
        values, index = learned_log_probabilities(
            body, [sequences[row] for row in batch], [learned[row] for row in batch]
        )
        for value, row in zip(values.tolist(), index.tolist(), strict=True):
            result[batch[row]].append(value)
    return result


def asked_states(body: nn.Module, sequences: Rows, learned: Learned) -> tuple[Tensor, Tensor, Tensor]:
    """The hidden state that predicts each learned token (units, hidden), its row and its id, both (units,)."""
    model = plain(body)
    if model.config.is_encoder_decoder:
        return target_states(body, sequences, learned)
    stream = pack(sequences, shares_beginnings(body)).to(model.device)
    asked = _asked(stream, sequences, learned)
    return states(body, stream, asked.places), asked.rows, asked.targets


def _asked(stream: Stream, sequences: Rows, learned: Learned) -> Asked:
    """The state before a token predicts it, so the first token of a row is never asked for."""
    rows: list[int] = []
    places: list[int] = []
    targets: list[int] = []
    for row, (tokens, wanted) in enumerate(zip(sequences, learned, strict=True)):
        positions = [position for position in range(1, len(tokens)) if wanted[position]]
        rows += [row] * len(positions)
        places += [stream.places[row][position - 1] for position in positions]
        targets += [tokens[position] for position in positions]
    index = torch.tensor([rows, places, targets], dtype=torch.long, device=stream.tokens.device)
    return Asked(*index)


def softcap_of(body: nn.Module) -> float | None:
    """The bound on logits that some families set (Gemma 2, arXiv 2408.00118, section 2)."""
    softcap: float | None = getattr(plain(body).config, "final_logit_softcapping", None)
    return softcap
