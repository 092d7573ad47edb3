"""Start a contestant in its own process and order its steps."""

import json
import os
import selectors
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TextIO

from benchmarks.engine.job import Job, Step

LONGEST = 900.0  # seconds that loading or one step may take
OFFLINE = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "TRL_EXPERIMENTAL_SILENCE": "1"}


class NotMeasured(Exception):
    """Why a contestant has no figures, in words."""


@dataclass
class Contest:
    """A contestant under way; use it as a context, which ends the process."""

    job: Job
    threads: int = 1
    errors: TextIO | None = None  # where the process writes its warnings
    _process: Any = field(default=None, init=False)

    def __enter__(self) -> "Contest":
        environment = {
            **os.environ,
            **OFFLINE,
            "OMP_NUM_THREADS": str(self.threads),
            "MKL_NUM_THREADS": str(self.threads),
            "OMP_WAIT_POLICY": "PASSIVE",
        }
        if self.job.device == "cpu":
            environment["CUDA_VISIBLE_DEVICES"] = ""
        self._process = subprocess.Popen(
            (sys.executable, "-m", "benchmarks.engine.worker", self.job.as_json()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors or subprocess.DEVNULL,
            env=environment,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        with suppress(BrokenPipeError):  # what was not read before the process ended
            self._process.stdin.close()
        self._process.stdout.close()

    def ready(self) -> None:
        """Wait until the model is loaded; NotMeasured where it cannot be."""
        self._reply()

    def step(self) -> Step:
        """One step from word to word; NotMeasured where it fails."""
        try:
            self._process.stdin.write("go\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise NotMeasured("its process ended") from None
        return Step(**self._reply())

    def _reply(self) -> dict[str, Any]:
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._process.stdout, selectors.EVENT_READ)
            if not waiting.select(LONGEST):
                raise NotMeasured(f"no answer within {LONGEST:.0f} seconds")
        line = self._process.stdout.readline()
        reply: dict[str, Any] = json.loads(line) if line else {"failed": "its process ended"}
        if "failed" in reply:
            raise NotMeasured(reply["failed"])
        return reply
