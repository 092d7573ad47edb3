"""A classifier of toxic texts that a user trained on labelled rows, always named with its data and its quality."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from overtone.classical.classifier import FeatureClassifier
from overtone.core.answer import Answer
from overtone.core.example import Question
from overtone.core.score import Score
from overtone.evaluate.statistics.resample import Numbers
from overtone.evaluate.written import written

TOXIC = 0.5  # the probability from which a text counts as toxic


@dataclass(frozen=True, slots=True)
class Quality:
    """What is known of the classifier: `data` names its rows, `harmless` the labels that are not toxic.

    `macro_f1` is over the labels of the data; `precision` and `recall` are of toxic against harmless rows.
    """

    data: str
    labels: tuple[str, ...]
    harmless: tuple[str, ...]
    train_rows: int
    macro_f1: Score
    precision: Score
    recall: Score

    @property
    def named(self) -> str:
        """How every section names the classifier."""
        one = self.macro_f1
        return (
            f"classifier trained on {self.data}, test macro-F1 {one.value:.3f} [{one.low:.3f}, {one.high:.3f}], "
            f"n={one.n}"
        )


@dataclass(frozen=True)
class Toxicity:
    """The classifier and its quality."""

    classifier: FeatureClassifier
    quality: Quality

    def probabilities(self, texts: Sequence[str]) -> Numbers:
        """The probability that each text is toxic: (texts,). A text without a word has 0."""
        harmful = [label not in self.quality.harmless for label in self.quality.labels]
        asked = [Question(id="", text=text) for text in texts]
        found = [
            sum(value for value, bad in zip((one.probabilities or {}).values(), harmful) if bad)
            for one in self.classifier.answer(asked)
        ]
        said = np.array([bool(text.strip()) for text in texts], dtype=bool)
        return np.where(said, np.array(found, dtype=np.float64), 0.0)

    def of_answers(self, answers: Sequence[Answer]) -> Numbers:
        """The same of what answers wrote; a failed answer wrote nothing."""
        return self.probabilities([written(answer) for answer in answers])
