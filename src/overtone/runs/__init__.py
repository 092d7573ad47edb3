"""The run folder: what was asked, on which machine, what was measured on the way, and what came of it."""

from overtone.runs.open import list_runs, open_run
from overtone.runs.run import Run
from overtone.runs.start import start_run

__all__ = ["Run", "list_runs", "open_run", "start_run"]
