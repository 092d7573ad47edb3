"""Log-probabilities of given tokens; the vocabulary projection runs only over the positions asked for."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from overtone.engine.batches import by_length
from overtone.engine.hidden import hidden_states, plain


def learned_log_probabilities(
    body: nn.Module, sequences: Sequence[Sequence[int]], learned: Sequence[Sequence[bool]]
) -> tuple[Tensor, Tensor]:
    """Natural-log probability of every learned token given those before it, and the row of each: both (units,)."""
    hidden, _ = hidden_states(body, sequences)
    rows, positions, targets = [], [], []
    for row, (tokens, wanted) in enumerate(zip(sequences, learned, strict=True)):
        for position in range(1, len(tokens)):
            if wanted[position]:
                rows.append(row)
                positions.append(position - 1)  # the state before a token predicts it
                targets.append(tokens[position])
    index = torch.tensor(rows, device=hidden.device)
    asked = hidden[index, torch.tensor(positions, device=hidden.device)]  # (units, hidden)
    logits = plain(body).get_output_embeddings()(asked).float()  # (units, vocabulary)
    chosen = logits.log_softmax(-1).gather(1, torch.tensor(targets, device=hidden.device)[:, None])
    return chosen[:, 0], index


@torch.inference_mode()
def log_probabilities(
    body: nn.Module, rows: Sequence[tuple[Sequence[int], Sequence[int]]], batch_tokens: int = 4096
) -> list[list[float]]:
    """For rows of (prompt, continuation) token ids: the log-probability of each continuation token."""
    sequences = [[*prompt, *continuation] for prompt, continuation in rows]
    learned = [[False] * len(prompt) + [True] * len(continuation) for prompt, continuation in rows]
    result: list[list[float]] = [[] for _ in rows]
    for batch in by_length([len(tokens) for tokens in sequences], batch_tokens):
        values, index = learned_log_probabilities(
            body, [sequences[row] for row in batch], [learned[row] for row in batch]
        )
        for value, row in zip(values.tolist(), index.tolist(), strict=True):
            result[batch[row]].append(value)
    return result
