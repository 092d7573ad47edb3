"""A teacher's likeliest tokens at each learned place: what a student learns from, worked out once, then remembered.

Hinton et al. 2015, "Distilling the Knowledge in a Neural Network", arXiv 1503.02531, section 2; kept for the
`k` likeliest tokens only, whose probabilities are those among all tokens.
"""

from collections.abc import Sequence
from functools import partial
from itertools import accumulate, pairwise
from typing import Any

import torch
from torch import Tensor

from overtone.engine.encoder_decoder import projection_of
from overtone.engine.head import top_k
from overtone.engine.hidden import plain
from overtone.engine.layout import layout_of, shares_beginnings
from overtone.engine.remember import Values, current_store, make_recipe, remembered
from overtone.engine.rest import at_rest
from overtone.engine.row import Row
from overtone.engine.score import asked_states, softcap_of

Key = Sequence[int]  # the tokens of a row, then for each whether it is learned
BATCH_TOKENS = 2048


@torch.no_grad()
def teacher_top_k(
    name: str,
    body: Any,
    rows: Sequence[Row],
    k: int,
    temperature: float = 1.0,
    batch_tokens: int = BATCH_TOKENS,
) -> list[tuple[Tensor, Tensor]]:
    """For each row its learned places' `k` likeliest tokens: natural-log probabilities and ids, both (units, k).

    The probabilities are those of logits divided by the temperature. Remembered where a store is current, except for a
    body behind a wrapper, whose digest would be that of the model in it; `name` is what people call the teacher. It
    runs without dropout.
    """
    model = plain(body)
    settings = {"k": k, "temperature": temperature}
    found = remembered(
        current_store() if model is body else None,
        lambda: make_recipe(name, model, "likeliest tokens", settings, layout_of(model).name),
        [(*row.tokens, *map(int, row.learned)) for row in rows],
        partial(_likeliest, body, k, temperature),
        2 * batch_tokens,  # a key is twice as long as its tokens
        shares_beginnings(model),
    )
    return [(both[:, :k].contiguous().view(torch.float32), both[:, k:].long()) for both in found]


def _likeliest(body: Any, k: int, temperature: float, keys: Sequence[Key]) -> Values:
    """Log-probabilities as the bits of 32-bit floats beside the ids, so that one tensor holds both: (units, 2 k)."""
    sequences = [key[: len(key) // 2] for key in keys]
    learned = [[bool(flag) for flag in key[len(key) // 2 :]] for key in keys]
    with at_rest(plain(body)):
        hidden, _, _ = asked_states(body, sequences, learned)
        values, tokens = top_k(hidden, projection_of(plain(body)), k, softcap_of(body), temperature)
    ends = list(accumulate((sum(flags[1:]) for flags in learned), initial=0))
    both = torch.cat([values.float().view(torch.int32), tokens.int()], -1)
    return Values(both, [range(start, end) for start, end in pairwise(ends)])
