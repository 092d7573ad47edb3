"""The plan: one YAML file that says all a run needs, checked before anything is loaded."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from overtone.core.settings import Settings
from overtone.core.task import Task
from overtone.data.settings import DataSettings
from overtone.decide.consistency import Consistency
from overtone.decide.learning_curve import LearningCurve
from overtone.decide.rival import Rival
from overtone.evaluate.safety.settings import Safety
from overtone.search.settings import SearchSettings
from overtone.train.stage import Stage


class DecideSettings(Settings):
    """Which rivals are measured beside the plan's own stages, what is measured of them, and what costs money."""

    rivals: list[Rival] | None = Field(None, description="all that fit the task and the base where absent")
    machine_cost_per_hour: float | None = Field(
        None, ge=0, description="what an hour of this machine costs, in the money of task.wrong_answer_cost"
    )
    tuning_cost: float | None = Field(
        None, ge=0, description="what a tuned system costs once beside its training time: people, labels"
    )
    horizon_months: int = Field(12, ge=1, description="months over which all costs are added up")
    learning_curve: LearningCurve = LearningCurve()
    consistency: Consistency = Consistency()


class Plan(Settings):
    """The whole run: what to do, with which base, on which rows, how to tune, what to compare."""

    settings_elsewhere: ClassVar[Mapping[str, str]] = {
        "base_model": "base",
        "model": "base",
        "model_name_or_path": "base",
        "dataset": "data",
        "datasets": "data",
        "output_dir": "name",
        "run_name": "name",
        "training": "stages",
        "method": "stages: [{method: lora}]",
        "epochs": "stages: [{epochs: 4}]",
        "learning_rate": "stages: [{learning_rate: 1.0e-4}]",
        "rivals": "decide: {rivals: [majority]}",
    }

    task: Task = Field(description="what is to be done and how it is judged")
    base: str = Field(
        description="builtin:minilm, builtin:tiny, a local folder (relative to the plan), or a hub id"
    )
    data: DataSettings
    name: str | None = Field(None, description="name of the run; the plan file's name where absent")
    stages: list[Stage] = Field(
        default_factory=lambda: [Stage()],
        min_length=1,
        description="how the tuned candidate is trained: one stage after the other",
    )
    decide: DecideSettings = DecideSettings()
    search: SearchSettings = SearchSettings()
    safety: Safety = Field(
        None, description="whether safety and bias are measured too: true, or its settings"
    )
    seed: int = Field(0, ge=0, description="of every random draw: split, order, new weights, dropout")
