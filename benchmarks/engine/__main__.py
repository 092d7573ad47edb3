"""Measure Overtone's engine against its peers: `python -m benchmarks.engine [--workloads sft dpo] [--quick]`."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.engine.launch import NotMeasured
from benchmarks.engine.options import Options
from benchmarks.engine.training import Disagreement
from benchmarks.engine.workloads import ON_GPU, WORKLOADS, Workload
from benchmarks.record import RESULTS, append


def main() -> None:
    """Measure and append each workload; exit code 1 where contestants did not do the same work."""
    given = _parser().parse_args()
    options = Options(given.folder, given.repeats, given.threads, "cpu", given.quick, not given.no_search)
    given.folder.mkdir(parents=True, exist_ok=True)
    agreed = [
        _measure(WORKLOADS[name], options, given.out)
        for name in given.workloads or WORKLOADS
        if not given.models or WORKLOADS[name].shape in given.models
    ]
    if not given.workloads:
        agreed += _measure_gpu(options, given)
    sys.exit(not all(agreed))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.add_argument(
        "--workloads", nargs="+", choices=list(WORKLOADS), metavar="NAME", help=", ".join(WORKLOADS)
    )
    parser.add_argument("--models", nargs="+", help="only workloads of these shapes: 15M 135M 1B")
    parser.add_argument("--repeats", type=int, default=5, help="rounds behind the warm-up")
    parser.add_argument("--threads", type=int, default=1, help="of each process; 1 is timed in CPU seconds")
    parser.add_argument(
        "--quick", action="store_true", help="tiny model, few rows: to try it out, not for figures"
    )
    parser.add_argument("--no-search", action="store_true", help="take what is usually best for each peer")
    parser.add_argument(
        "--folder", type=Path, default=Path("runs/engine"), help="models and finished searches"
    )
    parser.add_argument("--out", type=Path, default=RESULTS, help="where results are appended")
    return parser


def _measure(workload: Workload, options: Options, out: Path) -> bool:
    """Append a workload's results, or why there are none; whether the contestants agreed."""
    agreed = True
    try:
        lines = workload.measure(options)
    except Disagreement as error:
        agreed, lines = False, [f"Not comparable: {error}."]
    except NotMeasured as reason:
        lines = [f"Not measured: {reason}."]
    append(_title(workload, options), [_how(options), "", *lines], out)
    return agreed


def _measure_gpu(options: Options, given: argparse.Namespace) -> Sequence[bool]:
    import torch

    if not torch.cuda.is_available():
        print("The workloads of the 1B shape need a CUDA device; there is none, so they are left out.")
        return []
    on_gpu = replace(options, device="cuda")
    return [
        _measure(one, on_gpu, given.out)
        for one in ON_GPU.values()
        if not given.models or one.shape in given.models
    ]


def _title(workload: Workload, options: Options) -> str:
    return f"{workload.name}: {workload.title}, {options.shape_name(workload.shape)}"


def _how(options: Options) -> str:
    """How seconds were taken."""
    clock = (
        "CPU seconds of one thread" if options.threads == 1 and options.device == "cpu" else "wall seconds"
    )
    told = f"Each tool in its own process, {options.threads} thread(s), steps in turns; median [smallest, largest] of "
    return f"{told}{options.repeats} by {clock}." + (" Tried out only: no figures." if options.quick else "")


if __name__ == "__main__":
    main()
