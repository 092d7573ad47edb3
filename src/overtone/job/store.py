"""Where a run keeps what its rivals answered: texts by name in the run folder, each whole or absent."""

from dataclasses import dataclass
from pathlib import Path

from overtone.runs.write import write_text


@dataclass(frozen=True)
class FolderStore:
    """Texts as files below one folder."""

    folder: Path

    def read(self, name: str) -> str | None:
        """The text called `name`, or None."""
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else None

    def write(self, name: str, text: str) -> None:
        """Put a text in place, whole or not at all."""
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_text(self.folder / name, text)
