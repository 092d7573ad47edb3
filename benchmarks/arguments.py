"""What the benchmarks ask for on the command line whose runs are kept and made from several seeds."""

from argparse import ArgumentParser
from pathlib import Path

from benchmarks.record import RESULTS


def add_kept_runs(parser: ArgumentParser, quick_rows: int) -> None:
    """`--seeds`, `--quick` (so many rows), `--runs` and `--out`."""
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--quick", action="store_true", help=f"{quick_rows} rows and one epoch, to try this out"
    )
    parser.add_argument("--runs", type=Path, default=Path("runs/benchmarks"), help="where runs are kept")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where results are appended")
