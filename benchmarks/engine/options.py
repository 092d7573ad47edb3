"""How the benchmark is run: repeats, threads, device, and where models and finished searches are kept."""

import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.engine.rows import Row, save_rows
from benchmarks.engine.shapes import SHAPES, write_model


@dataclass(frozen=True)
class Options:
    """`quick` takes the tiny shape, few rows and no search: to try the benchmark out, never for figures."""

    folder: Path
    repeats: int = 5
    threads: int = 1
    device: str = "cpu"
    quick: bool = False
    search: bool = True

    def shape_name(self, wanted: str) -> str:
        """The shape, or the tiny one of the same kind: `15M-half` becomes `tiny-half`."""
        _, dash, kind = wanted.partition("-")
        return f"tiny{dash}{kind}" if self.quick else wanted

    def count(self, wanted: int) -> int:
        """How many rows, or few."""
        return min(wanted, 8) if self.quick else wanted

    def model(self, shape: str) -> Path:
        """The model's folder, written where it is missing."""
        return write_model(SHAPES[shape], self.folder / "models" / shape)

    def rows(self, name: str, rows: list[Row]) -> Path:
        """The rows in a file for the workers."""
        file = self.folder / f"{name}.rows.json"
        save_rows(rows, file)
        return file

    def remembered(self) -> dict[str, float]:
        """Seconds of settings that an earlier search has tried."""
        file = self.folder / "search.json"
        found: dict[str, float] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return found

    def remember(self, key: str, seconds: float) -> None:
        """Keep what a setting took, so that an interrupted search goes on."""
        text = json.dumps({**self.remembered(), key: seconds}, indent=1, sort_keys=True)
        (self.folder / "search.json").write_text(text, encoding="utf-8")
