"""Where the rows come from: the `data` section of a plan."""

from typing import Any, Literal

from pydantic import Field, model_validator

from overtone.core.settings import Settings
from overtone.data.format import Format


class DataSettings(Settings):
    """Files, columns and shares. `data: mails.csv` is short for `data: {train: mails.csv}`."""

    train: str = Field(description="file with the rows to learn from (split where no other file is given)")
    validation: str | None = Field(None, description="file with validation rows; else a share of train")
    test: str | None = Field(None, description="file with test rows; else a share of train")
    documents: str | None = Field(None, description="file with documents to retrieve from")
    format: Format | None = Field(None, description="how rows are read; guessed where absent")
    columns: dict[str, str | list[str]] = Field(
        {}, description="role (text, label, prompt, ...) to column name, or to several for the label"
    )
    validation_share: float = Field(0.1, gt=0, lt=0.5, description="of train, where no file is named")
    test_share: float = Field(0.2, gt=0, lt=0.9, description="of train, where no file is named")
    on_bad_row: Literal["refuse", "drop"] = Field(
        "refuse", description="whether a row that cannot be read stops the run or is left out and counted"
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"train": value} if isinstance(value, str) else value
