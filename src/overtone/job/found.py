"""What a command found, as sections to read: on the terminal, as a page, as JSON."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from overtone.evaluate.report.section import Section
from overtone.runs.write import write_text


@dataclass(frozen=True)
class Found:
    """Sections, and a sentence for each reason why a gate is shut."""

    title: str
    sections: tuple[Section, ...]
    failures: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """All as what JSON can hold."""
        from pydantic import TypeAdapter

        plain: dict[str, Any] = TypeAdapter(Found).dump_python(self, mode="json")
        return plain

    def write_page(self, path: Path) -> None:
        """One HTML file with the pictures."""
        from overtone.evaluate.report.sheet import sheet

        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, sheet(self.title, self.failures, self.sections))
