"""What a contestant is asked to do, and what it tells of each step."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from benchmarks.engine.rows import Row, load_rows

Settings = dict[str, Any]
Method = Literal["lora", "full", "top", "prompt"]


@dataclass(frozen=True)
class Job:
    """Steps over the same rows: each step is one update over all of them, or one answer to all of them.

    `method` says what learns: `lora` (rank 16, all linear layers), `full`, `top` (lora in the top quarter of the
    layers) or `prompt` (20 embeddings before every row). `objective` is what is minimised, by Overtone's name, and
    `teacher` the folder of the model that teaches, if one does. `tokens` is the length of each answer where the job is
    to generate, `adapters` how many there are.
    """

    contestant: str
    model: str  # a folder
    rows_file: str
    steps: int
    settings: Settings = field(default_factory=dict)
    method: Method = "lora"
    objective: str = "sft"
    teacher: str = ""
    tokens: int = 0
    adapters: int = 0
    device: str = "cpu"
    seed: int = 0

    @property
    def rows(self) -> list[Row]:
        """The rows."""
        return load_rows(Path(self.rows_file))

    @property
    def layers(self) -> int:
        """Layers of the model, from its configuration."""
        config = json.loads((Path(self.model) / "config.json").read_text(encoding="utf-8"))
        return int(config["num_hidden_layers"])

    @property
    def learning_layers(self) -> list[int] | None:
        """Numbers of the layers that learn, or None for all."""
        return list(range(self.layers - self.layers // 4, self.layers)) if self.method == "top" else None

    def as_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Step:
    """One step: seconds, the mean loss or the answers, and the most memory so far above the loaded model."""

    cpu: float
    wall: float
    peak: int  # bytes
    loss: float | None = None
    answers: list[list[int]] | None = None
    notes: dict[str, float] = field(default_factory=dict)
