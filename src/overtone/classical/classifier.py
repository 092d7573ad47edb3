"""A classifier as a system: features of a text, then a probability for each label."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from overtone.classical.linear import LinearModel, Matrix
from overtone.core.answer import Answer
from overtone.core.example import Question

Features = Callable[[Sequence[str]], Matrix]


class Model(Protocol):
    """What sorts features: a linear model, neighbours, fitted estimators."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of the columns."""
        ...

    def probabilities(self, features: Matrix) -> Any:
        """Probabilities (rows, labels) of features (rows, size)."""
        ...


class FeatureClassifier:
    """Sorts texts by a model over `features`; `tokens` counts the tokens that they read of a text."""

    can = frozenset({"classify"})

    def __init__(
        self, features: Features, model: Model, tokens: Callable[[str], int] = lambda text: 0
    ) -> None:
        self.features, self.model, self.tokens = features, model, tokens
        self.facts: dict[str, float | str] = {}
        if isinstance(model, LinearModel):
            self.facts["parameters"] = float(model.weights.size + model.biases.size)

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """A probability for each label; the time of a batch is shared evenly by its questions."""
        start = time.perf_counter()
        texts = [asked(question) for question in questions]
        rows = self.model.probabilities(self.features(texts)).tolist()
        seconds = (time.perf_counter() - start) / max(1, len(texts))
        return [
            Answer(
                probabilities=dict(zip(self.model.labels, row, strict=True)),
                prompt_tokens=self.tokens(text),
                seconds=seconds,
            )
            for text, row in zip(texts, rows, strict=True)
        ]


def asked(question: Question) -> str:
    """What a question asks, as one text: the text to sort, or all its turns."""
    return question.text or "\n".join(turn.content for turn in question.messages)
