"""Which languages are trained on and which are judged: the `languages` of a plan's data."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from overtone.core.settings import Settings


class Languages(Settings):
    """The column of the language, the languages to learn from and those to judge; rows of others are set aside."""

    column: str = Field(description="column that says in which language a row is written")
    train: dict[str, float] = Field(
        min_length=1,
        description="languages to learn from, each with the share of its rows that is taken; `[en, de]` takes all. "
        "Gaps are measured to the first",
    )
    test: list[str] | None = Field(
        None, min_length=1, description="languages to judge; all that the test rows hold where absent"
    )

    @field_validator("train", mode="before")
    @classmethod
    def _whole(cls, value: Any) -> Any:
        """A list takes all rows of each language."""
        names = [value] if isinstance(value, str) else value
        return dict.fromkeys(names, 1.0) if isinstance(names, list) else value

    @field_validator("train", "test", mode="before")
    @classmethod
    def _refuse_switches(cls, value: Any) -> Any:
        """YAML reads an unquoted `no` as false, which no message about types would explain."""
        if isinstance(value, list | Mapping) and any(isinstance(name, bool) for name in value):
            raise ValueError(
                "true or false is no language: YAML reads no, off, yes and on so; write 'no' in quotes"
            )
        return value

    @model_validator(mode="after")
    def _shares(self) -> Self:
        for name, share in self.train.items():
            if not 0 < share <= 1:
                raise ValueError(
                    f"train.{name}: {share:g} is no share of rows; write a number above 0 and at most 1, or leave the "
                    "language out"
                )
        return self
