"""From pairs of answers to a system that prefers one of two by what their features are worth."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from overtone.classical.linear import Matrix
from overtone.classical.pairs import fit_worths
from overtone.core.answer import Answer
from overtone.core.example import Example, Question
from overtone.decide.rival import Materials

Features = Callable[[Sequence[str]], Matrix]  # of answers: (answers, features)


class PairSystem:
    """Prefers the answer whose features are worth more; `worths` is (features,)."""

    can = frozenset({"prefer"})

    def __init__(self, features: Features, worths: Any) -> None:
        self.features, self.worths = features, worths
        self.facts: dict[str, float | str] = {"parameters": float(worths.size)}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """A probability for each choice; the time of a batch is shared evenly."""
        from scipy.special import expit

        if not questions:
            return []
        start = time.perf_counter()
        gains = _gains(self.features, [question.choices for question in questions])
        odds = (gains @ self.worths).tolist()
        seconds = (time.perf_counter() - start) / len(questions)
        return [
            Answer(probabilities={first: float(expit(odd)), second: float(expit(-odd))}, seconds=seconds)
            for (first, second), odd in zip((question.choices for question in questions), odds, strict=True)
        ]


def pair_system(materials: Materials, features: Features, strengths: Sequence[float]) -> PairSystem:
    """The strength is chosen on validation pairs, then all pairs are fitted."""
    train = _gains(features, _answers(materials.train))
    validation = _gains(features, _answers(materials.validation)) if materials.validation else train[:0]
    worths, strength = fit_worths(train, validation, strengths, materials.seed)
    system = PairSystem(features, worths)
    system.facts["strength"] = strength
    return system


def _answers(pairs: Sequence[Example]) -> list[tuple[str, ...]]:
    """The better answer of each pair, and the other."""
    return [(pair.completion, pair.rejected) for pair in pairs]


def _gains(features: Features, pairs: Sequence[tuple[str, ...]]) -> Matrix:
    """Features of the first answers less those of the second ones: (pairs, features)."""
    found = features([answer for pair in pairs for answer in pair])
    return found[0::2] - found[1::2]
