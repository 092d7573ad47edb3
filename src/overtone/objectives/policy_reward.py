"""What rewards an answer: a metric, a trained model that judges, or a Python function of the user's own."""

from typing import Any, Self

from pydantic import Field, model_validator

from overtone.core.settings import Settings
from overtone.core.task import Named


class RewardSource(Settings):
    """The task's own metric where nothing is set. `reward: rouge_l` is short for `reward: {metric: rouge_l}`."""

    metric: Named | None = Field(
        None,
        description="a metric of rows, by name or with settings: the answer is judged against the wanted one",
    )
    model: str | None = Field(
        None,
        description="folder of a finished run, or of its model, whose objective was reward or whose task was approve",
    )
    file: str | None = Field(None, description="Python file, relative to the plan")
    function: str | None = Field(
        None, description="function in the file: it takes the texts of prompt, answer and wanted answer"
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"metric": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        """Refuse two sources, and half a function."""
        if (self.file is None) != (self.function is None):
            raise ValueError("a function of your own has a file and a name: set both file and function")
        if sum(one is not None for one in (self.metric, self.model, self.file)) > 1:
            raise ValueError("an answer has one reward: set metric, model, or file with function")
        return self
