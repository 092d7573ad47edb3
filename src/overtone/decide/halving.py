"""Successive halving: many candidates see few validation rows, the better half sees more, until one is left.

Karnin et al. 2013, "Almost optimal exploration in multi-armed bandits"; Jamieson and Talwalkar 2016. Every round has
the same number of answers, shared out among those still in it; all of them see the same rows, and are judged by all
that they have seen.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from overtone.core.answer import Answer, System
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.decide.deciding import deciding_value

FEWEST_ROWS = 4  # that each candidate sees in the first round


@dataclass
class Trial:
    """One candidate: its answers so far, to the first validation rows, and their value."""

    system: System
    answers: list[Answer] = field(default_factory=list)
    value: float = float("-inf")

    @property
    def rank(self) -> tuple[int, float]:
        """Higher is better: who lasted longer, then the value."""
        return len(self.answers), self.value


def rounds_of(candidates: int) -> int:
    """How many rounds until one is left."""
    return max(1, math.ceil(math.log2(candidates)))


def most_candidates(budget: int) -> int:
    """How many candidates a budget of answers can tell apart; at least one."""
    count = 1
    while (count + 1) * FEWEST_ROWS * rounds_of(count + 1) <= budget:
        count += 1
    return count


def halve(
    systems: Sequence[System],
    task: Task,
    validation: Sequence[Example],
    budget: int,
    seed: int,
    told: Callable[[int, int], None],
) -> list[Trial]:
    """A trial for each candidate, in their order; the best has the highest rank, the first one among equals.

    At most `budget` answers are asked for, each to a validation row; the seed draws the order of the rows.
    """
    rows = random.Random(seed).sample(list(validation), len(validation))
    trials = [Trial(system) for system in systems]
    left, rounds = list(trials), rounds_of(len(trials))
    for _ in range(rounds):
        seen = len(left[0].answers)
        seeing = rows[: seen + budget // (rounds * len(left))]
        for trial in left if len(seeing) > seen else ():
            trial.answers += trial.system.answer([row.question for row in seeing[seen:]])
            trial.value = deciding_value(task, seeing, trial.answers)
            told(answers_of(trials), budget)
        left = sorted(left, key=lambda trial: -trial.value)[: math.ceil(len(left) / 2)]
    return trials


def answers_of(trials: Sequence[Trial]) -> int:
    """How many answers were asked for."""
    return sum(len(trial.answers) for trial in trials)
