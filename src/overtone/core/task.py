"""A task: what is to be done and how it is judged; never how it is solved."""

from typing import Any, ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.part import Part

Named = str | dict[str, Any]  # a part as a plan names it; those who know its family make it one


class Task(Part, package="overtone.core.tasks"):
    """What is to be done, the bar to reach, and what a wrong answer costs.

    `asks` names what a system must be able to do; `reports` the metrics that stand beside the deciding one
    without being named.
    """

    asks: ClassVar[str]  # classify, generate, prefer or score
    rows: ClassVar[str] = ""  # the kind of rows to learn from, where what is asked does not say it
    converses: ClassVar[bool] = False  # whether a decoder reads its rows as conversations
    reports: ClassVar[tuple[str, ...]]
    objectives: ClassVar[
        tuple[str, ...]
    ]  # where a plan names none: the first that the kind of base can learn by

    metric: Named = Field(description="the metric that the verdict is about")
    metrics: list[Named] = Field([], description="further metrics to report, by name or with settings")
    bar: float | None = Field(None, ge=0, le=1, description="the value of the metric to reach, 0 to 1")
    wrong_answer_cost: float | None = Field(None, ge=0, description="cost of one wrong answer, in money")
    answers_per_month: int | None = Field(None, ge=1, description="how many answers a month are expected")

    @classmethod
    def learned_from(cls) -> str:
        """The kind of rows that a format must give and an objective must take."""
        return cls.rows or cls.asks

    def accepts(self, example: Example) -> str | None:
        """Why this example cannot be used for the task, in a few words; None when it can."""
        raise NotImplementedError

    @property
    def deciding(self) -> str:
        """The name of the deciding metric in tables and files."""
        named = {"name": self.metric} if isinstance(self.metric, str) else self.metric
        return str(named.get("label") or named.get("name"))

    def in_words(self, classes: int) -> str:
        """The task in a few words, for reports."""
        raise NotImplementedError
