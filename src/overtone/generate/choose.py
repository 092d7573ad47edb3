"""Choose the next token of each row from its logits: the most probable one, or a seeded draw."""

from collections.abc import Sequence

import torch
from torch import Tensor

from overtone.generate.request import Request, Token


def choose(logits: Tensor, requests: Sequence[Request], generators: Sequence[torch.Generator]) -> list[Token]:
    """One token for each row of logits (rows, vocabulary); each row draws from its own generator."""
    logits = logits.float()
    best = logits.argmax(-1).tolist()
    chosen = [
        draw(row, request, generator) if request.temperature > 0 else greedy
        for row, request, generator, greedy in zip(logits, requests, generators, best, strict=True)
    ]
    return tokens_of(logits, chosen, [request.alternatives for request in requests])


def draw(logits: Tensor, request: Request, generator: torch.Generator) -> int:
    """A token drawn by inverting the cumulative distribution: exactly one random number a token.

    Top-p (nucleus) sampling keeps the smallest set of tokens whose probability reaches `top_p`
    (Holtzman et al., 2020, section 3.1).
    """
    probabilities = (logits.double() / request.temperature).softmax(-1)
    ordered, ids = probabilities.sort(descending=True, stable=True)
    before = ordered.cumsum(-1) - ordered
    kept = ordered[before < request.top_p].cumsum(-1)  # never empty: nothing stands before the first
    number = torch.rand((), generator=generator, dtype=torch.float64).to(kept.device)
    position = torch.searchsorted(kept, number * kept[-1], right=True).clamp(max=len(kept) - 1)
    return int(ids[position])


def tokens_of(logits: Tensor, chosen: Sequence[int], alternatives: Sequence[int]) -> list[Token]:
    """The chosen ids (rows,) with their log-probabilities under logits (rows, vocabulary)."""
    values = logits.float().log_softmax(-1)
    picked = values.gather(1, torch.tensor(chosen, device=values.device)[:, None])[:, 0].tolist()
    best, ids = values.topk(min(max(alternatives, default=0), values.shape[-1]), dim=-1)
    pairs = [tuple(zip(*row, strict=True)) for row in zip(ids.tolist(), best.tolist(), strict=True)]
    return [
        Token(token, value, listed[:wanted])
        for token, value, listed, wanted in zip(chosen, picked, pairs, alternatives, strict=True)
    ]
