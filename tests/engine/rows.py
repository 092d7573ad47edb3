"""Rows of tokens that begin alike over several levels, and what a model gives for each of them alone."""

import random
from typing import Any

import torch
from torch import Tensor

DRAW = random.Random(0)


def tokens(count: int) -> list[int]:
    return [DRAW.randrange(3, 200) for _ in range(count)]


SYSTEM, DOCUMENT = tokens(40), tokens(20)
ROWS = [
    *map(tokens, (7, 12, 12, 60, 1)),
    SYSTEM + tokens(3),
    *(SYSTEM + DOCUMENT + tokens(count) for count in (5, 9, 9)),
    SYSTEM + DOCUMENT,
    SYSTEM,
    SYSTEM,
]


def alone(model: Any, rows: list[list[int]] = ROWS) -> list[Tensor]:
    """Last hidden states of each row by the model's own forward pass: (length, hidden) each."""
    reader = model.get_encoder() if model.config.is_encoder_decoder else model.base_model
    return [reader(input_ids=torch.tensor([row])).last_hidden_state[0] for row in rows]


def near(found: Tensor, wanted: Tensor, limit: float = 1e-5) -> bool:
    """Whether the relative difference, in the norm, is within the limit."""
    return bool((found - wanted).norm() <= limit * wanted.norm())
