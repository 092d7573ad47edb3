"""Choose the next token of each row from its logits: the most probable one, or a draw that the seed fixes."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from overtone.generate.guide import Guide
from overtone.generate.philox import uniform
from overtone.generate.request import Request, Token


def choose(
    logits: Tensor, requests: Sequence[Request], positions: Sequence[int], guides: Sequence[Guide | None]
) -> list[Token]:
    """One token for each row of logits (rows, vocabulary); `positions` count each answer's tokens from 0."""
    logits = logits.float()
    guided = constrained(logits, guides)
    best = most_probable(guided)
    chosen = [
        draw(row, request, uniform(request.seed, position)) if request.temperature > 0 else greedy
        for row, request, position, greedy in zip(guided, requests, positions, best, strict=True)
    ]
    return tokens_of(logits, chosen, [request.alternatives for request in requests])


def constrained(logits: Tensor, guides: Sequence[Guide | None]) -> Tensor:
    """The logits with minus infinity where a row's guide allows no token."""
    if not any(guides):
        return logits
    result = logits.clone()
    for row, guide in zip(result, guides, strict=True):
        if guide is not None:
            row.masked_fill_(~torch.from_numpy(guide.allowed()).to(row.device), -torch.inf)
    return result


def most_probable(logits: Tensor) -> list[int]:
    """The place of each row's greatest value, the first of equals; NumPy finds it ten times faster."""
    found: list[int] = logits.numpy(force=True).argmax(-1).tolist()
    return found


def draw(logits: Tensor, request: Request, number: float) -> int:
    """The token at which the cumulative distribution passes a number in [0, 1).

    Top-p (nucleus) sampling keeps the smallest set of tokens whose probability reaches `top_p`
    (Holtzman et al., 2020, section 3.1); top-k the k most probable ones (Fan et al., 2018, section 5.1), which
    are then all there is. Tokens as probable as the last one kept are kept too.
    """
    probabilities = (logits.double() / request.temperature).softmax(-1)
    if request.top_p < 1 or request.top_k is not None:
        probabilities = probabilities * (probabilities >= _least(probabilities, request))
    return _passed(probabilities.cumsum(-1), number)


def _least(probabilities: Tensor, request: Request) -> float:
    """The smallest probability that top_k and top_p keep.

    Few values are sorted: all tokens below an equal share of what top_p leaves out are left out together.
    """
    values = probabilities.numpy(force=True)
    if request.top_k is not None and request.top_k < len(values):
        values = np.partition(values, -request.top_k)[-request.top_k :]
    total = values.sum()
    share = (1 - request.top_p) * total / len(values)
    descending = np.sort(values[values >= min(share, values.max())])[::-1]
    before = descending.cumsum() - descending
    kept = int((before < request.top_p * total).sum())  # at least one: nothing stands before the first
    return float(descending[kept - 1])


def _passed(cumulative: Tensor, number: float) -> int:
    place = int(torch.searchsorted(cumulative, number * cumulative[-1], right=True))
    return place if place < len(cumulative) else int(torch.searchsorted(cumulative, cumulative[-1]))


def tokens_of(logits: Tensor, chosen: Sequence[int], alternatives: Sequence[int]) -> list[Token]:
    """The chosen ids (rows,) with their log-probabilities under logits (rows, vocabulary)."""
    values = logits.float().log_softmax(-1)
    picked = values.gather(1, torch.tensor(chosen, device=values.device)[:, None])[:, 0].tolist()
    most = min(max(alternatives, default=0), values.shape[-1])
    if not most:
        return [Token(token, value) for token, value in zip(chosen, picked, strict=True)]
    best, ids = values.topk(most, dim=-1)
    pairs = [tuple(zip(*row, strict=True)) for row in zip(ids.tolist(), best.tolist(), strict=True)]
    return [
        Token(token, value, listed[:wanted])
        for token, value, listed, wanted in zip(chosen, picked, pairs, alternatives, strict=True)
    ]
