"""Where the rows come from: the `data` section of a plan."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from overtone.core.settings import Settings
from overtone.data.format import Format
from overtone.data.languages import Languages


class DataSettings(Settings):
    """Files, columns and shares. `data: mails.csv` is short for `data: {train: mails.csv}`."""

    settings_elsewhere: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("file", "path", "train_file"), "train"),
        **dict.fromkeys(("dev", "eval", "val", "valid"), "validation"),
        "val_size": "validation_share",
        "test_size": "test_share",
        "max_samples": "rows",
    }

    train: str = Field(description="file with the rows to learn from (split where no other file is given)")
    validation: str | None = Field(None, description="file with validation rows; else a share of train")
    test: str | None = Field(None, description="file with test rows; else a share of train")
    documents: str | None = Field(None, description="file with documents to retrieve from")
    format: Format | None = Field(None, description="how rows are read; guessed where absent")
    columns: dict[str, str | list[str]] = Field(
        {},
        description="role (text, label, prompt, ...) to column name, or to several: texts are joined, labels taken "
        "from all",
    )
    group: str | None = Field(
        None,
        description="column that says which rows share a source (a document, a person); such rows stay on one side "
        "of the split, and intervals count sources instead of rows",
    )
    slices: list[str] = Field(
        [], description="columns by whose values a report is sliced (language, channel)"
    )
    languages: Languages | None = Field(
        None, description="which languages are learned from and which are judged; all rows where absent"
    )
    rows: int | None = Field(
        None,
        ge=1,
        description="most rows to learn from, drawn by the seed; the others are set aside. Validation rows are among "
        "them where they have no file",
    )
    rows_per_class: int | None = Field(
        None, ge=1, description="the same for each class; 5 rows a class are among the 10 of the same seed"
    )
    validation_share: float = Field(0.1, gt=0, lt=0.5, description="of train, where no file is named")
    test_share: float = Field(0.2, gt=0, lt=0.9, description="of train, where no file is named")
    on_bad_row: Literal["refuse", "drop"] = Field(
        "refuse", description="whether a row that cannot be read stops the run or is left out and counted"
    )

    @model_validator(mode="after")
    def _one_sample(self) -> Self:
        """Refuse two samples of the same rows."""
        if self.rows is not None and self.rows_per_class is not None:
            raise ValueError("rows and rows_per_class both say how many rows to learn from: set one of them")
        return self

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"train": value} if isinstance(value, str) else value


def lasting_files(settings: DataSettings, folder: Path) -> DataSettings:
    """The settings with their files found from a folder, for good."""
    named = {name: getattr(settings, name) for name in ("train", "validation", "test", "documents")}
    return settings.model_copy(
        update={name: str((folder / file).absolute()) for name, file in named.items() if file is not None}
    )
