"""What a run will cost, told before it starts from a probe, and beside it what it really took."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from overtone.core.errors import RunFailed
from overtone.core.event import Event
from overtone.decide.learning_curve import learners
from overtone.decide.measured import Measured
from overtone.evaluate.report.numbers import seconds
from overtone.evaluate.report.section import Cell, Column, Section, Table
from overtone.job.deciding.probe import Foretold, probe
from overtone.job.deciding.spent import timed
from overtone.job.deciding.work import Work
from overtone.runs.write import write_json

FILE = "estimate.json"


@dataclass(frozen=True)
class Estimate:
    """The rivals' estimates, and by what factor repetitions add to each."""

    rivals: tuple[Foretold, ...]
    repeated: dict[str, float]
    probe_seconds: float
    left_out: tuple[str, ...] = ()

    @property
    def work(self) -> float:
        """Seconds of all rivals and repetitions, nothing remembered."""
        return sum(one.work * (1 + self.repeated.get(one.key, 0.0)) for one in self.rivals)

    @property
    def cpu(self) -> float:
        """The processor's seconds of all rivals and repetitions; what is remembered takes it none."""
        return sum(one.cpu * (1 + self.repeated.get(one.key, 0.0)) for one in self.rivals)

    @property
    def seconds(self) -> float:
        """Wall time, what rivals share computed once."""
        return sum(one.work * (one.fresh + self.repeated.get(one.key, 0.0)) for one in self.rivals)

    @property
    def megabytes(self) -> float:
        """The peak of memory above what the process holds at the start."""
        return max((one.megabytes for one in self.rivals), default=0.0)

    @property
    def kept(self) -> int:
        """Bytes of models that stay in the run folder."""
        return sum(one.kept for one in self.rivals)

    @property
    def most(self) -> int:
        """Bytes at the most, while the last candidate trains."""
        return self.kept + max((one.most - one.kept for one in self.rivals), default=0)

    def told(self) -> str:
        """In words."""
        disk = f"{self.kept / 1e6:,.0f} MB of disk ({self.most / 1e6:,.0f} at the most)"
        beside = f"; not tried: {', '.join(self.left_out)}" if self.left_out else ""
        return (
            f"measuring takes about {seconds(self.seconds)} ({seconds(self.cpu)} of a processor), "
            f"{self.megabytes:,.0f} MB of memory, {disk}{beside}; foretold in {seconds(self.probe_seconds)}"
        )

    def section(self) -> Section:
        """Each rival's estimate in a table."""
        heads = (
            Column("System"),
            Column("Time", "seconds"),
            Column("Processor", "seconds"),
            Column("MB", "count"),
            Column("MB of weights", "count"),
            Column("MB of disk", "count"),
        )
        rows = tuple(
            (one.key, one.work, one.cpu, one.megabytes, one.weights / 1e6 or None, one.kept / 1e6)
            for one in self.rivals
        )
        return Section("estimate", "What measuring would take", tables=(Table(heads, rows),))

    def plain(self) -> dict[str, Any]:
        """What `estimate.json` holds."""
        sums = {name: getattr(self, name) for name in ("seconds", "work", "cpu", "megabytes", "kept", "most")}
        return {"estimated": sums, **asdict(self)}


def estimate(work: Work) -> Estimate:
    """Probe the plan's rivals; RunFailed where a step of the training gives a loss that is no number."""
    rivals, took = timed(lambda: probe(work))
    left_out = tuple(rival.key for rival in work.rivals if not rival.probed)
    return Estimate(tuple(rivals), _repeated(work), took.seconds, left_out)


def read_or_make(work: Work) -> Estimate | None:
    """The run's estimate, made and told at its first start; None where the training cannot be foretold."""
    path = work.run.folder / FILE
    if path.exists():
        return _read(path)
    try:
        found = estimate(work)
    except RunFailed:  # the training itself says so in its place
        return None
    write_json(path, found.plain())
    work.watch(Event("estimate", message=found.told()))
    return found


def _read(path: Path) -> Estimate:
    kept = json.loads(path.read_text(encoding="utf-8"))
    rivals = tuple(Foretold(**one) for one in kept["rivals"])
    return Estimate(rivals, kept["repeated"], kept["probe_seconds"], tuple(kept["left_out"]))


def _repeated(work: Work) -> dict[str, float]:
    """How often each rival is measured beside the first time; a part of the rows counts as that part."""
    decide = work.plan.decide
    found = {
        rival.key: sum(decide.learning_curve.shares) for rival in learners(work.rivals, decide.learning_curve)
    }
    tuned = [rival.key for rival in work.rivals if rival.tuned]
    if tuned and decide.consistency.seeds > 1:
        found[tuned[0]] = found.get(tuned[0], 0.0) + decide.consistency.seeds - 1
    return found


def estimate_section(work: Work, found: Estimate | None, measured: Sequence[Measured]) -> Section | None:
    """Estimated, actual and error of each rival; the actual figures are kept beside the estimate."""
    if found is None:
        return None
    own = {one.key: one for one in measured}
    rows = [_row(own[one.key].title, one, own[one.key]) for one in found.rivals]
    actual = {one.key: _actual(one) for one in measured}
    write_json(work.run.folder / FILE, {**found.plain(), "actual": actual})
    heads = (
        Column("System"),
        Column("Time estimated", "seconds"),
        Column("actual", "seconds"),
        Column("error", "signed"),
        Column("Processor estimated", "seconds"),
        Column("actual", "seconds"),
        Column("MB estimated", "count"),
        Column("actual", "count"),
    )
    clock, processor = (_told(kind, found.rivals, own) for kind in ("work", "cpu"))
    sentence = (
        f"Before the run measuring these systems once was foretold to take {processor} of a processor, and "
        f"{clock} of time were nothing remembered. The probe took {seconds(found.probe_seconds)}."
    )
    return Section(
        "estimate", "What was foretold, and what it took", (sentence,), (Table(heads, tuple(rows)),)
    )


def _told(kind: str, foretold: Sequence[Foretold], measured: Mapping[str, Measured]) -> str:
    """What was foretold of all rivals beside what it took."""
    before = sum(float(getattr(one, kind)) for one in foretold)
    after = sum(_actual(measured[one.key])[kind] for one in foretold)
    error = f", {before / after - 1:+.0%}" if after else ""
    return f"{seconds(before)} (it took {seconds(after)}{error})"


def _row(title: str, one: Foretold, measured: Measured) -> tuple[Cell, ...]:
    actual = _actual(measured)
    return (
        title,
        one.work,
        actual["work"],
        one.work / actual["work"] - 1 if actual["work"] else None,
        one.cpu,
        actual["cpu"],
        one.megabytes,
        actual["megabytes"] or None,
    )


def _actual(measured: Measured) -> dict[str, float]:
    return {
        "work": measured.prepare_seconds + measured.answer_seconds,
        "cpu": float(measured.facts.get("cpu_seconds", 0.0)),
        "megabytes": measured.peak_mb,
    }
