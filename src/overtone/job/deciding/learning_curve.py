"""Measure the learning curve in a run, and tell whether more rows would help."""

from collections.abc import Iterator, Sequence
from typing import Any

from overtone.decide.learning_curve import Learned, learners, with_share
from overtone.decide.measured import Measured
from overtone.decide.power_law import Estimate, Numbers, fit
from overtone.decide.rival import Materials, Rival
from overtone.decide.verdict import WORTHWHILE
from overtone.evaluate.report.section import Cell, Column, Line, Plot, Section, Table
from overtone.evaluate.statistics.groups import by_group, places
from overtone.evaluate.statistics.resample import resampled_sums
from overtone.job.deciding.bench import Bench
from overtone.job.deciding.work import Work

DRAWS = 1000
TWICE = 2.0


def measure_curves(work: Work, measured: Sequence[Measured], bench: Bench) -> list[Learned]:
    """Every learner that the plan asks for, on each share of the rows; what was measured already is loaded."""
    asked = work.plan.decide.learning_curve
    chosen = learners(work.rivals, asked)
    parts = smaller(work.materials, asked.shares) if chosen else {}
    whole = {one.key: one for one in measured}
    found = []
    for rival in chosen:
        points = [
            (size, work.repeat(f"share-{share:.4f}", rival, part, work.data.test))
            for size, (share, part) in parts.items()
        ]
        found.append(_learned(rival, [*points, (len(work.data.train), whole[rival.key])], bench))
    return found


def smaller(materials: Materials, shares: Sequence[float]) -> dict[int, tuple[float, Materials]]:
    """Each share with its rows, by their number: each class keeps a row, so two shares may come to the same."""
    parts = [(share, with_share(materials, share)) for share in shares]
    found = {len(part.train): (share, part) for share, part in parts}
    return {size: one for size, one in found.items() if size < len(materials.train)}


def _learned(rival: Rival, points: Sequence[tuple[int, Measured]], bench: Bench) -> Learned:
    sizes = tuple(size for size, _ in points)
    measured = [one for _, one in points]
    errors, drawn, judged = _errors(measured, bench)
    return Learned(
        key=rival.key,
        title=rival.heading,
        tuned=rival.tuned,
        sizes=sizes,
        scores=tuple(bench.score(one) for one in measured),
        law=fit(sizes, errors, drawn, judged, bench.seed),
    )


def _errors(measured: Sequence[Measured], bench: Bench) -> tuple[Numbers, Numbers, int]:
    """One minus the metric at each size: (sizes,), and on draws of the test rows, the same for all: (draws, sizes).

    Whole groups are drawn where test rows share some; the last number is that of the rows, or groups, that are drawn.
    """
    import numpy as np

    metric, judged = bench.metric, [bench.metric.judges(row) for row in bench.rows]
    rows = [row for row, kept in zip(bench.rows, judged) if kept]
    tallies = []
    for one in measured:
        answers = [answer for answer, kept in zip(bench.answers(one), judged) if kept]
        tallies.append(metric.tallies(rows, answers, bench.task))

    def error(sums: Any) -> Numbers:
        parts = np.split(sums, len(tallies), axis=-1)
        return 1 - np.stack([metric.of_sums(part) for part in parts], axis=-1)

    together, place = np.concatenate(tallies, axis=1), places([row.group for row in rows])
    units = together if place is None else by_group(together, place)
    return error(together.sum(axis=0)), error(resampled_sums(units, bench.seed, DRAWS)), len(units)


def curve_section(curves: Sequence[Learned], bench: Bench, bar: float | None) -> Section | None:
    """Sentences, the table and the picture; None where no curve was measured."""
    if not curves:
        return None
    title = bench.metric.heading
    return Section(
        name="learning_curve",
        title="Would more rows help?",
        sentences=tuple(sentence for curve in curves for sentence in _sentences(curve)),
        tables=(_table(curves, title),),
        plots=(_plot(curves, title, bar),),
    )


def _sentences(curve: Learned) -> Iterator[str]:
    """What twice the rows would add."""
    n = curve.scores[-1].n
    if curve.law is None:
        yield f"'{curve.title}': cannot tell; a curve needs at least four different numbers of rows (n = {n})."
        return
    gain, helps = curve.law.gain(TWICE), curve.law.helps(TWICE, WORTHWHILE)
    words = {
        "helps": "would help",
        "does not help": "would not help",
        "cannot tell": "cannot tell whether they would help",
    }
    yield (
        f"Twice the training rows ({2 * curve.sizes[-1]:,}) for '{curve.title}': {words[helps]}; "
        f"{_points(gain)} by a power law through {len(curve.sizes)} sizes (n = {n})."
    )


def _points(gain: Estimate) -> str:
    assert gain.value is not None and gain.low is not None and gain.high is not None
    return f"{100 * gain.value:+.1f} points (95 % interval {100 * gain.low:+.1f} to {100 * gain.high:+.1f} points)"


def _table(curves: Sequence[Learned], metric: str) -> Table:
    heads = (
        Column("Learner"),
        Column("Training rows", "count"),
        Column(metric, "percent"),
        Column("from", "percent"),
        Column("to", "percent"),
    )
    rows: list[tuple[Cell, ...]] = []
    for curve in curves:
        for size, score in zip(curve.sizes, curve.scores, strict=True):
            rows.append((curve.title, size, score.value, score.low, score.high))
        if curve.law is not None:
            told = curve.law.at(TWICE * curve.sizes[-1])
            rows.append((f"{curve.title}, foretold", 2 * curve.sizes[-1], told.value, told.low, told.high))
    note = (
        "Parts lie within each other and hold every class; so do their validation rows. Intervals are 95 %."
    )
    return Table(heads, tuple(rows), note=note)


def _plot(curves: Sequence[Learned], metric: str, bar: float | None) -> Plot:
    lines = [line for curve in curves for line in _lines(curve)]
    return Plot(
        title=f"{metric} by training rows",
        across="training rows",
        up=metric,
        lines=tuple(lines),
        up_written="percent",
        logarithmic=True,
        level=bar,
        note="Dots beyond the last size are foretold by the power law.",
    )


def _lines(curve: Learned) -> Iterator[Line]:
    points = tuple((float(size), score.value) for size, score in zip(curve.sizes, curve.scores, strict=True))
    low, high = tuple(one.low for one in curve.scores), tuple(one.high for one in curve.scores)
    yield Line(curve.title, points, low, high)
    if curve.law is not None:
        rows = TWICE * curve.sizes[-1]
        told = curve.law.at(rows)
        assert told.value is not None and told.low is not None and told.high is not None
        yield Line(f"{curve.title}, foretold", ((rows, told.value),), (told.low,), (told.high,), dots=True)
