"""What the rivals of multiple choice share: the base as a scorer of choices, and rules that read no base."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, cast

from overtone.core.answer import Answer
from overtone.core.example import Example, Question
from overtone.core.tasks.choose import ChooseTask
from overtone.decide.rival import Materials

if TYPE_CHECKING:
    from overtone.generate.choice_scorer import ChoiceScorer

Rule = Callable[[Sequence[str]], Sequence[float]]  # from choices to a weight for each


def choice_scorer(materials: Materials) -> "ChoiceScorer":
    """The base as it is, choosing as the task says."""
    from overtone.generate.choice_scorer import ChoiceScorer

    return ChoiceScorer(materials.base(), cast(ChooseTask, materials.task))


def longest_choice(scorer: "ChoiceScorer", rows: Iterable[Example]) -> int:
    """Tokens of the longest choice of all rows."""
    return max(len(choice) for row in rows for _, choice in scorer.rows(row.question))


def place_shares(rows: Sequence[Example]) -> Rule:
    """A rule that weighs each place by how often the right choice stands there (one more, so that none is zero)."""
    counts = Counter(row.choices.index(row.completion) for row in rows)
    return lambda choices: [counts[place] + 1 for place in range(len(choices))]


class ChoiceRule:
    """A system that gives each choice its share of the weights of a rule."""

    can = frozenset({"choose"})

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """A probability for each choice."""
        start = time.perf_counter()
        found = [self._shares(question.choices) for question in questions]
        seconds = (time.perf_counter() - start) / max(1, len(questions))
        return [Answer(probabilities=shares, seconds=seconds) for shares in found]

    def _shares(self, choices: Sequence[str]) -> dict[str, float]:
        weights = self.rule(choices)
        total = sum(weights)
        return {choice: weight / total for choice, weight in zip(choices, weights, strict=True)}
