"""`metrics.jsonl`: the numbers of a run, one line a step, each step once even after crashes and resumes."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from overtone.runs.lines import append_line, open_mended, read_lines
from overtone.runs.write import write_bytes


class Metrics:
    """Appends lines `{"phase": ..., "step": ..., name: number, ...}`.

    A step that comes again is work done anew after a crash: it replaces all that its phase had from there on.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last: dict[str, tuple[int, set[str]]] = {}
        self._file = open_mended(path)
        for line in read_metrics(path):
            self._note(line)

    def append(self, phase: str, step: int, numbers: Mapping[str, float]) -> None:
        """Add the numbers of one step; a number that is not finite is written as null."""
        if self._comes_again(phase, step, numbers):
            self.trim(phase, step - 1)
        line = {"phase": phase, "step": step, **{name: _finite(number) for name, number in numbers.items()}}
        append_line(self._file, line)
        self._note(line)

    def trim(self, phase: str, step: int) -> None:
        """Drop the phase's lines beyond `step`: a resumed run does again what came after its checkpoint."""
        kept = [line for line in read_metrics(self.path) if line["phase"] != phase or line["step"] <= step]
        self.close()
        write_bytes(
            self.path, b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in kept)
        )
        self._file = open_mended(self.path)
        self._last = {}
        for line in kept:
            self._note(line)

    def flush(self) -> None:
        """Bring all lines to the disk; called with each checkpoint, so that none is ahead of its numbers."""
        os.fsync(self._file)

    def close(self) -> None:
        """Close the file; nothing happens where it is closed."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _comes_again(self, phase: str, step: int, numbers: Mapping[str, float]) -> bool:
        last, names = self._last.get(phase, (-1, set()))
        return step < last or (step == last and not names.isdisjoint(numbers))

    def _note(self, line: Mapping[str, Any]) -> None:
        last, names = self._last.get(line["phase"], (-1, set()))
        new = set(line) - {"phase", "step"}
        self._last[line["phase"]] = (line["step"], names | new if line["step"] == last else new)


def read_metrics(path: Path) -> Iterator[dict[str, Any]]:
    """Every whole line of a `metrics.jsonl`."""
    return read_lines(path)


def _finite(number: float) -> float | None:
    return number if number == number and abs(number) != float("inf") else None
