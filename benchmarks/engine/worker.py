"""The process of one contestant: `python -m benchmarks.engine.worker '{job}'`; orders come in, replies go out."""

import json
import os
import sys
import warnings
from importlib import import_module

from benchmarks.engine.job import Job
from benchmarks.engine.stopwatch import Stopwatch


def main() -> None:
    """Do the job, or say why not."""
    job = Job(**json.loads(sys.argv[1]))
    with os.fdopen(os.dup(1), "w") as replies:
        os.dup2(2, 1)  # libraries that print must not disturb the replies
        watch = Stopwatch(sys.stdin, replies, job.device)
        warnings.filterwarnings("ignore")
        try:
            contestant = import_module(f"benchmarks.engine.contestants.{job.contestant}")
            _set_threads()
            contestant.work(job, watch)
        except ModuleNotFoundError as error:
            watch.fail(f"{error.name} is not installed")
        except Exception as error:
            lines = str(error).strip().splitlines() or [""]
            watch.fail(f"{type(error).__name__}: {lines[0]}")
            raise


def _set_threads() -> None:
    import torch
    from transformers.utils import logging

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    logging.set_verbosity_error()
    logging.disable_progress_bar()


if __name__ == "__main__":
    main()
