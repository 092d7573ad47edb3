"""The head's output at single tokens of rows, for tasks that label words or find spans."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import torch
from torch import Tensor

from overtone.engine.layout import shares_beginnings
from overtone.engine.learner import Learner, hidden_size
from overtone.engine.pack import pack
from overtone.engine.states import states


def token_logits(
    learner: Learner, sequences: Sequence[Sequence[int]], places: Sequence[Sequence[int]]
) -> Tensor:
    """The head's output at the places of each row, row after row: (places of all rows, outputs), float32.

    A frozen body leaves no graph behind. TypeError where the learner has no head.
    """
    if learner.head is None:
        raise TypeError("a learner without a head gives no logits of tokens")
    learns = torch.is_grad_enabled() and any(weight.requires_grad for weight in learner.body.parameters())
    stream = pack(sequences, shares_beginnings(learner.body))
    asked = [own[place] for own, wanted in zip(stream.places, places, strict=True) for place in wanted]
    if asked:
        with torch.set_grad_enabled(learns):
            hidden = states(learner.body, stream, torch.tensor(asked, dtype=torch.long))
    else:  # texts without a word, of which a decoder may read no token at all
        hidden = next(learner.body.parameters()).new_zeros(0, hidden_size(learner.body))
    logits: Tensor = learner.head(hidden)
    return logits.float()


def by_row(logits: Tensor, places: Sequence[Sequence[int]]) -> list[Tensor]:
    """What `token_logits` gave for these places, one tensor a row: (places of the row, outputs)."""
    bounds = accumulate(map(len, places), initial=0)
    return [logits[start:end] for start, end in pairwise(bounds)]
