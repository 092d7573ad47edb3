"""What Overtone's contestant learns from, by the name of its objective, with the settings that every contestant has."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.engine import rewarded
from benchmarks.engine.job import Job, Settings
from benchmarks.engine.rows import Row, Tokens

BETA = 0.1  # of the losses on preferences, and the weight of the odds in ORPO
SHARPNESS, MARGIN = 2.0, 1.0  # beta and gamma of SimPO
KEPT, TAUGHT = 64, 1.0  # likeliest tokens of a teacher, and the weight of the distance from it


@dataclass(frozen=True)
class Lesson:
    """How the rows of a job become what the engine learns from: `prepare(objective, base, job)` gives them."""

    prepare: Callable[[Any, Any, Job], list[Any]]
    task: str = "answer"
    settings: Settings = field(default_factory=dict)

    def objective(self, job: Job) -> Any:
        """The objective with its settings."""
        from overtone.objectives.objective import Objective

        teacher = {"teacher": job.teacher} if job.teacher else {}
        return Objective.find(job.objective)(**self.settings, **teacher)


def _read(objective: Any, base: Any, job: Job) -> list[Any]:
    """Every row with its answers, and what the untuned base says of them where the objective asks."""
    found: list[Any] = objective.prepare([_row(row) for row in job.rows], base)
    return found


def _grouped(objective: Any, base: Any, job: Job) -> list[Any]:
    """The samples of each prompt together, each with its reward."""
    from overtone.objectives.policy_rows import Drawn, Group

    found = []
    for group in rewarded.groups(job.rows):
        drawn = []
        for row, reward in zip(group, rewarded.rewards(group), strict=True):
            known, read = (rewarded.REFERENCE,) * len(row.completion), _row(row)
            drawn.append(Drawn(read.tokens, read.learned, reward=reward, before=known, references=known))
        found.append(Group(group[0].prompt, (False,) * len(group[0].prompt), drawn=tuple(drawn)))
    valued: list[Any] = objective.valued(None, found)
    return valued


def _taught(objective: Any, base: Any, job: Job) -> list[Any]:
    """Every row with its teacher's likeliest tokens, worked out once."""
    from overtone.core.example import Example
    from overtone.core.task import Task
    from overtone.engine.taught import TaughtRow
    from overtone.train.teacher import find_teacher

    rows = [TaughtRow.of(_row(row), Example("")) for row in job.rows]
    found: list[Any] = objective.taught(rows, base, find_teacher(job.teacher), Task.find("answer")(), ())
    return found


def _row(row: Row) -> Any:
    """A row of the engine; the rejected answer of a preference stands in it."""
    rejected = _answered(row.prompt, row.rejected) if row.rejected else None
    return replace(_answered(row.prompt, row.completion), rejected=rejected)


def _answered(prompt: Tokens, answer: Tokens) -> Any:
    from overtone.engine.row import Row as EngineRow

    return EngineRow(tokens=prompt + answer, learned=(False,) * len(prompt) + (True,) * len(answer))


LESSONS = {
    "sft": Lesson(_read),
    "dpo": Lesson(_read, "prefer", {"beta": BETA}),
    "ipo": Lesson(_read, "prefer", {"beta": BETA}),
    "kto": Lesson(_read, "prefer", {"beta": BETA}),
    "orpo": Lesson(_read, "prefer", {"odds_weight": BETA}),
    "simpo": Lesson(_read, "prefer", {"beta": SHARPNESS, "gamma": MARGIN}),
    "reward": Lesson(_read, "prefer"),
    "grpo": Lesson(_grouped, "answer", {"beta": rewarded.BETA, "clip": rewarded.CLIP}),
    "distill": Lesson(_taught, "answer", {"k": KEPT, "weight": TAUGHT}),
}
