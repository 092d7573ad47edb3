"""The first section of a search's page: what was found, what it is worth on test rows, and how sure that is."""

from collections.abc import Iterator

from overtone.core.score import Score
from overtone.evaluate.metric import deciding
from overtone.evaluate.report.numbers import chance, differed
from overtone.evaluate.report.section import Cell, Column, Section, Table
from overtone.job.searching.final import Final, Judgement
from overtone.job.searching.trial import tried
from overtone.job.searching.work import Search
from overtone.search.outcome import Outcome


def final_section(search: Search, best: Outcome, final: Final) -> Section:
    """The best settings, both plans' scores, and whether the gain over the plan as it was is shown."""
    metric = deciding(search.plan.task).heading
    heads = (
        Column("Plan"),
        Column(f"{metric} on validation rows", "percent"),
        Column("from", "percent"),
        Column("to", "percent"),
        Column(f"{metric} on test rows", "percent"),
        Column("from", "percent"),
        Column("to", "percent"),
    )
    rows: tuple[tuple[Cell, ...], ...] = (
        (f"trial {best.number}, the best", *_cells(final.best)),
        ("the plan as it was", *_cells(final.plan)),
    )
    folds = search.plan.search.folds
    judged = f"rows in {folds} folds" if folds else "validation rows"
    note = f"n = {final.best.validation.n} {judged} and {final.best.test.n} test rows. Intervals are 95 %."
    return Section(
        name="found",
        title="What the search found",
        sentences=tuple(_sentences(search, best, final, metric)),
        tables=(Table(heads, rows, note=note, marked=(0,)),),
        command=f"overtone run {search.folder / 'best.yaml'}",
    )


def _sentences(search: Search, best: Outcome, final: Final, metric: str) -> Iterator[str]:
    yield f"The best of {search.count} trials is number {best.number}: {tried(dict(best.values))}."
    gain = final.gain
    shown = (
        "it is better"
        if gain.low > 0
        else "it is worse"
        if gain.high < 0
        else "these rows show no difference"
    )
    yield (
        f"On test rows, which chose nothing, it differs from the plan as it was by {differed(gain)} points of "
        f"{metric} ({gain.test}, p {chance(gain.p)}): {shown}."
    )
    yield f"Optimism, validation less test: {_difference(final.optimism)} points; {_meaning(final.optimism)}"


def _meaning(optimism: Score) -> str:
    if optimism.low > 0:
        return "the validation score flatters, for it chose the trial. Believe the test score."
    if optimism.high < 0:
        return "the test rows are the easier ones."
    return "no more than chance explains."


def _difference(score: Score) -> str:
    return f"{100 * score.value:+.1f} [{100 * score.low:+.1f}, {100 * score.high:+.1f}]"


def _cells(one: Judgement) -> tuple[float, ...]:
    return tuple(
        value for score in (one.validation, one.test) for value in (score.value, score.low, score.high)
    )
