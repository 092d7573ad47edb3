"""Training for a trial: as in a run, without references, and with frozen bodies read from what is remembered."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from overtone.core.answer import Answer, System
from overtone.core.event import Watch
from overtone.core.example import Example, Question
from overtone.engine.frozen_context import Frozen, resting
from overtone.job.tuner import Tuner
from overtone.plan import Plan
from overtone.train.stage import Stage

CHECKPOINTS = "checkpoints"


@dataclass(frozen=True)
class TrialTuner:
    """Trains one candidate into its folder, or goes on with it, or loads it where it is finished."""

    tuner: Tuner

    def __call__(
        self,
        stages: Sequence[Stage],
        train: Sequence[Example],
        validation: Sequence[Example],
        folder: Path,
        watch: Watch,
    ) -> System:
        """The tuned system; where its body stands still, what was computed of it for training answers too."""
        system = self.tuner(stages, train, validation, folder, watch)
        still = not any(stage.method.learning_rate for stage in stages) and hasattr(system, "learner")
        return Remembering(system) if still else system


class Remembering:
    """A system that reads the features of its frozen body from the store."""

    def __init__(self, system: Any) -> None:
        from overtone.engine.frozen import frozen_part

        self.system, self.can, self.facts = system, system.can, system.facts
        system.learner.body.requires_grad_(False)
        self.part: Frozen = frozen_part(system.learner, [])

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """As the system answers."""
        with resting(self.part):
            answers: list[Answer] = self.system.answer(questions)
        return answers


def trial_tuner(labels: tuple[str, ...], plan: Plan, folder: Path) -> TrialTuner:
    """The tuner of one candidate, which keeps its checkpoints in the candidate's folder."""
    return TrialTuner(Tuner(plan.base, plan.task, labels, plan.seed, folder / CHECKPOINTS, references=False))
