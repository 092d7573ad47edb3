"""Cross-validation in sentences, tables and a picture."""

from collections.abc import Iterator, Sequence

from overtone.evaluate.metric import Metric
from overtone.evaluate.report.numbers import differed, percent, scored
from overtone.evaluate.report.section import Cell, Column, Line, Plot, Section, Table
from overtone.job.folding.fold import SEARCHED
from overtone.job.folding.judged import Judged

TIED = 0.05  # corrected p from which a system is not told from the best


def folds_section(
    metrics: Sequence[Metric], systems: Sequence[Judged], count: int, held_back: int
) -> Section:
    """Every system's score over all rows and in each fold; `held_back` rows of a test file took no part."""
    metric = metrics[0]
    score = systems[0].scores[metric.key]
    drawn = score.method.partition(" of ")[2] or "rows"  # or so many groups
    note = (
        f"n = {score.n} rows, each judged by a model of the fold that did not see it. Intervals are 95 % over {drawn}; "
        "they do not tell how much another choice of training rows would change, which the spread over folds hints at."
    )
    return Section(
        name="cross_validation",
        title=f"Cross-validation in {count} folds",
        sentences=tuple(_sentences(metric, systems, held_back)),
        tables=(
            Table(_heads(metrics), tuple(_row(one, metrics) for one in systems), note=note, marked=(0,)),
            _by_fold(systems, count, metric),
        ),
        plots=(_plot(systems, metric),),
    )


def _sentences(metric: Metric, systems: Sequence[Judged], held_back: int) -> Iterator[str]:
    best = systems[0]
    yield (
        f"The best is '{best.title}' with {scored(best.scores[metric.key])} {metric.heading}, {percent(best.mean)} ± "
        f"{percent(best.deviation)} over folds."
    )
    tied = [one.title for one in systems[1:] if one.against_best and one.against_best.p_corrected >= TIED]
    if tied:
        yield f"These rows do not tell it from {', '.join(repr(title) for title in tied)}."
    if any(one.key == SEARCHED for one in systems):
        yield "Settings were searched inside each fold, so the score of 'searched' is that of searching, too."
    if held_back:
        yield f"The {held_back} rows of data.test took no part: they stay untouched for the end."


def _heads(metrics: Sequence[Metric]) -> tuple[Column, ...]:
    scores = (Column(metric.heading) for metric in metrics)
    ends = (
        Column("Mean of folds", "percent"),
        Column("± over folds", "percent"),
        Column("Against best"),
        Column("p", "p"),
    )
    return (Column("System"), *scores, *ends)


def _row(one: Judged, metrics: Sequence[Metric]) -> tuple[Cell, ...]:
    against = one.against_best
    return (
        one.title,
        *(scored(one.scores[metric.key]) for metric in metrics),
        one.mean,
        one.deviation,
        differed(against) if against else None,
        against.p_corrected if against else None,
    )


def _by_fold(systems: Sequence[Judged], count: int, metric: Metric) -> Table:
    heads = (Column("System"), *(Column(f"Fold {number + 1}", "percent") for number in range(count)))
    return Table(heads, tuple((one.title, *one.folds) for one in systems), title=f"{metric.heading} by fold")


def _plot(systems: Sequence[Judged], metric: Metric) -> Plot:
    return Plot(
        title=f"{metric.heading} by fold",
        across="fold",
        up=metric.heading,
        lines=tuple(
            Line(one.title, tuple((float(number), value) for number, value in enumerate(one.folds, 1)))
            for one in systems
        ),
        up_written="percent",
    )
