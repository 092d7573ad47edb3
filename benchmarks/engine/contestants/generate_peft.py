"""PEFT's mixed batch: one `generate` in which each request names its adapter."""

from pathlib import Path

from benchmarks.engine.adapters import adapters_folder, write_adapters
from benchmarks.engine.contestants.adapted import load
from benchmarks.engine.contestants.generate_transformers import answer
from benchmarks.engine.job import Job
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "PEFT mixed batch"


def work(job: Job, watch: Stopwatch) -> None:
    """Answer all requests in one batch; request i asks for adapter i."""
    from peft import PeftModel

    folders = write_adapters(Path(job.model), job.adapters, adapters_folder(Path(job.model)))
    model = PeftModel.from_pretrained(load(job), str(folders[0]), adapter_name="0")
    for number, folder in enumerate(folders[1:], start=1):
        model.load_adapter(str(folder), adapter_name=str(number))
    model.eval()
    watch.loaded()
    names = [str(number % job.adapters) for number in range(len(job.rows))]
    answer(job, watch, model, adapter_names=names)
