"""What is searched and how: the `search` section of a plan."""

import re
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from overtone.core.errors import nearest
from overtone.core.settings import Settings

Number = int | float
EXPONENT = re.compile(r"[-+]?\d+(\.\d*)?[eE][-+]?\d+")


class Dimension(Settings):
    """The values that one setting may take: `[4, 8, 16]`, or `{low: 1.0e-5, high: 1.0e-3, log: true}`."""

    choices: list[Any] | None = Field(None, min_length=1, description="the values to choose from")
    low: Number | None = Field(None, description="smallest value of a range (whole where both ends are)")
    high: Number | None = Field(None, description="largest value of a range")
    log: bool = Field(False, description="whether the range is searched by its logarithm")
    points: int = Field(3, ge=2, description="values of the range that a grid takes")
    when: dict[str, Any] = Field(
        {}, description="searched only where these other settings have this value, or one of a list"
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"choices": value} if isinstance(value, list) else value

    @field_validator("choices")
    @classmethod
    def _numbers(cls, value: list[Any] | None) -> list[Any] | None:
        """YAML 1.1 reads `1e-4` as a text, for it has no dot; nobody means it so."""
        return value and [
            float(one) if isinstance(one, str) and EXPONENT.fullmatch(one) else one for one in value
        ]

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        """Refuse what is neither choices nor a range, and a range that holds nothing."""
        if (self.choices is None) == (self.low is None or self.high is None):
            raise ValueError("give either a list of values, or a range as in {low: 1, high: 10}")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"low is {self.low} and high is {self.high}; low must be the smaller")
        if self.log and self.low is not None and self.low <= 0:
            raise ValueError(f"low is {self.low}; a logarithmic range must begin above 0")
        return self


class SearchSettings(Settings):
    """Which settings are searched, how, and what is wanted of the best."""

    space: dict[str, Dimension] | None = Field(
        None, description="setting of the plan to its values; a small usual space where absent"
    )
    sampler: Literal["tpe", "random", "grid"] = Field("tpe", description="how values are proposed")
    pruner: Literal["asha", "none"] | None = Field(
        None, description="whether bad trials end early; asha where there is one objective"
    )
    folds: int | None = Field(
        None,
        ge=2,
        description="parts of all rows but those for testing, each judged once by what the others teach; for few rows",
    )
    trials: int | None = Field(None, ge=1, description="how many trials; 20 where absent, or the whole grid")
    timeout_minutes: float | None = Field(None, gt=0, description="no trial begins later than this")
    objectives: list[str] | None = Field(
        None, min_length=1, description="what is to be best; the task's metric where absent"
    )
    constraints: dict[str, float] = Field(
        {}, description="most that a cost may be, or least that a metric must be"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Refuse an empty space, conditions on settings that are not searched, and pruning by several numbers."""
        if self.space is not None and not self.space:
            raise ValueError("the space is empty: name a setting, or leave the space out for the usual one")
        for key, dimension in (self.space or {}).items():
            for other in dimension.when:
                if other not in (self.space or {}) or other == key:
                    raise ValueError(
                        f"space: '{key}' depends on '{other}', which is not another setting of the space."
                        f"{nearest(other, set(self.space or {}) - {key})}"
                    )
        if self.pruner == "asha" and len(self.objectives or ()) > 1:
            raise ValueError("pruner: asha compares one number; with several objectives write none")
        return self

    @property
    def prunes(self) -> bool:
        """Whether bad trials end early."""
        return self.pruner == "asha" or (self.pruner is None and len(self.objectives or ()) < 2)
