"""Verdicts of finished runs side by side, and how their costs were foretold: `python -m benchmarks.verdicts runs/*`.

Nothing is measured: all figures are those of the runs' own reports.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.record import RESULTS, append
from overtone.core.errors import UserError
from overtone.runs.open import open_run

HEAD = (
    "| run | metric | n | best without tuning | best tuned | tuned less untuned | p among all pairs | bar | advice |",
    "|---|---|---|---|---|---|---|---|---|",
)
COSTS = (
    "| run | seconds of a processor foretold | taken | error | the probe's own seconds |",
    "|---|---|---|---|---|",
)


def main() -> None:
    """Tell the verdicts of the named runs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the tables are appended")
    given = parser.parse_args()
    try:
        folders = [open_run(run).folder for run in given.runs]
    except UserError as error:
        sys.exit(f"Error: {error}")
    reports = {folder.name: read(folder / "report.json") for folder in folders}
    lines = [*HEAD, *(verdict(name, report) for name, report in reports.items()), "", *costs(folders)]
    append("Verdicts", lines, given.out)


def read(file: Path) -> dict[str, Any]:
    """A JSON document."""
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def verdict(name: str, report: dict[str, Any]) -> str:
    """A run as a line of the table."""
    metric = report["metrics"][0]
    tuned, untuned = best(report, tuned=True), best(report, tuned=False)
    advice = next((line for line in report["verdict"] if line.startswith("Advice: ")), "Advice: none")
    found = [
        name,
        metric["title"],
        str(next(iter(report["systems"]))["scores"][metric["name"]]["n"]),
        told(untuned, metric["name"]),
        told(tuned, metric["name"]),
        *difference(tuned, untuned, metric["name"]),
        "–" if report["bar"] is None else f"{100 * report['bar']:.0f}",
        advice.removeprefix("Advice: ").split(";")[0].split(".")[0],
    ]
    return f"| {' | '.join(found)} |"


def best(report: dict[str, Any], tuned: bool) -> dict[str, Any] | None:
    """The best system of its kind by the deciding metric."""
    name = report["metrics"][0]["name"]
    fitting = [one for one in report["systems"] if (one["kind"] == "tuned") == tuned]
    return max(fitting, key=lambda one: one["scores"][name]["value"], default=None)


def told(system: dict[str, Any] | None, metric: str) -> str:
    """A system's title and value with its interval, in hundredths."""
    if system is None:
        return "–"
    score = system["scores"][metric]
    return (
        f"{system['title']} {100 * score['value']:.1f} [{100 * score['low']:.1f}, {100 * score['high']:.1f}]"
    )


def difference(tuned: dict[str, Any] | None, untuned: dict[str, Any] | None, metric: str) -> tuple[str, str]:
    """Tuned less untuned with its interval, and the corrected p, where one of them is the best of all."""
    for system, sign in ((tuned, 1), (untuned, -1)):
        found = system["comparisons"].get(metric) if system and tuned and untuned else None
        other = untuned if sign == 1 else tuned
        if found and other is not None and not other["comparisons"]:
            low, high = sorted((sign * found["low"], sign * found["high"]))
            value = f"{100 * sign * found['difference']:+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]"
            return value, f"{found['p_corrected']:.2g}"
    return "–", "–"


def costs(folders: Sequence[Path]) -> list[str]:
    """What was foretold of each run beside what it took, by seconds of a processor, and the median error."""
    lines, errors = list(COSTS), []
    for folder in folders:
        kept = read(folder / "estimate.json") if (folder / "estimate.json").exists() else {}
        if "actual" not in kept:  # nothing was foretold, or the run has not come so far
            continue
        foretold = sum(one["cpu"] for one in kept["rivals"])
        taken = sum(kept["actual"][one["key"]]["cpu"] for one in kept["rivals"])
        errors.append(abs(foretold / taken - 1))
        lines.append(
            f"| {folder.name} | {foretold:.0f} | {taken:.0f} | {foretold / taken - 1:+.0%} | "
            f"{kept['probe_seconds']:.0f} |"
        )
    return [*lines, "", f"Median error of {len(errors)} runs: {median(errors):.0%}."] if errors else []


if __name__ == "__main__":
    main()
