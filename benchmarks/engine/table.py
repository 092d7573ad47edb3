"""Results in words: a Markdown table of contestants, and what was left out and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.engine.compare import Measured
from benchmarks.engine.figures import faster, spread

MIB = 2**20
HEAD = "| tool | settings | rows/s | {unit}/s | peak above the model, MiB | MFU | Overtone is faster by |"


@dataclass(frozen=True)
class Work:
    """What a step holds: rows, units (supervised tokens, or tokens written), and operations, zero where not counted.

    `least` are the operations where every common beginning is computed once.
    """

    rows: int
    units: int
    unit: str
    operations: float = 0.0
    least: float = 0.0
    peak: float = 0.0  # operations a second of the machine


def table(found: Sequence[Measured], work: Work) -> list[str]:
    """One line for each contestant, Overtone first, then a line for each that has no figures."""
    done = [one for one in found if not one.failure]
    ours = found[0] if found[0] in done and found[0].ours else None
    lines = [HEAD.format(unit=work.unit), "|---|---|---|---|---|---|---|"]
    lines += [_line(one, ours, work) for one in done]
    left_out = [f"Not measured: {one.entry.title} ({one.failure})." for one in found if one.failure]
    return [*lines, *([""] if left_out else []), *left_out]


def _line(one: Measured, ours: Measured | None, work: Work) -> str:
    rows = spread([work.rows / seconds for seconds in one.seconds])
    units = spread([work.units / seconds for seconds in one.seconds])
    ratio = "" if ours is None or one is ours else faster(ours.seconds, one.seconds).told(2)
    return (
        f"| {one.entry.title} | {one.entry.settings} | {rows.told(2)} | {units.told(0)} | {one.peak / MIB:.0f} "
        f"| {_utilisation(one, work)} | {ratio} |"
    )


def _utilisation(one: Measured, work: Work) -> str:
    """Operations of the unshared work, but no more than were computed, a second and as a share of the peak."""
    if not work.operations:
        return ""
    operations = min(work.operations, work.least) if one.ours else work.operations
    return f"{operations / spread(one.seconds).median / work.peak:.0%}"
