"""The stopwatch a contestant carries: it waits for the word to go, times one step, and sends what it took.

The word comes from the process that compares, so that the steps of all contestants alternate on one machine
although each has a process, and memory, of its own.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import TextIO

from benchmarks.engine.job import Step
from benchmarks.engine.memory import forget_peak, peak


class Stopwatch:
    """Call `loaded` once, then `begin`, `end` and `tell` for each step."""

    def __init__(self, orders: TextIO, replies: TextIO, device: str = "cpu") -> None:
        self._orders, self._replies, self._device = orders, replies, device
        self._base, self._cpu, self._wall = 0, 0.0, 0.0
        self._taken = (0.0, 0.0)

    def loaded(self) -> None:
        """The model is in memory and nothing has been computed: what comes on top is counted."""
        self._base = forget_peak(self._device)
        self._send({"ready": True})

    def begin(self) -> None:
        """Wait for the word, then start the clocks."""
        if not self._orders.readline():
            raise SystemExit(0)  # the comparison is over
        self._wait()
        self._cpu, self._wall = time.process_time(), time.perf_counter()

    def end(self) -> None:
        """Stop the clocks."""
        self._wait()
        self._taken = (time.process_time() - self._cpu, time.perf_counter() - self._wall)

    def tell(
        self,
        loss: float | None = None,
        answers: Sequence[Sequence[int]] | None = None,
        notes: dict[str, float] | None = None,
    ) -> None:
        """Send what the step took and what came of it."""
        told = None if answers is None else [list(answer) for answer in answers]
        self._send(asdict(Step(*self._taken, peak(self._device) - self._base, loss, told, notes or {})))

    def fail(self, reason: str) -> None:
        """Say in words why there is no measurement."""
        self._send({"failed": reason})

    def _send(self, message: dict[str, object]) -> None:
        self._replies.write(json.dumps(message) + "\n")
        self._replies.flush()

    def _wait(self) -> None:
        if self._device == "cuda":
            import torch

            torch.cuda.synchronize()
