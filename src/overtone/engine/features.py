"""Frozen features: one vector a text, from a base that does not learn."""

from collections.abc import Sequence
from typing import Any

import torch

from overtone.engine.batches import by_length
from overtone.engine.learner import Learner
from overtone.models.base import Base
from overtone.models.text import encode_text


@torch.inference_mode()
def embed(base: Base, texts: Sequence[str], batch_tokens: int = 4096) -> Any:
    """Mean-pooled last hidden states of unit length: a float32 array (texts, hidden).

    A text longer than the context is embedded from its first `context` tokens, as encoders commonly do.
    """
    import numpy as np

    learner = Learner(base.model)
    rows = [encode_text(base, text)[: base.description.context] for text in texts]
    result = np.zeros((len(rows), base.description.hidden), dtype=np.float32)
    for batch in by_length([len(row) for row in rows], batch_tokens):
        vectors = learner.features([rows[index] for index in batch])
        result[batch] = torch.nn.functional.normalize(vectors, dim=-1).cpu().numpy()
    return result
