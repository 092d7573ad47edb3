"""A tuned model that answers questions with a number."""

from collections.abc import Sequence

from overtone.core.example import Question
from overtone.engine.learner import Learner
from overtone.engine.predictor import Predictor, Read, Record
from overtone.models.base import Base
from overtone.models.text import encode_text


class Regressor(Predictor):
    """A system that gives each text a number: the head's output, times the deviation, plus the mean."""

    can = frozenset({"regress", "predict"})

    def __init__(self, base: Base, learner: Learner, mean: float, deviation: float) -> None:
        super().__init__(base, learner)
        self.mean, self.deviation = mean, deviation

    def read(self, question: Question) -> list[Read]:
        """The text."""
        return [Read(encode_text(self.base, question.text))]

    def records(self, reads: Sequence[Read]) -> list[Record]:
        """The number of each text, as `number`."""
        found = self.learner.logits([one.tokens for one in reads])[:, 0].double()
        return [{"number": number} for number in (found * self.deviation + self.mean).tolist()]

    def text(self, record: Record) -> str:
        """The number with all its digits."""
        return repr(record["number"])

    def numbers(self, record: Record) -> list[float]:
        """The number where the mean is 0 and the deviation 1, so that its unit does not count."""
        return [(record["number"] - self.mean) / self.deviation]
