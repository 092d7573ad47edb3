"""Probabilities from scores that were never trained to be probabilities."""

import math
from collections.abc import Mapping


def relative(scores: Mapping[str, float], multi_label: bool, temperature: float = 1.0) -> dict[str, float]:
    """Softmax over labels at a temperature; where multi-label, each label's share of the best one's weight.

    In the second case the best label has probability 1 and one half is passed by every label within
    `temperature * ln 2` of its score.
    """
    best = max(scores.values())
    weights = {label: math.exp((score - best) / temperature) for label, score in scores.items()}
    total = 1.0 if multi_label else sum(weights.values())
    return {label: weight / total for label, weight in weights.items()}
