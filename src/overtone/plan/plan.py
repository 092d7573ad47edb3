"""The plan: one YAML file that says all a run needs, checked before anything is loaded."""

from pydantic import Field, field_validator

from overtone.core.settings import Settings
from overtone.core.task import Task
from overtone.data.settings import DataSettings
from overtone.decide.rival import Rival
from overtone.train.stage import Stage


class DecideSettings(Settings):
    """Which rivals are measured, beside the plan's own stages."""

    rivals: list[Rival] | None = Field(None, description="all that fit the task and the base where absent")


class Plan(Settings):
    """The whole run: what to do, with which base, on which rows, how to tune, what to compare."""

    task: Task = Field(description="what is to be done and how it is judged")
    base: str = Field(
        description="builtin:minilm, builtin:tiny, a local folder (relative to the plan), or a hub id"
    )
    data: DataSettings
    name: str | None = Field(None, description="name of the run; the plan file's name where absent")
    stages: list[Stage] = Field(
        default_factory=lambda: [Stage()],
        min_length=1,
        max_length=1,
        description="how the tuned candidate is trained",
    )
    decide: DecideSettings = DecideSettings()
    seed: int = Field(0, ge=0, description="of every random draw: split, order, new weights, dropout")

    @field_validator("task")
    @classmethod
    def _measurable(cls, task: Task) -> Task:
        """Refuse a task on which no rival can be measured."""
        if task.asks == "score":
            raise ValueError(
                f"a plan cannot run the task '{task.name}' yet, for nothing is measured on plain text. Give rows with "
                "labels (task: classify), prompts with completions (task: answer), or with a chosen and a rejected "
                "answer (task: prefer); columns of other names are given in data.columns."
            )
        return task
