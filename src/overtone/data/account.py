"""The account of the rows: read = kept + dropped, for each file, split and cause, with examples."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from overtone.data.sources.table import Dropped

EXAMPLES = 3  # places named for each cause


@dataclass(frozen=True, slots=True)
class FileAccount:
    """What became of the rows of one file: how many were read, kept for each split, and dropped, and why.

    Rows set aside could be used, but the plan asks for fewer, or for other languages.
    """

    file: str
    read: int
    kept: Mapping[str, int]
    dropped: tuple[Dropped, ...] = ()
    set_aside: int = 0

    def __post_init__(self) -> None:
        if self.read != sum(self.kept.values()) + len(self.dropped) + self.set_aside:
            raise ValueError(
                f"{self.file}: {self.read} rows read, but not all of them kept, set aside or dropped"
            )

    @property
    def causes(self) -> dict[str, list[str]]:
        """The places of the dropped rows by cause, the most frequent cause first."""
        causes: dict[str, list[str]] = defaultdict(list)
        for row in self.dropped:
            causes[row.cause].append(row.place)
        return dict(sorted(causes.items(), key=lambda item: -len(item[1])))


@dataclass(frozen=True, slots=True)
class Account:
    """The account of all files of a plan."""

    files: tuple[FileAccount, ...]

    def rows(self) -> list[tuple[str, str, int, str]]:
        """Lines of a table: file, what became of the rows, how many, and where the first of them stand."""
        lines = []
        for file in self.files:
            lines.append((file.file, "read", file.read, ""))
            lines += [(file.file, f"kept for {split}", count, "") for split, count in file.kept.items()]
            if file.set_aside:
                lines.append((file.file, "set aside: the plan asks for fewer or others", file.set_aside, ""))
            for cause, places in file.causes.items():
                lines.append((file.file, f"dropped: {cause}", len(places), ", ".join(places[:EXAMPLES])))
        return lines

    def to_json(self) -> list[dict[str, Any]]:
        """The same as plain values."""
        return [
            {
                "file": file.file,
                "read": file.read,
                "kept": dict(file.kept),
                "set_aside": file.set_aside,
                "dropped": {
                    cause: {"count": len(places), "examples": places[:EXAMPLES]}
                    for cause, places in file.causes.items()
                },
            }
            for file in self.files
        ]
